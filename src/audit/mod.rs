//! The append-only log of who did what, written in the transaction of the act itself.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::access::Actor;

/// A line of the log.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    pub id: i64,
    pub at: DateTime<Utc>,
    /// As [`Actor`] writes itself.
    pub actor: String,
    /// The name of the account that acted, while there is one.
    pub name: Option<String>,
    pub act: String,
    pub subject: String,
    pub key: String,
    /// The whole record after the act.
    pub content: Option<Value>,
}

/// Which lines of the log; everything that is given must fit.
#[derive(Clone, Copy, Default, Debug)]
pub struct Selection<'a> {
    pub subject: Option<&'a str>,
    pub key: Option<&'a str>,
    pub record: Option<Uuid>,
    /// Acts of accounts alone.
    pub by_people: bool,
    /// Older than this line.
    pub before: Option<i64>,
}

/// The newest lines.
pub async fn latest(
    conn: &mut PgConnection,
    only: Selection<'_>,
    most: i64,
) -> Result<Vec<Entry>, sqlx::Error> {
    sqlx::query_as!(
        Entry,
        r#"select l.id as "id!", l.at as "at!", l.actor as "actor!", a.name as "name?", l.act as "act!",
                  l.subject as "subject!", l.key as "key!", l.content
           from audit_log l
           left join accounts a on l.actor = 'account ' || a.id
           where ($1::text is null or l.subject = $1) and ($2::text is null or l.key = $2)
             and (not $3 or l.actor like 'account %') and ($4::bigint is null or l.id < $4)
             and ($5::uuid is null or l.record_id = $5)
           order by l.id desc limit $6"#,
        only.subject,
        only.key,
        only.by_people,
        only.before,
        only.record,
        most,
    )
    .fetch_all(conn)
    .await
}

/// Writes one line: the act and the whole record as it is after it.
///
/// # Errors
/// When the database refuses or the content cannot be written as JSON.
pub async fn record(
    conn: &mut PgConnection,
    actor: &Actor,
    act: &str,
    (subject, id, key): (&str, Option<Uuid>, &str),
    content: &(impl Serialize + Sync),
) -> Result<(), sqlx::Error> {
    let content = serde_json::to_value(content).map_err(|e| sqlx::Error::Encode(Box::new(e)))?;
    sqlx::query!(
        "insert into audit_log (actor, act, subject, record_id, key, content)
         values ($1, $2, $3, $4, $5, $6)",
        actor.to_string(),
        act,
        subject,
        id,
        key,
        content,
    )
    .execute(conn)
    .await?;
    Ok(())
}
