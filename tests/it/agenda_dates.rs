//! Every rule of the demonstration set gives the dates that another library gives.

use std::process::Command;

use chrono::{NaiveDate, NaiveDateTime};
use wijzer::catalogue::activities;
use wijzer::catalogue::agenda;

use crate::support::portal::deventer;
use crate::support::run;

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
                .flat_map(|schedule| agenda::coming(schedule, first(), last(), usize::MAX))
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
fn what_was_written_down_is_what_dateutil_says() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/agenda/expect.py");
    let table = concat!(env!("CARGO_MANIFEST_DIR"), "/data/deventer/activities.csv");
    let known = Command::new("python3")
        .args(["-c", "import dateutil"])
        .output();
    if !known.is_ok_and(|done| done.status.success()) {
        println!("SKIPPED: python3 with dateutil is not there");
        return;
    }
    let said = Command::new("python3")
        .args([script, table])
        .output()
        .unwrap();
    assert!(said.status.success());
    assert_eq!(String::from_utf8(said.stdout).unwrap(), EXPECTED);
}
