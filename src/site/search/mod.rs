//! The search page.

mod asked;
mod choices;

use std::time::Instant;

use askama::Template;
use axum::extract::State;
use axum::response::Html;

pub use asked::Asked;
use asked::{query_string, wish};
use choices::{Form, cue_chips, filter_chips, form};

use super::filters::{Chip, Pager, QueryString};
use super::items::{Item, Tile};
use super::links;
use super::page::Page;
use super::portal::{Portal, html};
use crate::base::dutch;
use crate::catalogue::Vocabulary;
use crate::catalogue::words::HelpLine;
use crate::search::{Filters, SearchRequest, SearchResult};
use crate::telemetry;
use crate::web::{Error, Policy, Query};

/// What a visitor typed is in it.
pub const CACHE: Policy = Policy::never();

const PER_PAGE: usize = 20;
/// Further pages would be read by machines only.
const LAST_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "site/search.html")]
#[allow(clippy::struct_excessive_bools)] // what a template asks is yes or no
struct Results {
    page: Page,
    words: String,
    literal: bool,
    total: usize,
    with_words: usize,
    relaxed: bool,
    corrected: Option<Corrected>,
    /// Where else was searched, because a place was named with little to find.
    widened: Option<String>,
    other_days: bool,
    elsewhere: bool,
    help_lines: Vec<HelpLine>,
    answer: Option<Item>,
    items: Vec<Item>,
    form: Form,
    chips: Vec<Chip>,
    /// Filters were chosen, beside those that were read in the words.
    filtered: bool,
    clear: String,
    pager: Pager,
    near: Option<Near>,
    themes: Vec<Tile>,
}

/// A typing error that was mended, and the way back.
struct Corrected {
    words: String,
    literal: String,
}

/// A search that looks like one that found nothing.
struct Near {
    words: String,
    href: String,
}

/// One search over everything. Nothing here asks PostgreSQL.
pub async fn show(
    State(portal): State<Portal>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Error> {
    if !portal.engine.is_complete() {
        return Err(Error::DatabaseAway);
    }
    let names = portal.names();
    let now = portal.clock.local();
    let mut wish = wish(&asked, &names, now);
    let begun = Instant::now();
    let mut result = find(&portal, &wish.request)?;
    if result.hits.is_empty() && result.total > 0 {
        // Past the last page: show that one rather than nothing.
        wish.request.page = result.total.div_ceil(PER_PAGE).clamp(1, LAST_PAGE);
        result = find(&portal, &wish.request)?;
    }
    telemetry::search(begun.elapsed());
    let request = &wish.request;
    if result.total == 0 && request.filters == Filters::default() {
        portal.unanswered.note(&request.words);
    }
    let query = query_string(&wish);
    let mut page = portal.page(links::SEARCH, title(&request.words, result.total));
    page.hidden = true;
    page.delicate = result.emergency.is_some();
    page.words.clone_from(&request.words);
    let mut items: Vec<Item> = result
        .hits
        .iter()
        .map(|hit| Item::hit(hit, now, result.days))
        .collect();
    let answer = result.answer.map(|at| items.remove(at));
    let mut chips = cue_chips(&names, &result.cues, &wish);
    chips.extend(filter_chips(&names, &request.filters, &query));
    html(&Results {
        literal: request.literal,
        total: result.total,
        with_words: result.with_words,
        relaxed: result.relaxed,
        corrected: result.corrected.map(|words| Corrected {
            words,
            literal: query.clone().with("letterlijk", "ja").on(links::SEARCH),
        }),
        widened: widened(&names, &result.widened),
        other_days: result.other_days,
        elsewhere: result.elsewhere,
        help_lines: result
            .emergency
            .map_or_else(Vec::new, |concept| names.help_lines_in_need(concept)),
        answer,
        items,
        form: form(&names, &result.facets, &wish),
        filtered: !chips.is_empty(),
        chips,
        clear: QueryString::default()
            .with("q", result.without_cues)
            .on(links::SEARCH),
        pager: Pager::new(
            request.page,
            result.total.div_ceil(PER_PAGE).clamp(1, LAST_PAGE),
            |query| query.on(links::SEARCH),
            &query,
        ),
        near: result.near.map(|words| Near {
            href: (QueryString::default().with("q", &words)).on(links::SEARCH),
            words,
        }),
        themes: names.top_themes().into_iter().map(Tile::theme).collect(),
        words: request.words.clone(),
        page,
    })
}

/// The number is in it, because that is what a screen reader says first.
fn title(words: &str, total: usize) -> String {
    let found = match total {
        0 => "niets gevonden".to_owned(),
        1 => "1 resultaat".to_owned(),
        many => format!("{many} resultaten"),
    };
    if words.is_empty() {
        format!("Zoeken: {found}")
    } else {
        format!("{words}: {found}")
    }
}

/// Where else was searched, in words.
fn widened(names: &Vocabulary, zones: &[String]) -> Option<String> {
    let known: Vec<&str> = zones
        .iter()
        .filter_map(|slug| names.zone(slug).map(|zone| zone.name.as_str()))
        .collect();
    (!known.is_empty()).then(|| dutch::list(&known))
}

fn find(portal: &Portal, request: &SearchRequest) -> Result<SearchResult, Error> {
    let found = portal.engine.search(request);
    found.map_err(|error| Error::Internal(error.into()))
}
