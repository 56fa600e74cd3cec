use sqlx::PgConnection;

use super::{Draft, store};
use crate::access::Actor;
use crate::base::RecordKind;
use crate::catalogue::acts::{self, Act, CommandError};

/// Registers or revises a zone. Its neighbours and successor follow by [`tie`], because zones
/// refer to each other.
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
    let subject = (RecordKind::Zone.as_str(), Some(id.0), draft.slug.as_str());
    acts::note(conn, actor, act, subject, draft).await?;
    Ok(())
}

/// Ties a kept zone to its neighbours and successor.
///
/// # Errors
/// As [`keep`].
pub async fn tie(conn: &mut PgConnection, draft: &Draft) -> Result<(), CommandError> {
    Ok(store::save_ties(conn, draft).await?)
}
