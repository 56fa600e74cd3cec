use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::{Account, Credentials, Draft};
use crate::access::Role;
use crate::base::contact::Email;
use crate::base::id::AccountId;
use crate::base::{Label, Slug};

/// Every account, by name.
pub async fn all(conn: &mut PgConnection) -> Result<Vec<Account>, sqlx::Error> {
    let ids = None;
    select(conn, ids).await
}

pub async fn one(conn: &mut PgConnection, id: AccountId) -> Result<Option<Account>, sqlx::Error> {
    Ok(select(conn, Some(id)).await?.pop())
}

async fn select(
    conn: &mut PgConnection,
    only: Option<AccountId>,
) -> Result<Vec<Account>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select a.id as "id: AccountId", a.email, a.name, a.role as "role: Role", a.enabled,
                  a.password_hash is not null as "has_password!",
                  a.totp_secret is not null as "has_second_factor!", a.signed_in_at, a.version,
                  coalesce((select jsonb_agg(jsonb_build_object('slug', z.slug, 'name', z.name) order by z.name)
                            from account_zones l join zones z on z.id = l.zone_id
                            where l.account_id = a.id), '[]') as "zones!: Json<Vec<Label>>",
                  coalesce((select jsonb_agg(jsonb_build_object('slug', t.slug, 'name', t.name) order by t.name)
                            from account_themes l join themes t on t.id = l.theme_id
                            where l.account_id = a.id), '[]') as "themes!: Json<Vec<Label>>",
                  coalesce((select jsonb_agg(jsonb_build_object('slug', o.slug, 'name', o.name) order by o.name)
                            from account_organisations l join organisations o on o.id = l.organisation_id
                            where l.account_id = a.id), '[]') as "organisations!: Json<Vec<Label>>"
           from accounts a where $1::uuid is null or a.id = $1
           order by not a.enabled, lower(a.name), a.id"#,
        only.map(|id| id.0),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Account {
            id: r.id,
            email: r.email,
            name: r.name,
            role: r.role,
            enabled: r.enabled,
            has_password: r.has_password,
            has_second_factor: r.has_second_factor,
            zones: r.zones.0,
            themes: r.themes.0,
            organisations: r.organisations.0,
            signed_in_at: r.signed_in_at,
            version: r.version,
        })
        .collect())
}

/// What is held against a password, of an account that may sign in.
pub async fn credentials(
    conn: &mut PgConnection,
    email: &str,
) -> Result<Option<Credentials>, sqlx::Error> {
    sqlx::query_as!(
        Credentials,
        r#"select id as "id: AccountId", name, role as "role: Role", password_hash,
                  totp_secret is not null as "has_second_factor!"
           from accounts where lower(email) = lower($1) and enabled"#,
        email.trim(),
    )
    .fetch_optional(conn)
    .await
}

/// An enabled account by its mail address, in any spelling of its capitals.
pub async fn by_email(
    conn: &mut PgConnection,
    email: &str,
) -> Result<Option<(AccountId, String, Email)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select id as "id: AccountId", name, email as "email: Email"
           from accounts where lower(email) = lower($1) and enabled"#,
        email.trim(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|r| (r.id, r.name, r.email)))
}

/// Whether someone has a password here; who signs in elsewhere may have none.
pub async fn has_password(conn: &mut PgConnection, id: AccountId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select password_hash is not null as "has!" from accounts where id = $1"#,
        id.0
    )
    .fetch_one(conn)
    .await
}

/// How many may sign in and have no role yet.
pub async fn without_role(conn: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from accounts where role is null and enabled"#
    )
    .fetch_one(conn)
    .await
}

/// Whether no administrator can sign in, with a password or with a provider elsewhere.
pub async fn nobody_administers(conn: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select not exists (
               select from accounts a
               where a.role = 'administrator' and a.enabled
                 and (a.password_hash is not null
                      or exists (select from identities i where i.account_id = a.id))
           ) as "nobody!""#
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn insert(
    conn: &mut PgConnection,
    draft: &Draft,
) -> Result<AccountId, sqlx::Error> {
    let id = sqlx::query_scalar!(
        r#"insert into accounts (id, email, name, role) values ($1, $2, $3, $4)
           returning id as "id: AccountId""#,
        AccountId::new().0,
        draft.email.as_str(),
        draft.name,
        draft.role.map(Role::as_str),
    )
    .fetch_one(&mut *conn)
    .await?;
    save_limits(conn, id, draft).await?;
    Ok(id)
}

/// Saves an account that nobody changed since `version`; false when someone did.
pub(super) async fn update(
    conn: &mut PgConnection,
    id: AccountId,
    version: i32,
    draft: &Draft,
) -> Result<bool, sqlx::Error> {
    let found = sqlx::query!(
        "update accounts set email = $3, name = $4, role = $5, version = version + 1, updated_at = now()
         where id = $1 and version = $2",
        id.0,
        version,
        draft.email.as_str(),
        draft.name,
        draft.role.map(Role::as_str),
    )
    .execute(&mut *conn)
    .await?;
    if found.rows_affected() == 0 {
        return Ok(false);
    }
    save_limits(conn, id, draft).await?;
    Ok(true)
}

async fn save_limits(
    conn: &mut PgConnection,
    id: AccountId,
    draft: &Draft,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with gone as (delete from account_zones where account_id = $1)
         , no_themes as (delete from account_themes where account_id = $1)
         delete from account_organisations where account_id = $1",
        id.0
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "with zoned as (insert into account_zones (account_id, zone_id)
                        select $1, id from zones where slug = any($2))
         , themed as (insert into account_themes (account_id, theme_id)
                      select $1, id from themes where slug = any($3))
         insert into account_organisations (account_id, organisation_id)
         select $1, id from organisations where slug = any($4)",
        id.0,
        &Slug::texts(&draft.zones),
        &Slug::texts(&draft.themes),
        &Slug::texts(&draft.organisations),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Enables or disables; false when it was so already, or there is no such account.
pub(super) async fn set_enabled(
    conn: &mut PgConnection,
    id: AccountId,
    enabled: bool,
) -> Result<bool, sqlx::Error> {
    let changed = sqlx::query!(
        "update accounts set enabled = $2, version = version + 1, updated_at = now()
         where id = $1 and enabled <> $2",
        id.0,
        enabled
    )
    .execute(conn)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Administrators who can act. Locks them, so that two who each remove the other cannot both win.
pub(super) async fn administrators(conn: &mut PgConnection) -> Result<i64, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"select id from accounts where role = 'administrator' and enabled order by id for update"#
    )
    .fetch_all(conn)
    .await?;
    Ok(i64::try_from(found.len()).unwrap_or(i64::MAX))
}

