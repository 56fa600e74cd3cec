//! The tables of the social map, one file a table: its columns, how a row is read and
//! written, and the act that keeps it.

mod activities;
mod closures;
mod dossiers;
mod faqs;
mod help_lines;
mod organisations;
mod places;
mod redirects;
mod synonyms;
mod themes;
mod vocabulary;
mod zones;

pub use activities::{ChangeRow, ScheduleRow};
pub use places::AddressRow;

use super::table::Entry;
use crate::catalogue::agenda::Closure;
use crate::catalogue::dossiers::FaqDraft;
use crate::catalogue::former_slugs::Redirect;
use crate::catalogue::themes::{Audience, StepLabel};
use crate::catalogue::words::{HelpLine, Synonym};
use crate::catalogue::{self, Upkeep};

/// The names of all tables, in the order of import.
pub const FILES: [&str; 16] = [
    StepLabel::FILE,
    Audience::FILE,
    catalogue::themes::Draft::FILE,
    catalogue::zones::Draft::FILE,
    catalogue::places::Draft::FILE,
    AddressRow::FILE,
    catalogue::organisations::Draft::FILE,
    catalogue::activities::Draft::FILE,
    ScheduleRow::FILE,
    ChangeRow::FILE,
    catalogue::dossiers::Draft::FILE,
    FaqDraft::FILE,
    Closure::FILE,
    Synonym::FILE,
    HelpLine::FILE,
    Redirect::FILE,
];

/// Why a record is taken away again, for the log.
const UNDONE: &str = "import ongedaan gemaakt";

/// Names with semicolons between them.
fn joined<T: ToString>(items: &[T]) -> String {
    items
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(";")
}

/// The value, or an empty cell.
fn cell<T: ToString>(value: Option<&T>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

/// `source_url`, `source_year`
fn source_cells(upkeep: &Upkeep) -> [String; 2] {
    [upkeep.source_url.clone(), cell(upkeep.source_year.as_ref())]
}

/// `state`, `checked_at`
fn state_cells(upkeep: &Upkeep) -> [String; 2] {
    [
        upkeep.state.as_str().to_owned(),
        cell(upkeep.checked_at.as_ref()),
    ]
}
