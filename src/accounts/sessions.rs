//! Who is signed in. The cookie holds a secret, the database its digest; every step up (password,
//! second factor) gives a new secret, so that one that was planted before is worth nothing
//! (ASVS 7.2.4).

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::second_factor::TotpSecret;
use super::secret::Secret;
use super::store;
use crate::access::{Person, Role};
use crate::base::Slug;
use crate::base::id::AccountId;
use crate::text_enum;

/// Who does nothing for so long is signed out (ASVS 7.3.1).
pub const IDLE: TimeDelta = TimeDelta::minutes(30);
/// Nobody stays signed in longer than a working day (ASVS 7.3.2).
pub const LONGEST: TimeDelta = TimeDelta::hours(12);
/// To fetch a phone for the second factor.
const HALF_WAY: TimeDelta = TimeDelta::minutes(10);
/// That someone is there is written down no more often than this.
const TOUCH: TimeDelta = TimeDelta::minutes(1);

text_enum! {
    /// How far someone has come.
    Stage {
        /// The password was right, the second factor is still asked.
        Code = "code", "wacht op de code";
        /// May do nothing but set up the second factor.
        Enrolment = "enrolment", "stelt de tweede stap in";
        Full = "full", "ingelogd";
    }
}

/// A session that holds.
#[derive(Clone)]
pub struct Session {
    pub id: Uuid,
    pub stage: Stage,
    pub person: Person,
    /// A second factor that is being set up.
    pub pending: Option<TotpSecret>,
    digest: Vec<u8>,
}

/// A session in the list of one's own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Open {
    pub id: Uuid,
    pub browser: String,
    pub created_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
}

/// Opens a session; the secret is for the cookie.
pub async fn open(
    conn: &mut PgConnection,
    account: AccountId,
    stage: Stage,
    browser: &str,
    now: DateTime<Utc>,
) -> Result<Secret, sqlx::Error> {
    let secret = Secret::new();
    sqlx::query!(
        "insert into sessions (digest, id, account_id, stage, browser, created_at, seen_at)
         values ($1, $2, $3, $4, $5, $6, $6)",
        secret.digest(),
        Uuid::now_v7(),
        account.0,
        stage.as_str(),
        browser,
        now,
    )
    .execute(&mut *conn)
    .await?;
    if stage == Stage::Full {
        store::signed_in(conn, account, now).await?;
    }
    Ok(secret)
}

/// The session of a cookie, when it holds: of an enabled account, within its times. That someone
/// is there is written down now and then, in the same statement.
pub async fn find(
    conn: &mut PgConnection,
    secret: &Secret,
    now: DateTime<Utc>,
) -> Result<Option<Session>, sqlx::Error> {
    let digest = secret.digest();
    let row = sqlx::query!(
        r#"with seen as (
               update sessions set seen_at = $5
               where digest = $1 and seen_at > $2 and created_at > $3 and seen_at <= $6)
           select s.id, s.stage as "stage: Stage", s.pending_secret,
                  a.id as "account: AccountId", a.name, a.email, a.role as "role: Role",
                  a.totp_secret is not null as "has_second_factor!", a.shortcuts,
                  array(select z.slug from account_zones l join zones z on z.id = l.zone_id
                        where l.account_id = a.id order by 1) as "zones!: Vec<Slug>",
                  array(select t.slug from account_themes l
                        join themes t on t.id = l.theme_id or t.parent_id = l.theme_id
                        where l.account_id = a.id order by 1) as "themes!: Vec<Slug>",
                  array(select o.slug from account_organisations l
                        join organisations o on o.id = l.organisation_id
                        where l.account_id = a.id order by 1) as "organisations!: Vec<Slug>"
           from sessions s join accounts a on a.id = s.account_id and a.enabled
           where s.digest = $1 and s.seen_at > $2 and s.created_at > $3
             and (s.stage = 'full' or s.created_at > $4)"#,
        digest,
        now - IDLE,
        now - LONGEST,
        now - HALF_WAY,
        now,
        now - TOUCH,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|r| Session {
        id: r.id,
        stage: r.stage,
        person: Person {
            id: r.account,
            name: r.name,
            email: r.email,
            role: r.role,
            zones: r.zones,
            themes: r.themes,
            organisations: r.organisations,
            has_second_factor: r.has_second_factor,
            shortcuts: r.shortcuts,
        },
        pending: r.pending_secret.map(TotpSecret::kept),
        digest,
    }))
}

impl Session {
    /// Goes on to another stage under a new secret; the old one is worth nothing from now on.
    pub async fn step_up(
        &self,
        conn: &mut PgConnection,
        stage: Stage,
        now: DateTime<Utc>,
    ) -> Result<Option<Secret>, sqlx::Error> {
        let secret = Secret::new();
        let moved = sqlx::query!(
            "update sessions set digest = $2, stage = $3, created_at = $4, seen_at = $4, pending_secret = null
             where digest = $1",
            self.digest,
            secret.digest(),
            stage.as_str(),
            now,
        )
        .execute(&mut *conn)
        .await?;
        if moved.rows_affected() == 0 {
            return Ok(None);
        }
        store::signed_in(conn, self.person.id, now).await?;
        Ok(Some(secret))
    }

    /// Keeps a second factor that is being set up until its first code comes.
    pub async fn hold(
        &self,
        conn: &mut PgConnection,
        pending: &TotpSecret,
    ) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "update sessions set pending_secret = $2 where digest = $1",
            self.digest,
            pending.bytes()
        )
        .execute(conn)
        .await?;
        Ok(())
    }

    /// Signs out.
    pub async fn end(&self, conn: &mut PgConnection) -> Result<(), sqlx::Error> {
        sqlx::query!("delete from sessions where digest = $1", self.digest)
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Signs out everywhere else.
    pub async fn end_others(&self, conn: &mut PgConnection) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "delete from sessions where account_id = $1 and digest <> $2",
            self.person.id.0,
            self.digest
        )
        .execute(conn)
        .await?;
        Ok(())
    }
}

/// The sessions of one account that hold, the newest first.
pub async fn of(
    conn: &mut PgConnection,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<Vec<Open>, sqlx::Error> {
    sqlx::query_as!(
        Open,
        "select id, browser, created_at, seen_at from sessions
         where account_id = $1 and stage = 'full' and seen_at > $2 and created_at > $3
         order by seen_at desc, id",
        account.0,
        now - IDLE,
        now - LONGEST,
    )
    .fetch_all(conn)
    .await
}

/// Ends one session of an account; false when it is not theirs.
pub async fn end_one(
    conn: &mut PgConnection,
    account: AccountId,
    id: Uuid,
) -> Result<bool, sqlx::Error> {
    let ended = sqlx::query!(
        "delete from sessions where account_id = $1 and id = $2",
        account.0,
        id
    )
    .execute(conn)
    .await?;
    Ok(ended.rows_affected() == 1)
}

/// Signs an account out everywhere.
pub async fn end_all(conn: &mut PgConnection, account: AccountId) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from sessions where account_id = $1", account.0)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn sweep(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from sessions where seen_at <= $1 or created_at <= $2",
        now - IDLE,
        now - LONGEST
    )
    .execute(conn)
    .await?;
    Ok(())
}
