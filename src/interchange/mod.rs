//! Records in and out, through the slices' own acts.

pub mod calendars;
pub mod export;
pub mod fault;
pub mod import;
pub mod ledger;
mod lines;
pub mod row;
pub mod table;
pub mod tables;
pub mod undo;

pub use export::{Dialect, SPREADSHEET_MARK, export, spreadsheet};
pub use fault::Fault;
pub use import::{Change, ImportError, Report, import, load};
pub use lines::as_text;
pub use table::Files;
pub use undo::{Left, Undone, undo};
