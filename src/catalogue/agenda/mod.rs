//! When things happen: the rule of a schedule, the dates that follow from it, and how
//! people say it. The rule is the truth; dates are derived each time they are asked for.

pub mod closures;
pub mod occurrences;
pub mod opening;
pub mod phrase;
pub mod plain;
pub mod rhythm;
pub mod schedule;
pub mod sentence;

pub use closures::Closure;
pub use occurrences::{Happening, Occurrence, coming, dates, ends_on, last_day};
pub use opening::{Exceptions, Moment, OnHolidays, Opening};
pub use phrase::{PhraseFault, parse};
pub use plain::{PlainFault, PlainSchedule};
pub use rhythm::rhythm;
pub use schedule::{Change, ChangeKind, Schedule, ScheduleFault};
pub use sentence::in_words;
