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
pub use redirects::Redirect;

use crate::catalogue::Upkeep;

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
