use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, NaiveDateTime, WeekdaySet};
use rrule::{Frequency, NWeekday, RRule, Unvalidated};

use super::write::SEARCHED;
use super::{End, Hours, PlainSchedule, Repeat};
use crate::catalogue::agenda::occurrences::{closed, starts};
use crate::catalogue::agenda::schedule::DAY;
use crate::catalogue::agenda::{Closure, Schedule};

impl PlainSchedule {
    /// The form, filled in with a schedule; `None` when the schedule says more than it can hold.
    /// Changes on single days are not looked at.
    ///
    /// A series of nights whose hours are elapsed time comes out by the clock on the wall: on
    /// the nights that change the clock it ends at the hour that it always ends at.
    #[must_use]
    pub fn of(schedule: &Schedule, closures: &[Closure]) -> Option<Self> {
        let plain = Self {
            first: schedule.starts_at.date(),
            hours: hours(schedule)?,
            repeat: repeat(schedule)?,
            end: end(schedule, closures)?,
            left_out: schedule.follows.iter().copied().collect(),
            except: schedule.exception_dates.iter().copied().collect(),
            by_appointment: schedule.by_appointment,
        };
        // Written again it must say the same: a part of the rule that was passed over shows here.
        let again = plain.schedule(closures).ok()?;
        let extra = |s: &Schedule| s.extra_starts.iter().copied().collect::<BTreeSet<_>>();
        let same = again.starts_at == schedule.starts_at
            && again.time_zone == schedule.time_zone
            && endless(&again)? == endless(schedule)?
            && extra(&again) == extra(schedule);
        same.then_some(plain)
    }
}

/// The validated rule without its count; `Some(None)`: no rule.
#[expect(
    clippy::option_option,
    reason = "wrong, absent and there are three things"
)]
fn endless(schedule: &Schedule) -> Option<Option<RRule>> {
    let endless = |rule: &String| {
        let parts = rule.split(';').filter(|part| !part.starts_with("COUNT="));
        parts.collect::<Vec<_>>().join(";")
    };
    let bare = Schedule {
        rrule: schedule.rrule.as_ref().map(endless),
        ..schedule.clone()
    };
    bare.rule().ok()
}

fn hours(schedule: &Schedule) -> Option<Hours> {
    let minutes = schedule.duration_minutes;
    if schedule.all_day {
        return Some(Hours::WholeDays(u16::try_from(minutes? / DAY).ok()?));
    }
    if minutes.is_some_and(|minutes| !(1..DAY).contains(&minutes)) {
        return None;
    }
    Some(Hours::Clock {
        from: schedule.starts_at.time(),
        to: schedule.usual_hours().1.map(|end| end.time()),
    })
}

/// How it repeats, as far as the form knows that.
pub(in crate::catalogue::agenda) fn repeat(schedule: &Schedule) -> Option<Repeat> {
    let start = schedule.starts_at;
    let Some(text) = &schedule.rrule else {
        let more = schedule.extra_starts.iter().map(NaiveDateTime::date);
        return Some(Repeat::Dates(more.collect()));
    };
    let rule: RRule<Unvalidated> = text.parse().ok()?;
    let every = rule.get_interval();
    match rule.get_freq() {
        Frequency::Daily => Some(Repeat::Days(every)),
        Frequency::Weekly => {
            let days = weekdays(&rule);
            let on = if days.is_empty() {
                WeekdaySet::single(start.weekday())
            } else {
                days
            };
            Some(Repeat::Weeks { every, on })
        }
        Frequency::Monthly if rule.get_by_weekday().is_empty() => {
            let day = match rule.get_by_month_day() {
                [] => i8::try_from(start.day()).ok()?,
                [day] => *day,
                _ => return None,
            };
            Some(Repeat::MonthDay { every, day })
        }
        Frequency::Monthly => nth_weekday(&rule),
        Frequency::Yearly => Some(match rule.get_by_week_no() {
            [] => Repeat::Yearly,
            [first, ..] => Repeat::Parity {
                even: first % 2 == 0,
                on: weekdays(&rule),
            },
        }),
        _ => None,
    }
}

fn weekdays(rule: &RRule<Unvalidated>) -> WeekdaySet {
    let every = rule.get_by_weekday().iter().filter_map(|day| match day {
        NWeekday::Every(day) => Some(*day),
        NWeekday::Nth(..) => None,
    });
    every.collect()
}

fn nth_weekday(rule: &RRule<Unvalidated>) -> Option<Repeat> {
    let nth = |day: &NWeekday| match day {
        NWeekday::Nth(n, day) => Some((i8::try_from(*n).ok()?, *day)),
        NWeekday::Every(_) => None,
    };
    let days: Vec<_> = rule
        .get_by_weekday()
        .iter()
        .map(nth)
        .collect::<Option<_>>()?;
    let (_, day) = *days.first()?;
    Some(Repeat::NthWeekday {
        every: rule.get_interval(),
        nths: days.iter().map(|(n, _)| *n).collect(),
        day,
    })
}

/// How a series ends; a count counts what is held.
fn end(schedule: &Schedule, closures: &[Closure]) -> Option<End> {
    let counted = schedule.rule().ok()?.and_then(|rule| rule.get_count());
    match (counted, schedule.until) {
        (None, None) => Some(End::Never),
        (None, Some(last)) => Some(End::On(last)),
        (Some(_), None) => Some(End::Times(times(schedule, closures))),
        (Some(_), Some(_)) => None,
    }
}

/// How many meetings of a series with an end are held.
pub(in crate::catalogue::agenda) fn times(schedule: &Schedule, closures: &[Closure]) -> u32 {
    let held = |day: NaiveDate| closed(schedule, closures, day).is_none();
    let starts = starts(schedule, None).take(SEARCHED);
    let held = starts.filter(|start| held(start.date()));
    u32::try_from(held.count()).unwrap_or(u32::MAX)
}
