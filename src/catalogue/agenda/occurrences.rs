use std::iter;

use chrono::{
    Datelike, Days, Duration, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike,
};
use chrono_tz::Europe::Amsterdam;
use chrono_tz::Tz;
use rrule::{Frequency, RRule, RRuleSet, Validated};

use super::{Change, ChangeKind, Closure, Schedule};

/// One date of a schedule, on the wall clock of Amsterdam.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Occurrence<'a> {
    pub start: NaiveDateTime,
    pub end: Option<NaiveDateTime>,
    /// Whole days: the end is the midnight after the last.
    pub all_day: bool,
    /// Only who made an appointment can come.
    pub by_appointment: bool,
    pub happening: Happening<'a>,
}

/// Whether a date goes on as the rule says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Happening<'a> {
    Planned,
    /// At another time or place.
    Moved(&'a Change),
    /// Cancelled, or put off until a day that is not known.
    Off(&'a Change),
    /// Falls on a day that the schedule leaves out.
    Closed(&'a Closure),
}

impl<'a> Occurrence<'a> {
    /// Over: its end, or its start when the end is not known, has passed.
    #[must_use]
    pub fn is_over(&self, now: NaiveDateTime) -> bool {
        self.end.unwrap_or(self.start) <= now
    }

    /// Whether one can go there.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        matches!(self.happening, Happening::Planned | Happening::Moved(_))
    }

    /// The change of this date, if there is one.
    #[must_use]
    pub fn change(&self) -> Option<&'a Change> {
        match self.happening {
            Happening::Moved(change) | Happening::Off(change) => Some(change),
            Happening::Planned | Happening::Closed(_) => None,
        }
    }

    /// What dates are ordered by, and by which two are the same.
    #[must_use]
    pub fn moment(&self) -> (NaiveDateTime, Option<NaiveDateTime>) {
        (self.start, self.end)
    }
}

/// A series is walked no further than so many starts.
const MANY: usize = 20_000;

/// The last day of all dates, closures apart; `None`: they go on without end, or there are none.
#[must_use]
pub fn ends_on(schedules: &[Schedule]) -> Option<NaiveDate> {
    let mut last = None;
    for schedule in schedules {
        let rule = schedule.rrule.as_deref().unwrap_or("COUNT=1");
        let endless = schedule.until.is_none() && !rule.contains("COUNT=");
        if endless {
            return None;
        }
        let moved = schedule
            .changes
            .iter()
            .filter_map(|change| change.starts_at);
        let start = starts(schedule, None)
            .take(MANY)
            .last()
            .into_iter()
            .chain(moved)
            .max();
        let length = Duration::minutes(schedule.duration_minutes.unwrap_or(0).into());
        last = last.max(start.map(|start| last_day(start, Some(start + length))));
    }
    last
}

/// The last day that something is on; a night that ends early in the morning belongs to its
/// evening.
#[must_use]
pub fn last_day(start: NaiveDateTime, end: Option<NaiveDateTime>) -> NaiveDate {
    const MORNING: u32 = 12;
    let first = start.date();
    let Some(end) = end else { return first };
    if end.time() == NaiveTime::MIN {
        return end.date().pred_opt().unwrap_or(first).max(first);
    }
    let nights = end.date().signed_duration_since(first).num_days();
    if nights == 1 && end.hour() < MORNING {
        first
    } else {
        end.date().max(first)
    }
}

/// The dates of a schedule that go on, are not over at `now` and start on or before `until`, at
/// most `limit`, in order. A rule that cannot be followed has none: import refuses such rules.
#[must_use]
pub fn coming<'a>(
    schedule: &'a Schedule,
    closures: &'a [Closure],
    now: NaiveDateTime,
    until: NaiveDate,
    limit: usize,
) -> Vec<Occurrence<'a>> {
    found(schedule, closures, (now, until, limit), Occurrence::goes_on)
}

/// As [`coming`], with the dates that are off.
#[must_use]
pub fn dates<'a>(
    schedule: &'a Schedule,
    closures: &'a [Closure],
    now: NaiveDateTime,
    until: NaiveDate,
    limit: usize,
) -> Vec<Occurrence<'a>> {
    found(schedule, closures, (now, until, limit), |_| true)
}

