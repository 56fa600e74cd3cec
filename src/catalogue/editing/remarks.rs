//! What people who work on a record say to each other about it, until it is settled. Never public.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Kept, Opened, Refusal};
use crate::access::{Person, Say};
use crate::base::RecordKind;
use crate::base::id::AccountId;
use crate::catalogue::acts::{self, Act};

/// Characters of a remark at most.
pub const LONGEST: usize = 1000;

/// Something that someone said and that is not settled.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Remark {
    pub id: Uuid,
    pub account: Uuid,
    /// Their name.
    pub by: String,
    pub at: DateTime<Utc>,
    pub text: String,
}

/// Says something about a record: whoever may do more with it than read.
///
/// # Errors
/// [`Refusal::NotYours`]; [`Refusal::Violation`] for a text that is empty or too long.
pub async fn put<K: Kept>(
    conn: &mut PgConnection,
    person: &Person,
    opened: &Opened<K>,
    text: &str,
) -> Result<(), Refusal> {
    if opened.say(person) < Say::Propose {
        return Err(Refusal::NotYours);
    }
    sqlx::query!(
        "insert into remarks (id, kind, record_id, account_id, body) values ($1, $2, $3, $4, $5)",
        Uuid::now_v7(),
        K::KIND.as_str(),
        opened.id,
        person.id.0,
        text,
    )
    .execute(&mut *conn)
    .await?;
    Ok(note(conn, person, opened, Act::Remark).await?)
}

/// Settles a remark: who may judge the record, or who made it. What was settled before stays so.
///
/// # Errors
/// [`Refusal::NotYours`].
pub async fn settle<K: Kept>(
    conn: &mut PgConnection,
    person: &Person,
    opened: &Opened<K>,
    id: Uuid,
) -> Result<(), Refusal> {
    let judges = opened.say(person) >= Say::Approve;
    if opened.say(person) < Say::Propose {
        return Err(Refusal::NotYours);
    }
    let settled = sqlx::query!(
        "update remarks set settled_at = now()
         where id = $1 and kind = $2 and record_id = $3 and settled_at is null
           and ($4 or account_id = $5)",
        id,
        K::KIND.as_str(),
        opened.id,
        judges,
        person.id.0,
    )
    .execute(&mut *conn)
    .await?;
    if settled.rows_affected() == 1 {
        note(conn, person, opened, Act::Settle).await?;
    }
    Ok(())
}

/// The log tells that something was said, and not what: it is kept for ever.
async fn note<K: Kept>(
    conn: &mut PgConnection,
    person: &Person,
    opened: &Opened<K>,
    act: Act,
) -> Result<(), sqlx::Error> {
    let slug = opened.draft.slug().as_str();
    let subject = (K::KIND.as_str(), Some(opened.id), slug);
    acts::note_only(conn, &person.actor(), act, subject, &serde_json::json!({})).await
}

/// Whether someone may settle it.
#[must_use]
pub fn may_settle(say: Say, person: AccountId, remark: &Remark) -> bool {
    say >= Say::Approve || (say == Say::Propose && remark.account == person.0)
}

/// The record is no more.
pub(super) async fn forget(
    conn: &mut PgConnection,
    kind: RecordKind,
    record: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from remarks where kind = $1 and record_id = $2",
        kind.as_str(),
        record,
    )
    .execute(conn)
    .await?;
    Ok(())
}
