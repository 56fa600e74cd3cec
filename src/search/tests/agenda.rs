//! The agenda as its callers see it.

use chrono::{NaiveDate, NaiveDateTime};

use super::*;
use crate::search::Moment;
use crate::search::agenda::{Agenda, AgendaRequest, DayPart};

fn at(text: &str) -> NaiveDateTime {
    text.parse().expect("moment")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("day")
}

fn spell(start: &str, end: &str) -> Moment {
    Moment {
        end: Some(at(end)),
        ..Moment::at(at(start))
    }
}

impl Document {
    fn on(mut self, moments: &[Moment]) -> Self {
        self.kind = RecordKind::Activity;
        self.card.coming = moments.to_vec();
        self
    }
}

/// Tuesday, 1 December 2026, eleven o'clock.
fn ask() -> AgendaRequest {
    AgendaRequest {
        filters: Filters::default(),
        parts: Vec::new(),
        now: at("2026-12-01T11:00:00"),
        folded: true,
        skip: 0,
        most: 100,
    }
}

fn town() -> (TempDir, Engine) {
    let called_off = Moment {
        off: true,
        ..spell("2026-12-02T10:00:00", "2026-12-02T11:00:00")
    };
    engine_with(vec![
        record("Koffie").zones(&["bathmen"]).free().on(&[
            spell("2026-12-01T10:00:00", "2026-12-01T12:00:00"),
            called_off,
            spell("2026-12-08T10:00:00", "2026-12-08T12:00:00"),
        ]),
        record("Bingo").zones(&["borgele"]).on(&[
            spell("2026-12-01T09:00:00", "2026-12-01T11:00:00"),
            spell("2026-12-04T19:30:00", "2026-12-04T22:00:00"),
        ]),
        record("Nachtopvang")
            .zones(&["bathmen"])
            .on(&[spell("2026-11-30T22:00:00", "2026-12-01T12:30:00")]),
        record("Expositie")
            .zones(&["bathmen"])
            .on(&[spell("2026-11-20T00:00:00", "2026-12-06T00:00:00")]),
        record("Zonder einde").on(&[
            Moment::at(at("2026-12-01T11:00:00")),
            Moment::at(at("2026-12-03T14:00:00")),
        ]),
        Document {
            everywhere: true,
            ..record("Overal")
                .zones(&["bathmen", "borgele"])
                .on(&[spell("2026-12-05T14:00:00", "2026-12-05T15:00:00")])
        },
        record("Geen activiteit").zones(&["bathmen"]),
    ])
}

fn lines(agenda: &Agenda) -> Vec<String> {
    let dates = agenda.dates.iter();
    dates
        .map(|dated| format!("{} {}", dated.at.start.format("%d %H:%M"), dated.slug))
        .collect()
}

#[test]
fn a_series_stands_once_and_what_is_over_nowhere() {
    let (_directory, engine) = town();
    let agenda = engine.agenda(&ask()).expect("agenda");
    assert_eq!(
        lines(&agenda),
        [
            "30 22:00 nachtopvang",
            "01 10:00 koffie",
            "03 14:00 zonder-einde",
            "04 19:30 bingo",
            "05 14:00 overal"
        ]
    );
    assert_eq!(agenda.going_on.len(), 1);
    assert_eq!(agenda.going_on[0].slug, "expositie");
    assert_eq!((agenda.activities, agenda.listed), (6, 5));
    let unfolded = AgendaRequest {
        folded: false,
        ..ask()
    };
    let unfolded = engine.agenda(&unfolded).expect("agenda");
    assert_eq!(unfolded.listed, 6, "{:?}", lines(&unfolded));
    assert_eq!(
        unfolded.dates[1].card.coming.len(),
        3,
        "the card tells of the date that does not go on"
    );
}

#[test]
fn days_are_counted_whichever_are_asked() {
    let (_directory, engine) = town();
    let mut request = ask();
    request.filters.days = Some((day("2026-12-04"), day("2026-12-04")));
    let agenda = engine.agenda(&request).expect("agenda");
    assert_eq!(lines(&agenda), ["04 19:30 bingo"]);
    assert_eq!(agenda.going_on.len(), 1, "the exhibition is still on");
    let today = day("2026-12-01");
    let counts: Vec<usize> = (1..=9)
        .map(|d| agenda.on(NaiveDate::from_ymd_opt(2026, 12, d).expect("day"), today))
        .collect();
    // The exhibition on five days, beside what starts on each.
    assert_eq!(counts, [3, 1, 2, 2, 2, 0, 0, 1, 0]);
    request.filters.days = Some((day("2026-12-02"), day("2026-12-02")));
    let tomorrow = engine.agenda(&request).expect("agenda");
    assert_eq!(lines(&tomorrow), [""; 0], "no night of the day before");
}

#[test]
fn parts_of_the_day_count_beside_each_other() {
    let (_directory, engine) = town();
    let mut request = ask();
    let whole = engine.agenda(&request).expect("agenda");
    request.parts = vec![DayPart::Evening];
    let evening = engine.agenda(&request).expect("agenda");
    assert_eq!(lines(&evening), ["30 22:00 nachtopvang", "04 19:30 bingo"]);
    assert_eq!(evening.parts, whole.parts);
    assert_eq!(whole.parts[DayPart::Evening as usize], evening.activities);
    for part in DayPart::ALL {
        request.parts = vec![part];
        let clicked = engine.agenda(&request).expect("agenda").activities;
        assert_eq!(clicked, whole.parts[part as usize], "{part:?}");
    }
}

#[test]
fn each_count_is_what_a_click_gives() {
    let (_directory, engine) = town();
    let whole = engine.agenda(&ask()).expect("agenda");
    assert!(!whole.facets.zones.is_empty());
    for zone in &whole.facets.zones {
        let mut request = ask();
        request.filters.zones = vec![zone.value.clone()];
        let clicked = engine.agenda(&request).expect("agenda");
        assert_eq!(clicked.activities, zone.count, "{}", zone.value);
        assert!(clicked.dates.iter().all(|dated| dated.slug != "overal"));
    }
    let mut request = ask();
    request.filters.free_of_charge = true;
    let free = engine.agenda(&request).expect("agenda");
    assert_eq!(free.activities, whole.facets.free_of_charge);
}

#[test]
fn pages_together_hold_every_date_once() {
    let (_directory, engine) = town();
    let whole = AgendaRequest {
        folded: false,
        ..ask()
    };
    let all = lines(&engine.agenda(&whole).expect("agenda"));
    let mut paged = Vec::new();
    for skip in (0..10).step_by(2) {
        let page = AgendaRequest {
            skip,
            most: 2,
            ..whole.clone()
        };
        paged.extend(lines(&engine.agenda(&page).expect("agenda")));
    }
    assert_eq!(paged, all);
    let beyond = AgendaRequest {
        skip: usize::MAX,
        ..whole
    };
    assert!(engine.agenda(&beyond).expect("agenda").dates.is_empty());
}