fn found<'a>(
    schedule: &'a Schedule,
    closures: &'a [Closure],
    (now, until, limit): (NaiveDateTime, NaiveDate, usize),
    wanted: impl Fn(&Occurrence<'a>) -> bool,
) -> Vec<Occurrence<'a>> {
    let fits = |o: &Occurrence<'a>| !o.is_over(now) && o.start.date() <= until && wanted(o);
    let longest = Duration::minutes(i64::from(schedule.duration_minutes.unwrap_or_default()));
    let from = now.checked_sub_signed(longest + Duration::days(1));
    let last = until.checked_add_days(Days::new(1)).unwrap_or(until);
    let changed = |start: &NaiveDateTime| schedule.changes.iter().any(|c| c.recurrence == *start);
    let unchanged = starts(schedule, from)
        .take_while(|start| start.date() <= last)
        .filter(|start| !changed(start));
    let mut dates: Vec<Occurrence> = unchanged
        .map(|start| by_rule(schedule, closures, start))
        .filter(fits)
        .take(limit)
        .collect();
    let different = schedule
        .changes
        .iter()
        .map(|change| by_change(schedule, change));
    dates.extend(different.filter(fits).filter(|o| {
        // The rule may have been changed since.
        o.change()
            .is_some_and(|change| schedule.holds(change.recurrence))
    }));
    dates.sort_by_key(Occurrence::moment);
    dates.truncate(limit);
    dates
}

fn by_rule<'a>(
    schedule: &Schedule,
    closures: &'a [Closure],
    start: NaiveDateTime,
) -> Occurrence<'a> {
    let closed = closed(schedule, closures, start.date());
    at(
        schedule,
        (start, schedule.duration_minutes),
        closed.map_or(Happening::Planned, Happening::Closed),
    )
}

/// The closure for which a schedule leaves a day out.
pub(super) fn closed<'a>(
    schedule: &Schedule,
    closures: &'a [Closure],
    day: NaiveDate,
) -> Option<&'a Closure> {
    let mut closures = closures.iter();
    closures.find(|c| schedule.follows.contains(&c.kind) && c.holds_on(day))
}

fn by_change<'a>(schedule: &Schedule, change: &'a Change) -> Occurrence<'a> {
    let start = change.starts_at.unwrap_or(change.recurrence);
    let minutes = change.duration_minutes.or(schedule.duration_minutes);
    let happening = match change.kind {
        ChangeKind::Moved => Happening::Moved(change),
        ChangeKind::Cancelled | ChangeKind::Postponed => Happening::Off(change),
    };
    at(schedule, (start, minutes), happening)
}

fn at<'a>(
    schedule: &Schedule,
    (start, minutes): (NaiveDateTime, Option<i32>),
    happening: Happening<'a>,
) -> Occurrence<'a> {
    let zone = schedule.zone();
    let all_day = schedule.all_day && start.time() == NaiveTime::MIN;
    let by_clock = all_day || schedule.by_wall_clock;
    Occurrence {
        start: on_our_clock(zone, start),
        end: minutes.map(|minutes| end_of(zone, start, minutes, by_clock)),
        all_day,
        by_appointment: schedule.by_appointment,
        happening,
    }
}

/// The wall clock after some minutes. Where they are elapsed minutes, an evening of eight hours
/// over a change of summer time ends an hour earlier or later on the clock.
pub(super) fn end_of(
    zone: Tz,
    start: NaiveDateTime,
    minutes: i32,
    by_clock: bool,
) -> NaiveDateTime {
    let minutes = Duration::minutes(i64::from(minutes));
    match zone.from_local_datetime(&start).earliest() {
        Some(instant) if !by_clock => (instant + minutes).with_timezone(&Amsterdam).naive_local(),
        // Also a time that the clock skips: it is meant as an hour on the wall all the same.
        _ => on_our_clock(zone, start + minutes),
    }
}

/// What the clock in Amsterdam shows when it is so late elsewhere.
pub(super) fn on_our_clock(zone: Tz, local: NaiveDateTime) -> NaiveDateTime {
    if zone == Amsterdam {
        return local;
    }
    // A time that the clock skips counts by the offset before it (RFC 5545, 3.3.5).
    let skipped = || {
        let before = Duration::hours(6);
        let instant = zone.from_local_datetime(&(local - before)).earliest();
        instant.map(|at| at + before)
    };
    let instant = zone.from_local_datetime(&local).earliest();
    instant
        .or_else(skipped)
        .map_or(local, |at| at.with_timezone(&Amsterdam).naive_local())
}

/// The starts of a schedule in its own zone, in order, without exceptions; those before `from`
/// may be left out.
pub(super) fn starts(
    schedule: &Schedule,
    from: Option<NaiveDateTime>,
) -> impl Iterator<Item = NaiveDateTime> + use<'_> {
    let once = schedule.rrule.is_none().then_some(schedule.starts_at);
    let rule = schedule.rule().ok().flatten();
    let last = schedule.until.unwrap_or(NaiveDate::MAX);
    let ruled = rule
        .into_iter()
        .flat_map(move |rule| series(schedule, rule, from));
    let mut first = once
        .into_iter()
        .chain(ruled.take_while(move |at| at.date() <= last))
        .peekable();
    let mut extra = schedule.extra_starts.clone();
    extra.sort_unstable_by(|a, b| b.cmp(a));
    let merged = iter::from_fn(move || match (first.peek(), extra.last()) {
        (Some(a), Some(b)) if b < a => extra.pop(),
        (Some(a), Some(b)) if a == b => {
            extra.pop();
            first.next()
        }
        (Some(_), _) => first.next(),
        (None, _) => extra.pop(),
    });
    merged.filter(|start| !schedule.exception_dates.contains(&start.date()))
}

