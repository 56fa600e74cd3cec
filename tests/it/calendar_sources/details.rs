//! Small things in which calendars differ, each with the dates that follow.

use wijzer::interchange::calendars::{Places, Reading, read};

use super::{calendar, dates, now};
use crate::support::builders::slug;

fn reading(events: &[&str]) -> Reading {
    let places = Places::new([("Wijkhuis".to_owned(), slug("Wijkhuis"))]);
    let events: Vec<String> = events
        .iter()
        .map(|event| format!("UID:a\nSUMMARY:Zingen\n{}", event.replace(" | ", "\n")))
        .collect();
    read(calendar(&events).as_bytes(), &places, now()).unwrap()
}

#[test]
fn one_event() {
    for (event, expected) in [
        // Ends.
        ("DTSTART:20261201T100000", "2026-12-01T10:00"),
        (
            "DTSTART:20261201T100000 | DTEND:20261201T100000",
            "2026-12-01T10:00",
        ),
        (
            "DTSTART:20261201T100000 | DURATION:PT90M",
            "2026-12-01T10:00 tot 11:30",
        ),
        (
            "DTSTART:20261201T100000 | DURATION:P1D",
            "2026-12-01T10:00 tot 10:00",
        ),
        (
            "DTSTART:20261201T1000 | DTEND:20261201T1130",
            "2026-12-01T10:00 tot 11:30",
        ),
        (
            "DTSTART:20261201T190000 | DTEND:20261201T235959",
            "2026-12-01T19:00 tot 00:00",
        ),
        (
            "DTSTART:20261201T100000 | DTEND;TZID=America/New_York:20261201T060000",
            "2026-12-01T10:00 tot 12:00",
        ),
        // Whole days.
        ("DTSTART;VALUE=DATE:20261201", "2026-12-01 tot 12-02"),
        ("DTSTART:20261201 | DTEND:20261201", "2026-12-01 tot 12-02"),
        (
            "DTSTART;VALUE=DATE:20261201 | DURATION:P2D",
            "2026-12-01 tot 12-03",
        ),
        (
            "DTSTART:20261130T230000Z | DTEND:20261201T230000Z | X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
            "2026-12-01 tot 12-02",
        ),
        // Zones.
        (
            "DTSTART:20261201T100000Z | DTEND:20261201T110000Z",
            "2026-12-01T11:00 tot 12:00",
        ),
        ("DTSTART:20270601T100000Z", "2027-06-01T12:00"),
        (
            "DTSTART;TZID=Asia/Tokyo:20261201T030000",
            "2026-11-30T19:00",
        ),
    ] {
        let reading = reading(&[event]);
        assert!(reading.remarks.is_empty(), "{event}: {:?}", reading.remarks);
        assert_eq!(dates(&reading.items[0].schedules, 9), [expected], "{event}");
    }
}

