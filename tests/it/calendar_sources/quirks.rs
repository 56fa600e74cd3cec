//! The files of common calendar programs, each with its habits.

use std::collections::BTreeSet;
use std::process::Command;

use wijzer::interchange::calendars::{Item, Places, Reading, read};

use super::{LAST, dates, now, sample};
use crate::support::builders::slug;
use crate::support::skipped;

fn reading(name: &str) -> Reading {
    let places = [("Buurthuis de Brug", "brug"), ("Wijkhuis", "wijkhuis")];
    let places = Places::new(places.map(|(name, place)| (name.to_owned(), slug(place))));
    read(&sample(name), &places, now()).unwrap()
}

#[track_caller]
fn item<'a>(reading: &'a Reading, title: &str) -> &'a Item {
    let found = reading.items.iter().find(|item| item.title == title);
    found.unwrap_or_else(|| panic!("no {title} in {reading:#?}"))
}

#[track_caller]
fn expect(reading: &Reading, title: &str, expected: &[&str]) {
    let found = dates(&item(reading, title).schedules, expected.len().max(5));
    let first: Vec<&str> = found
        .iter()
        .take(expected.len())
        .map(String::as_str)
        .collect();
    assert_eq!(first, expected, "{title}: {found:?}");
}

fn remarks(reading: &Reading) -> Vec<String> {
    reading.remarks.iter().map(ToString::to_string).collect()
}

#[test]
fn outlook() {
    let reading = reading("outlook");
    expect(
        &reading,
        "Koffieochtend",
        &[
            "2026-11-24T10:00 tot 12:00",
            "2026-12-01T14:00 tot 16:00",
            "2026-12-08T10:00 tot 12:00",
            "2027-01-05T10:00 tot 12:00",
            "2027-01-12T10:00 tot 12:00",
            "2027-01-19T10:00 tot 12:00",
            "2027-01-26T10:00 tot 12:00",
        ],
    );
    let coffee = item(&reading, "Koffieochtend");
    assert_eq!(dates(&coffee.schedules, 50).len(), 7, "UNTIL is inclusive");
    assert_eq!(
        coffee.text,
        "Koffie, thee en een praatje. Iedereen is welkom; aanmelden hoeft niet."
    );
    assert_eq!(coffee.schedules[0].time_zone, "Europe/Amsterdam");
    assert!(
        coffee
            .uid
            .ends_with("010000000AABBCCDDEEFF00112233445566778899"),
        "unfolded"
    );
    expect(&reading, "Bewonersavond", &["2026-12-02T19:30 tot 21:30"]);
    expect(&reading, "Spreekuur", &["2027-04-01T09:30 tot 10:30"]);
    expect(&reading, "Kerstdagen open huis", &["2026-12-25 tot 12-27"]);
    assert_eq!(reading.items.len(), 4);
    let said = remarks(&reading);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].contains("outlook-private: it is marked as private"),
        "{said:?}"
    );
    assert!(!reading.seen.contains("outlook-private"));
}

#[test]
fn google() {
    let reading = reading("google");
    expect(&reading, "Sinterklaasfeest 🎁", &["2026-12-05 tot 12-06"]);
    let feast = item(&reading, "Sinterklaasfeest 🎁");
    assert_eq!(feast.text, "Met pepernoten & spelletjes Vanaf 4 jaar");
    assert_eq!(
        feast.location,
        "Speeltuin De Bongerd, Voorbeeldweg 1, 7411 AA Deventer"
    );
    expect(&reading, "Winterspeelweken", &["2026-12-21 tot 01-04"]);
    expect(&reading, "Knutselmiddag", &["2026-12-12T14:00 tot 16:30"]);
    assert!(item(&reading, "Knutselmiddag").tentative);
    expect(
        &reading,
        "Timmerclub",
        &[
            "2026-11-25T14:30 tot 16:00",
            "2026-12-10T14:30 tot 17:00",
            "2027-01-06T14:30 tot 16:00",
            "2027-02-03T14:30 tot 16:00",
        ],
    );
    assert_eq!(
        dates(&item(&reading, "Timmerclub").schedules, 50)
            .last()
            .unwrap(),
        "2027-03-31T14:30 tot 16:00"
    );
    expect(
        &reading,
        "Timmerclub: vogelhuisjes",
        &["2027-01-20T14:30 tot 16:00"],
    );
    assert!(reading.remarks.is_empty(), "{:?}", remarks(&reading));
}

