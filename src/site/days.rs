//! Activities on their days: the agenda as pages show it.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{Days, NaiveDate, NaiveDateTime};

use super::items::{Meta, iso, venue_line};
use super::links;
use crate::base::{RecordKind, dutch};
use crate::catalogue::activities;
use crate::catalogue::agenda::Occurrence;

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
    /// "9.30"
    pub time: String,
    pub end: Option<String>,
    pub meta: Vec<Meta>,
}

/// A date of an activity.
#[derive(Clone, Copy)]
pub struct Dated<'a> {
    pub at: Occurrence<'a>,
    pub activity: &'a activities::Card,
}

/// Every date from now until the end of a day some days ahead, in order.
#[must_use]
pub fn coming(cards: &[activities::Card], now: NaiveDateTime, days: u64) -> Vec<Dated<'_>> {
    const MOST: usize = 200;
    let until = now
        .date()
        .checked_add_days(Days::new(days))
        .unwrap_or(now.date());
    let mut dates: Vec<Dated<'_>> = cards
        .iter()
        .flat_map(|activity| {
            activity
                .coming(now, until, MOST)
                .into_iter()
                .map(move |at| Dated { at, activity })
        })
        .collect();
    dates.sort_by_cached_key(|d| (d.at.moment(), &d.activity.title, &d.activity.slug));
    dates
}

/// The dates by day. What began before today and still goes on stands under today.
#[must_use]
pub fn by_day(dates: &[Dated<'_>], today: NaiveDate) -> Vec<Day> {
    let mut days: BTreeMap<NaiveDate, Vec<DayItem>> = BTreeMap::new();
    for dated in dates {
        let day = dated.at.start.date().max(today);
        days.entry(day).or_default().push(item(dated));
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

fn item(dated: &Dated<'_>) -> DayItem {
    let Dated { at, activity } = dated;
    let mut meta = Vec::new();
    if let Some(venue) = &activity.venue {
        meta.push(Meta::new(
            "locatie",
            venue_line(&venue.name, venue.zone.as_ref()),
        ));
    }
    let cost = activity.cost();
    if !cost.is_empty() {
        meta.push(Meta::new("euro", cost));
    }
    meta.extend(
        activity
            .warnings(at.start.date())
            .map(|note| Meta::new("let-op", note)),
    );
    DayItem {
        slug: activity.slug.clone(),
        href: links::record(RecordKind::Activity, &activity.slug),
        title: activity.title.clone(),
        datetime: iso(at.start),
        time: dutch::time(at.start.time()),
        end: at.end.map(|end| dutch::time(end.time())),
        meta,
    }
}
