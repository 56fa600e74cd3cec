//! Whose work a record is.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{Kept, Opened, Refusal};
use crate::access::{Person, Say};
use crate::base::RecordKind;
use crate::base::id::AccountId;
use crate::catalogue::acts::{self, Act};

/// Who can be given work: id and name, in the alphabet.
pub async fn people(conn: &mut PgConnection) -> Result<Vec<(Uuid, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select id, name from accounts
         where enabled and role in ('administrator', 'editor', 'agenda_editor', 'reviewer')
         order by lower(name), id"
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Makes a record the work of someone; `None`: of nobody in particular.
///
/// # Errors
/// [`Refusal::NotYours`] for who may not publish it; [`Refusal::Violation`] when nobody has that id.
pub async fn put<K: Kept>(
    conn: &mut PgConnection,
    person: &Person,
    opened: &Opened<K>,
    to: Option<AccountId>,
) -> Result<(), Refusal> {
    if opened.say(person) != Say::Publish {
        return Err(Refusal::NotYours);
    }
    forget(conn, K::KIND, opened.id).await?;
    if let Some(to) = to {
        sqlx::query!(
            "insert into assignments (kind, record_id, account_id) values ($1, $2, $3)",
            K::KIND.as_str(),
            opened.id,
            to.0,
        )
        .execute(&mut *conn)
        .await?;
    }
    let (kind, slug) = (K::KIND.as_str(), opened.draft.slug().as_str());
    let content = serde_json::json!({ "to": to.map(|id| id.0) });
    let subject = (kind, Some(opened.id), slug);
    acts::note_only(conn, &person.actor(), Act::Assign, subject, &content).await?;
    Ok(())
}

/// The record is no more.
pub(super) async fn forget(
    conn: &mut PgConnection,
    kind: RecordKind,
    record: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from assignments where kind = $1 and record_id = $2",
        kind.as_str(),
        record,
    )
    .execute(conn)
    .await?;
    Ok(())
}
