//! What is on: the agenda as it is asked for in an address, and as it is found.

mod wish;

use chrono::{Days, NaiveDate};

use super::portal::Portal;
use crate::access::Viewer;
use crate::base::{RecordKind, dutch};
use crate::catalogue::activities::store::{self, Selection};
use crate::catalogue::{Vocabulary, activities};
use crate::search::agenda::{Agenda, AgendaRequest, Dated, HORIZON};
use crate::search::{Filters, Hit, SearchRequest};
use crate::web::Error;
pub use wish::{AHEAD, Asked, Missed, NAMED, PARAMS, PARTS, PER_PAGE, Span, Wish, last_known};

/// With fewer activities than this we look at the neighbours too, and say so (product: zone
/// spread).
pub const ENOUGH: usize = 5;
/// Activities in one calendar: half a megabyte, and more than anyone follows.
const MOST_RECORDS: usize = 1_000;

/// What was found.
pub struct Found {
    pub agenda: Agenda,
    /// First and last day that were asked.
    pub days: (NaiveDate, NaiveDate),
    /// There is so little in the zone that its neighbours were looked at.
    pub widened: bool,
}

impl Wish {
    /// The records that pass the filters, whenever they are. More than a calendar can hold are cut
    /// to those that come first.
    ///
    /// # Errors
    /// When the index is damaged or the database does not answer.
    pub async fn records(&self, portal: &Portal) -> Result<Vec<activities::Card>, Error> {
        let request = AgendaRequest {
            most: MOST_RECORDS,
            skip: 0,
            ..self.request(&portal.names(), portal.clock.local())
        };
        let passing = portal.engine.activities(&request);
        let mut slugs = passing.map_err(|error| Error::Internal(error.into()))?;
        if slugs.len() > MOST_RECORDS {
            let mut soon = request;
            soon.filters.days = None;
            let dates = look(portal, &soon)?.dates;
            slugs = dates.into_iter().map(|dated| dated.slug).collect();
        }
        let only = Selection {
            slugs: Some(slugs),
            ..Selection::default()
        };
        let mut conn = portal.connection().await?;
        Ok(store::cards(&mut conn, Viewer::Public, &only).await?)
    }

    /// So many of the records that pass the filters, those first that were changed last.
    ///
    /// # Errors
    /// As [`Wish::records`].
    pub async fn newest(&self, portal: &Portal, most: i64) -> Result<Vec<activities::Card>, Error> {
        let names = portal.names();
        let zone = self.zone.as_ref().and_then(|slug| names.zone(slug));
        let slugs = if self.is_narrowed() {
            let passing = portal
                .engine
                .activities(&self.request(&names, portal.clock.local()));
            Some(passing.map_err(|error| Error::Internal(error.into()))?)
        } else {
            None
        };
        let only = Selection {
            zones: zone.filter(|_| slugs.is_none()).map(|zone| vec![zone.id]),
            slugs,
            newest: Some(most),
            ..Selection::default()
        };
        let mut conn = portal.connection().await?;
        Ok(store::cards(&mut conn, Viewer::Public, &only).await?)
    }
}

/// Looks it up; where little is on in a zone in the coming two weeks, around it too, whatever
/// days and filters are asked: so a count beside a filter is what the filter gives.
///
/// # Errors
/// When there is no index yet, or it is damaged.
pub fn find(portal: &Portal, wish: &Wish, most: usize) -> Result<Found, Error> {
    let names = portal.names();
    let now = portal.clock.local();
    let request = AgendaRequest {
        most,
        ..wish.request(&names, now)
    };
    let agenda = look(portal, &request)?;
    let days = wish.days(now.date());
    let zone = wish.zone.as_ref().and_then(|slug| names.zone(slug));
    let asks_more = zone.is_some_and(|zone| !zone.neighbours.is_empty()) && !wish.around;
    if agenda.activities < ENOUGH && asks_more && is_quiet(portal, wish, &agenda)? {
        let wider = Wish {
            around: true,
            ..wish.clone()
        };
        let request = AgendaRequest {
            most,
            ..wider.request(&names, now)
        };
        return Ok(Found {
            agenda: look(portal, &request)?,
            days,
            widened: true,
        });
    }
    Ok(Found {
        agenda,
        days,
        widened: false,
    })
}

