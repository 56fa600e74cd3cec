//! Any rule gives the days of a walk through the calendar, in any time zone and over both changes
//! of summer time.

use chrono::{
    Datelike, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Weekday,
};
use chrono_tz::Europe::Amsterdam;
use chrono_tz::Tz;
use proptest::prelude::*;
use wijzer::catalogue::agenda::{self, Schedule};

/// The dates of a rule by walking the calendar day by day: slow, plain, and not by the library.
fn walked(schedule: &Schedule, rule: &Rule, days: i64) -> Vec<NaiveDateTime> {
    let first = schedule.starts_at.date();
    let monday = |day: NaiveDate| day.week(Weekday::Mon).first_day();
    let months = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
    let fits = |day: NaiveDate| match rule {
        Rule::Daily { every } => (day - first).num_days() % every == 0,
        Rule::Weekly { every, on } => {
            on.contains(&day.weekday()) && (monday(day) - monday(first)).num_weeks() % every == 0
        }
        Rule::Monthly { every, nth, on } => {
            let of_month = if *nth > 0 {
                i64::from(day.day0()) / 7 + 1 == *nth
            } else {
                (day + Days::new(7)).month() != day.month()
            };
            day.weekday() == *on && of_month && (months(day) - months(first)) % every == 0
        }
    };
    let all = (0..days)
        .map(|ahead| first + Duration::days(ahead))
        .filter(|day| fits(*day));
    all.take_while(|day| schedule.until.is_none_or(|until| *day <= until))
        .filter(|day| !schedule.exception_dates.contains(day))
        .map(|day| day.and_time(schedule.starts_at.time()))
        .collect()
}

#[derive(Clone, Debug)]
enum Rule {
    Daily {
        every: i64,
    },
    Weekly {
        every: i64,
        on: Vec<Weekday>,
    },
    /// The nth such day of the month; -1: the last.
    Monthly {
        every: i64,
        nth: i64,
        on: Weekday,
    },
}

impl Rule {
    fn text(&self) -> String {
        let code = |day: &Weekday| day.to_string()[..2].to_uppercase();
        match self {
            Self::Daily { every } => format!("FREQ=DAILY;INTERVAL={every}"),
            Self::Weekly { every, on } => {
                let days: Vec<String> = on.iter().map(code).collect();
                format!("FREQ=WEEKLY;INTERVAL={every};BYDAY={}", days.join(","))
            }
            Self::Monthly { every, nth, on } => {
                format!("FREQ=MONTHLY;INTERVAL={every};BYDAY={nth}{}", code(on))
            }
        }
    }
}

fn weekday() -> impl Strategy<Value = Weekday> {
    (0..7_u8).prop_map(|number| Weekday::try_from(number).unwrap())
}

fn rule() -> impl Strategy<Value = Rule> {
    prop_oneof![
        (1..10_i64).prop_map(|every| Rule::Daily { every }),
        (1..5_i64, prop::collection::btree_set(0..7_u8, 1..4)).prop_map(|(every, on)| {
            let on = on
                .into_iter()
                .map(|n| Weekday::try_from(n).unwrap())
                .collect();
            Rule::Weekly { every, on }
        }),
        (1..4_i64, prop_oneof![1..5_i64, Just(-1)], weekday())
            .prop_map(|(every, nth, on)| Rule::Monthly { every, nth, on }),
    ]
}

