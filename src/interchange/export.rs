use std::fs;
use std::path::Path;

use sqlx::PgConnection;

use super::row::guard;
use super::table::{self, Entry, Kept};
use super::tables::{AddressRow, ChangeRow, FILES, ScheduleRow};
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
    File(#[from] std::io::Error),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// How cells are told apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// RFC 4180: commas.
    Plain,
    /// Semicolons and a mark of UTF-8, as a spreadsheet in Dutch opens them.
    Spreadsheet,
}

/// Writes every table to a folder, as [`super::import()`] reads them; returns the number of rows.
///
/// Hidden addresses stay behind: what is exported may be read by anyone.
///
/// # Errors
/// When a file cannot be written or the database does not answer.
pub async fn export(conn: &mut PgConnection, directory: &Path) -> Result<usize, ExportError> {
    fs::create_dir_all(directory)?;
    let mut rows = 0;
    for name in FILES {
        if let Some((text, count)) = table(conn, name, Dialect::Plain).await? {
            fs::write(directory.join(name), text)?;
            rows += count;
        }
    }
    Ok(rows)
}

/// One table by the name of its file, and the number of its rows; `None`: there is no such table.
///
/// # Errors
/// When the database does not answer.
pub async fn table(
    conn: &mut PgConnection,
    name: &str,
    dialect: Dialect,
) -> Result<Option<(Vec<u8>, usize)>, ExportError> {
    let written = match name {
        StepLabel::FILE => all::<StepLabel>(conn, dialect).await,
        Audience::FILE => all::<Audience>(conn, dialect).await,
        themes::Draft::FILE => all::<themes::Draft>(conn, dialect).await,
        zones::Draft::FILE => all::<zones::Draft>(conn, dialect).await,
        places::Draft::FILE => all::<places::Draft>(conn, dialect).await,
        organisations::Draft::FILE => all::<organisations::Draft>(conn, dialect).await,
        activities::Draft::FILE => all::<activities::Draft>(conn, dialect).await,
        dossiers::Draft::FILE => all::<dossiers::Draft>(conn, dialect).await,
        FaqDraft::FILE => all::<FaqDraft>(conn, dialect).await,
        Closure::FILE => all::<Closure>(conn, dialect).await,
        Synonym::FILE => all::<Synonym>(conn, dialect).await,
        HelpLine::FILE => all::<HelpLine>(conn, dialect).await,
        Redirect::FILE => all::<Redirect>(conn, dialect).await,
        AddressRow::FILE => {
            let places = places::Draft::present(conn).await?;
            put(&AddressRow::split(&places), dialect)
        }
        ScheduleRow::FILE => {
            let activities = activities::Draft::present(conn).await?;
            put(&ScheduleRow::split(&activities), dialect)
        }
        ChangeRow::FILE => {
            let activities = activities::Draft::present(conn).await?;
            put(&ChangeRow::split(&activities), dialect)
        }
        _ => return Ok(None),
    };
    written.map(Some)
}

async fn all<T: Kept>(
    conn: &mut PgConnection,
    dialect: Dialect,
) -> Result<(Vec<u8>, usize), ExportError> {
    put(&T::present(conn).await?, dialect)
}

/// By which a spreadsheet sees that a file is UTF-8.
pub const SPREADSHEET_MARK: &[u8] = "\u{feff}".as_bytes();
/// What a spreadsheet in Dutch expects between cells.
const SEMICOLON: u8 = b';';

/// What comes before the first cell, and what between cells.
fn start(dialect: Dialect) -> (Vec<u8>, u8) {
    match dialect {
        Dialect::Plain => (Vec::new(), b','),
        Dialect::Spreadsheet => (SPREADSHEET_MARK.to_vec(), SEMICOLON),
    }
}

fn put<T: Entry>(entries: &[T], dialect: Dialect) -> Result<(Vec<u8>, usize), ExportError> {
    let (mut text, delimiter) = start(dialect);
    table::write(&mut text, delimiter, entries)?;
    Ok((text, entries.len()))
}

/// Rows as a spreadsheet in Dutch opens them, with harmless cells; what such a file begins with
/// ([`SPREADSHEET_MARK`]) is not in them.
///
/// # Errors
/// When a row is longer than another.
pub fn spreadsheet<const N: usize>(
    rows: impl Iterator<Item = [String; N]>,
) -> Result<Vec<u8>, csv::Error> {
    let mut text = Vec::new();
    let mut writer = table::writer(&mut text, SEMICOLON);
    for row in rows {
        writer.write_record(row.map(guard))?;
    }
    writer.flush()?;
    drop(writer);
    Ok(text)
}
