//! Calendars of organisations that are followed.

mod commands;
mod details;
mod edited;
mod fetching;
mod hostile;
mod quirks;
mod rounds;
mod runs;
mod server;

use std::path::Path;

use chrono::{NaiveDate, NaiveDateTime};
use sqlx::PgPool;
use wijzer::access::Actor;
use wijzer::catalogue::activities::{self, Kind};
use wijzer::catalogue::agenda::{self, Schedule};
use wijzer::catalogue::calendar_sources::{self as sources, Draft, Run, Source, Validators};
use wijzer::catalogue::themes::Step;
use wijzer::catalogue::{Act, State};
use wijzer::interchange::calendars::{self, Consent, Given};

use crate::support::builders::{OrganisationBuilder, PlaceBuilder, slug};
use crate::support::portal::{TUESDAY, TestPortal};
use crate::support::server::Template;

/// A town with an organisation, its house, and the source of its calendar.
pub async fn town() -> TestPortal {
    let portal = TestPortal::new(Template::SmallTown).await;
    portal
        .keep(&OrganisationBuilder::new("Buurthuis").published())
        .await;
    portal
        .keep(&PlaceBuilder::new("Wijkhuis").published())
        .await;
    portal
        .keep(&PlaceBuilder::new("Buurthuis de Brug").published())
        .await;
    register(&portal.pool, None).await;
    portal
}

pub async fn register(pool: &PgPool, url: Option<&str>) {
    let draft = Draft {
        slug: slug("Agenda"),
        name: "Agenda van het buurthuis".to_owned(),
        organisation: slug("Buurthuis"),
        url: url.map(|url| url.parse().unwrap()),
        kind: Kind::Meeting,
        step: Step::Open,
        place: Some(slug("Wijkhuis")),
        themes: vec![slug("Ontmoeten")],
        audiences: vec![slug("iedereen")],
        new_state: State::Published,
        every_minutes: Draft::EVERY_MINUTES,
        enabled: true,
    };
    let mut conn = pool.begin().await.unwrap();
    sources::commands::keep(&mut conn, &Actor::Operator, Act::Register, &draft)
        .await
        .unwrap();
    conn.commit().await.unwrap();
}

pub async fn source(pool: &PgPool) -> Source {
    let mut conn = pool.acquire().await.unwrap();
    sources::store::sources(&mut conn, None)
        .await
        .unwrap()
        .remove(0)
}

/// Follows the calendar as this text.
pub async fn follow(portal: &TestPortal, text: &str) -> Run {
    follow_with(portal, text.as_bytes(), Consent::default()).await
}

pub async fn follow_with(portal: &TestPortal, bytes: &[u8], consent: Consent) -> Run {
    let given = Given {
        bytes: bytes.to_vec(),
        validators: Validators::default(),
    };
    let source = source(&portal.pool).await;
    calendars::follow(&portal.pool, &source, given, TUESDAY, consent)
        .await
        .unwrap()
}

pub async fn drafts(portal: &TestPortal) -> Vec<activities::Draft> {
    let mut conn = portal.pool.acquire().await.unwrap();
    activities::store::drafts(&mut conn).await.unwrap()
}

pub async fn draft(portal: &TestPortal, slug: &str) -> activities::Draft {
    let all = drafts(portal).await;
    all.into_iter()
        .find(|draft| draft.slug.as_str() == slug)
        .unwrap()
}

pub async fn runs(portal: &TestPortal) -> Vec<Run> {
    let id = source(&portal.pool).await.id;
    let mut conn = portal.pool.acquire().await.unwrap();
    sources::store::runs(&mut conn, id, 50).await.unwrap()
}

/// A calendar of these events; each is the lines within it.
pub fn calendar(events: &[String]) -> String {
    let events: Vec<String> = events
        .iter()
        .map(|e| format!("BEGIN:VEVENT\r\n{e}\r\nEND:VEVENT\r\n"))
        .collect();
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n",
        events.concat()
    )
}

/// An event of two hours in December.
pub fn event(uid: &str, title: &str) -> String {
    format!(
        "UID:{uid}\r\nSUMMARY:{title}\r\nDTSTART;TZID=Europe/Amsterdam:20261210T100000\r\nDURATION:PT2H"
    )
}

pub fn now() -> NaiveDateTime {
    TUESDAY.local()
}

pub fn sample(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/agenda/samples");
    std::fs::read(folder.join(format!("{name}.ics"))).unwrap()
}

/// The last day that tests of dates look at.
pub const LAST: &str = "2027-06-30";

/// "2026-12-01T10:00 tot 12:00", at most so many.
pub fn dates(schedules: &[Schedule], limit: usize) -> Vec<String> {
    let last: NaiveDate = LAST.parse().unwrap();
    let mut dates: Vec<_> = schedules
        .iter()
        .flat_map(|schedule| agenda::coming(schedule, &[], now(), last, limit))
        .collect();
    dates.sort_by_key(agenda::Occurrence::moment);
    let told = dates.iter().take(limit).map(|date| {
        let start = date.start.format(if date.all_day {
            "%Y-%m-%d"
        } else {
            "%Y-%m-%dT%H:%M"
        });
        match date.end {
            Some(end) if date.all_day => format!("{start} tot {}", end.format("%m-%d")),
            Some(end) => format!("{start} tot {}", end.format("%H:%M")),
            None => start.to_string(),
        }
    });
    told.collect()
}
