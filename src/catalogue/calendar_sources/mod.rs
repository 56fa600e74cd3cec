//! Calendars of organisations that are followed, and the log of their runs.

pub mod commands;
mod managed;
pub mod model;
pub mod store;

pub use managed::Managed;
pub use model::{Draft, Gone, Item, Outcome, Remark, RemarkKind, Run, Source, Validators};