pub(super) async fn set_password(
    conn: &mut PgConnection,
    id: AccountId,
    hash: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update accounts set password_hash = $2, updated_at = now() where id = $1",
        id.0,
        hash
    )
    .execute(&mut *conn)
    .await?;
    // Whoever asked for a link before no longer needs one.
    sqlx::query!("delete from account_links where account_id = $1", id.0)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn insert_link(
    conn: &mut PgConnection,
    id: AccountId,
    digest: &[u8],
    expires_at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into account_links (digest, account_id, expires_at) values ($1, $2, $3)",
        digest,
        id.0,
        expires_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whose link it is, while it holds.
pub async fn link(
    conn: &mut PgConnection,
    digest: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<Account>, sqlx::Error> {
    let id = sqlx::query_scalar!(
        r#"select l.account_id as "id: AccountId" from account_links l
           join accounts a on a.id = l.account_id and a.enabled
           where l.digest = $1 and l.expires_at > $2"#,
        digest,
        now
    )
    .fetch_optional(&mut *conn)
    .await?;
    match id {
        Some(id) => one(conn, id).await,
        None => Ok(None),
    }
}

/// Takes a link away, so that of two who use it only one can.
pub(super) async fn take_link(
    conn: &mut PgConnection,
    digest: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<AccountId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"delete from account_links l using accounts a
           where l.digest = $1 and l.expires_at > $2 and a.id = l.account_id and a.enabled
           returning a.id as "id: AccountId""#,
        digest,
        now
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn totp_secret(
    conn: &mut PgConnection,
    id: AccountId,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let found = sqlx::query_scalar!("select totp_secret from accounts where id = $1", id.0)
        .fetch_optional(conn)
        .await?;
    Ok(found.flatten())
}

/// Uses a time step; false when it, or a later one, was used before.
pub(super) async fn use_step(
    conn: &mut PgConnection,
    id: AccountId,
    step: i64,
) -> Result<bool, sqlx::Error> {
    let used = sqlx::query!(
        "update accounts set totp_step = $2
         where id = $1 and totp_secret is not null and coalesce(totp_step < $2, true)",
        id.0,
        step
    )
    .execute(conn)
    .await?;
    Ok(used.rows_affected() == 1)
}

pub(super) async fn use_recovery_code(
    conn: &mut PgConnection,
    id: AccountId,
    digest: &[u8],
) -> Result<bool, sqlx::Error> {
    let used = sqlx::query!(
        "delete from recovery_codes where account_id = $1 and digest = $2",
        id.0,
        digest
    )
    .execute(conn)
    .await?;
    Ok(used.rows_affected() == 1)
}

/// Sets or takes away the second factor, and its recovery codes with it.
pub(super) async fn set_second_factor(
    conn: &mut PgConnection,
    id: AccountId,
    secret: Option<(&[u8], i64)>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update accounts set totp_secret = $2, totp_step = $3, updated_at = now() where id = $1",
        id.0,
        secret.map(|(secret, _)| secret),
        secret.map(|(_, step)| step),
    )
    .execute(&mut *conn)
    .await?;
    replace_recovery_codes(conn, id, &[]).await
}

pub(super) async fn replace_recovery_codes(
    conn: &mut PgConnection,
    id: AccountId,
    digests: &[Vec<u8>],
) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from recovery_codes where account_id = $1", id.0)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "insert into recovery_codes (account_id, digest) select $1, unnest($2::bytea[])",
        id.0,
        digests
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many recovery codes were not used yet.
pub async fn recovery_codes_left(
    conn: &mut PgConnection,
    id: AccountId,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from recovery_codes where account_id = $1"#,
        id.0
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn signed_in(
    conn: &mut PgConnection,
    id: AccountId,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update accounts set signed_in_at = $2 where id = $1",
        id.0,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Switches single keys on or off for someone; a wish of their own, and nothing for the log.
pub async fn set_shortcuts(
    conn: &mut PgConnection,
    id: AccountId,
    on: bool,
) -> Result<(), sqlx::Error> {
    sqlx::query!("update accounts set shortcuts = $2 where id = $1", id.0, on)
        .execute(conn)
        .await?;
    Ok(())
}

/// Removes links whose time is over.
pub(super) async fn sweep(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from account_links where expires_at <= $1", now)
        .execute(conn)
        .await?;
    Ok(())
}
