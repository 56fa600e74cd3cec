use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use rrule::{RRule, Tz, Validated};
use serde::{Deserialize, Serialize};

use super::{closures, occurrences};
use crate::base::Slug;
use crate::text_enum;

text_enum! {
    /// How one date of a schedule differs from what the rule gives.
    ChangeKind {
        Cancelled = "cancelled", "gaat niet door";
        Moved = "moved", "verplaatst";
        Postponed = "postponed", "uitgesteld";
    }
}

/// What is different on one day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Change {
    /// The start that the rule gives, local.
    pub recurrence: NaiveDateTime,
    pub kind: ChangeKind,
    /// Moved: when instead; `None`: the time stays.
    pub starts_at: Option<NaiveDateTime>,
    /// Moved: how many minutes instead; `None`: as long as always.
    pub duration_minutes: Option<i32>,
    /// Moved: where instead; `None`: the place stays.
    pub place: Option<Slug>,
    pub reason: String,
}

/// When an activity happens: once, or by a rule.
///
/// Times are what the clock on the wall shows in `time_zone`, so a weekly 19:30 stays
/// 19:30 when summer time begins.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Schedule {
    /// The first occurrence, local.
    pub starts_at: NaiveDateTime,
    /// IANA name; `Europe/Amsterdam`.
    pub time_zone: String,
    /// Elapsed minutes; `None` when the end is not known.
    pub duration_minutes: Option<i32>,
    /// The minutes are those that the clock on the wall shows: over a change of summer time the
    /// end stays at its hour.
    pub by_wall_clock: bool,
    /// Whole days; the time of `starts_at` is midnight, the minutes are days of 1440.
    pub all_day: bool,
    /// Only who made an appointment can come.
    pub by_appointment: bool,
    /// RFC 5545 recurrence rule without UNTIL; `None`: once.
    pub rrule: Option<String>,
    /// Local dates that are left out.
    pub exception_dates: Vec<NaiveDate>,
    /// Last local date that may occur, inclusive.
    pub until: Option<NaiveDate>,
    /// Further starts beside the rule, local.
    pub extra_starts: Vec<NaiveDateTime>,
    /// Kinds of closures on which nothing is held.
    pub follows: Vec<closures::Kind>,
    /// What is different on single days, in order.
    pub changes: Vec<Change>,
}

/// Minutes of a whole day.
pub const DAY: i32 = 24 * 60;

/// A rule that cannot be followed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleFault {
    #[error("geen herhaling (RFC 5545) die wij kunnen volgen: {0}")]
    Rule(String),
    #[error("UNTIL hoort niet in de regel: zet de laatste datum in de kolom until")]
    Until,
    #[error("de regel herhaalt vaker dan elke dag")]
    TooOften,
    #[error("dagen zonder en een laatste dag horen bij een regel")]
    NoSeries,
    #[error("de laatste dag ligt voor de eerste")]
    Order,
    #[error("hele dagen beginnen om 00:00 en duren een aantal keer 1440 minuten")]
    WholeDays,
    #[error("geen tijdzone: {0}")]
    Zone(String),
    #[error("dit schema heeft niets op {0}")]
    NoMeeting(NaiveDateTime),
    #[error("wat verplaatst is heeft een nieuwe tijd of plek, en wat niet doorgaat heeft die niet")]
    Change,
}

impl Schedule {
    pub const TIME_ZONE: &str = "Europe/Amsterdam";

    /// Once, with nothing special.
    #[must_use]
    pub fn once(starts_at: NaiveDateTime, duration_minutes: Option<i32>) -> Self {
        Self {
            starts_at,
            time_zone: Self::TIME_ZONE.to_owned(),
            duration_minutes,
            by_wall_clock: false,
            all_day: false,
            by_appointment: false,
            rrule: None,
            exception_dates: Vec::new(),
            until: None,
            extra_starts: Vec::new(),
            follows: vec![closures::Kind::Place],
            changes: Vec::new(),
        }
    }

