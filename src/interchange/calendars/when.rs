//! The start and length of one component (RFC 5545, 3.8.2).

use chrono::{Days, NaiveTime};
use chrono_tz::Europe::Amsterdam;
use chrono_tz::Tz;

use super::Fault;
use super::content::{Component, Property};
use super::moment::{Length, Moment, cut};
use super::zones::Zones;
use crate::catalogue::agenda::Schedule;
use crate::catalogue::agenda::schedule::DAY;

/// Minutes of a meeting, at most: 31 days, as records hold them.
pub const LONGEST: i64 = 31 * DAY as i64;
/// Days of something that goes on day after day, at most.
const MOST_DAYS: i64 = 3_660;

/// The start and length of one component.
pub struct When {
    pub start: Moment,
    /// The zone that its clock goes by.
    pub zone: Tz,
    pub minutes: Option<i64>,
    pub by_wall_clock: bool,
    pub all_day: bool,
}
impl When {
    pub fn read(event: &Component, zones: &Zones) -> Result<Self, Fault> {
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

    pub fn schedule(&self, zone: Tz, event: &Component) -> Result<Schedule, Fault> {
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
