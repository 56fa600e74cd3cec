//! Calendars to subscribe to (iCalendar, RFC 5545): of one activity, of a zone, of everything.
//!
//! A series goes out as its rule with the dates that are left out, never as loose copies, so that
//! a phone shows one entry that changes with ours. What is over stays out.

use super::links;
use super::page::Site;
use super::portal::Portal;
use super::what_is_on::{Asked, Missed, PARAMS, PARTS, Wish};
use crate::access::Viewer;
use crate::base::{RecordKind, Slug, dutch};
use crate::catalogue::activities::store;
use crate::catalogue::activities::{Card, Status, Venue};
use crate::catalogue::agenda::{self, Change, Happening, Occurrence, Schedule};
use crate::search::agenda::DayPart;
use crate::web::{Error, Policy, Query, Segment};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Amsterdam;
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};

pub const CACHE: Policy = Policy::page(PARAMS);

/// The clock of Amsterdam with its two changes (RFC 5545, 3.6.5): a phone must not guess.
const AMSTERDAM: &str = "BEGIN:VTIMEZONE\r\nTZID:Europe/Amsterdam\r\n\
BEGIN:DAYLIGHT\r\nDTSTART:19810329T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n\
TZNAME:CEST\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\n\
BEGIN:STANDARD\r\nDTSTART:19961027T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n\
TZNAME:CET\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
const END: &str = "END:VCALENDAR\r\n";
/// Calendar programs ask again after so long.
const EVERY: Duration = Duration::hours(6);
const DATE: &str = "%Y%m%d";
const LOCAL: &str = "%Y%m%dT%H%M%S";
const ZULU: &str = "%Y%m%dT%H%M%SZ";

/// Everything that the filters of the agenda let through; days are no filter.
pub async fn all(
    State(portal): State<Portal>,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    answer(&portal, &asked).await
}

/// What is held in a zone, by the filters of its agenda.
pub async fn zone(
    State(portal): State<Portal>,
    Segment(slug): Segment<Slug>,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let asked = asked.of_zone(&portal, slug, links::CALENDAR).await?;
    answer(&portal, &asked).await
}

async fn answer(portal: &Portal, asked: &Asked) -> Result<Response, Error> {
    let names = portal.names();
    let now = portal.clock.local();
    // Who follows what is no longer there must not get everything instead.
    if asked.missed(&names, now.date()) == Some(Missed::Unknown) {
        return Err(Error::NotFound);
    }
    let wish = Wish::new(asked, &names, now.date());
    let mut cards = wish.records(portal).await?;
    for card in &mut cards {
        card.schedules
            .retain(|schedule| starts_in(schedule, &wish.parts));
    }
    let zone = wish.zone.as_ref().and_then(|slug| names.zone(slug));
    let name = zone.map_or_else(
        || "Agenda".to_owned(),
        |zone| format!("Agenda van {}", zone.name),
    );
    let parts = PARTS.iter().filter(|(part, ..)| wish.parts.contains(part));
    let parts: Vec<&str> = parts.map(|(.., name)| *name).collect();
    let name = [name, dutch::list(&parts)].join(" ");
    calendar(&portal.site(), &cards, name.trim(), now)
}

fn starts_in(schedule: &Schedule, parts: &[DayPart]) -> bool {
    parts.is_empty() || parts.contains(&DayPart::of(schedule.starts_at))
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
    calendar(
        &portal.site(),
        &[activity.card],
        &name,
        portal.clock.local(),
    )
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
            for event in events(site, card, (position, schedule), now) {
                let event = event.try_into_string();
                text.push_str(&event.map_err(|fault| Error::Internal(fault.into()))?);
            }
        }
    }
    text.push_str(END);
    Ok((
        [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")],
        text,
    )
        .into_response())
}