#[test]
fn apple() {
    let reading = reading("apple");
    let choir = item(&reading, "Repetitie");
    assert_eq!(
        dates(&choir.schedules, 50),
        [
            "2026-12-17T20:00 tot 22:00",
            "2027-01-21T20:00 tot 22:00",
            "2027-02-18T20:00 tot 22:00",
            "2027-03-18T20:00 tot 22:00",
            "2027-04-15T20:00 tot 22:00",
        ]
    );
    assert_eq!(
        choir.location,
        "Kerkzaal Voorbeeldplein 2, 7411 BB Deventer, Nederland"
    );
    assert_eq!(choir.link, "https://example.org/koor");
    expect(
        &reading,
        "Nacht van het koor",
        &["2027-03-27T23:30 tot 03:30"],
    );
    assert_eq!(
        item(&reading, "Nacht van het koor").schedules[0].duration_minutes,
        Some(180)
    );
    expect(&reading, "Oliebollen bakken", &["2026-12-30 tot 12-31"]);
    assert!(reading.remarks.is_empty(), "{:?}", remarks(&reading));
}

#[test]
fn nextcloud() {
    let reading = reading("nextcloud");
    let repair = item(&reading, "Repair Café");
    assert_eq!(
        dates(&repair.schedules, 50),
        [
            "2026-11-28T13:30 tot 16:00",
            "2027-01-23T13:30 tot 16:00",
            "2027-03-20T13:30 tot 16:00"
        ]
    );
    assert_eq!(repair.categories, ["hulp en steun", "Geld"]);
    let walk_in = item(&reading, "Inloop");
    assert_eq!(
        dates(&walk_in.schedules, 50),
        [
            "2026-11-30T09:00 tot 10:00",
            "2026-12-01T09:00 tot 10:00",
            "2026-12-03T14:00 tot 15:00",
            "2026-12-04T09:00 tot 10:00",
            "2026-12-07T09:00 tot 10:00",
            "2026-12-08T09:00 tot 10:00",
            "2026-12-09T09:00 tot 10:00",
        ]
    );
    assert_eq!(reading.items.len(), 2, "a task is no activity");
}

#[test]
fn thunderbird() {
    let reading = reading("thunderbird");
    expect(
        &reading,
        "Tuinieren",
        &[
            "2027-03-06T10:00 tot 12:00",
            "2027-04-10T10:00 tot 15:00",
            "2027-05-08T10:00 tot 12:00",
        ],
    );
    expect(&reading, "Lezing", &["2026-12-04T20:00"]);
    expect(&reading, "Overleg", &["2026-12-07T19:30 tot 20:30"]);
    let said = remarks(&reading);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[0].starts_with("refused, line 52, thunderbird-range: a change of this and all later"),
        "{said:?}"
    );
    assert!(
        said[1].contains("thunderbird-unknown-zone: the time zone \"Atlantis/Hoofdstad\""),
        "{said:?}"
    );
    assert!(
        reading.seen.contains("thunderbird-range"),
        "refused is not gone"
    );
}

#[test]
fn wordpress() {
    let reading = reading("wordpress");
    let music = item(&reading, "Muziek – ‘Samen zingen’ & koffie");
    assert_eq!(
        music.text,
        "Kom zingen! Iedere maand een ander thema. Entree: € 2,50"
    );
    assert_eq!(music.categories, ["Ontmoeten", "Muziek"]);
    expect(&reading, &music.title, &["2026-11-29T15:00 tot 17:00"]);
    expect(&reading, "Kerstmarkt", &["2026-12-12 tot 12-14"]);
    expect(&reading, "Filmavond", &["2026-12-16T20:00 tot 22:00"]);
    expect(
        &reading,
        "Expositie",
        &["2027-02-01 tot 02-02", "2027-02-02 tot 02-03"],
    );
    assert_eq!(
        dates(&item(&reading, "Expositie").schedules, 100)
            .last()
            .unwrap(),
        "2027-03-31 tot 04-01"
    );
    assert!(item(&reading, "Al geweest").over);
    assert!(reading.remarks.is_empty(), "{:?}", remarks(&reading));
}

/// The starts that python-icalendar with recurring-ical-events finds are those that we find.
#[test]
fn another_program_reads_the_same_dates() {
    let known = Command::new("python3")
        .args(["-c", "import icalendar, recurring_ical_events"])
        .output();
    if !known.is_ok_and(|done| done.status.success()) {
        skipped("python3 with icalendar and recurring-ical-events is not there");
        return;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/agenda/read_samples.py");
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/agenda/samples");
    for name in ["outlook", "google", "apple", "nextcloud", "wordpress"] {
        let said = Command::new("python3")
            .args([script, &format!("{samples}/{name}.ics"), "2026-11-25", LAST])
            .output()
            .unwrap();
        assert!(
            said.status.success(),
            "{}",
            String::from_utf8_lossy(&said.stderr)
        );
        let theirs: BTreeSet<String> = String::from_utf8(said.stdout)
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect();
        let reading = reading(name);
        let ours: BTreeSet<String> = reading
            .items
            .iter()
            .filter(|item| item.title != "Expositie")
            .flat_map(|item| {
                dates(&item.schedules, 500)
                    .into_iter()
                    .map(move |date| (item, date))
            })
            .map(|(item, date)| format!("{} {}", date.split(' ').next().unwrap(), item.title))
            .filter(|line| line.as_str() >= "2026-11-25")
            .collect();
        assert_eq!(ours, theirs, "{name}");
    }
}
