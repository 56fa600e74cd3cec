use std::str::FromStr;
use std::time::Instant;

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use chrono::NaiveDateTime;
use serde::Deserialize;

use super::filters::{Chip, Choice, QueryString};
use super::items::{self, Item, Tile};
use super::links;
use super::page::Page;
use super::portal::{Portal, html};
use crate::base::{RecordKind, dutch};
use crate::catalogue::Vocabulary;
use crate::catalogue::words::HelpLine;
use crate::search::{
    AppliedCue, FacetCount, Facets, Filters, Meaning, Order, SearchRequest, SearchResult, When,
};
use crate::telemetry;
use crate::web::{Error, Policy, Query, query::lenient};

/// What a visitor typed is in it.
pub const CACHE: Policy = Policy::never();

const PER_PAGE: usize = 20;
/// Further pages would be read by machines only.
const LAST_PAGE: usize = 50;

/// The query of the search page, as it stands in the address.
#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default, deserialize_with = "lenient")]
    q: Option<String>,
    #[serde(default)]
    thema: Vec<String>,
    #[serde(default)]
    wijk: Vec<String>,
    #[serde(default)]
    doelgroep: Vec<String>,
    #[serde(default)]
    soort: Vec<String>,
    #[serde(default, deserialize_with = "lenient")]
    gratis: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    rolstoel: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    letterlijk: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    sorteer: Option<Sort>,
    #[serde(default, deserialize_with = "lenient")]
    vanaf: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pagina: Option<usize>,
}

/// The order of the results, as it stands in the address.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Sort {
    #[default]
    Relevance,
    Distance,
    Date,
    Name,
}

impl Sort {
    const ALL: [(Self, &str, &str); 4] = [
        (Self::Relevance, "", "Beste eerst"),
        (Self::Distance, "afstand", "Dichtbij eerst"),
        (Self::Date, "datum", "Eerste datum eerst"),
        (Self::Name, "naam", "Op naam, van A tot Z"),
    ];

    fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(sort, ..)| *sort == self)
            .map_or("", |(_, word, _)| word)
    }
}

impl FromStr for Sort {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        let found = Self::ALL.iter().find(|(_, known, _)| *known == word);
        found.map(|(sort, ..)| *sort).ok_or(())
    }
}

/// What was asked, with what only the page needs to know of it.
struct Wish {
    request: SearchRequest,
    sort: Sort,
    /// From where distances are measured, as typed.
    from: String,
}

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

/// The choices of the filter form, with counts.
struct Form {
    zones: Vec<Choice>,
    themes: Vec<Choice>,
    audiences: Vec<Choice>,
    kinds: Vec<Choice>,
    only: Vec<Choice>,
    sorts: Vec<Choice>,
    from: String,
    /// A place was typed that is not known.
    from_unknown: bool,
}

pub struct Pager {
    pub previous: Option<String>,
    pub next: Option<String>,
    pub pages: Vec<PageLink>,
}

