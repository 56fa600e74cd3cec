//! News of an agenda (Atom, RFC 4287): what was added or changed last, by the same filters.

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};

use super::links;
use super::portal::{Portal, html};
use super::what_is_on::{Asked, Missed, PARAMS, Wish};
use crate::base::{RecordKind, Slug, dutch};
use crate::catalogue::activities::Card;
use crate::web::{Error, Policy, Query, Segment};

pub const CACHE: Policy = Policy::page(PARAMS);

/// A reader that looks once a week misses nothing in Deventer.
const ENTRIES: i64 = 100;

#[derive(Template)]
#[template(path = "site/feed.xml")]
struct Feed {
    title: String,
    here: String,
    page: String,
    updated: String,
    entries: Vec<Entry>,
}

struct Entry {
    /// Of the activity: the same for ever, whatever its address becomes.
    id: String,
    title: String,
    href: String,
    updated: String,
    author: String,
    category: String,
    summary: String,
}

/// Of everything that the filters of the agenda let through; days are no filter.
pub async fn all(
    State(portal): State<Portal>,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    answer(&portal, &asked).await
}

/// Of a zone.
pub async fn zone(
    State(portal): State<Portal>,
    Segment(slug): Segment<Slug>,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let asked = asked.of_zone(&portal, slug, links::FEED).await?;
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
    let cards = wish.newest(portal, ENTRIES).await?;
    let zone = wish.zone.as_ref().and_then(|slug| names.zone(slug));
    let base = &portal.site().base_url;
    let title = zone.map_or_else(
        || format!("Nieuw in de agenda | {}", portal.site().name),
        |zone| {
            format!(
                "Nieuw in de agenda van {} | {}",
                zone.name,
                portal.site().name
            )
        },
    );
    let newest = cards.iter().map(|card| card.changed_at).max();
    let feed = html(&Feed {
        title,
        here: format!("{base}{}", wish.href(links::FEED)),
        page: format!("{base}{}", wish.href("")),
        // An empty feed was never changed.
        updated: moment(newest.unwrap_or_default()),
        entries: cards
            .iter()
            .filter(|card| !card.is_over(now))
            .map(|card| Entry {
                id: card.id.0.to_string(),
                title: plain(&card.title),
                href: format!("{base}{}", links::record(RecordKind::Activity, &card.slug)),
                updated: moment(card.changed_at),
                author: plain(&card.organisation.name),
                category: card.kind.dutch().to_owned(),
                summary: plain(&summary(card, now)),
            })
            .collect(),
    })?;
    Ok((
        [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")],
        feed.0,
    )
        .into_response())
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// When and where, then what.
fn summary(card: &Card, now: NaiveDateTime) -> String {
    let next = card.coming(now, chrono::NaiveDate::MAX, 1);
    let when = next.first().map(|date| {
        let day = dutch::day_seen_from(date.start.date(), now.date());
        format!(
            "Volgende keer: {day}, {}.",
            dutch::hours(date.start, date.end)
        )
    });
    let rhythm = card
        .rhythm(now)
        .map(|rhythm| format!("{}.", dutch::sentence(&rhythm)));
    let place = card
        .venue
        .as_ref()
        .map(|venue| format!("In {}.", venue.name));
    let note = card.warnings(now.date()).map(|note| format!("{note}."));
    let parts = [note, when, rhythm, place, Some(card.summary.clone())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Without the characters that XML does not know.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() || c.is_whitespace())
        .collect()
}
