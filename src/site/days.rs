//! Activities on their days: the agenda as pages show it.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{Days, NaiveDate, NaiveDateTime};

use super::items::{Meta, card_place, venue_line};
use super::links;
use super::spell::{Spell, iso};
use crate::base::{RecordKind, dutch};
use crate::catalogue::activities::{self, Venue};
use crate::catalogue::agenda::Occurrence;
use crate::search::{Card, agenda};

/// How long a page that shows dates may be kept: what is over goes within a minute.
pub const MINUTE: Duration = Duration::from_mins(1);

/// A day with what happens on it.
pub struct Day {
    pub anchor: String,
    pub date: NaiveDate,
    /// "Dinsdag 24 november"
    pub name: String,
    /// "vandaag", "morgen" or nothing.
    pub note: &'static str,
    pub items: Vec<DayItem>,
}

/// Something on a day.
pub struct DayItem {
    pub slug: String,
    pub href: String,
    pub title: String,
    pub datetime: String,
    /// "9.30", or "Hele dag"
    pub time: String,
    pub end: Option<String>,
    pub meta: Vec<Meta>,
}

/// Something that lasts longer than a day.
pub struct LongItem {
    pub slug: String,
    pub href: String,
    pub title: String,
    /// First and last day: machine-readable, and in words; no first day when it began already.
    pub first: Option<(String, String)>,
    pub last: (String, String),
    pub meta: Vec<Meta>,
}

/// The dates at a place from now until the end of a day some days ahead, by day. What is moved to
/// another place says so; what is moved to this one is there.
#[must_use]
pub fn at_place(
    cards: &[activities::Card],
    place: &str,
    now: NaiveDateTime,
    days: u64,
) -> Vec<Day> {
    const MOST: usize = 200;
    let today = now.date();
    let until = today.checked_add_days(Days::new(days)).unwrap_or(today);
    let here = |venue: Option<&Venue>| venue.is_some_and(|venue| venue.slug == place);
    let mut dates: Vec<(Occurrence<'_>, &activities::Card)> = Vec::new();
    for card in cards {
        let coming = card.coming(now, until, MOST).into_iter();
        let shown = coming.filter(|at| here(card.venue.as_ref()) || here(card.venue_on(at)));
        dates.extend(shown.map(|at| (at, card)));
    }
    dates.sort_by_cached_key(|(at, card)| (at.moment(), &card.title, &card.slug));
    let items = dates.iter().map(|(at, card)| {
        let venue = card.venue_on(at).filter(|venue| venue.slug != place);
        (at.start.date(), item(card, at, venue))
    });
    grouped(items, today)
}

/// The dates of the index by day; `folded` says that a series stands once.
#[must_use]
pub fn of_index(dates: &[agenda::Dated], folded: bool, now: NaiveDateTime) -> Vec<Day> {
    let items = dates.iter().map(|dated| {
        let item = index_item(dated, folded, now);
        (dated.at.start.date(), item)
    });
    grouped(items, now.date())
}

/// What lasts longer than a day.
#[must_use]
pub fn long(dates: &[agenda::Dated], now: NaiveDateTime) -> Vec<LongItem> {
    let day = |date: NaiveDate| (date.to_string(), dutch::day_seen_from(date, now.date()));
    let long = |dated: &agenda::Dated| LongItem {
        slug: dated.slug.clone(),
        href: links::record(RecordKind::Activity, &dated.slug),
        title: dated.card.title.clone(),
        first: (dated.at.start > now).then(|| day(dated.at.start.date())),
        last: day(Spell::from(&dated.at).last_day()),
        meta: index_meta(dated),
    };
    dates.iter().map(long).collect()
}

fn index_item(dated: &agenda::Dated, folded: bool, now: NaiveDateTime) -> DayItem {
    let at = &dated.at;
    let mut meta = index_meta(dated);
    if folded {
        meta.extend(series(dated, now));
    }
    DayItem {
        slug: dated.slug.clone(),
        href: links::record(RecordKind::Activity, &dated.slug),
        title: dated.card.title.clone(),
        datetime: iso(at.start),
        time: from(at.start, at.all_day),
        end: until(at.end, at.all_day),
        meta,
    }
}

/// "En daarna elke dinsdag", and the days on which one would come for nothing.
fn series(dated: &agenda::Dated, now: NaiveDateTime) -> Vec<Meta> {
    let card = &dated.card;
    let goes_on = |at: &&crate::search::Moment| at.start > dated.at.start && !at.off;
    let rhythm = card
        .rhythm
        .as_deref()
        .filter(|_| card.coming.iter().any(|at| goes_on(&at)));
    let then = rhythm.map(|rhythm| Meta::new("kalender", format!("En daarna {rhythm}")));
    let off: Vec<String> = card
        .coming
        .iter()
        .filter(|at| at.off && at.start >= now && at.start < dated.at.start)
        .map(|at| dutch::day_seen_from(at.start.date(), now.date()))
        .collect();
    let off = (!off.is_empty()).then(|| format!("Niet op {}", dutch::list(&off)));
    let off = off.map(|text| Meta::new("let-op", text));
    then.into_iter().chain(off).collect()
}

fn index_meta(dated: &agenda::Dated) -> Vec<Meta> {
    let card: &Card = &dated.card;
    let place = Some(card_place(card)).filter(|place| !place.is_empty());
    let place = place.map(|place| Meta::new("locatie", place));
    let cost = card.cost.as_deref().map(|cost| Meta::new("euro", cost));
    let notes = [&dated.at.note, &card.note].into_iter().flatten();
    let notes = notes.map(|note| Meta::new("let-op", note));
    place.into_iter().chain(cost).chain(notes).collect()
}

/// By day. What began before today and still goes on stands under today.
fn grouped(dated: impl Iterator<Item = (NaiveDate, DayItem)>, today: NaiveDate) -> Vec<Day> {
    let mut days: BTreeMap<NaiveDate, Vec<DayItem>> = BTreeMap::new();
    for (day, item) in dated {
        days.entry(day.max(today)).or_default().push(item);
    }
    days.into_iter()
        .map(|(date, items)| Day {
            anchor: format!("dag-{date}"),
            date,
            name: dutch::sentence(&dutch::day_seen_from(date, today)),
            note: match (date - today).num_days() {
                0 => "vandaag",
                1 => "morgen",
                _ => "",
            },
            items,
        })
        .collect()
}

fn item(activity: &activities::Card, at: &Occurrence<'_>, venue: Option<&Venue>) -> DayItem {
    let mut meta = Vec::new();
    if let Some(venue) = venue {
        meta.push(Meta::new(
            "locatie",
            venue_line(&venue.name, venue.zone.as_ref()),
        ));
    }
    let cost = activity.cost();
    if !cost.is_empty() {
        meta.push(Meta::new("euro", cost));
    }
    let day = at.start.date();
    let notes = [activity.note_of(at, day), activity.warnings(day)];
    let notes = notes.into_iter().flatten();
    meta.extend(notes.map(|note| Meta::new("let-op", note)));
    DayItem {
        slug: activity.slug.clone(),
        href: links::record(RecordKind::Activity, &activity.slug),
        title: activity.title.clone(),
        datetime: iso(at.start),
        time: from(at.start, at.all_day),
        end: until(at.end, at.all_day),
        meta,
    }
}

fn from(start: NaiveDateTime, all_day: bool) -> String {
    if all_day {
        "Hele dag".to_owned()
    } else {
        dutch::time(start.time())
    }
}

fn until(end: Option<NaiveDateTime>, all_day: bool) -> Option<String> {
    end.filter(|_| !all_day).map(|end| dutch::time(end.time()))
}
