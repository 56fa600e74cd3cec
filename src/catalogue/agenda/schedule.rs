use chrono::{NaiveDate, NaiveDateTime};
use rrule::{RRule, RRuleSet, Tz, Validated};
use serde::{Deserialize, Serialize};

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
    /// RFC 5545 recurrence rule without UNTIL; `None`: once.
    pub rrule: Option<String>,
    /// Local dates that are left out.
    pub exception_dates: Vec<NaiveDate>,
    /// Last local date that may occur, inclusive.
    pub until: Option<NaiveDate>,
}

/// A rule that cannot be followed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleFault {
    #[error("not a recurrence rule (RFC 5545) that this program can follow: {0}")]
    Rule(String),
    #[error("UNTIL does not belong in the rule: put the last date in the column until")]
    Until,
    #[error("the rule repeats more often than daily")]
    TooOften,
    #[error("exception dates and a last date need a rule")]
    NoSeries,
    #[error("the last date lies before the first")]
    Order,
}

impl Schedule {
    pub const TIME_ZONE: &str = "Europe/Amsterdam";

    /// # Errors
    /// When the rule cannot be followed or the parts contradict each other.
    pub fn check(&self) -> Result<(), ScheduleFault> {
        if self
            .until
            .is_some_and(|until| until < self.starts_at.date())
        {
            return Err(ScheduleFault::Order);
        }
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

    /// The series of starts, endless where the rule has no end.
    pub(super) fn series(&self) -> Result<Option<RRuleSet>, ScheduleFault> {
        Ok(self
            .rule()?
            .map(|rule| RRuleSet::new(self.floating_start()).rrule(rule).limit()))
    }

    fn floating_start(&self) -> chrono::DateTime<Tz> {
        self.starts_at.and_utc().with_timezone(&Tz::UTC)
    }

    #[must_use]
    pub fn repeats(&self) -> bool {
        self.rrule.is_some()
    }
}
