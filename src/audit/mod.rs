//! The append-only log of who did what, written in the transaction of the act itself.

use serde::Serialize;
use sqlx::PgConnection;

use crate::access::Actor;

/// Writes one line: the act and the whole record as it is after it.
///
/// # Errors
/// When the database refuses or the content cannot be written as JSON.
pub async fn record(
    conn: &mut PgConnection,
    actor: &Actor,
    act: &str,
    subject: &str,
    key: &str,
    content: &(impl Serialize + Sync),
) -> Result<(), sqlx::Error> {
    let content = serde_json::to_value(content).map_err(|e| sqlx::Error::Encode(Box::new(e)))?;
    sqlx::query!(
        "insert into audit_log (actor, act, subject, key, content) values ($1, $2, $3, $4, $5)",
        actor.to_string(),
        act,
        subject,
        key,
        content,
    )
    .execute(conn)
    .await?;
    Ok(())
}