pub struct PageLink {
    pub number: usize,
    pub href: String,
    pub current: bool,
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
        pager: pager(&query, request.page, result.total),
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

/// What was asked, as far as it means something; the rest of the address is ignored.
fn wish(asked: &Asked, names: &Vocabulary, now: NaiveDateTime) -> Wish {
    let some = |values: &[String], known: &dyn Fn(&str) -> bool| {
        let mut values: Vec<String> = values
            .iter()
            .filter(|value| known(value))
            .cloned()
            .collect();
        values.sort();
        values.dedup();
        values
    };
    let text = |value: &Option<String>, most: usize| -> String {
        let text = value.as_deref().unwrap_or_default();
        text.trim().chars().take(most).collect()
    };
    let yes = |value: &Option<String>| value.as_deref() == Some("ja");
    let filters = Filters {
        themes: some(&asked.thema, &|slug| names.theme(slug).is_some()),
        zones: some(&asked.wijk, &|slug| names.zone(slug).is_some()),
        audiences: some(&asked.doelgroep, &|slug| names.audience(slug).is_some()),
        kinds: KINDS
            .iter()
            .filter(|(word, _)| asked.soort.iter().any(|s| s == word))
            .map(|(_, kind)| *kind)
            .collect(),
        free_of_charge: yes(&asked.gratis),
        wheelchair: yes(&asked.rolstoel),
        days: None,
    };
    let from = text(&asked.vanaf, 60);
    // Who says from where wants what is near.
    let sort = match asked.sorteer.unwrap_or_default() {
        Sort::Relevance if !from.is_empty() => Sort::Distance,
        sort => sort,
    };
    let place = Some(&from).filter(|from| !from.is_empty());
    let order = match sort {
        Sort::Relevance => Order::Relevance,
        Sort::Name => Order::Name,
        Sort::Date => Order::Date,
        // Without a place, the chosen zone is where someone is.
        Sort::Distance => place
            .or(filters.zones.first())
            .and_then(|place| names.point_of(place))
            .map_or(Order::Relevance, Order::Distance),
    };
    let request = SearchRequest {
        words: text(&asked.q, 300),
        literal: yes(&asked.letterlijk),
        filters,
        order,
        now: Some(now),
        page: asked.pagina.unwrap_or(1).clamp(1, LAST_PAGE),
        per_page: PER_PAGE,
    };
    Wish {
        request,
        sort,
        from,
    }
}

/// The words for kinds of record in the address.
const KINDS: [(&str, RecordKind); 7] = [
    ("activiteit", RecordKind::Activity),
    ("organisatie", RecordKind::Organisation),
    ("plek", RecordKind::Place),
    ("dossier", RecordKind::Dossier),
    ("vraag", RecordKind::Faq),
    ("thema", RecordKind::Theme),
    ("wijk", RecordKind::Zone),
];

fn word(kind: RecordKind) -> &'static str {
    KINDS
        .iter()
        .find(|(_, k)| *k == kind)
        .map_or("", |(word, _)| word)
}

fn query_string(wish: &Wish) -> QueryString {
    let request = &wish.request;
    let filters = &request.filters;
    QueryString::default()
        .with("q", &request.words)
        .with_all("thema", filters.themes.iter().map(String::as_str))
        .with_all("wijk", filters.zones.iter().map(String::as_str))
        .with_all("doelgroep", filters.audiences.iter().map(String::as_str))
        .with_all("soort", filters.kinds.iter().map(|kind| word(*kind)))
        .with("gratis", if filters.free_of_charge { "ja" } else { "" })
        .with("rolstoel", if filters.wheelchair { "ja" } else { "" })
        .with("letterlijk", if request.literal { "ja" } else { "" })
        .with("sorteer", wish.sort.word())
        .with("vanaf", &wish.from)
}

fn form(names: &Vocabulary, facets: &Facets, wish: &Wish) -> Form {
    let chosen = &wish.request.filters;
    let count = |counts: &[FacetCount], slug: &str| {
        counts
            .iter()
            .find(|c| c.value == slug)
            .map_or(0, |c| c.count)
    };
    let themes = names
        .themes
        .iter()
        .filter(|theme| theme.is_top() || chosen.themes.contains(&theme.slug));
    Form {
        zones: names
            .zones
            .iter()
            .map(|z| {
                Choice::new(&z.slug, &z.name, chosen.zones.contains(&z.slug))
                    .counted(count(&facets.zones, &z.slug))
            })
            .collect(),
        themes: themes
            .map(|t| {
                Choice::new(&t.slug, &t.name, chosen.themes.contains(&t.slug))
                    .counted(count(&facets.themes, &t.slug))
            })
            .collect(),
        audiences: names
            .audiences
            .iter()
            .map(|a| {
                let slug = a.slug.as_str();
                Choice::new(slug, &a.name, chosen.audiences.iter().any(|c| c == slug))
                    .counted(count(&facets.audiences, slug))
            })
            .collect(),
        kinds: KINDS
            .iter()
            .map(|(word, kind)| {
                let found = facets
                    .kinds
                    .iter()
                    .find(|c| c.value == *kind)
                    .map_or(0, |c| c.count);
                Choice::new(
                    *word,
                    items::kind_words(*kind).1,
                    chosen.kinds.contains(kind),
                )
                .counted(found)
            })
            .filter(|choice| choice.chosen || choice.count != Some(0))
            .collect(),
        only: vec![
            Choice::new("gratis", "Gratis", chosen.free_of_charge).counted(facets.free_of_charge),
            Choice::new("rolstoel", "Rolstoel kan naar binnen", chosen.wheelchair)
                .counted(facets.wheelchair),
        ],
        sorts: Sort::ALL
            .iter()
            .map(|(sort, word, name)| Choice::new(*word, *name, *sort == wish.sort))
            .collect(),
        from: wish.from.clone(),
        from_unknown: wish.sort == Sort::Distance && wish.request.order == Order::Relevance,
    }
}

