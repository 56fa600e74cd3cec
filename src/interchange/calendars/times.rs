//! When an item is held (RFC 5545, 3.6.1 and 3.8.5), as schedules.

use chrono::NaiveDateTime;
use chrono_tz::Europe::Amsterdam;
use chrono_tz::Tz;

use super::content::Component;
use super::dates::{add_dates, leave_out, on_clock};
use super::moment::Moment;
use super::when::{LONGEST, When};
use super::zones::Zones;
use super::{Fault, Places, rule, said};
use crate::catalogue::agenda::{Change, ChangeKind, Schedule};

/// A meeting of a series that has a title of its own: it is a thing apart.
pub struct Apart<'a> {
    /// The start that the rule gives.
    pub recurrence: NaiveDateTime,
    pub event: &'a Component,
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
        let off = said::is_cancelled(event);
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
        let title = said::title(event);
        let own_title = !title.is_empty() && title != said::title(self.master);
        let added = schedule
            .extra_starts
            .iter()
            .position(|at| *at == recurrence);
        if own_title && (added.is_some() || schedule.rrule.is_some()) {
            match added {
                Some(added) => drop(schedule.extra_starts.remove(added)),
                None => schedule.exception_dates.push(recurrence.date()),
            }
            self.apart.push(Apart { recurrence, event });
            return Ok(());
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
        let location = said::location(event);
        let elsewhere = !location.is_empty() && location != said::location(self.master);
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
