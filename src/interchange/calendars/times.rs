//! When an item is held (RFC 5545, 3.6.1 and 3.8.5), as schedules.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Europe::Amsterdam;
use chrono_tz::Tz;

use super::content::{Component, Property};
use super::moment::{Length, Moment, cut};
use super::zones::Zones;
use super::{Fault, Places, items, rule};
use crate::catalogue::agenda::schedule::DAY;
use crate::catalogue::agenda::{Change, ChangeKind, Schedule};

/// Dates that one item may leave out or add, at most.
const MOST_DATES: usize = 1_000;
/// Minutes of a meeting, at most: 31 days, as records hold them.
const LONGEST: i64 = 31 * DAY as i64;
/// Days of something that goes on day after day, at most.
const MOST_DAYS: i64 = 3_660;

/// A meeting of a series that has a title of its own: it is a thing apart.
pub struct Apart<'a> {
    /// The start that the rule gives.
    pub recurrence: NaiveDateTime,
    pub event: &'a Component,
}

/// The start and length of one component.
struct When {
    start: Moment,
    /// The zone that its clock goes by.
    zone: Tz,
    minutes: Option<i64>,
    by_wall_clock: bool,
    all_day: bool,
}

/// The schedule of an item with what is different on single days, then those that do not fit in it.
///
/// # Errors
/// What cannot be followed: the item would be shown on wrong days.
pub fn schedules<'a>(
    event: &Component,
    changes: &[&'a Component],
    zones: &Zones,
    places: &Places,
) -> Result<(Vec<Schedule>, Vec<Apart<'a>>), Fault> {
    let when = When::read(event, zones)?;
    let series = ["RRULE", "RDATE"]
        .iter()
        .any(|name| event.property(name).is_some());
    // What happens once is told by the clock here; a series goes on by its own.
    let zone = if series { when.zone } else { Amsterdam };
    let mut schedule = when.schedule(zone, event)?;
    rule::apply(&mut schedule, event, zone, zones)?;
    let mut all = add_dates(&mut schedule, event, zone, zones)?;
    let held = leave_out(&mut schedule, event, zone, zones)?;
    let mut apart = Vec::new();
    let mut side = Side {
        master: event,
        zones,
        places,
        further: &mut all,
        apart: &mut apart,
    };
    for change in changes {
        side.change(&mut schedule, zone, change)?;
    }
    schedule.changes.sort_by_key(|change| change.recurrence);
    schedule.changes.dedup_by_key(|change| change.recurrence);
    if held {
        all.insert(0, schedule);
    }
    for schedule in &all {
        schedule.check().map_err(|fault| Fault {
            line: event.line,
            message: fault.to_string(),
        })?;
    }
    if all.is_empty() && apart.is_empty() {
        return Err(Fault {
            line: event.line,
            message: "all its dates are left out".to_owned(),
        });
    }
    Ok((all, apart))
}

/// The schedule of a meeting whose series is not in the file.
pub fn single(event: &Component, zones: &Zones) -> Result<Schedule, Fault> {
    let schedule = When::read(event, zones)?.schedule(Amsterdam, event)?;
    schedule.check().map_err(|fault| Fault {
        line: event.line,
        message: fault.to_string(),
    })?;
    Ok(schedule)
}

impl When {
    fn read(event: &Component, zones: &Zones) -> Result<Self, Fault> {
        let Some(property) = event.property("DTSTART") else {
            return Err(Fault {
                line: event.line,
                message: "it has no DTSTART".to_owned(),
            });
        };
        let end = event
            .property("DTEND")
            .filter(|end| !end.value.trim().is_empty());
        let mut start = Moment::read(property, &property.value, zones)?;
        let mut end_at = end
            .map(|end| Moment::read(end, &end.value, zones))
            .transpose()?;
        if event
            .value("X-MICROSOFT-CDO-ALLDAYEVENT")
            .eq_ignore_ascii_case("TRUE")
        {
            // Outlook's whole day: from midnight to midnight, as times.
            if let Some(day) = as_day(start) {
                start = day;
                end_at = end_at.map(|end| as_day(end).unwrap_or(end));
            }
        }
        let zone = match start {
            Moment::Day(_) => Amsterdam,
            Moment::Time(_, zone) => zone,
        };
        let mut when = Self {
            start,
            zone,
            minutes: None,
            by_wall_clock: false,
            all_day: start.is_day(),
        };
        match (end, end_at, event.property("DURATION")) {
            (Some(end), Some(at), _) => when.until(at, end)?,
            (_, _, Some(length)) => when.lasts(length)?,
            _ if when.all_day => when.minutes = Some(DAY.into()),
            _ => {}
        }
        Ok(when)
    }

    fn until(&mut self, end: Moment, property: &Property) -> Result<(), Fault> {
        let minutes = if self.all_day {
            // The end is the day after the last; who writes the same day means that day.
            let last = end.local(self.zone);
            let first = self.start.local(self.zone);
            let minutes = (last - first).num_minutes();
            if minutes == 0 {
                DAY.into()
            } else {
                whole_days(minutes)
            }
        } else {
            self.start.minutes_until(end, self.zone)
        };
        if minutes < 0 {
            return Err(Fault::at(property, "it ends before it begins"));
        }
        self.minutes = Some(minutes).filter(|minutes| *minutes > 0);
        Ok(())
    }