#[test]
fn one_series() {
    for (event, expected) in [
        // On the clock of Amsterdam, of UTC, and of New York, over the changes of both.
        (
            "DTSTART;TZID=Europe/Amsterdam:20270323T100000 | RRULE:FREQ=WEEKLY;COUNT=2",
            "2027-03-23T10:00, 2027-03-30T10:00",
        ),
        (
            "DTSTART:20270323T090000Z | RRULE:FREQ=WEEKLY;COUNT=2",
            "2027-03-23T10:00, 2027-03-30T11:00",
        ),
        (
            "DTSTART;TZID=America/New_York:20270308T090000 | RRULE:FREQ=WEEKLY;COUNT=4",
            "2027-03-08T15:00, 2027-03-15T14:00, 2027-03-22T14:00, 2027-03-29T15:00",
        ),
        // The end is inclusive, as a day, as a time in UTC, and on the clock of the series.
        (
            "DTSTART:20261201T100000 | RRULE:FREQ=DAILY;UNTIL=20261203",
            "2026-12-01T10:00, 2026-12-02T10:00, 2026-12-03T10:00",
        ),
        (
            "DTSTART:20261201T100000 | RRULE:FREQ=DAILY;UNTIL=20261202T090000Z",
            "2026-12-01T10:00, 2026-12-02T10:00",
        ),
        (
            "DTSTART:20261201T100000 | RRULE:FREQ=DAILY;UNTIL=20261202T085959Z",
            "2026-12-01T10:00, 2026-12-02T10:00",
        ),
        (
            "DTSTART:20261201T100000 | RRULE:FREQ=DAILY;UNTIL=20261202T085900Z",
            "2026-12-01T10:00",
        ),
        (
            "DTSTART:20261201T003000 | RRULE:FREQ=DAILY;UNTIL=20261201T233000Z",
            "2026-12-01T00:30, 2026-12-02T00:30",
        ),
        (
            "DTSTART;VALUE=DATE:20261201 | RRULE:FREQ=DAILY;UNTIL=20261201T230000Z",
            "2026-12-01 tot 12-02, 2026-12-02 tot 12-03",
        ),
        // What is left out: in UTC, as a day, as a midnight, at an hour that is not held.
        (
            "DTSTART:20261201T100000 | RRULE:FREQ=DAILY;COUNT=3 | EXDATE:20261202T090000Z",
            "2026-12-01T10:00, 2026-12-03T10:00",
        ),
        (
            "DTSTART:20261201T003000 | RRULE:FREQ=DAILY;COUNT=3 | EXDATE:20261201T233000Z",
            "2026-12-01T00:30, 2026-12-03T00:30",
        ),
        (
            "DTSTART:20261201T100000 | RRULE:FREQ=DAILY;COUNT=3 | EXDATE;VALUE=DATE:20261201,20261202",
            "2026-12-03T10:00",
        ),
        (
            "DTSTART:20261201T100000 | RRULE:FREQ=DAILY;COUNT=2 | EXDATE:20261202T000000",
            "2026-12-01T10:00",
        ),
        (
            "DTSTART:20261201T100000 | RRULE:FREQ=DAILY;COUNT=2 | EXDATE:20261202T110000",
            "2026-12-01T10:00, 2026-12-02T10:00",
        ),
        // The first meeting counts though the rule does not give it.
        (
            "DTSTART:20261201T100000 | RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=3",
            "2026-12-01T10:00, 2026-12-03T10:00, 2026-12-10T10:00",
        ),
        // The time of the start once more; parts in any order and case.
        (
            "DTSTART:20261201T100000 | RRULE:count=2;byhour=10;byminute=0;freq=weekly;",
            "2026-12-01T10:00, 2026-12-08T10:00",
        ),
        // Added dates alone.
        (
            "DTSTART:20261201T100000 | RDATE;VALUE=DATE:20261205 | EXDATE:20261201T100000",
            "2026-12-05T10:00",
        ),
    ] {
        let reading = reading(&[event]);
        assert!(reading.remarks.is_empty(), "{event}: {:?}", reading.remarks);
        assert_eq!(
            dates(&reading.items[0].schedules, 9).join(", "),
            expected,
            "{event}"
        );
    }
}

const WEEKLY: &str =
    "DTSTART:20261201T100000 | DTEND:20261201T110000 | LOCATION:Hier | RRULE:FREQ=WEEKLY;COUNT=3";

#[test]
fn single_days() {
    for (change, expected) in [
        (
            "RECURRENCE-ID:20261208T100000 | STATUS:CANCELLED | DTSTART:20261208T100000",
            "12-01T10:00 tot 11:00, 12-15T10:00 tot 11:00",
        ),
        (
            "RECURRENCE-ID:20261208T090000Z | DTSTART:20261208T130000Z | DTEND:20261208T140000Z",
            "12-01T10:00 tot 11:00, 12-08T14:00 tot 15:00, 12-15T10:00 tot 11:00",
        ),
        (
            "RECURRENCE-ID;VALUE=DATE:20261208 | DTSTART:20261208T100000 | DTEND:20261208T123000",
            "12-01T10:00 tot 11:00, 12-08T10:00 tot 12:30, 12-15T10:00 tot 11:00",
        ),
        // The series was changed since: the day is held all the same.
        (
            "RECURRENCE-ID:20261209T100000 | DTSTART:20261209T100000 | DTEND:20261209T110000",
            "12-01T10:00 tot 11:00, 12-08T10:00 tot 11:00, 12-09T10:00 tot 11:00, 12-15T10:00 tot 11:00",
        ),
    ] {
        let reading = reading(&[WEEKLY, change]);
        let expected: Vec<String> = expected
            .split(", ")
            .map(|date| format!("2026-{date}"))
            .collect();
        assert_eq!(
            dates(&reading.items[0].schedules, 9),
            expected,
            "{change}: {:?}",
            reading.remarks
        );
    }
}

