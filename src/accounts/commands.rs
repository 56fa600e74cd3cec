use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::PgConnection;

use super::second_factor::{RECOVERY_CODES, RecoveryCode, TotpSecret};
use super::secret::Secret;
use super::{Draft, sessions, store};
use crate::access::{Actor, Role};
use crate::audit;
use crate::base::id::AccountId;
use crate::database::Violation;

/// An invitation may lie in a mailbox over a holiday.
const INVITATION: TimeDelta = TimeDelta::days(7);
/// Who forgot the password is there now.
const RESET: TimeDelta = TimeDelta::hours(1);

/// Why an act on an account was not carried out; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error(transparent)]
    Refused(#[from] Violation),
    #[error("there is no such account")]
    Unknown,
    #[error("someone else changed this account in the meantime")]
    Overtaken,
    #[error("without this account there would be no administrator")]
    LastAdministrator,
    #[error(transparent)]
    Database(sqlx::Error),
}

impl From<sqlx::Error> for AccountError {
    fn from(error: sqlx::Error) -> Self {
        Violation::of(&error).map_or(Self::Database(error), Self::Refused)
    }
}

/// Registers an account that has no password yet.
///
/// # Errors
/// When the mail address is in use.
pub async fn register(
    conn: &mut PgConnection,
    actor: &Actor,
    draft: &Draft,
) -> Result<AccountId, AccountError> {
    let id = store::insert(conn, draft).await?;
    note(conn, actor, "register", id, draft).await?;
    Ok(id)
}

/// Revises an account as it was seen at `version`. Other rights end its sessions: a cookie that
/// was stolen before must not gain by them.
///
/// # Errors
/// [`AccountError`].
pub async fn revise(
    conn: &mut PgConnection,
    actor: &Actor,
    (id, version): (AccountId, i32),
    draft: &Draft,
) -> Result<(), AccountError> {
    let before = store::one(conn, id).await?.ok_or(AccountError::Unknown)?;
    if !store::update(conn, id, version, draft).await? {
        return Err(AccountError::Overtaken);
    }
    if before.role == Some(Role::Administrator) {
        keep_one_administrator(conn).await?;
    }
    if before.role != draft.role {
        sessions::end_all(conn, id).await?;
    }
    note(conn, actor, "revise", id, draft).await
}

/// Lets an account sign in, or ends that at once.
///
/// # Errors
/// [`AccountError::LastAdministrator`], or there is no such account.
pub async fn enable(
    conn: &mut PgConnection,
    actor: &Actor,
    id: AccountId,
    enabled: bool,
) -> Result<(), AccountError> {
    let before = store::one(conn, id).await?.ok_or(AccountError::Unknown)?;
    if !store::set_enabled(conn, id, enabled).await? {
        return Ok(());
    }
    if !enabled {
        if before.role == Some(Role::Administrator) {
            keep_one_administrator(conn).await?;
        }
        sessions::end_all(conn, id).await?;
    }
    let act = if enabled { "enable" } else { "disable" };
    note(conn, actor, act, id, &json!({})).await
}

/// The caller's transaction is given up when nobody is left to undo the act.
async fn keep_one_administrator(conn: &mut PgConnection) -> Result<(), AccountError> {
    match store::administrators(conn).await? {
        0 => Err(AccountError::LastAdministrator),
        _ => Ok(()),
    }
}

/// What a link is sent for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LinkFor {
    Invitation,
    Reset,
}

/// Makes a link with which the owner of an account chooses a password.
///
/// # Errors
/// When the database refuses.
pub async fn make_link(
    conn: &mut PgConnection,
    actor: &Actor,
    id: AccountId,
    purpose: LinkFor,
    now: DateTime<Utc>,
) -> Result<Secret, AccountError> {
    let secret = Secret::new();
    let (act, holds) = match purpose {
        LinkFor::Invitation => ("invite", INVITATION),
        LinkFor::Reset => ("send reset link", RESET),
    };
    store::insert_link(conn, id, &secret.digest(), now + holds).await?;
    note(conn, actor, act, id, &json!({})).await?;
    Ok(secret)
}

