//! Accounts that sign in with a provider elsewhere (OpenID Connect).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::PgConnection;

use super::commands::note;
use super::secret::Secret;
use super::{AccountError, Credentials, Draft, store};
use crate::access::{Actor, Role};
use crate::base::id::AccountId;

/// To type a password over there and find a phone.
const ATTEMPT: TimeDelta = TimeDelta::minutes(10);

/// Someone as a provider knows them.
#[derive(Clone, Copy)]
pub struct Identity<'a> {
    pub issuer: &'a str,
    pub subject: &'a str,
}

/// Someone who left for the provider.
pub struct Attempt {
    pub nonce: String,
    pub verifier: String,
    /// Where to go on to.
    pub onward: String,
    /// Who links the provider to their account; `None`: who signs in.
    pub account: Option<AccountId>,
}

/// Keeps an attempt for ten minutes, under a secret for the browser and one that the provider
/// brings back.
pub async fn keep_attempt(
    conn: &mut PgConnection,
    (browser, state): (&Secret, &Secret),
    attempt: &Attempt,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into openid_attempts (digest, state_digest, nonce, verifier, onward, account_id, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        browser.digest(),
        state.digest(),
        attempt.nonce,
        attempt.verifier,
        attempt.onward,
        attempt.account.map(|id| id.0),
        now + ATTEMPT,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the attempt of a browser: each is good for one return, with its own state.
pub async fn take_attempt(
    conn: &mut PgConnection,
    (browser, state): (&Secret, &Secret),
    now: DateTime<Utc>,
) -> Result<Option<Attempt>, sqlx::Error> {
    sqlx::query_as!(
        Attempt,
        r#"delete from openid_attempts where digest = $1 and state_digest = $2 and expires_at > $3
           returning nonce, verifier, onward, account_id as "account: AccountId""#,
        browser.digest(),
        state.digest(),
        now,
    )
    .fetch_optional(conn)
    .await
}

/// The account of an identity, and whether it may sign in.
pub async fn owner(
    conn: &mut PgConnection,
    identity: Identity<'_>,
) -> Result<Option<(Credentials, bool)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select a.id as "id: AccountId", a.name, a.role as "role: Role", a.password_hash,
                  a.totp_secret is not null as "has_second_factor!", a.enabled
           from identities i join accounts a on a.id = i.account_id
           where i.issuer = $1 and i.subject = $2"#,
        identity.issuer,
        identity.subject,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|r| {
        let account = Credentials {
            id: r.id,
            name: r.name,
            role: r.role,
            password_hash: r.password_hash,
            has_second_factor: r.has_second_factor,
        };
        (account, r.enabled)
    }))
}

/// Since when an account may sign in with a provider.
pub async fn linked_at(
    conn: &mut PgConnection,
    id: AccountId,
    issuer: &str,
) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    sqlx::query_scalar!(
        "select linked_at from identities where account_id = $1 and issuer = $2",
        id.0,
        issuer
    )
    .fetch_optional(conn)
    .await
}

/// Makes an account for who comes from a provider for the first time. It has no role: it may do
/// nothing until someone gives it one.
///
/// # Errors
/// When the mail address is in use.
pub async fn register(
    conn: &mut PgConnection,
    identity: Identity<'_>,
    draft: &Draft,
) -> Result<AccountId, AccountError> {
    let id = store::insert(conn, draft).await?;
    note(conn, &Actor::Account(id), "register", id, draft).await?;
    link(conn, identity, id).await?;
    Ok(id)
}

/// Lets an account sign in with a provider. False: someone else does so with this identity, or
/// this account with another.
///
/// # Errors
/// When the database refuses.
pub async fn link(
    conn: &mut PgConnection,
    identity: Identity<'_>,
    id: AccountId,
) -> Result<bool, AccountError> {
    let linked = sqlx::query!(
        "insert into identities (issuer, subject, account_id) values ($1, $2, $3)
         on conflict do nothing",
        identity.issuer,
        identity.subject,
        id.0,
    )
    .execute(&mut *conn)
    .await?;
    if linked.rows_affected() == 0 {
        return Ok(false);
    }
    note(
        conn,
        &Actor::Account(id),
        "link provider",
        id,
        &json!({ "issuer": identity.issuer }),
    )
    .await?;
    Ok(true)
}

/// Ends that an account may sign in with a provider; false when it could not.
///
/// # Errors
/// When the database refuses.
pub async fn unlink(
    conn: &mut PgConnection,
    issuer: &str,
    id: AccountId,
) -> Result<bool, AccountError> {
    let gone = sqlx::query!(
        "delete from identities where account_id = $1 and issuer = $2",
        id.0,
        issuer
    )
    .execute(&mut *conn)
    .await?;
    if gone.rows_affected() == 0 {
        return Ok(false);
    }
    note(
        conn,
        &Actor::Account(id),
        "unlink provider",
        id,
        &json!({ "issuer": issuer }),
    )
    .await?;
    Ok(true)
}

/// Removes attempts whose time is over.
pub(super) async fn sweep(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from openid_attempts where expires_at <= $1", now)
        .execute(conn)
        .await?;
    Ok(())
}
