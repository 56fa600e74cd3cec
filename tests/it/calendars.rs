//! Calendars to subscribe to say what the pages say, to programs that are not ours.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Output};

use chrono::NaiveTime;
use wijzer::catalogue::activities::Status;
use wijzer::catalogue::agenda::{self, Change, ChangeKind, Closure, closures};
use wijzer::interchange::calendars::{self as interchange, Places};

use crate::support::builders::{ActivityBuilder, OrganisationBuilder, day};
use crate::support::page::TestPage;
use crate::support::portal::{TestPortal, deventer};
use crate::support::server::Template;
use crate::support::{run, skipped};

/// As `tests/agenda/expect.py` made it.
const EXPECTED: &str = include_str!("../agenda/expected.tsv");

/// The lines of a calendar, unfolded (RFC 5545, 3.1).
fn lines(page: &TestPage) -> Vec<String> {
    let whole = page.html().replace("\r\n ", "");
    whole.split("\r\n").map(str::to_owned).collect()
}

/// What other libraries read in it, each for itself; one that is not there is said aloud.
fn read_elsewhere(page: &TestPage, first: &str, last: &str) -> Vec<BTreeMap<String, String>> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), page.html()).unwrap();
    let scripts = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/agenda/read_calendar");
    let mut readers = Vec::new();
    let python = Command::new("python3")
        .args(["-c", "import icalendar, recurring_ical_events"])
        .output();
    if python.is_ok_and(|done| done.status.success()) {
        let mut command = Command::new("python3");
        command.arg(format!("{scripts}.py"));
        readers.push(command);
    } else {
        skipped("python3 with icalendar and recurring-ical-events is not there");
    }
    // scripts/test brings it.
    if let Some(library) = std::env::var_os("ICAL_JS") {
        let mut command = Command::new("node");
        command.arg(format!("{scripts}.cjs")).arg(library);
        readers.push(command);
    } else {
        skipped("ICAL_JS does not say where ical.js is");
    }
    let read = |mut command: Command| {
        let read = command.arg(file.path()).args([first, last]).output();
        understood(&read.unwrap())
    };
    readers.into_iter().map(read).collect()
}

