//! A date in words: when it starts, how long it is, and whether it has begun.

use chrono::{NaiveDate, NaiveDateTime};

use crate::base::dutch;
use crate::catalogue::agenda::{self, Occurrence};
use crate::search::Moment;

/// When something is, wherever it was read.
#[derive(Clone, Copy)]
pub struct Spell {
    start: NaiveDateTime,
    end: Option<NaiveDateTime>,
    all_day: bool,
}

impl From<&Occurrence<'_>> for Spell {
    fn from(at: &Occurrence<'_>) -> Self {
        Self {
            start: at.start,
            end: at.end,
            all_day: at.all_day,
        }
    }
}

impl From<&Moment> for Spell {
    fn from(at: &Moment) -> Self {
        Self {
            start: at.start,
            end: at.end,
            all_day: at.all_day,
        }
    }
}

impl Spell {
    /// The last day it is on.
    #[must_use]
    pub fn last_day(&self) -> NaiveDate {
        agenda::last_day(self.start, self.end)
    }

    /// Whether it goes on since an earlier day, and not just for the night. No day that is over
    /// is shown as one to come to.
    #[must_use]
    pub fn has_begun(&self, today: NaiveDate) -> bool {
        self.start.date() < today && self.last_day() >= today
    }

    /// What is still to come of it, for machines: a moment, or a day.
    #[must_use]
    pub fn datetime(&self, today: NaiveDate) -> String {
        if self.has_begun(today) {
            self.last_day().to_string()
        } else if self.all_day {
            self.start.date().to_string()
        } else {
            iso(self.start)
        }
    }

    /// "dinsdag 24 november", "nu bezig"
    #[must_use]
    pub fn day(&self, today: NaiveDate) -> String {
        if self.has_begun(today) {
            "nu bezig".to_owned()
        } else {
            dutch::day_seen_from(self.start.date(), today)
        }
    }

    /// "10.00 tot 12.00 uur", "hele dag", "tot en met zondag 6 december"
    #[must_use]
    pub fn hours(&self, today: NaiveDate) -> String {
        match (self.until(today), self.all_day) {
            (Some(until), _) => until,
            (None, true) => "hele dag".to_owned(),
            (None, false) => dutch::hours(self.start, self.end),
        }
    }

    /// In few words: "dinsdag 24 november, 10.00 uur", "nog tot en met zondag 6 december".
    #[must_use]
    pub fn brief(&self, today: NaiveDate) -> String {
        let day = self.day(today);
        match self.until(today) {
            Some(until) if self.has_begun(today) => format!("nog {until}"),
            Some(until) => format!("{day} {until}"),
            None if self.all_day => day,
            None => format!("{day}, {} uur", dutch::time(self.start.time())),
        }
    }

    fn until(&self, today: NaiveDate) -> Option<String> {
        let last = self.last_day();
        let several = last > self.start.date();
        several.then(|| format!("tot en met {}", dutch::day_seen_from(last, today)))
    }
}

/// "2026-11-24T10:00", as a `datetime` attribute takes a local time.
#[must_use]
pub fn iso(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%dT%H:%M").to_string()
}
