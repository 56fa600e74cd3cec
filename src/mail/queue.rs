use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::Letter;
use crate::base::contact::Email;

/// A letter as it stands in the queue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Queued {
    pub id: i64,
    pub to: String,
    pub subject: String,
    /// `None` once it was sent.
    pub text: Option<String>,
    pub queued_at: DateTime<Utc>,
    pub next_try_at: DateTime<Utc>,
    pub tries: i32,
    pub sent_at: Option<DateTime<Utc>>,
    /// Why the last try failed.
    pub fault: String,
}

/// Puts a letter in the queue, in the caller's transaction.
pub async fn put(conn: &mut PgConnection, letter: &Letter) -> Result<(), sqlx::Error> {
    let line = |c: char| if c.is_control() { ' ' } else { c };
    let subject: String = letter.subject.chars().map(line).collect();
    sqlx::query!(
        "insert into mails (recipient, subject, body) values ($1, $2, $3)",
        letter.to.as_str(),
        subject,
        letter.text,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The newest letters.
pub async fn latest(conn: &mut PgConnection, most: i64) -> Result<Vec<Queued>, sqlx::Error> {
    sqlx::query_as!(
        Queued,
        r#"select id, recipient as "to", subject, body as text, queued_at, next_try_at, tries, sent_at, fault
           from mails order by id desc limit $1"#,
        most,
    )
    .fetch_all(conn)
    .await
}

/// How many letters wait.
pub async fn waiting(conn: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from mails where sent_at is null"#)
        .fetch_one(conn)
        .await
}

/// Takes the letter that has waited longest since its time came. Nobody else takes it within
/// the next minutes; each try makes those longer, to four hours at most.
pub(super) async fn claim(conn: &mut PgConnection) -> Result<Option<(i64, Letter)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"update mails set tries = tries + 1,
               next_try_at = now() + least(interval '1 minute' * 2 ^ least(tries, 8), interval '4 hours')
           where id = (select id from mails where sent_at is null and next_try_at <= now()
                       order by next_try_at limit 1 for update skip locked)
           returning id, recipient as "to: Email", subject, body as "text!""#
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|r| {
        let (to, subject, text) = (r.to, r.subject, r.text);
        (r.id, Letter { to, subject, text })
    }))
}

/// It went out; its text is no longer needed.
pub(super) async fn sent(conn: &mut PgConnection, id: i64) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update mails set sent_at = now(), body = null, fault = '' where id = $1",
        id
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn failed(
    conn: &mut PgConnection,
    id: i64,
    fault: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!("update mails set fault = $2 where id = $1", id, fault)
        .execute(conn)
        .await?;
    Ok(())
}
