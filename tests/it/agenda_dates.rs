//! Rules give the dates that another library gives, and those of a walk through the calendar.

use std::process::Command;

use chrono::{Datelike, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use proptest::prelude::*;
use wijzer::base::Clock;
use wijzer::catalogue::activities;
use wijzer::catalogue::agenda::{self, PlainSchedule, Schedule};

use crate::support::portal::{BASE, deventer};
use crate::support::{run, skipped};

/// Made by `tests/agenda/expect.py`, which says how.
const EXPECTED: &str = include_str!("../agenda/expected.tsv");

fn first() -> NaiveDateTime {
    "2026-09-01T00:00:00".parse().unwrap()
}

fn last() -> NaiveDate {
    "2027-08-31".parse().unwrap()
}

#[test]
fn every_rule_gives_the_dates_that_were_written_down() {
    run(async {
        let portal = deventer().await;
        let mut conn = portal.pool.acquire().await.unwrap();
        let drafts = activities::store::drafts(&mut conn).await.unwrap();
        let mut checked = 0;
        for line in EXPECTED.lines() {
            let (slug, expected) = line.split_once('\t').unwrap();
            let draft = drafts.iter().find(|draft| draft.slug.as_str() == slug);
            let draft = draft.unwrap_or_else(|| panic!("{slug} is not in the tables any more"));
            let mut found: Vec<NaiveDateTime> = draft
                .schedules
                .iter()
                .flat_map(|schedule| agenda::coming(schedule, &[], first(), last(), usize::MAX))
                .map(|date| date.start)
                .filter(|start| *start >= first())
                .collect();
            found.sort_unstable();
            let found: Vec<String> = found
                .iter()
                .map(|start| start.format("%Y-%m-%dT%H:%M").to_string())
                .collect();
            assert_eq!(found.join(" "), expected, "{slug}");
            checked += 1;
        }
        let dated = drafts.iter().filter(|draft| !draft.schedules.is_empty());
        assert_eq!(checked, dated.count(), "an activity is not written down");
    });
}

#[test]
fn every_schedule_fits_the_plain_form_and_comes_out_the_same() {
    run(async {
        let portal = deventer().await;
        let mut conn = portal.pool.acquire().await.unwrap();
        let drafts = activities::store::drafts(&mut conn).await.unwrap();
        let mut fit = 0;
        for draft in &drafts {
            for schedule in &draft.schedules {
                let plain = PlainSchedule::of(schedule, &[]);
                let plain = plain.unwrap_or_else(|| panic!("{} does not fit", draft.slug));
                let again = plain.schedule(&[]).unwrap();
                assert_eq!(again.rrule, schedule.rrule, "{}", draft.slug);
                let moments = |s: &Schedule| -> Vec<_> {
                    let dates = agenda::coming(s, &[], schedule.starts_at, last(), usize::MAX);
                    dates.iter().map(agenda::Occurrence::moment).collect()
                };
                let (before, after) = (moments(schedule), moments(&again));
                let other = before.iter().zip(&after).filter(|(a, b)| a != b).count();
                // The night that the clock changes, the shelter closes an hour later on paper.
                let shelter = draft.slug.as_str() == "nachtopvang-koud";
                assert_eq!(other, usize::from(shelter), "{}", draft.slug);
                assert_eq!(before.len(), after.len(), "{}", draft.slug);
                fit += 1;
            }
        }
        assert_eq!(fit, EXPECTED.lines().count());
    });
}

#[test]
fn what_was_written_down_is_what_dateutil_says() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/agenda/expect.py");
    let table = concat!(env!("CARGO_MANIFEST_DIR"), "/data/deventer/activities.csv");
    let known = Command::new("python3")
        .args(["-c", "import dateutil"])
        .output();
    if !known.is_ok_and(|done| done.status.success()) {
        skipped("python3 with dateutil is not there");
        return;
    }
    let said = Command::new("python3")
        .args([script, table])
        .output()
        .unwrap();
    assert!(said.status.success());
    assert_eq!(String::from_utf8(said.stdout).unwrap(), EXPECTED);
}

/// Noon in Amsterdam, on days with and without a change of the clock, a holiday, a new year.
const NOONS: [&str; 10] = [
    "2026-09-01T10:00:00Z",
    "2026-10-25T11:00:00Z",
    "2026-11-24T11:00:00Z",
    "2026-12-25T11:00:00Z",
    "2026-12-31T11:00:00Z",
    "2027-01-04T11:00:00Z",
    "2027-03-28T10:00:00Z",
    "2027-05-17T10:00:00Z",
    "2027-07-10T10:00:00Z",
    "2027-08-31T10:00:00Z",
];

#[test]
fn nothing_that_is_over_stands_on_any_page_whatever_the_day() {
    run(async {
        let portal = deventer().await;
        let sitemap = portal.get("/sitemap.xml").await.ok();
        let paths = sitemap.html().split("<loc>").skip(1).map(|rest| {
            let address = rest.split('<').next().unwrap();
            address.strip_prefix(BASE).unwrap().to_owned()
        });
        let (activities, others): (Vec<String>, Vec<String>) =
            paths.partition(|path| path.starts_with("/activiteiten/"));
        let others: Vec<String> = others
            .into_iter()
            .filter(|path| !path.starts_with("/vragen/") && !path.starts_with("/organisaties/"))
            .chain(
                [
                    "/agenda?wanneer=vandaag",
                    "/agenda?pagina=2",
                    "/agenda/maand",
                    "/agenda/week",
                    "/wijken/bathmen/agenda",
                    "/wijken/voorstad/agenda/maand",
                    "/wijken/voorstad/agenda/week",
                ]
                .map(str::to_owned),
            )
            .chain(
                ["koffie", "vandaag", "dit weekend", "dinsdag"]
                    .map(|words| format!("/zoeken?q={}", words.replace(' ', "+"))),
            )
            .collect();
        let mut dates = 0;
        for (number, noon) in NOONS.iter().enumerate() {
            let clock = Clock::Fixed(noon.parse().unwrap());
            let mut twin = portal.twin_at(clock);
            twin.turn().await;
            // Each activity on one of the days, every other page on all.
            let some = activities.iter().skip(number).step_by(NOONS.len());
            for path in some.chain(&others) {
                let page = twin.get(path).await.ok();
                for shown in page.attributes("time:not(.wijzer-checked__line time)", "datetime") {
                    let day: NaiveDate = shown[..10].parse().unwrap();
                    assert!(day >= clock.today(), "{shown} on {path} at {noon}");
                    dates += 1;
                }
            }
        }
        assert!(dates > 10_000, "{dates} dates were seen");
    });
}

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
}