    fn lasts(&mut self, property: &Property) -> Result<(), Fault> {
        let length = Length::parse(&property.value).ok_or_else(|| {
            let value = cut(&property.value);
            Fault::at(property, format!("{value:?} is not a length of time"))
        })?;
        let minutes = length.days * i64::from(DAY) + length.minutes;
        self.minutes = if self.all_day {
            Some(whole_days(minutes.max(1)))
        } else {
            Some(minutes).filter(|minutes| *minutes > 0)
        };
        // Days are days on the calendar, hours elapse (RFC 5545, 3.3.6).
        self.by_wall_clock = !self.all_day && length.days > 0;
        Ok(())
    }

    fn schedule(&self, zone: Tz, event: &Component) -> Result<Schedule, Fault> {
        let starts_at = self.start.local(zone);
        let once = Schedule {
            time_zone: zone.name().to_owned(),
            all_day: self.all_day,
            by_wall_clock: self.by_wall_clock,
            ..Schedule::once(starts_at, None)
        };
        let minutes = self.minutes.unwrap_or_default();
        if minutes <= LONGEST {
            let minutes = self.minutes.and_then(|minutes| i32::try_from(minutes).ok());
            return Ok(Schedule {
                duration_minutes: minutes,
                ..once
            });
        }
        // An exhibition of some months is held every day.
        let days = minutes / i64::from(DAY);
        let last = starts_at
            .date()
            .checked_add_days(Days::new(days.unsigned_abs() - 1));
        if self.all_day && days <= MOST_DAYS && event.property("RRULE").is_none() {
            return Ok(Schedule {
                duration_minutes: Some(DAY),
                rrule: Some("FREQ=DAILY".to_owned()),
                until: last,
                ..once
            });
        }
        Err(Fault {
            line: event.line,
            message: "one meeting lasts longer than 31 days".to_owned(),
        })
    }
}

/// Further dates (RDATE); a period that is longer or shorter than the others is a schedule apart.
fn add_dates(
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
fn leave_out(
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

/// What stands beside a schedule while its changes are read.
struct Side<'a, 'b> {
    master: &'b Component,
    zones: &'b Zones,
    places: &'b Places,
    further: &'b mut Vec<Schedule>,
    apart: &'b mut Vec<Apart<'a>>,
}

impl<'a> Side<'a, '_> {
    /// One meeting that is different (RECURRENCE-ID).
    fn change(
        &mut self,
        schedule: &mut Schedule,
        zone: Tz,
        event: &'a Component,
    ) -> Result<(), Fault> {
        let Some(property) = event.property("RECURRENCE-ID") else {
            return Ok(());
        };
        if property.param("RANGE").is_some() {
            return Err(Fault::at(
                property,
                "a change of this and all later meetings (RANGE) is not followed",
            ));
        }
        let at = Moment::read(property, &property.value, self.zones)?;
        let recurrence = on_clock(at, zone, schedule);
        let off = items::is_cancelled(event);
        if !schedule.holds(recurrence) {
            // The series was changed since; the meeting is held all the same.
            if !off {
                self.further.push(single(event, self.zones)?);
            }
            return Ok(());
        }
        if off {
            schedule.changes.push(Change {
                recurrence,
                kind: ChangeKind::Cancelled,
                starts_at: None,
                duration_minutes: None,
                place: None,
                reason: String::new(),
            });
            return Ok(());
        }
        let title = items::title(event);
        if !title.is_empty() && title != items::title(self.master) {
            if schedule.rrule.is_some() {
                schedule.exception_dates.push(recurrence.date());
                self.apart.push(Apart { recurrence, event });
                return Ok(());
            }
        }
        let when = When::read(event, self.zones)?;
        schedule
            .changes
            .extend(self.moved(schedule, zone, recurrence, &when, event));
        Ok(())
    }

    /// Another time or place; `None`: neither.
    fn moved(
        &self,
        schedule: &Schedule,
        zone: Tz,
        recurrence: NaiveDateTime,
        when: &When,
        event: &Component,
    ) -> Option<Change> {
        let start = when.start.local(zone);
        let minutes = when.minutes.and_then(|m| i32::try_from(m).ok());
        let minutes =
            minutes.filter(|m| Some(*m) != schedule.duration_minutes && i64::from(*m) <= LONGEST);
        let location = items::location(event);
        let elsewhere = !location.is_empty() && location != items::location(self.master);
        let place = self.places.find(&location).filter(|_| elsewhere).cloned();
        let told = elsewhere && place.is_none();
        if start == recurrence && minutes.is_none() && !elsewhere {
            return None;
        }
        Some(Change {
            recurrence,
            kind: ChangeKind::Moved,
            // A place that we do not know is told, and the time beside it.
            starts_at: Some(start).filter(|start| *start != recurrence || told),
            duration_minutes: minutes,
            place,
            reason: if told {
                format!("Waar: {location}")
            } else {
                String::new()
            },
        })
    }
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
fn on_clock(at: Moment, zone: Tz, schedule: &Schedule) -> NaiveDateTime {
    let local = at.local(zone);
    if at.is_day() || schedule.all_day {
        local.date().and_time(schedule.starts_at.time())
    } else {
        local
    }
}

/// The day that begins at a midnight.
fn as_day(at: Moment) -> Option<Moment> {
    let local = match at {
        Moment::Day(_) => return Some(at),
        Moment::Time(_, Tz::UTC) => at.local(Amsterdam),
        Moment::Time(local, _) => local,
    };
    (local.time() == NaiveTime::MIN).then(|| Moment::Day(local.date()))
}

fn whole_days(minutes: i64) -> i64 {
    let day = i64::from(DAY);
    (minutes + day - 1).div_euclid(day) * day
}
