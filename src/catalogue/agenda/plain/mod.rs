//! The plain form of a schedule: the fields that a volunteer fills in. It holds less than a
//! [`Schedule`](super::Schedule) can, and what it holds is written and read back without loss.

mod read;
#[cfg(test)]
pub(super) mod tests;
mod write;

use std::collections::BTreeSet;
use std::iter;

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Weekday, WeekdaySet};

use super::closures::Kind;
use crate::base::dutch;

pub(super) use read::{repeat, times};

/// When something is, as its people fill it in. Changes on single days stand beside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlainSchedule {
    /// The first day; one of those that the repetition gives.
    pub first: NaiveDate,
    pub hours: Hours,
    pub repeat: Repeat,
    pub end: End,
    /// Closures on which nothing is held.
    pub left_out: BTreeSet<Kind>,
    /// Meetings that are left out.
    pub except: BTreeSet<NaiveDate>,
    pub by_appointment: bool,
}

/// What the clock on the wall shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hours {
    /// So many days on end.
    WholeDays(u16),
    /// An end that is not later than the start is on the next day; none: the end is not known.
    Clock {
        from: NaiveTime,
        to: Option<NaiveTime>,
    },
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Repeat {
    /// On the first day and these; none: once.
    Dates(BTreeSet<NaiveDate>),
    /// Every so many days.
    Days(u16),
    /// Every so many weeks.
    Weeks { every: u16, on: WeekdaySet },
    /// In the even or the odd weeks of the calendar. Not the same as every two weeks: after a
    /// year of 53 weeks come two odd ones in a row.
    Parity { even: bool, on: WeekdaySet },
    /// The first and third Thursday; -1: the last.
    NthWeekday {
        every: u16,
        nths: BTreeSet<i8>,
        day: Weekday,
    },
    /// On a day of the month; -1: the last.
    MonthDay { every: u16, day: i8 },
    /// On the date of the first day.
    Yearly,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    Never,
    /// The last day that may be.
    On(NaiveDate),
    /// So many meetings that are really held.
    Times(u32),
}

/// What a person can get wrong, said to that person.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PlainFault {
    #[error("Kies een of meer dagen.")]
    NoDays,
    #[error("Kies een getal van 1 tot en met {0}.")]
    Number(u32),
    #[error("De eindtijd is dezelfde als de begintijd.")]
    SameHour,
    /// The first day is none of those that the repetition gives; the next one is.
    #[error("{} is geen dag van deze regel. De eerste dag daarna is {}.",
            dutch::sentence(&full(*.first)), full(*.next))]
    FirstDay { first: NaiveDate, next: NaiveDate },
    #[error("De laatste dag ligt voor de eerste dag.")]
    Order,
    #[error("Wat niet herhaald wordt, heeft geen laatste dag, aantal keren of dagen zonder.")]
    NoSeries,
    #[error("Op {} is er niets om over te slaan.", full(*.0))]
    NoMeeting(NaiveDate),
    #[error("Zo vaak kan het niet: er blijven te weinig dagen over.")]
    NothingLeft,
}

/// "woensdag 2 september 2026"
fn full(day: NaiveDate) -> String {
    format!("{} {}", dutch::day(day), day.year())
}

impl Repeat {
    /// Every week on these days.
    #[must_use]
    pub fn weekly(on: impl IntoIterator<Item = Weekday>) -> Self {
        Self::Weeks {
            every: 1,
            on: on.into_iter().collect(),
        }
    }

    #[must_use]
    pub fn once() -> Self {
        Self::Dates(BTreeSet::new())
    }

    /// Whether a series can begin on this day.
    #[must_use]
    pub fn can_begin(&self, day: NaiveDate) -> bool {
        match self {
            Self::Dates(_) | Self::Days(_) | Self::Yearly => true,
            Self::Weeks { on, .. } => on.contains(day.weekday()),
            Self::Parity { even, on } => {
                on.contains(day.weekday()) && day.iso_week().week().is_multiple_of(2) == *even
            }
            Self::NthWeekday {
                nths, day: weekday, ..
            } => day.weekday() == *weekday && nths.iter().any(|n| is_nth(*n, day)),
            Self::MonthDay { day: -1, .. } => day
                .succ_opt()
                .is_none_or(|next| next.month() != day.month()),
            Self::MonthDay { day: said, .. } => i64::from(day.day()) == i64::from(*said),
        }
    }

    /// The first day from this one on that a series can begin on. `None`: there is no such day.
    #[must_use]
    pub fn first_from(&self, day: NaiveDate) -> Option<NaiveDate> {
        // A fifth Monday, or a 31st, is never half a year away.
        const FAR: u64 = 200;
        let days = (0..FAR).map_while(|ahead| day.checked_add_days(Days::new(ahead)));
        days.into_iter().find(|day| self.can_begin(*day))
    }
}

/// Whether a day is the nth of its weekday in its month.
fn is_nth(n: i8, day: NaiveDate) -> bool {
    if n == -1 {
        day.checked_add_days(Days::new(7))
            .is_none_or(|later| later.month() != day.month())
    } else {
        i64::from(day.day0() / 7 + 1) == i64::from(n)
    }
}

/// All days from one to another.
pub(super) fn days_through(first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    iter::successors(Some(first), NaiveDate::succ_opt).take_while(move |day| *day <= last)
}
