//! Calendars to subscribe to (iCalendar, RFC 5545): of one activity, of a zone, of everything.
//!
//! A series goes out as its rule with the dates that are left out, never as loose copies, so that
//! a phone shows one entry that changes with ours. What is over stays out.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Amsterdam;
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};
use serde::Deserialize;

use super::links;
use super::page::Site;
use super::portal::Portal;
use crate::access::Viewer;
use crate::base::{RecordKind, Slug};
use crate::catalogue::activities::store::{self, Selection};
use crate::catalogue::activities::{Card, Status};
use crate::catalogue::agenda::{self, Schedule};
use crate::catalogue::zones;
use crate::web::{Error, Query, Segment, query::lenient};

/// The clock of Amsterdam with its two changes (RFC 5545, 3.6.5): a phone must not guess.
const AMSTERDAM: &str = "BEGIN:VTIMEZONE\r\nTZID:Europe/Amsterdam\r\n\
BEGIN:DAYLIGHT\r\nDTSTART:19810329T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n\
TZNAME:CEST\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\n\
BEGIN:STANDARD\r\nDTSTART:19961027T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n\
TZNAME:CET\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
const END: &str = "END:VCALENDAR\r\n";
/// Calendar programs ask again after so long.
const EVERY: Duration = Duration::hours(6);
const LOCAL: &str = "%Y%m%dT%H%M%S";
const ZULU: &str = "%Y%m%dT%H%M%SZ";

#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default, deserialize_with = "lenient")]
    wijk: Option<Slug>,
}

/// Everything, or the zone that the address names.
pub async fn all(
    State(portal): State<Portal>,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    match asked.wijk {
        Some(zone) => of_zone(&portal, &zone).await,
        None => answer(&portal, &Selection::default(), "Agenda").await,
    }
}

/// What is held in a zone.
pub async fn zone(
    State(portal): State<Portal>,
    Segment(slug): Segment<Slug>,
) -> Result<Response, Error> {
    of_zone(&portal, &slug).await
}

async fn of_zone(portal: &Portal, slug: &Slug) -> Result<Response, Error> {
    let mut conn = portal.connection().await?;
    let zone = zones::store::profile(&mut conn, Viewer::Public, slug).await?;
    let Some(zone) = zone else {
        let missing = portal.missing(&mut conn, RecordKind::Zone, slug).await;
        return Err(moved(missing, "/agenda.ics"));
    };
    drop(conn);
    let name = format!("Agenda van {}", zone.name);
    answer(portal, &Selection::in_zones(vec![zone.id]), &name).await
}

async fn answer(portal: &Portal, only: &Selection, name: &str) -> Result<Response, Error> {
    let mut conn = portal.connection().await?;
    let cards = store::cards(&mut conn, Viewer::Public, only).await?;
    drop(conn);
    calendar(&portal.site, &cards, name, portal.clock.local())
}

/// One activity, under the address of its page with `.ics` behind it.
pub async fn activity(portal: &Portal, slug: &Slug) -> Result<Response, Error> {
    let mut conn = portal.connection().await?;
    let found = store::profile(&mut conn, Viewer::Public, slug).await?;
    let Some(activity) = found else {
        let missing = portal.missing(&mut conn, RecordKind::Activity, slug).await;
        return Err(moved(missing, links::CALENDAR));
    };
    drop(conn);
    let name = activity.card.title.clone();
    calendar(&portal.site, &[activity.card], &name, portal.clock.local())
}

/// A page that moved takes its calendar along.
fn moved(missing: Error, calendar: &str) -> Error {
    match missing {
        Error::Moved(page) => Error::Moved(format!("{page}{calendar}")),
        other => other,
    }
}

