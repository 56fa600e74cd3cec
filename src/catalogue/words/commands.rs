use sqlx::PgConnection;

use super::{HelpLine, Synonym, store};
use crate::access::Actor;
use crate::catalogue::acts::{self, Act, CommandError};

/// Keeps a group of words that find each other.
///
/// # Errors
/// When a rule of the database is broken, or it does not answer.
pub async fn keep_synonym(
    conn: &mut PgConnection,
    actor: &Actor,
    act: Act,
    synonym: &Synonym,
) -> Result<(), CommandError> {
    store::save_synonym(conn, synonym).await?;
    acts::note(
        conn,
        actor,
        act,
        ("synonym", None, synonym.headword()),
        synonym,
    )
    .await?;
    Ok(())
}

/// Keeps a help line.
///
/// # Errors
/// As [`keep_synonym`].
pub async fn keep_help_line(
    conn: &mut PgConnection,
    actor: &Actor,
    act: Act,
    line: &HelpLine,
) -> Result<(), CommandError> {
    store::save_help_line(conn, line).await?;
    acts::note(
        conn,
        actor,
        act,
        ("help_line", None, line.slug.as_str()),
        line,
    )
    .await?;
    Ok(())
}