#[test]
fn a_day_elsewhere_says_where() {
    let at = |place: &str| {
        format!(
            "RECURRENCE-ID:20261208T100000 | DTSTART:20261208T100000 | DTEND:20261208T110000 | LOCATION:{place}"
        )
    };
    let known = reading(&[WEEKLY, &at("Wijkhuis")]);
    let change = &known.items[0].schedules[0].changes[0];
    assert_eq!(
        (change.place.clone(), change.reason.as_str()),
        (Some(slug("Wijkhuis")), "")
    );
    let unknown = reading(&[WEEKLY, &at("Sporthal")]);
    let change = &unknown.items[0].schedules[0].changes[0];
    assert_eq!(
        (change.place.clone(), change.reason.as_str()),
        (None, "Waar: Sporthal")
    );
    assert!(
        reading(&[WEEKLY, &at("Hier")]).items[0].schedules[0]
            .changes
            .is_empty()
    );
}

#[test]
fn what_stands_there_twice_is_read_once() {
    let newer = reading(&[
        "SEQUENCE:2 | DTSTART:20261202T100000",
        "SEQUENCE:10 | DTSTART:20261203T100000",
        "SEQUENCE:9 | DTSTART:20261204T100000",
    ]);
    assert_eq!(newer.items.len(), 1);
    assert_eq!(dates(&newer.items[0].schedules, 9), ["2026-12-03T10:00"]);
    let loose = reading(&[
        "DTSTART:20261202T100000",
        "DTSTART:20261203T100000",
        "DTSTART:20261203T100000",
    ]);
    assert_eq!(
        dates(&loose.items[0].schedules, 9),
        ["2026-12-02T10:00", "2026-12-03T10:00"]
    );
    let change = |sequence: u8, hour: u8| {
        format!("SEQUENCE:{sequence} | RECURRENCE-ID:20261208T100000 | DTSTART:20261208T{hour}0000")
    };
    let changed = reading(&[WEEKLY, &change(2, 15), &change(1, 14)]);
    assert_eq!(
        dates(&changed.items[0].schedules, 9)[1],
        "2026-12-08T15:00 tot 16:00"
    );
}

#[test]
fn what_cannot_be_followed_says_why_and_where() {
    for (event, said) in [
        ("DTEND:20261201T100000", "line 3, a: it has no DTSTART"),
        (
            "DTSTART:20261201T100000 | DTEND:20261201T090000",
            "line 7, a: it ends before it begins",
        ),
        (
            "DTSTART:20261201T100000 | DTEND:20270201T090000",
            "longer than 31 days",
        ),
        (
            "DTSTART:20261201T100000 | DURATION:-PT1H",
            "\"-PT1H\" is not a length of time",
        ),
        (
            "DTSTART:20261301T100000",
            "line 6, a: \"20261301T100000\" is not a date or time",
        ),
        (
            "DTSTART:20261201T100000 | RRULE:FREQ=HOURLY",
            "vaker dan elke dag",
        ),
        (
            "DTSTART:20261201T100000 | RRULE:FREQ=DAILY;BYHOUR=9,10",
            "repeats within a day",
        ),
        (
            "DTSTART:20261201T100000 | RRULE:FREQ=DAILY | RRULE:FREQ=WEEKLY",
            "line 8, a: more than one rule",
        ),
        (
            "DTSTART:20261201T100000 | RRULE:FREQ=DAILY | EXRULE:FREQ=WEEKLY",
            "EXRULE is not followed",
        ),
        (
            "DTSTART:20261201T100000 | RRULE:FREQ=WEEKLY;SKIP=FORWARD",
            "\"SKIP=FORWARD\" in the rule",
        ),
        (
            "DTSTART:20261201T100000 | EXDATE:20261201T100000",
            "all its dates are left out",
        ),
    ] {
        let reading = reading(&[event]);
        assert!(reading.items.is_empty(), "{event}: {:?}", reading.items);
        let told = reading.remarks[0].to_string();
        assert!(
            told.starts_with("refused, line ") && told.contains(said),
            "{event}: {told}"
        );
    }
}