fn series(
    schedule: &Schedule,
    rule: RRule<Validated>,
    from: Option<NaiveDateTime>,
) -> impl Iterator<Item = NaiveDateTime> + use<> {
    let start = from.map_or(schedule.starts_at, |from| {
        skip(schedule.starts_at, &rule, from)
    });
    let start = start.and_utc().with_timezone(&rrule::Tz::UTC);
    let all = RRuleSet::new(start).rrule(rule).limit();
    all.into_iter().map(|start| start.naive_utc())
}

/// A later start of the same series, so that a rule of long ago is not walked from its beginning:
/// some whole periods on, still before `from`. A rule that counts is walked.
fn skip(first: NaiveDateTime, rule: &RRule<Validated>, from: NaiveDateTime) -> NaiveDateTime {
    let days = (from - first).num_days();
    let Ok(days) = u64::try_from(days) else {
        return first;
    };
    let interval = u64::from(rule.get_interval());
    if rule.get_count().is_some() || interval == 0 {
        return first;
    }
    let by_days = |period: u64| first.checked_add_days(Days::new(days / period * period));
    let later = match rule.get_freq() {
        Frequency::Daily => by_days(interval),
        Frequency::Weekly => by_days(7 * interval),
        Frequency::Monthly => {
            let months = days / 31 / interval * interval;
            let months = Months::new(u32::try_from(months).unwrap_or_default());
            // Not to the 30th when it is held on the 31st.
            first
                .checked_add_months(months)
                .filter(|at| at.day() == first.day())
        }
        _ => None,
    };
    later.unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> NaiveDateTime {
        text.parse().expect("local time")
    }

    fn weekly(starts_at: &str, rrule: &str) -> Schedule {
        Schedule {
            rrule: Some(rrule.to_owned()),
            ..Schedule::once(local(starts_at), Some(120))
        }
    }

    fn starts(schedule: &Schedule, now: &str, until: &str) -> Vec<String> {
        coming(schedule, &[], local(now), until.parse().expect("date"), 100)
            .iter()
            .map(|o| o.start.format("%Y-%m-%dT%H:%M").to_string())
            .collect()
    }

    #[test]
    fn the_last_day_is_the_one_that_people_say() {
        for (start, end, last) in [
            ("2026-12-10T00:00:00", "2026-12-12T00:00:00", "2026-12-11"),
            ("2026-12-10T00:00:00", "2026-12-11T00:00:00", "2026-12-10"),
            ("2026-12-10T00:00:00", "2026-12-13T00:00:00", "2026-12-12"),
            ("2026-12-10T20:00:00", "2026-12-11T00:00:00", "2026-12-10"),
            ("2026-12-10T20:00:00", "2026-12-11T02:00:00", "2026-12-10"),
            ("2026-12-10T21:00:00", "2026-12-11T13:00:00", "2026-12-11"),
            ("2026-12-10T09:00:00", "2026-12-12T09:00:00", "2026-12-12"),
        ] {
            let told = last_day(local(start), Some(local(end)));
            assert_eq!(told.to_string(), last, "{start} {end}");
        }
        let ends = |schedule: Schedule| ends_on(&[schedule]).map(|day| day.to_string());
        let series = |rule: &str| weekly("2026-11-24T10:00:00", rule);
        assert_eq!(ends(series("FREQ=WEEKLY")), None);
        assert_eq!(
            ends(series("FREQ=WEEKLY;COUNT=3")).as_deref(),
            Some("2026-12-08")
        );
        let until = Schedule {
            until: "2026-12-05".parse().ok(),
            ..series("FREQ=WEEKLY")
        };
        assert_eq!(ends(until).as_deref(), Some("2026-12-01"));
        assert_eq!(
            ends(Schedule::once(local("2026-11-24T10:00:00"), Some(60))).as_deref(),
            Some("2026-11-24")
        );
        assert_eq!(ends_on(&[]), None);
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
            &[],
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
            coming(&s, &[], local("2026-11-24T00:00:00"), NaiveDate::MAX, 3).len(),
            3
        );
        let never = weekly(
            "2026-01-01T10:00:00",
            "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        );
        assert!(coming(&never, &[], local("2026-01-01T00:00:00"), NaiveDate::MAX, 3).is_empty());
        let broken = weekly("2026-01-01T10:00:00", "FREQ=SOMETIMES");
        assert!(
            coming(
                &broken,
                &[],
                local("2026-01-01T00:00:00"),
                NaiveDate::MAX,
                3
            )
            .is_empty()
        );
    }
}