fn calendar(
    site: &Site,
    cards: &[Card],
    name: &str,
    now: NaiveDateTime,
) -> Result<Response, Error> {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//Wijzer//Sociale kaart//NL"))
        .append_property(("METHOD", "PUBLISH"))
        .name(&line(&format!("{name} | {}", site.name)))
        .timezone(Schedule::TIME_ZONE)
        .ttl(&EVERY);
    let head = calendar.to_string();
    // The library knows no time zones: ours stands between its head and its events.
    let mut text = head.trim_end_matches(END).to_owned();
    text.push_str(AMSTERDAM);
    for card in cards {
        for (position, schedule) in card.schedules.iter().enumerate() {
            let over = agenda::coming(schedule, &card.closures, now, NaiveDate::MAX, 1).is_empty();
            if !over {
                let event = event(site, card, (position, schedule), now.date()).try_into_string();
                text.push_str(&event.map_err(|fault| Error::Internal(fault.into()))?);
            }
        }
    }
    text.push_str(END);
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=900"),
    ];
    Ok((headers, text).into_response())
}

fn event(
    site: &Site,
    card: &Card,
    (position, schedule): (usize, &Schedule),
    today: NaiveDate,
) -> Event {
    let page = links::record(RecordKind::Activity, &card.slug);
    let mut event = Event::new();
    event
        .uid(&format!("{}-{position}@wijzer", card.id.0))
        .timestamp(card.changed_at)
        .last_modified(card.changed_at)
        .sequence(u32::try_from(card.version).unwrap_or_default())
        .summary(&line(&card.title))
        .description(&description(card, today))
        .url(&format!("{}{page}", site.base_url))
        .status(if card.status == Status::Cancelled {
            EventStatus::Cancelled
        } else {
            EventStatus::Confirmed
        });
    event.append_property(local("DTSTART", schedule.starts_at));
    event.add_property("CATEGORIES", card.kind.dutch());
    if let Some(minutes) = schedule.duration_minutes {
        // Elapsed time: an evening over the change of the clock ends when it ends.
        event.add_property("DURATION", format!("PT{minutes}M"));
    }
    if let Some(venue) = &card.venue {
        let zone = venue.zone.as_ref().map(|zone| zone.name.as_str());
        let place: Vec<&str> = std::iter::once(venue.name.as_str()).chain(zone).collect();
        event.location(&line(&place.join(", ")));
    }
    if let Some(rule) = rule(schedule) {
        event.add_property("RRULE", rule);
    }
    for day in &schedule.exception_dates {
        let left_out = day.and_time(schedule.starts_at.time());
        event.append_multi_property(local("EXDATE", left_out));
    }
    event
}

/// The rule with its end. A rule has a count or an end, never both (RFC 5545, 3.3.10): with both,
/// the end is its last date.
fn rule(schedule: &Schedule) -> Option<String> {
    let rule = schedule.rrule.as_ref()?;
    let Some(until) = schedule.until else {
        return Some(rule.clone());
    };
    let parts = rule.split(';');
    let counted = rule.contains("COUNT=");
    let endless: Vec<&str> = parts.filter(|part| !part.starts_with("COUNT=")).collect();
    let end = until.and_time(NaiveTime::from_hms_opt(23, 59, 59)?);
    let last = if counted {
        let all = Schedule {
            exception_dates: Vec::new(),
            ..schedule.clone()
        };
        let dates = agenda::coming(&all, &[], schedule.starts_at, until, usize::MAX);
        dates.last().map_or(end, |date| date.start)
    } else {
        end
    };
    let utc = Amsterdam
        .from_local_datetime(&last)
        .latest()?
        .with_timezone(&Utc);
    Some(format!("{};UNTIL={}", endless.join(";"), utc.format(ZULU)))
}

/// A moment on the clock of Amsterdam.
fn local(key: &str, moment: NaiveDateTime) -> Property {
    let mut property = Property::new(key, moment.format(LOCAL).to_string());
    property.add_parameter("TZID", Schedule::TIME_ZONE);
    property.done()
}

fn description(card: &Card, today: NaiveDate) -> String {
    let lines = [
        card.warnings(today).unwrap_or_default(),
        card.summary.clone(),
        card.cost(),
        format!("Van {}", card.organisation.name),
    ];
    let lines: Vec<String> = lines.iter().map(|text| line(text)).collect();
    lines
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

/// One line without marks that steer: whoever writes a title writes no other property.
fn line(text: &str) -> String {
    let words = text.split(|letter: char| letter.is_control() || letter.is_whitespace());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}
