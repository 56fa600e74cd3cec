use std::path::Path;

use sqlx::PgConnection;

use super::table::{self, Entry, Kept};
use super::tables::{AddressRow, ChangeRow, ScheduleRow};
use crate::catalogue::agenda::Closure;
use crate::catalogue::dossiers::FaqDraft;
use crate::catalogue::former_slugs::Redirect;
use crate::catalogue::themes::{Audience, StepLabel};
use crate::catalogue::words::{HelpLine, Synonym};
use crate::catalogue::{activities, dossiers, organisations, places, themes, zones};

/// Why the export stopped.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Write(#[from] csv::Error),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Writes every table to a folder, as [`super::import()`] reads them; returns the number of rows.
///
/// Hidden addresses stay behind: what is exported may be read by anyone.
///
/// # Errors
/// When a file cannot be written or the database does not answer.
pub async fn export(conn: &mut PgConnection, directory: &Path) -> Result<usize, ExportError> {
    std::fs::create_dir_all(directory).map_err(csv::Error::from)?;
    let places = places::Draft::present(conn).await?;
    let activities = activities::Draft::present(conn).await?;
    let addresses = AddressRow::split(&places);
    let schedules = ScheduleRow::split(&activities);
    let changes = ChangeRow::split(&activities);
    let mut rows = 0;
    rows += one::<StepLabel>(conn, directory).await?;
    rows += one::<Audience>(conn, directory).await?;
    rows += one::<themes::Draft>(conn, directory).await?;
    rows += one::<zones::Draft>(conn, directory).await?;
    rows += one::<organisations::Draft>(conn, directory).await?;
    rows += one::<dossiers::Draft>(conn, directory).await?;
    rows += one::<FaqDraft>(conn, directory).await?;
    rows += one::<Closure>(conn, directory).await?;
    rows += one::<Synonym>(conn, directory).await?;
    rows += one::<HelpLine>(conn, directory).await?;
    rows += one::<Redirect>(conn, directory).await?;
    rows += put(directory, &places)? + put(directory, &activities)?;
    rows += put(directory, &addresses)? + put(directory, &schedules)?;
    rows += put(directory, &changes)?;
    Ok(rows)
}

async fn one<T: Kept>(conn: &mut PgConnection, directory: &Path) -> Result<usize, ExportError> {
    let entries = T::present(conn).await?;
    Ok(put(directory, &entries)?)
}

fn put<T: Entry>(directory: &Path, entries: &[T]) -> Result<usize, csv::Error> {
    table::write(directory, entries)?;
    Ok(entries.len())
}
