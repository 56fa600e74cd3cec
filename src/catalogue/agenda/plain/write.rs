use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike, Weekday, WeekdaySet};

use super::{End, Hours, PlainFault, PlainSchedule, Repeat};
use crate::catalogue::agenda::occurrences::{closed, starts};
use crate::catalogue::agenda::schedule::DAY;
use crate::catalogue::agenda::{Closure, Schedule};

/// No course has more meetings.
const MOST: u32 = 1000;
/// The longest whole days, and the widest step between two meetings.
const LONGEST: u16 = 31;
/// No series is walked further than so many starts.
pub(super) const SEARCHED: usize = 20_000;
/// From this hour on no night changes the clock.
const MORNING: u32 = 3;

impl PlainSchedule {
    /// The schedule that says this.
    ///
    /// The number of times is that of the meetings really held, and the COUNT of a rule counts
    /// before anything is left out. So the starts are walked until that many are held; the COUNT
    /// is how many were passed. It is right for these closures: when a holiday is added later,
    /// write the schedule anew. `closures` are those that hold for the place of the activity.
    ///
    /// # Errors
    /// What is wrong with the form, in Dutch.
    pub fn schedule(&self, closures: &[Closure]) -> Result<Schedule, PlainFault> {
        self.check()?;
        let endless = self.endless();
        if endless.rrule.is_none() {
            return Ok(endless);
        }
        self.check_except(&endless)?;
        let mut schedule = endless.clone();
        schedule.exception_dates = self.except.iter().copied().collect();
        match self.end {
            End::Never => {}
            End::On(last) => schedule.until = Some(last),
            End::Times(times) => {
                let count = self.count(&endless, closures, times)?;
                schedule.rrule = endless.rrule.map(|rule| format!("{rule};COUNT={count}"));
            }
        }
        Ok(schedule)
    }

