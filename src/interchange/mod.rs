//! Records in and out, through the slices' own acts.

pub mod calendars;
pub mod export;
pub mod fault;
pub mod import;
pub mod row;
pub mod table;
pub mod tables;

pub use export::export;
pub use fault::Fault;
pub use import::{ImportError, Report, import};