fn understood(read: &Output) -> BTreeMap<String, String> {
    assert!(
        read.status.success(),
        "{}",
        String::from_utf8_lossy(&read.stderr)
    );
    let said = String::from_utf8_lossy(&read.stdout);
    let pairs = said.lines().filter_map(|line| line.split_once('\t'));
    pairs
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

/// What our own import reads in it.
fn read_here(page: &TestPage, first: &str, last: &str) -> BTreeMap<String, String> {
    let now = day(first).and_time(NaiveTime::MIN);
    let reading = interchange::read(&page.bytes, &Places::default(), now).unwrap();
    let mut read: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for item in &reading.items {
        let slug = item.link.rsplit('/').next().unwrap();
        let coming = |s| agenda::coming(s, &[], now, day(last), usize::MAX);
        let dates = item.schedules.iter().flat_map(coming);
        for date in dates.filter(|date| date.start >= now) {
            let starts = read.entry(slug.to_owned()).or_default();
            starts.insert(date.start.format("%Y-%m-%dT%H:%M").to_string());
        }
    }
    let joined = |starts: BTreeSet<String>| starts.into_iter().collect::<Vec<_>>().join(" ");
    read.into_iter()
        .map(|(slug, starts)| (slug, joined(starts)))
        .collect()
}

/// Says which activities differ, and not all that are the same.
#[track_caller]
fn assert_same(read: &BTreeMap<String, String>, expected: &BTreeMap<String, String>) {
    let of = |all: &BTreeMap<String, String>, slug: &String| all.get(slug).cloned();
    let slugs = read.keys().chain(expected.keys());
    let differ = slugs.filter(|slug| of(read, slug) != of(expected, slug));
    let differ: Vec<String> = differ
        .map(|slug| format!("{slug}: {:?}, not {:?}", of(read, slug), of(expected, slug)))
        .collect();
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

#[test]
fn a_series_goes_out_as_its_rule() {
    run(async {
        let page = deventer()
            .await
            .get("/activiteiten/inloopochtend-braakhekke.ics")
            .await
            .ok();
        assert_eq!(page.header("content-type"), "text/calendar; charset=utf-8");
        let lines = lines(&page);
        for line in [
            "BEGIN:VTIMEZONE",
            "TZID:Europe/Amsterdam",
            "DTSTART;TZID=Europe/Amsterdam:20260901T100000",
            "DURATION:PT120M",
            "RRULE:FREQ=WEEKLY;BYDAY=TU",
            "EXDATE;TZID=Europe/Amsterdam:20261222T100000",
            "STATUS:CONFIRMED",
            "URL:https://wijzer.test/activiteiten/inloopochtend-braakhekke",
        ] {
            assert!(lines.iter().any(|l| l == line), "{line} in {lines:#?}");
        }
        assert!(
            page.html().lines().all(|line| line.len() <= 76),
            "lines are folded"
        );
        let again = deventer()
            .await
            .get("/activiteiten/inloopochtend-braakhekke.ics")
            .await;
        assert_eq!(page.html(), again.html(), "nothing in it changes by itself");
    });
}

#[test]
fn other_programs_read_the_same_dates() {
    run(async {
        // The clock of these tests stands on 24 November 2026.
        let (first, last) = ("2026-11-25", "2027-08-31");
        let page = deventer().await.get("/agenda.ics").await.ok();
        let mut expected = BTreeMap::new();
        for (slug, dates) in EXPECTED.lines().filter_map(|line| line.split_once('\t')) {
            let coming: Vec<&str> = dates.split(' ').filter(|date| *date >= first).collect();
            if !coming.is_empty() {
                expected.insert(slug.to_owned(), coming.join(" "));
            }
        }
        for mut read in read_elsewhere(&page, first, last) {
            read.remove("title");
            assert_same(&read, &expected);
        }
        assert_same(&read_here(&page, first, last), &expected);
    });
}

#[test]
fn a_zone_has_its_own_and_what_is_not_there_is_not_found() {
    run(async {
        let portal = deventer().await;
        let all = portal.get("/agenda.ics").await.ok();
        let events = |page: &TestPage| lines(page).iter().filter(|l| *l == "BEGIN:VEVENT").count();
        let zone = portal.get("/wijken/bathmen/agenda.ics").await.ok();
        assert!(events(&zone) > 5 && events(&zone) < events(&all));
        assert_eq!(
            portal.get("/agenda.ics?wijk=bathmen").await.html(),
            zone.html()
        );
        assert!(zone.html().contains("Agenda van Bathmen"));
        for missing in [
            "/activiteiten/nergens.ics",
            "/wijken/nergens/agenda.ics",
            "/activiteiten/.ics",
        ] {
            assert_eq!(portal.get(missing).await.status, 404, "{missing}");
        }
        let page = portal.get("/wijken/bathmen/agenda").await.ok();
        assert!(
            page.attributes("a", "href")
                .contains(&"/wijken/bathmen/agenda.ics".to_owned())
        );
    });
}

#[test]
fn a_title_is_a_title_whatever_stands_in_it_and_what_is_called_off_says_so() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal
            .publish(&OrganisationBuilder::new("Koor").published())
            .await;
        let title = "Zingen; samen, of \\n alleen\r\nBEGIN:VEVENT\r\nSUMMARY:vals";
        let mut activity = ActivityBuilder::new("Zingen", "koor")
            .once("2026-12-01T10:00")
            .published();
        title.clone_into(&mut activity.title);
        activity.status = Status::Cancelled;
        portal.publish(&activity).await;
        let page = portal.get("/activiteiten/zingen.ics").await.ok();
        let events = lines(&page)
            .iter()
            .filter(|line| *line == "BEGIN:VEVENT")
            .count();
        assert_eq!(events, 1);
        assert!(lines(&page).contains(&"STATUS:CANCELLED".to_owned()));
        for read in read_elsewhere(&page, "2026-11-25", "2026-12-31") {
            let titles: Vec<String> = serde_json::from_str(&read["title"]).unwrap();
            assert_eq!(titles, [title.replace("\r\n", " ")]);
        }
    });
}

#[test]
fn a_note_about_a_day_that_is_over_is_not_told() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal
            .publish(&OrganisationBuilder::new("Koor").published())
            .await;
        let mut activity = ActivityBuilder::new("Zingen", "koor")
            .weekly("2026-11-06T10:00", None)
            .published();
        // The clock of these tests stands on 24 November 2026.
        for (note, told) in [
            ("Vrijdag 20 november gaat niet door", false),
            ("Vrijdag 27 november gaat niet door", true),
        ] {
            note.clone_into(&mut activity.status_note);
            portal.publish(&activity).await;
            let page = portal.get("/activiteiten/zingen.ics").await.ok();
            assert_eq!(lines(&page).join("").contains(note), told, "{note}");
        }
    });
}

