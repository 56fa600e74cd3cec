//! Dates beside a rule (RFC 5545, 3.8.5.1 and 3.8.5.2): those that are added, those that are left out.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;

use super::Fault;
use super::content::{Component, Property};
use super::moment::{Length, Moment};
use super::zones::Zones;
use crate::catalogue::agenda::schedule::DAY;
use crate::catalogue::agenda::{Change, ChangeKind, Schedule};

/// Dates that one item may leave out or add, at most.
const MOST_DATES: usize = 1_000;

/// Further dates (RDATE); a period that is longer or shorter than the others is a schedule apart.
pub fn add_dates(
    schedule: &mut Schedule,
    event: &Component,
    zone: Tz,
    zones: &Zones,
) -> Result<Vec<Schedule>, Fault> {
    let mut further = Vec::new();
    for (property, value) in values(event, "RDATE")? {
        let (start, end) = value.split_once('/').unwrap_or((value, ""));
        let at = Moment::read(property, start, zones)?;
        let local = on_clock(at, zone, schedule);
        let minutes = match end {
            "" => None,
            length if length.starts_with(['P', '+']) => {
                let length = Length::parse(length);
                length.map(|length| length.days * i64::from(DAY) + length.minutes)
            }
            end => Some(at.minutes_until(Moment::read(property, end, zones)?, zone)),
        };
        let minutes = minutes
            .and_then(|m| i32::try_from(m).ok())
            .filter(|m| *m > 0);
        if minutes.is_none() || minutes == schedule.duration_minutes {
            schedule.extra_starts.push(local);
        } else {
            further.push(Schedule {
                duration_minutes: minutes,
                time_zone: schedule.time_zone.clone(),
                ..Schedule::once(local, None)
            });
        }
    }
    let first = schedule.starts_at;
    schedule.extra_starts.sort_unstable();
    schedule.extra_starts.dedup();
    if schedule.rrule.is_none() {
        schedule.extra_starts.retain(|start| *start != first);
    }
    Ok(further)
}

/// Dates that are left out (EXDATE). Ours are days: what is added on such a day at another hour is
/// a meeting that moved. False: nothing remains.
pub fn leave_out(
    schedule: &mut Schedule,
    event: &Component,
    zone: Tz,
    zones: &Zones,
) -> Result<bool, Fault> {
    let mut left_out = Vec::new();
    for (property, value) in values(event, "EXDATE")? {
        let at = Moment::read(property, value, zones)?;
        // Some write a day as its midnight.
        let local = at.local(zone);
        let local = if local.time() == NaiveTime::MIN {
            on_clock(Moment::Day(local.date()), zone, schedule)
        } else {
            local
        };
        left_out.push(local);
    }
    let extra = std::mem::take(&mut schedule.extra_starts);
    let mut extra: Vec<_> = extra
        .into_iter()
        .filter(|at| !left_out.contains(at))
        .collect();
    if schedule.rrule.is_none() {
        if left_out.contains(&schedule.starts_at) {
            if extra.is_empty() {
                return Ok(false);
            }
            schedule.starts_at = extra.remove(0);
        }
        schedule.extra_starts = extra;
        return Ok(true);
    }
    let hour = schedule.starts_at.time();
    let days = left_out
        .iter()
        .filter(|at| at.time() == hour)
        .map(NaiveDateTime::date);
    let mut days: Vec<NaiveDate> = days.collect();
    days.sort_unstable();
    days.dedup();
    for start in extra {
        let Ok(at) = days.binary_search(&start.date()) else {
            schedule.extra_starts.push(start);
            continue;
        };
        let recurrence = days.remove(at).and_time(hour);
        schedule.changes.push(Change {
            recurrence,
            kind: ChangeKind::Moved,
            starts_at: Some(start),
            duration_minutes: None,
            place: None,
            reason: String::new(),
        });
    }
    // What the rule does not give cannot move: it is an extra after all.
    let ruled = schedule.clone();
    schedule.changes.retain(|change| {
        let held = ruled.holds(change.recurrence);
        if !held {
            schedule.extra_starts.extend(change.starts_at);
        }
        held
    });
    schedule.exception_dates = days;
    Ok(true)
}
/// The values of all properties of a name; each may hold several.
fn values<'a>(event: &'a Component, name: &'a str) -> Result<Vec<(&'a Property, &'a str)>, Fault> {
    let mut all = Vec::new();
    for property in event.all(name) {
        for value in property
            .value
            .split(',')
            .filter(|value| !value.trim().is_empty())
        {
            if all.len() == MOST_DATES {
                return Err(Fault::at(property, format!("more than {MOST_DATES} dates")));
            }
            all.push((property, value.trim()));
        }
    }
    Ok(all)
}

/// On the clock of a schedule; a day alone means its meeting on that day.
#[must_use]
pub fn on_clock(at: Moment, zone: Tz, schedule: &Schedule) -> NaiveDateTime {
    let local = at.local(zone);
    if at.is_day() || schedule.all_day {
        local.date().and_time(schedule.starts_at.time())
    } else {
        local
    }
}
