//! Calendars to subscribe to say what the pages say, to programs that are not ours.

use std::collections::BTreeMap;
use std::process::Command;

use wijzer::catalogue::activities::Status;

use crate::support::builders::{ActivityBuilder, OrganisationBuilder};
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

/// What other libraries read in it; none when they are not there.
fn read_elsewhere(page: &TestPage, first: &str, last: &str) -> Option<BTreeMap<String, String>> {
    let known = Command::new("python3")
        .args(["-c", "import icalendar, recurring_ical_events"])
        .output();
    if !known.is_ok_and(|done| done.status.success()) {
        skipped("python3 with icalendar and recurring-ical-events is not there");
        return None;
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), page.html()).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/agenda/read_calendar.py");
    let read = Command::new("python3")
        .arg(script)
        .arg(file.path())
        .args([first, last])
        .output()
        .unwrap();
    assert!(
        read.status.success(),
        "{}",
        String::from_utf8_lossy(&read.stderr)
    );
    let said = String::from_utf8(read.stdout).unwrap();
    let pairs = said.lines().filter_map(|line| line.split_once('\t'));
    Some(
        pairs
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect(),
    )
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
        let Some(mut read) = read_elsewhere(&page, first, last) else {
            return;
        };
        read.remove("title");
        let mut expected = BTreeMap::new();
        for (slug, dates) in EXPECTED.lines().filter_map(|line| line.split_once('\t')) {
            let coming: Vec<&str> = dates.split(' ').filter(|date| *date >= first).collect();
            if !coming.is_empty() {
                expected.insert(slug.to_owned(), coming.join(" "));
            }
        }
        assert_eq!(read, expected);
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
        if let Some(read) = read_elsewhere(&page, "2026-11-25", "2026-12-31") {
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
