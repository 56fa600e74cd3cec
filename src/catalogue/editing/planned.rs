//! What happens to a record by itself: it goes online or off at a moment that someone chose.

use chrono::{DateTime, Utc};
use sqlx::{Acquire, PgConnection};
use uuid::Uuid;

use super::{Kept, Opened, Refusal, act_of, keep_over};
use crate::access::{Actor, Person, Say};
use crate::base::id::AccountId;
use crate::base::{RecordKind, Slug};
use crate::catalogue::acts::{self, Act};
use crate::catalogue::upkeep::State;
use crate::catalogue::{activities, dossiers, organisations, places, zones};

/// When a record goes online and off by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Plan {
    pub publish_at: Option<DateTime<Utc>>,
    pub withdraw_at: Option<DateTime<Utc>>,
}

impl Plan {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn acts(self) -> [(Act, Option<DateTime<Utc>>); 2] {
        [
            (Act::Publish, self.publish_at),
            (Act::Withdraw, self.withdraw_at),
        ]
    }
}

/// Plans what happens to a record, instead of what was planned before.
///
/// # Errors
/// [`Refusal::NotYours`] for who may not publish it.
pub async fn put<K: Kept>(
    conn: &mut PgConnection,
    person: &Person,
    opened: &Opened<K>,
    plan: Plan,
) -> Result<(), Refusal> {
    if opened.say(person) != Say::Publish {
        return Err(Refusal::NotYours);
    }
    let kind = K::KIND.as_str();
    forget(conn, K::KIND, opened.id, None).await?;
    for (act, at) in plan.acts() {
        let Some(at) = at else { continue };
        sqlx::query!(
            "insert into planned_acts (kind, record_id, act, at, account_id) values ($1, $2, $3, $4, $5)",
            kind,
            opened.id,
            act.as_str(),
            at,
            person.id.0,
        )
        .execute(&mut *conn)
        .await?;
    }
    let subject = (kind, Some(opened.id), opened.draft.slug().as_str());
    let content =
        serde_json::json!({ "publish_at": plan.publish_at, "withdraw_at": plan.withdraw_at });
    acts::note_only(conn, &person.actor(), Act::Plan, subject, &content).await?;
    Ok(())
}

/// Lets go of what was planned: it was done by hand, or the record is no more. `None`: of all.
pub(super) async fn forget(
    conn: &mut PgConnection,
    kind: RecordKind,
    record: Uuid,
    act: Option<Act>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from planned_acts where kind = $1 and record_id = $2 and ($3::text is null or act = $3)",
        kind.as_str(),
        record,
        act.map(Act::as_str),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Something planned whose moment has come.
struct Due {
    kind: String,
    record_id: Uuid,
    act: String,
    account_id: AccountId,
}

/// Does what is due, each in a transaction of its own; several programs on one database share
/// the work. Answers with how many records were changed.
///
/// # Errors
/// When the database does not answer. What it refuses is told in the log and not tried again.
pub async fn carry_out(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<usize, sqlx::Error> {
    let mut changed = 0;
    loop {
        let mut tx = conn.begin().await?;
        let due = sqlx::query_as!(
            Due,
            r#"delete from planned_acts where (kind, record_id, act) = (
                   select kind, record_id, act from planned_acts where at <= $1
                   order by at for update skip locked limit 1)
               returning kind, record_id, act, account_id as "account_id: AccountId""#,
            now
        )
        .fetch_optional(&mut *tx)
        .await?;
        let Some(due) = due else {
            return Ok(changed);
        };
        changed += usize::from(done(&mut tx, &due).await?);
        tx.commit().await?;
    }
}

async fn done(conn: &mut PgConnection, due: &Due) -> Result<bool, sqlx::Error> {
    let outcome = match due.kind.parse() {
        Ok(RecordKind::Organisation) => one::<organisations::Draft>(conn, due).await,
        Ok(RecordKind::Activity) => one::<activities::Draft>(conn, due).await,
        Ok(RecordKind::Place) => one::<places::Draft>(conn, due).await,
        Ok(RecordKind::Dossier) => one::<dossiers::Draft>(conn, due).await,
        Ok(RecordKind::Faq) => one::<dossiers::FaqDraft>(conn, due).await,
        Ok(RecordKind::Zone) => one::<zones::Draft>(conn, due).await,
        Ok(RecordKind::Theme) | Err(_) => Err(Refusal::Unknown),
    };
    match outcome {
        Ok(changed) => Ok(changed),
        Err(Refusal::Database(error)) => Err(error),
        Err(refusal) => {
            let (kind, act) = (&due.kind, &due.act);
            tracing::error!(kind, act, record = %due.record_id, %refusal, "a planned act was refused");
            Ok(false)
        }
    }
}

/// `false`: it was as planned already.
async fn one<K: Kept>(conn: &mut PgConnection, due: &Due) -> Result<bool, Refusal> {
    let standing = sqlx::query!(
        r#"select slug as "slug!: Slug", version as "version!" from records where kind = $1 and id = $2"#,
        due.kind,
        due.record_id,
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(Refusal::Unknown)?;
    let before = K::read(conn, &standing.slug).await?;
    let before = before.ok_or(Refusal::Unknown)?;
    let state = if due.act == Act::Publish.as_str() {
        State::Published
    } else {
        State::Withdrawn
    };
    if before.state() == state {
        return Ok(false);
    }
    let mut draft = before.clone();
    draft.set_state(state);
    let mut savepoint = conn.begin().await?;
    keep_over(
        &mut savepoint,
        &Actor::Account(due.account_id),
        standing.version,
        &draft,
        act_of(before.state(), state),
    )
    .await?;
    savepoint.commit().await?;
    Ok(true)
}
