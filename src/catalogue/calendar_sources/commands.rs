use sqlx::PgConnection;

use super::{Draft, store};
use crate::access::Actor;
use crate::base::Slug;
use crate::catalogue::acts::{self, Act, CommandError};

pub use super::store::{claim, keep_item, note_run};

pub(super) const SUBJECT: &str = "calendar_source";

/// Registers or revises a source; it is due at once.
///
/// # Errors
/// When a rule of the database is broken, or it does not answer.
pub async fn keep(
    conn: &mut PgConnection,
    actor: &Actor,
    act: Act,
    draft: &Draft,
) -> Result<(), CommandError> {
    let id = store::save(conn, draft).await?;
    acts::note(
        conn,
        actor,
        act,
        (SUBJECT, Some(id.0), draft.slug.as_str()),
        &draft.noted(),
    )
    .await?;
    Ok(())
}

/// Follows a source no more. Its activities stay as they are, and are edited here from now on.
///
/// # Errors
/// [`CommandError::Unknown`] when there is no such source; or the database does not answer.
pub async fn remove(
    conn: &mut PgConnection,
    actor: &Actor,
    slug: &Slug,
) -> Result<(), CommandError> {
    let id = store::delete(conn, slug)
        .await?
        .ok_or(CommandError::Unknown)?;
    let subject = (SUBJECT, Some(id.0), slug.as_str());
    acts::note(conn, actor, Act::Remove, subject, &serde_json::Value::Null).await?;
    Ok(())
}
