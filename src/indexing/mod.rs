//! Keeps the search index in step with the records: the only room that knows both.
//!
//! The index is derived data. Every change re-reads the present state of what changed and of
//! what shows it, so that twice, late or out of order does no harm. At every start and every
//! new day the whole index is compared with the records.

mod gather;
mod watch;
mod worker;

pub use gather::{Gathered, all};
pub use watch::{State, Watch};
pub use worker::{Keeper, Outcome, rehearse, teach};