    /// The meetings from one day to another, closures and exceptions apart.
    pub(in crate::catalogue::agenda) fn meetings(
        &self,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Vec<NaiveDate> {
        dates(&self.endless(), last)
            .into_iter()
            .filter(|day| *day >= first)
            .collect()
    }

    fn check(&self) -> Result<(), PlainFault> {
        let within = |number: u16, most: u16| {
            let fits = (1..=most).contains(&number);
            fits.then_some(()).ok_or(PlainFault::Number(most.into()))
        };
        match self.hours {
            Hours::WholeDays(days) => within(days, LONGEST)?,
            Hours::Clock { from, to } if to == Some(from) => return Err(PlainFault::SameHour),
            Hours::Clock { .. } => {}
        }
        match &self.repeat {
            Repeat::Dates(more) => return self.check_dates(more),
            Repeat::Days(every) => within(*every, LONGEST)?,
            Repeat::Weeks { every, on } => {
                within(*every, LONGEST)?;
                some(!on.is_empty())?;
            }
            Repeat::Parity { on, .. } => some(!on.is_empty())?,
            Repeat::NthWeekday { every, nths, .. } => {
                within(*every, LONGEST)?;
                some(!nths.is_empty() && nths.iter().all(|n| matches!(n, -1 | 1..=5)))?;
            }
            Repeat::MonthDay { every, day } => {
                within(*every, LONGEST)?;
                some(matches!(day, -1 | 1..=31))?;
            }
            Repeat::Yearly => {}
        }
        if !self.repeat.can_begin(self.first) {
            let next = self.repeat.first_from(self.first);
            return Err(
                next.map_or(PlainFault::NoDays, |next| PlainFault::FirstDay {
                    first: self.first,
                    next,
                }),
            );
        }
        match self.end {
            End::On(last) if last < self.first => Err(PlainFault::Order),
            End::Times(times) if !(1..=MOST).contains(&times) => Err(PlainFault::Number(MOST)),
            _ => Ok(()),
        }
    }

    fn check_dates(&self, more: &BTreeSet<NaiveDate>) -> Result<(), PlainFault> {
        if self.end != End::Never || !self.except.is_empty() {
            return Err(PlainFault::NoSeries);
        }
        match more.first() {
            Some(next) if *next <= self.first => Err(PlainFault::Order),
            _ => Ok(()),
        }
    }

    fn check_except(&self, endless: &Schedule) -> Result<(), PlainFault> {
        let Some(last) = self.except.last() else {
            return Ok(());
        };
        let met = dates(endless, *last);
        let over = |day: &NaiveDate| matches!(self.end, End::On(last) if *day > last);
        let stray = self.except.iter().find(|d| !met.contains(d) || over(d));
        stray.map_or(Ok(()), |day| Err(PlainFault::NoMeeting(*day)))
    }

    /// As long as it goes on, without exceptions.
    fn endless(&self) -> Schedule {
        let (from, minutes) = match self.hours {
            Hours::WholeDays(days) => (NaiveTime::MIN, Some(i32::from(days) * DAY)),
            Hours::Clock { from, to } => (from, to.map(|to| minutes(from, to))),
        };
        let night = match self.hours {
            Hours::Clock { from, to: Some(to) } => to < from || from.hour() < MORNING,
            _ => false,
        };
        let extra: Vec<NaiveDateTime> = match &self.repeat {
            Repeat::Dates(more) => more.iter().map(|day| day.and_time(from)).collect(),
            _ => Vec::new(),
        };
        Schedule {
            by_wall_clock: night,
            all_day: matches!(self.hours, Hours::WholeDays(_)),
            by_appointment: self.by_appointment,
            rrule: rule(&self.repeat),
            extra_starts: extra,
            follows: self.left_out.iter().copied().collect(),
            ..Schedule::once(self.first.and_time(from), minutes)
        }
    }

    /// How many starts are passed until so many are held.
    fn count(
        &self,
        endless: &Schedule,
        closures: &[Closure],
        times: u32,
    ) -> Result<usize, PlainFault> {
        let held = |day: NaiveDate| {
            !self.except.contains(&day) && closed(endless, closures, day).is_none()
        };
        let mut numbered = (1..=SEARCHED).zip(starts(endless, None));
        let before = usize::try_from(times).unwrap_or(usize::MAX) - 1;
        let mut held = numbered
            .by_ref()
            .filter(|(_, start)| held(start.date()))
            .map(|(number, _)| number);
        held.nth(before).ok_or(PlainFault::NothingLeft)
    }
}

fn some(chosen: bool) -> Result<(), PlainFault> {
    chosen.then_some(()).ok_or(PlainFault::NoDays)
}

fn dates(schedule: &Schedule, last: NaiveDate) -> BTreeSet<NaiveDate> {
    let days = starts(schedule, None).map(|start| start.date());
    days.take(SEARCHED).take_while(|day| *day <= last).collect()
}

/// From an hour to the next time that the clock shows another.
fn minutes(from: NaiveTime, to: NaiveTime) -> i32 {
    let ahead = (to - from).num_minutes();
    i32::try_from(ahead).unwrap_or_default().rem_euclid(DAY)
}

/// The recurrence rule (RFC 5545), without an end.
fn rule(repeat: &Repeat) -> Option<String> {
    Some(match repeat {
        Repeat::Dates(_) => return None,
        Repeat::Days(every) => stepped("DAILY", *every, ""),
        Repeat::Weeks { every, on } => stepped("WEEKLY", *every, &by_day(*on)),
        Repeat::Parity { even, on } => {
            let weeks: Vec<String> = (1..=53)
                .filter(|week| (week % 2 == 0) == *even)
                .map(|week| week.to_string())
                .collect();
            format!("FREQ=YEARLY;BYWEEKNO={}{}", weeks.join(","), by_day(*on))
        }
        Repeat::NthWeekday { every, nths, day } => {
            let positive = nths.iter().filter(|n| **n > 0);
            let ordered = positive.chain(nths.iter().filter(|n| **n < 0));
            let days: Vec<String> = ordered.map(|n| format!("{n}{}", code(*day))).collect();
            stepped("MONTHLY", *every, &format!(";BYDAY={}", days.join(",")))
        }
        Repeat::MonthDay { every, day } => {
            stepped("MONTHLY", *every, &format!(";BYMONTHDAY={day}"))
        }
        Repeat::Yearly => "FREQ=YEARLY".to_owned(),
    })
}

fn stepped(frequency: &str, every: u16, rest: &str) -> String {
    match every {
        1 => format!("FREQ={frequency}{rest}"),
        _ => format!("FREQ={frequency};INTERVAL={every}{rest}"),
    }
}

fn by_day(on: WeekdaySet) -> String {
    let days: Vec<&str> = on.iter(Weekday::Mon).map(code).collect();
    format!(";BYDAY={}", days.join(","))
}

fn code(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    }
}
