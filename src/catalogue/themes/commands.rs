use sqlx::PgConnection;

use super::{Audience, Draft, StepLabel, store};
use crate::access::Actor;
use crate::base::RecordKind;
use crate::catalogue::acts::{self, Act, CommandError};

/// Registers or revises a theme. A sub-theme comes after its main theme.
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
    let subject = (RecordKind::Theme.as_str(), Some(id.0), draft.slug.as_str());
    acts::note(conn, actor, act, subject, draft).await?;
    Ok(())
}

/// Keeps an audience.
///
/// # Errors
/// As [`keep`].
pub async fn keep_audience(
    conn: &mut PgConnection,
    actor: &Actor,
    act: Act,
    audience: &Audience,
) -> Result<(), CommandError> {
    store::save_audience(conn, audience).await?;
    acts::note(
        conn,
        actor,
        act,
        ("audience", None, audience.slug.as_str()),
        audience,
    )
    .await?;
    Ok(())
}

/// Keeps the label of a step.
///
/// # Errors
/// As [`keep`].
pub async fn keep_step(
    conn: &mut PgConnection,
    actor: &Actor,
    act: Act,
    step: &StepLabel,
) -> Result<(), CommandError> {
    store::save_step(conn, step).await?;
    acts::note(conn, actor, act, ("step", None, step.step.as_str()), step).await?;
    Ok(())
}