fn filter_chips(names: &Vocabulary, filters: &Filters, query: &QueryString) -> Vec<Chip> {
    let chip = |name: &str, key: &str, value: &str| Chip {
        name: name.to_owned(),
        href: query.without(key, value).on(links::SEARCH),
    };
    let mut chips = Vec::new();
    for slug in &filters.zones {
        chips.push(chip(
            names.zone(slug).map_or(slug, |z| &z.name),
            "wijk",
            slug,
        ));
    }
    for slug in &filters.themes {
        chips.push(chip(
            names.theme(slug).map_or(slug, |t| &t.name),
            "thema",
            slug,
        ));
    }
    for slug in &filters.audiences {
        chips.push(chip(
            names.audience(slug).map_or(slug, |a| &a.name),
            "doelgroep",
            slug,
        ));
    }
    for kind in &filters.kinds {
        chips.push(chip(items::kind_words(*kind).1, "soort", word(*kind)));
    }
    if filters.free_of_charge {
        chips.push(chip("Gratis", "gratis", "ja"));
    }
    if filters.wheelchair {
        chips.push(chip("Rolstoel kan naar binnen", "rolstoel", "ja"));
    }
    chips
}

/// The words that were read as filters; taking one off takes its words out of the query.
fn cue_chips(names: &Vocabulary, cues: &[AppliedCue], wish: &Wish) -> Vec<Chip> {
    let chip = |cue: &AppliedCue| {
        let name = match &cue.meaning {
            Meaning::Zones(zones) => {
                let known = zones.iter().filter_map(|slug| names.zone(slug));
                let known: Vec<&str> = known.map(|zone| zone.name.as_str()).collect();
                dutch::list(&known)
            }
            Meaning::When(when) => match when {
                When::Today => "Vandaag".to_owned(),
                When::Tomorrow => "Morgen".to_owned(),
                When::Weekend => "Dit weekend".to_owned(),
                When::Week => "Deze week".to_owned(),
                When::NextWeek => "Volgende week".to_owned(),
                When::On(day) => dutch::sentence(dutch::weekday(*day)),
            },
            Meaning::Free => "Gratis".to_owned(),
            Meaning::Wheelchair => "Rolstoel kan naar binnen".to_owned(),
            Meaning::Agenda => return None,
        };
        let request = SearchRequest {
            words: cue.without.clone(),
            ..wish.request.clone()
        };
        let without = Wish {
            request,
            sort: wish.sort,
            from: wish.from.clone(),
        };
        Some(Chip {
            name,
            href: query_string(&without).on(links::SEARCH),
        })
    };
    cues.iter().filter_map(chip).collect()
}

/// The pages around the present one.
fn pager(query: &QueryString, current: usize, total: usize) -> Pager {
    let last = total.div_ceil(PER_PAGE).clamp(1, LAST_PAGE);
    let href = |number: usize| match number {
        1 => query.on(links::SEARCH),
        n => query
            .clone()
            .with("pagina", n.to_string())
            .on(links::SEARCH),
    };
    let numbers = current.saturating_sub(2).max(1)..=(current + 2).min(last);
    Pager {
        previous: (current > 1).then(|| href(current - 1)),
        next: (current < last).then(|| href(current + 1)),
        pages: numbers
            .map(|number| PageLink {
                number,
                href: href(number),
                current: number == current,
            })
            .collect(),
    }
}