/// Whether little is on in the zone of a wish in the coming two weeks, whatever its filters.
fn is_quiet(portal: &Portal, wish: &Wish, agenda: &Agenda) -> Result<bool, Error> {
    if !wish.is_narrowed() && wish.span == Span::Weeks(None) {
        return Ok(agenda.activities < ENOUGH);
    }
    let request = AgendaRequest {
        most: 0,
        ..Wish::all(wish.zone.as_deref()).request(&portal.names(), portal.clock.local())
    };
    Ok(look(portal, &request)?.activities < ENOUGH)
}

/// One question to the engine.
///
/// # Errors
/// As [`find`].
pub fn look(portal: &Portal, request: &AgendaRequest) -> Result<Agenda, Error> {
    if !portal.engine.is_complete() {
        return Err(Error::DatabaseAway);
    }
    let found = portal.engine.agenda(request);
    found.map_err(|error| Error::Internal(error.into()))
}

/// The first dates of a day, everywhere; nothing as long as there is no index.
///
/// # Errors
/// When the index is damaged.
pub fn on(portal: &Portal, day: NaiveDate, most: usize) -> Result<Vec<Dated>, Error> {
    if !portal.engine.is_complete() {
        return Ok(Vec::new());
    }
    let wish = Wish::all(None).on(Span::Day(day));
    let request = AgendaRequest {
        folded: false,
        most,
        ..wish.request(&portal.names(), portal.clock.local())
    };
    Ok(look(portal, &request)?.dates)
}

/// Below this score a hit shares only common words: seen on the 26 dossiers of the Deventer set,
/// where nothing beside the point scores more than 0.7.
const CLEAR: f32 = 1.0;

/// What answers these words best within a theme and has a date in the time that is known, by date.
/// Nothing as long as there is no index: a page that tells what to do does not wait for its dates.
///
/// # Errors
/// When the index is damaged.
pub fn about(
    portal: &Portal,
    (words, theme): (&str, &str),
    most: usize,
) -> Result<Vec<Dated>, Error> {
    if !portal.engine.is_complete() {
        return Ok(Vec::new());
    }
    let now = portal.clock.local();
    let last = now.date() + Days::new(HORIZON);
    let request = SearchRequest {
        words: words.to_owned(),
        literal: true,
        filters: Filters {
            kinds: vec![RecordKind::Activity],
            themes: vec![theme.to_owned()],
            days: Some((now.date(), last)),
            ..Filters::default()
        },
        now: Some(now),
        per_page: most,
        ..SearchRequest::default()
    };
    let found = portal.engine.search(&request);
    let found = found.map_err(|error| Error::Internal(error.into()))?;
    let with_date = |hit: Hit| {
        let next = hit.card.coming.iter().find(|at| !at.off && at.start > now);
        next.cloned().map(|at| Dated {
            at,
            slug: hit.slug,
            card: hit.card,
        })
    };
    let hits = found.hits.into_iter();
    let hits = hits.filter(|hit| !hit.related && hit.score >= CLEAR);
    let mut dates: Vec<Dated> = hits.filter_map(with_date).collect();
    dates.sort_by_key(|dated| dated.at.start);
    Ok(dates)
}

/// What we say when we looked further than was asked.
#[must_use]
pub fn widened_to(names: &Vocabulary, zone: &str) -> String {
    let Some(zone) = names.zone(zone) else {
        return String::new();
    };
    format!(
        "In {} is er weinig te doen in deze weken. Daarom ziet u ook wat er is in {}.",
        zone.name,
        around(names, &zone.slug)
    )
}

/// The zones beside a zone: "Colmschate, Voorstad en Zandweerd".
#[must_use]
pub fn around(names: &Vocabulary, zone: &str) -> String {
    let zone = names.zone(zone);
    let neighbours = zone.map_or(&[][..], |zone| &zone.neighbours);
    let around = neighbours.iter().filter_map(|slug| names.zone(slug));
    let around: Vec<&str> = around.map(|zone| zone.name.as_str()).collect();
    dutch::list(&around)
}
