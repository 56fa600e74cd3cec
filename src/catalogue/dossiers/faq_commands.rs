use sqlx::PgConnection;

use super::{FaqDraft, faq_store};
use crate::access::Actor;
use crate::base::RecordKind;
use crate::catalogue::acts::{self, Act, CommandError};

/// Registers or revises a question; everything it refers to must be there.
///
/// # Errors
/// When a rule of the database is broken, or it does not answer.
pub async fn keep(
    conn: &mut PgConnection,
    actor: &Actor,
    act: Act,
    draft: &FaqDraft,
) -> Result<(), CommandError> {
    let id = faq_store::save(conn, draft).await?;
    let subject = (RecordKind::Faq.as_str(), Some(id.0), draft.slug.as_str());
    acts::note(conn, actor, act, subject, draft).await?;
    Ok(())
}