/// A schedule as an event, and an event more for each of its dates that are not as the rule says.
/// None when all of it is over.
fn events(
    site: &Site,
    card: &Card,
    (position, schedule): (usize, &Schedule),
    now: NaiveDateTime,
) -> Vec<Event> {
    // As far as closures are known, or for a year.
    let far = now.date() + Days::new(400);
    let known = card.closures.iter().map(|c| c.end).max().unwrap_or(far);
    let coming = agenda::dates(schedule, &card.closures, now, NaiveDate::MAX, 1);
    if coming.is_empty() {
        return Vec::new();
    }
    let dates = agenda::dates(schedule, &card.closures, now, far.max(known), usize::MAX);
    let mut event = basic(site, card, position, now.date());
    place(&mut event, card.venue.as_ref());
    let at = |key, moment| written(schedule, key, moment);
    if !travels(schedule) {
        let going_on = || dates.iter().filter(|date| date.goes_on());
        let Some(first) = going_on().next() else {
            return Vec::new();
        };
        event.append_property(at("DTSTART", first.start));
        duration(&mut event, schedule, first.start, schedule.duration_minutes);
        // The first too: some programs take a list of dates for the whole.
        for date in going_on() {
            event.append_multi_property(at("RDATE", date.start));
        }
        return vec![event];
    }
    event.append_property(at("DTSTART", schedule.starts_at));
    duration(
        &mut event,
        schedule,
        schedule.starts_at,
        schedule.duration_minutes,
    );
    if let Some(rule) = rule(schedule) {
        event.add_property("RRULE", rule);
    }
    for extra in &schedule.extra_starts {
        event.append_multi_property(at("RDATE", *extra));
    }
    let left_out = schedule.exception_dates.iter();
    let left_out = left_out.map(|day| day.and_time(schedule.starts_at.time()));
    let closed = dates
        .iter()
        .filter(|date| matches!(date.happening, Happening::Closed(_)));
    for moment in left_out.chain(closed.map(|date| date.start)) {
        event.append_multi_property(at("EXDATE", moment));
    }
    let changed = dates.iter().filter_map(|date| Some((date, date.change()?)));
    let changed = changed.map(|(date, change)| {
        let event = basic(site, card, position, now.date());
        different(event, card, schedule, (date, change))
    });
    std::iter::once(event).chain(changed).collect()
}

/// Whether other programs understand the rule. It may run on another clock than ours; and the
/// even weeks of the year (BYWEEKNO) are misread by what Thunderbird and Nextcloud are made with
/// (ical.js 2.2), so such dates go out one by one.
fn travels(schedule: &Schedule) -> bool {
    let by_week = schedule
        .rrule
        .as_deref()
        .is_some_and(|rule| rule.contains("BYWEEKNO"));
    schedule.zone() == Amsterdam && !by_week
}

/// One date that is not as the rule says (RFC 5545, 3.8.4.4). What is off stays in as cancelled,
/// so that phones take it away.
fn different(
    mut event: Event,
    card: &Card,
    schedule: &Schedule,
    (date, change): (&Occurrence<'_>, &Change),
) -> Event {
    let at = |key, moment| written(schedule, key, moment);
    event.append_property(at("RECURRENCE-ID", change.recurrence));
    event.append_property(at("DTSTART", date.start));
    let minutes = change.duration_minutes.or(schedule.duration_minutes);
    duration(&mut event, schedule, date.start, minutes);
    place(&mut event, card.venue_on(date));
    let day = date.start.date();
    let note = card.note_of(date, day).unwrap_or_default();
    event.description(&format!("{}\n{}", line(&note), description(card, day)));
    event.summary(&format!("{} ({})", line(&card.title), change.kind.dutch()));
    if !date.goes_on() {
        event.status(EventStatus::Cancelled);
    }
    event
}

/// What all events of a schedule say.
fn basic(site: &Site, card: &Card, position: usize, today: NaiveDate) -> Event {
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
    event.add_property("CATEGORIES", card.kind.dutch());
    event
}

fn place(event: &mut Event, venue: Option<&Venue>) {
    if let Some(venue) = venue {
        let zone = venue.zone.as_ref().map(|zone| zone.name.as_str());
        let place: Vec<&str> = std::iter::once(venue.name.as_str()).chain(zone).collect();
        event.location(&line(&place.join(", ")));
    }
}

fn duration(event: &mut Event, schedule: &Schedule, start: NaiveDateTime, minutes: Option<i32>) {
    let Some(minutes) = minutes else { return };
    if schedule.all_day || schedule.by_wall_clock {
        let end = start + Duration::minutes(i64::from(minutes));
        event.append_property(written(schedule, "DTEND", end));
    } else {
        // Elapsed time: an evening over the change of the clock ends when it ends.
        event.add_property("DURATION", format!("PT{minutes}M"));
    }
}

/// A day, or a moment on the clock of Amsterdam.
fn written(schedule: &Schedule, key: &str, moment: NaiveDateTime) -> Property {
    let (form, name, value) = if schedule.all_day {
        (DATE, "VALUE", "DATE")
    } else {
        (LOCAL, "TZID", Schedule::TIME_ZONE)
    };
    let mut property = Property::new(key, moment.format(form).to_string());
    property.add_parameter(name, value);
    property.done()
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
    if schedule.all_day {
        let day = last.format(DATE);
        return Some(format!("{};UNTIL={day}", endless.join(";")));
    }
    let utc = Amsterdam
        .from_local_datetime(&last)
        .latest()?
        .with_timezone(&Utc);
    Some(format!("{};UNTIL={}", endless.join(";"), utc.format(ZULU)))
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