/// Days that are looked at: two changes of the clock each way.
const AHEAD: i64 = 800;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Any rule, from any moment on, over both changes of the clock, with days left out.
    #[test]
    fn a_rule_gives_the_days_that_a_walk_through_the_calendar_gives(
        rule in rule(),
        begin in 0..1_000_i64,
        minute in 0..1_440_i64,
        left_out in prop::collection::vec(0..AHEAD, 0..6),
        until in prop::option::of(0..AHEAD),
    ) {
        let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Duration::days(begin);
        let mut schedule = Schedule {
            rrule: Some(rule.text()),
            exception_dates: left_out.iter().map(|day| first + Duration::days(*day)).collect(),
            until: until.map(|day| first + Duration::days(day)),
            ..Schedule::once(first.and_time(NaiveTime::MIN) + Duration::minutes(minute), Some(60))
        };
        // As in the tables: what is said to be the first date is one.
        let plain = Schedule { exception_dates: Vec::new(), until: None, ..schedule.clone() };
        let Some(start) = walked(&plain, &rule, AHEAD).first().copied() else {
            return Ok(());
        };
        prop_assume!(schedule.until.is_none_or(|until| until >= start.date()));
        schedule.starts_at = start;
        let days = AHEAD - (start.date() - first).num_days();
        let expected = walked(&schedule, &rule, days);
        let last = start.date() + Duration::days(days - 1);
        let before = start - Duration::days(1);
        let found = agenda::coming(&schedule, &[], before, last, usize::MAX);
        let starts: Vec<NaiveDateTime> = found.iter().map(|date| date.start).collect();
        prop_assert_eq!(&starts, &expected, "{}", rule.text());
        // What is over at a moment is just what ended before it.
        if let Some(middle) = found.get(found.len() / 2) {
            let now = middle.start + Duration::minutes(30);
            let left = agenda::coming(&schedule, &[], now, last, usize::MAX);
            prop_assert!(left.iter().all(|date| !date.is_over(now)));
            let coming = found.iter().filter(|date| !date.is_over(now)).count();
            prop_assert_eq!(left.len(), coming);
        }
    }

    /// In any zone, over any change of its clock and ours, elapsed or on the wall.
    #[test]
    fn a_meeting_elsewhere_is_at_the_moment_that_its_clock_tells(
        zone in prop::sample::select(ZONES),
        rule in rule(),
        change in prop::sample::select(CHANGES),
        before in 0..40_i64,
        minute in 0..1_440_i64,
        lasts in 1..3_000_i32,
        by_wall_clock: bool,
    ) {
        let change: NaiveDate = change.parse().unwrap();
        let first = (change - Duration::days(before)).and_time(NaiveTime::MIN);
        let schedule = Schedule {
            rrule: Some(rule.text()),
            time_zone: zone.to_owned(),
            by_wall_clock,
            ..Schedule::once(first + Duration::minutes(minute), Some(lasts))
        };
        let zone: Tz = zone.parse().unwrap();
        let Some(start) = walked(&schedule, &rule, 100).first().copied() else {
            return Ok(());
        };
        let schedule = Schedule { starts_at: start, ..schedule };
        let lasts = Duration::minutes(lasts.into());
        let expected: Vec<_> = walked(&schedule, &rule, 100)
            .into_iter()
            .map(|start| {
                // An hour that the clock skips is meant as one on the wall all the same.
                let end = if by_wall_clock || zone.from_local_datetime(&start).earliest().is_none() {
                    ours(zone, start + lasts)
                } else {
                    on_our_wall(instant(zone, start) + lasts)
                };
                (ours(zone, start), Some(end))
            })
            .collect();
        // A day before the first, so that a clock that is ahead of ours hides none.
        let before = start - Duration::days(1);
        let last = (start + Duration::days(90)).date();
        let found = agenda::coming(&schedule, &[], before, last, usize::MAX);
        let found: Vec<_> = found.iter().map(|date| (date.start, date.end)).collect();
        let expected: Vec<_> = expected
            .into_iter()
            .filter(|(start, _)| start.date() <= last)
            .collect();
        prop_assert_eq!(found, expected, "{} in {}", rule.text(), zone);
    }
}

/// Clocks that change on other days than ours, the other way, by half an hour, or never.
const ZONES: &[&str] = &[
    "Europe/Amsterdam",
    "Europe/London",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Pago_Pago",
    "UTC",
];

/// Days on which one of those clocks changes.
const CHANGES: &[&str] = &[
    "2026-10-25",
    "2027-03-28",
    "2026-11-01",
    "2027-03-14",
    "2027-04-04",
    "2026-10-04",
    "2026-09-27",
];

/// The moment (UTC) that a clock on the wall tells, found by trying each offset: the earlier one
/// when it tells it twice, and by the offset before the change when it never does (RFC 5545,
/// 3.3.5).
fn instant(zone: Tz, wall: NaiveDateTime) -> NaiveDateTime {
    let offset_at = |utc: &NaiveDateTime| {
        let seconds = zone.offset_from_utc_datetime(utc).fix().local_minus_utc();
        Duration::seconds(seconds.into())
    };
    let quarters = (-12 * 4..=14 * 4_i64).rev();
    quarters
        .map(|quarters| Duration::minutes(quarters * 15))
        .find(|offset| offset_at(&(wall - *offset)) == *offset)
        .map_or_else(
            || wall - offset_at(&(wall - Duration::days(1))),
            |offset| wall - offset,
        )
}

fn on_our_wall(utc: NaiveDateTime) -> NaiveDateTime {
    utc + Duration::seconds(
        Amsterdam
            .offset_from_utc_datetime(&utc)
            .fix()
            .local_minus_utc()
            .into(),
    )
}

/// Here the hour on the wall is meant, also one that our clock skips.
fn ours(zone: Tz, wall: NaiveDateTime) -> NaiveDateTime {
    if zone == Amsterdam {
        wall
    } else {
        on_our_wall(instant(zone, wall))
    }
}