/// Single changes, closures, days beside the rule, whole days and another clock.
#[test]
fn what_is_different_on_a_day_is_different_in_other_programs() {
    run(async {
        let mut portal = TestPortal::new(Template::SmallTown).await;
        portal
            .keep(&OrganisationBuilder::new("Koor").published())
            .await;
        let holiday = Closure {
            name: "Kerstvakantie".to_owned(),
            start: day("2026-12-19"),
            end: day("2027-01-03"),
            certain: true,
            kind: closures::Kind::SchoolHoliday,
            place: None,
            hours: None,
        };
        portal.keep(&holiday).await;
        let mut singing = ActivityBuilder::new("Zingen", "koor")
            .weekly("2026-12-01T19:30", Some("2027-01-26"))
            .published();
        let change = |day: &str, kind, starts_at: Option<&str>| Change {
            recurrence: format!("{day}T19:30:00").parse().unwrap(),
            kind,
            starts_at: starts_at.map(|at| at.parse().unwrap()),
            duration_minutes: None,
            place: None,
            reason: "de zaal is bezet; dus, anders".to_owned(),
        };
        let schedule = &mut singing.schedules[0];
        schedule.follows = vec![closures::Kind::SchoolHoliday];
        schedule.extra_starts = vec!["2026-12-05T14:00:00".parse().unwrap()];
        schedule.exception_dates = vec![day("2027-01-12")];
        schedule.changes = vec![
            change("2026-12-08", ChangeKind::Moved, Some("2026-12-09T20:00:00")),
            change("2026-12-15", ChangeKind::Cancelled, None),
            change("2027-01-19", ChangeKind::Postponed, None),
        ];
        portal.keep(&singing).await;
        let mut fair = ActivityBuilder::new("Kermis", "koor")
            .weekly("2026-12-04T00:00", Some("2026-12-20"))
            .published();
        fair.schedules[0].all_day = true;
        fair.schedules[0].duration_minutes = Some(3 * 1440);
        portal.keep(&fair).await;
        let mut abroad = ActivityBuilder::new("Overzee", "koor")
            .weekly("2027-03-10T10:00", Some("2027-04-02"))
            .published();
        // Summer time begins on 14 March there, on 28 March here.
        abroad.schedules[0].time_zone = "America/New_York".to_owned();
        portal.keep(&abroad).await;
        portal.turn().await;
        let page = portal.get("/agenda.ics").await.ok();
        let lines = lines(&page);
        for line in [
            "RECURRENCE-ID;TZID=Europe/Amsterdam:20261208T193000",
            "DTSTART;TZID=Europe/Amsterdam:20261209T200000",
            "EXDATE;TZID=Europe/Amsterdam:20261222T193000",
            "RDATE;TZID=Europe/Amsterdam:20261205T140000",
            "DTSTART;VALUE=DATE:20261204",
            "DTEND;VALUE=DATE:20261207",
            "RRULE:FREQ=WEEKLY;UNTIL=20261220",
        ] {
            assert!(lines.iter().any(|l| l == line), "{line} in {lines:#?}");
        }
        let expected: BTreeMap<String, String> = [
            (
                "kermis",
                "2026-12-04T00:00 2026-12-11T00:00 2026-12-18T00:00",
            ),
            (
                "overzee",
                "2027-03-10T16:00 2027-03-17T15:00 2027-03-24T15:00 2027-03-31T16:00",
            ),
            (
                "zingen",
                "2026-12-01T19:30 2026-12-05T14:00 2026-12-09T20:00 2027-01-05T19:30 2027-01-26T19:30",
            ),
        ]
        .map(|(slug, dates)| (slug.to_owned(), dates.to_owned()))
        .into();
        for mut read in read_elsewhere(&page, "2026-11-25", "2027-08-31") {
            let titles = read.remove("title").unwrap();
            assert!(titles.contains("Zingen (verplaatst)"), "{titles}");
            assert_same(&read, &expected);
        }
        assert_same(&read_here(&page, "2026-11-25", "2027-08-31"), &expected);
    });
}

#[test]
fn a_filter_has_its_own_calendar() {
    run(async {
        let portal = deventer().await;
        let events = |page: &TestPage| lines(page).iter().filter(|l| *l == "BEGIN:VEVENT").count();
        let all = events(&portal.get("/agenda.ics").await.ok());
        let free = events(&portal.get("/agenda.ics?gratis=ja").await.ok());
        let evening = events(&portal.get("/agenda.ics?gratis=ja&deel=avond").await.ok());
        assert!(
            0 < evening && evening < free && free < all,
            "{evening} {free} {all}"
        );
        let page = portal
            .get("/wijken/bathmen/agenda.ics?soort=meal")
            .await
            .ok();
        assert!(events(&page) > 0);
        assert!(page.html().contains("CATEGORIES:samen eten"));
        assert!(!page.html().contains("CATEGORIES:ontmoeting"));
    });
}
