use chrono::{Duration, NaiveDate, NaiveDateTime, TimeZone};
use chrono_tz::Europe::Amsterdam;

use super::Schedule;

/// One date of a schedule, in local time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Occurrence {
    pub start: NaiveDateTime,
    pub end: Option<NaiveDateTime>,
}

impl Occurrence {
    /// Over: its end, or its start when the end is not known, has passed.
    #[must_use]
    pub fn is_over(&self, now: NaiveDateTime) -> bool {
        self.end.unwrap_or(self.start) <= now
    }
}

/// The dates of a schedule that are not over at `now` and start on or before `until`,
/// at most `limit`. A rule that cannot be followed has none: import refuses such rules.
#[must_use]
pub fn coming(
    schedule: &Schedule,
    now: NaiveDateTime,
    until: NaiveDate,
    limit: usize,
) -> Vec<Occurrence> {
    let at = |start: NaiveDateTime| Occurrence {
        start,
        end: schedule.duration_minutes.map(|m| end_of(start, m)),
    };
    let fits = |o: &Occurrence| !o.is_over(now) && o.start.date() <= until;
    match schedule.series() {
        Ok(None) => Some(at(schedule.starts_at))
            .into_iter()
            .filter(fits)
            .take(limit)
            .collect(),
        Ok(Some(series)) => {
            let last = schedule.until.map_or(until, |u| u.min(until));
            series
                .into_iter()
                .map(|start| start.naive_utc())
                .take_while(|start| start.date() <= last)
                .filter(|start| !schedule.exception_dates.contains(&start.date()))
                .map(at)
                .filter(fits)
                .take(limit)
                .collect()
        }
        Err(_) => Vec::new(),
    }
}

/// The wall clock after some elapsed minutes: over a change of summer time an evening of
/// eight hours ends an hour earlier or later on the clock.
fn end_of(start: NaiveDateTime, minutes: i32) -> NaiveDateTime {
    let elapsed = Duration::minutes(i64::from(minutes));
    match Amsterdam.from_local_datetime(&start).earliest() {
        Some(instant) => (instant + elapsed).naive_local(),
        // A time that the clock skips: it is meant as an hour on the wall all the same.
        None => start + elapsed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> NaiveDateTime {
        text.parse().expect("local time")
    }

    fn weekly(starts_at: &str, rrule: &str) -> Schedule {
        Schedule {
            starts_at: local(starts_at),
            time_zone: Schedule::TIME_ZONE.to_owned(),
            duration_minutes: Some(120),
            rrule: Some(rrule.to_owned()),
            exception_dates: Vec::new(),
            until: None,
        }
    }

    fn starts(schedule: &Schedule, now: &str, until: &str) -> Vec<String> {
        coming(schedule, local(now), until.parse().expect("date"), 100)
            .iter()
            .map(|o| o.start.format("%Y-%m-%dT%H:%M").to_string())
            .collect()
    }

    #[test]
    fn wall_clock_stays_over_both_changes_of_summer_time() {
        let s = weekly("2026-03-22T02:30:00", "FREQ=WEEKLY;BYDAY=SU");
        assert_eq!(
            starts(&s, "2026-03-21T00:00:00", "2026-04-05"),
            ["2026-03-22T02:30", "2026-03-29T02:30", "2026-04-05T02:30"]
        );
        assert_eq!(
            starts(&s, "2026-10-20T00:00:00", "2026-11-01"),
            ["2026-10-25T02:30", "2026-11-01T02:30"]
        );
    }

    #[test]
    fn a_night_over_the_end_of_summer_time_ends_an_hour_earlier_on_the_clock() {
        let mut s = weekly("2026-10-24T22:00:00", "FREQ=WEEKLY");
        s.rrule = None;
        s.duration_minutes = Some(630);
        let night = coming(
            &s,
            local("2026-10-24T00:00:00"),
            local("2026-10-30T00:00:00").date(),
            5,
        );
        assert_eq!(night[0].end, Some(local("2026-10-25T07:30:00")));
        assert!(!night[0].is_over(local("2026-10-25T07:29:00")));
        assert!(night[0].is_over(local("2026-10-25T07:30:00")));
    }

    #[test]
    fn exceptions_end_and_past_are_left_out() {
        let mut s = weekly("2026-11-03T10:00:00", "FREQ=WEEKLY;BYDAY=TU");
        s.exception_dates = vec!["2026-11-17".parse().expect("date")];
        s.until = Some("2026-12-01".parse().expect("date"));
        assert_eq!(
            starts(&s, "2026-11-10T12:00:00", "2026-12-31"),
            ["2026-11-24T10:00", "2026-12-01T10:00"]
        );
        assert_eq!(
            starts(&s, "2026-11-10T11:59:00", "2026-11-10"),
            ["2026-11-10T10:00"],
            "what still goes on is shown"
        );
    }

    #[test]
    fn even_weeks_do_not_slip_in_a_year_of_53_weeks() {
        let weeks: Vec<String> = (1..=26).map(|w| (w * 2).to_string()).collect();
        let s = weekly(
            "2026-12-16T12:00:00",
            &format!("FREQ=YEARLY;BYWEEKNO={};BYDAY=WE", weeks.join(",")),
        );
        let dates = starts(&s, "2026-12-15T00:00:00", "2027-01-31");
        assert!(
            dates.contains(&"2026-12-23T12:00".to_owned()),
            "week 52: {dates:?}"
        );
        assert!(
            !dates.contains(&"2026-12-30T12:00".to_owned()),
            "week 53: {dates:?}"
        );
        assert!(
            dates.contains(&"2027-01-13T12:00".to_owned()),
            "week 2: {dates:?}"
        );
    }

    #[test]
    fn endless_and_impossible_rules_are_bounded() {
        let s = weekly("2009-01-01T10:00:00", "FREQ=DAILY");
        assert_eq!(
            coming(&s, local("2026-11-24T00:00:00"), NaiveDate::MAX, 3).len(),
            3
        );
        let never = weekly(
            "2026-01-01T10:00:00",
            "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        );
        assert!(coming(&never, local("2026-01-01T00:00:00"), NaiveDate::MAX, 3).is_empty());
        let broken = weekly("2026-01-01T10:00:00", "FREQ=SOMETIMES");
        assert!(coming(&broken, local("2026-01-01T00:00:00"), NaiveDate::MAX, 3).is_empty());
    }
}
