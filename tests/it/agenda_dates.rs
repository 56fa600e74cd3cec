//! Every schedule of the set gives the dates that another library gives, and what is over is
//! nowhere.

use std::process::Command;

use chrono::{NaiveDate, NaiveDateTime};
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
        let many = |path: &String| {
            path.starts_with("/activiteiten/") || path.starts_with("/organisaties/")
        };
        let (records, others): (Vec<String>, Vec<String>) = paths.partition(many);
        let others: Vec<String> = others
            .into_iter()
            .filter(|path| !path.starts_with("/vragen/"))
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
            // Each activity and organisation on one of the days, every other page on all.
            let some = records.iter().skip(number).step_by(NOONS.len());
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
