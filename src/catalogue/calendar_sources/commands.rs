use sqlx::PgConnection;

use super::{Draft, store};
use crate::access::Actor;
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