/// Chooses a password by a link, which then is used up. Ends every session of the account.
///
/// # Errors
/// [`AccountError::Unknown`]: the link does not hold, or no longer.
pub async fn choose_password(
    conn: &mut PgConnection,
    link: &Secret,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<AccountId, AccountError> {
    let id = store::take_link(conn, &link.digest(), now)
        .await?
        .ok_or(AccountError::Unknown)?;
    change_password(conn, id, hash).await?;
    sessions::end_all(conn, id).await?;
    Ok(id)
}

/// Changes one's own password. The caller ends the other sessions.
///
/// # Errors
/// When the database refuses.
pub async fn change_password(
    conn: &mut PgConnection,
    id: AccountId,
    hash: &str,
) -> Result<(), AccountError> {
    store::set_password(conn, id, hash).await?;
    note(conn, &Actor::Account(id), "choose password", id, &json!({})).await
}

/// Sets up the second factor, with its first code as proof, and gives recovery codes.
/// `None`: the code is not right.
///
/// # Errors
/// When the database refuses.
pub async fn set_second_factor(
    conn: &mut PgConnection,
    id: AccountId,
    (secret, code): (&TotpSecret, &str),
    now: DateTime<Utc>,
) -> Result<Option<Vec<RecoveryCode>>, AccountError> {
    let Some(step) = secret.step_of(code, now) else {
        return Ok(None);
    };
    store::set_second_factor(conn, id, Some((secret.bytes(), step))).await?;
    let codes = new_recovery_codes(conn, id).await?;
    note(
        conn,
        &Actor::Account(id),
        "set second factor",
        id,
        &json!({}),
    )
    .await?;
    Ok(Some(codes))
}

/// Takes the second factor away.
///
/// # Errors
/// When the database refuses.
pub async fn drop_second_factor(
    conn: &mut PgConnection,
    actor: &Actor,
    id: AccountId,
) -> Result<(), AccountError> {
    store::set_second_factor(conn, id, None).await?;
    note(conn, actor, "drop second factor", id, &json!({})).await
}

/// New recovery codes; the old ones are worth nothing from now on.
///
/// # Errors
/// When the database refuses.
pub async fn new_recovery_codes(
    conn: &mut PgConnection,
    id: AccountId,
) -> Result<Vec<RecoveryCode>, AccountError> {
    let codes: Vec<RecoveryCode> = (0..RECOVERY_CODES).map(|_| RecoveryCode::new()).collect();
    let digests: Vec<Vec<u8>> = codes.iter().map(RecoveryCode::digest).collect();
    store::replace_recovery_codes(conn, id, &digests).await?;
    note(
        conn,
        &Actor::Account(id),
        "make recovery codes",
        id,
        &json!({}),
    )
    .await?;
    Ok(codes)
}

/// Whether a code of the app, or one of paper, is right. Either works once.
///
/// # Errors
/// When the database does not answer.
pub async fn use_code(
    conn: &mut PgConnection,
    id: AccountId,
    code: &str,
    now: DateTime<Utc>,
) -> Result<bool, AccountError> {
    let Some(secret) = store::totp_secret(conn, id).await? else {
        return Ok(false);
    };
    if let Some(step) = TotpSecret::kept(secret).step_of(code, now) {
        return Ok(store::use_step(conn, id, step).await?);
    }
    let Some(code) = RecoveryCode::parse(code) else {
        return Ok(false);
    };
    let used = store::use_recovery_code(conn, id, &code.digest()).await?;
    if used {
        note(
            conn,
            &Actor::Account(id),
            "use recovery code",
            id,
            &json!({}),
        )
        .await?;
    }
    Ok(used)
}

pub(super) async fn note(
    conn: &mut PgConnection,
    actor: &Actor,
    act: &str,
    id: AccountId,
    content: &(impl serde::Serialize + Sync),
) -> Result<(), AccountError> {
    let key = id.0.to_string();
    audit::record(conn, actor, act, ("account", Some(id.0), &key), content).await?;
    Ok(())
}