    /// # Errors
    /// When the rule cannot be followed or the parts contradict each other.
    pub fn check(&self) -> Result<(), ScheduleFault> {
        if self
            .until
            .is_some_and(|until| until < self.starts_at.date())
        {
            return Err(ScheduleFault::Order);
        }
        let whole = |start: &NaiveDateTime| start.time() == NaiveTime::MIN;
        let starts = std::iter::once(&self.starts_at).chain(&self.extra_starts);
        let days = self.duration_minutes.is_some_and(|m| m % DAY == 0);
        if self.all_day && !(days && starts.into_iter().all(whole)) {
            return Err(ScheduleFault::WholeDays);
        }
        if self.time_zone.parse::<chrono_tz::Tz>().is_err() {
            return Err(ScheduleFault::Zone(self.time_zone.clone()));
        }
        self.check_rule()?;
        self.changes.iter().try_for_each(|c| self.check_change(c))
    }

    fn check_change(&self, change: &Change) -> Result<(), ScheduleFault> {
        let elsewhere = change.starts_at.is_some()
            || change.duration_minutes.is_some()
            || change.place.is_some();
        if elsewhere != (change.kind == ChangeKind::Moved) {
            return Err(ScheduleFault::Change);
        }
        if self.holds(change.recurrence) {
            Ok(())
        } else {
            Err(ScheduleFault::NoMeeting(change.recurrence))
        }
    }

    fn check_rule(&self) -> Result<(), ScheduleFault> {
        match &self.rrule {
            None if self.until.is_some() || !self.exception_dates.is_empty() => {
                Err(ScheduleFault::NoSeries)
            }
            None => Ok(()),
            Some(rule) if rule.contains("UNTIL") => Err(ScheduleFault::Until),
            Some(_) => {
                let rule = self.rule()?;
                let daily = rule.is_some_and(|r| r.get_freq() <= rrule::Frequency::Daily);
                if daily {
                    Ok(())
                } else {
                    Err(ScheduleFault::TooOften)
                }
            }
        }
    }

    /// The rule, read. It is expanded in UTC as if that were the wall clock, because the wall
    /// clock knows no summer time.
    ///
    /// # Errors
    /// When the rule cannot be read.
    pub fn rule(&self) -> Result<Option<RRule<Validated>>, ScheduleFault> {
        let Some(text) = &self.rrule else {
            return Ok(None);
        };
        let fault = |e: &dyn std::fmt::Display| ScheduleFault::Rule(e.to_string());
        let rule: RRule<rrule::Unvalidated> = text.parse().map_err(|e| fault(&e))?;
        rule.validate(self.floating_start())
            .map(Some)
            .map_err(|e| fault(&e))
    }

    /// Whether the schedule has a meeting that starts then, before closures and changes.
    #[must_use]
    pub fn holds(&self, start: NaiveDateTime) -> bool {
        occurrences::starts(self, Some(start))
            .take_while(|at| *at <= start)
            .any(|at| at == start)
    }

    fn floating_start(&self) -> chrono::DateTime<Tz> {
        self.starts_at.and_utc().with_timezone(&Tz::UTC)
    }

    /// The zone of its times; Amsterdam when the name is not one.
    #[must_use]
    pub fn zone(&self) -> chrono_tz::Tz {
        self.time_zone
            .parse()
            .unwrap_or(chrono_tz::Europe::Amsterdam)
    }

    /// From when to when its first meeting is, on the clock of Amsterdam. Of a series it is the
    /// usual hour: what a night that changes the clock does to it is not looked at.
    #[must_use]
    pub fn usual_hours(&self) -> (NaiveDateTime, Option<NaiveDateTime>) {
        let (zone, start) = (self.zone(), self.starts_at);
        let by_clock = self.all_day || self.by_wall_clock || self.repeats();
        let end = |minutes| occurrences::end_of(zone, start, minutes, by_clock);
        (
            occurrences::on_our_clock(zone, start),
            self.duration_minutes.map(end),
        )
    }

    #[must_use]
    pub fn repeats(&self) -> bool {
        self.rrule.is_some()
    }
}
