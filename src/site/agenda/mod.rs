//! The agenda: a list by day, a month at a glance, a week on paper.

mod choices;
mod month;
mod week;

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use chrono::{Days, NaiveDate};

use choices::{Cell, Form, Name, chips, form, named, strip};
pub use month::show as month;
pub use week::show as week;

use super::days::{self, Day, LongItem};
use super::filters::{Chip, Pager};
use super::links;
use super::page::{Crumb, Page};
use super::portal::{Portal, html};
use super::what_is_on::{self, Asked, Missed, PARAMS, PER_PAGE, Span, Wish};
use crate::base::{Slug, dutch};
use crate::catalogue::Vocabulary;
use crate::web::{Error, Policy, Query, Segment};

pub use month::CACHE as MONTH_CACHE;
pub use week::CACHE as WEEK_CACHE;
pub const CACHE: Policy = Policy::page(PARAMS).fresh_for(days::MINUTE);

#[derive(Template)]
#[template(path = "site/agenda/list.html")]
struct List {
    page: Page,
    heading: String,
    /// "De komende twee weken", "Dit weekend".
    span: String,
    activities: usize,
    named: Vec<Name>,
    strip: Vec<Cell>,
    /// A day of the strip is a link; who has only keys could not scroll it otherwise.
    strip_leads: bool,
    form: Form,
    chips: Vec<Chip>,
    clear: String,
    days: Vec<Day>,
    long: Vec<LongItem>,
    widened: String,
    /// What of the address was let go.
    missed: &'static str,
    /// The same with the zones beside this one, and which these are: where little was found.
    beside: Option<(String, String)>,
    /// The same in the whole municipality.
    everywhere: Option<String>,
    pager: Pager,
    /// The two weeks after these.
    later: Option<String>,
    also: Also,
}

/// The same agenda in other forms.
struct Also {
    month: String,
    week: String,
    subscription: String,
    calendar: String,
    feed: String,
    /// What has no fixed time.
    undated: String,
}

/// An agenda that any page of this part shows: of one zone, or of everything.
struct Asking {
    wish: Wish,
    names: std::sync::Arc<Vocabulary>,
    today: NaiveDate,
}

impl Asking {
    fn new(portal: &Portal, asked: &Asked) -> Self {
        let names = portal.names();
        let today = portal.clock.today();
        Self {
            wish: Wish::new(asked, &names, today),
            names,
            today,
        }
    }

    /// "Agenda van Bathmen"
    fn heading(&self) -> String {
        let zone = self
            .wish
            .zone
            .as_ref()
            .and_then(|slug| self.names.zone(slug));
        let beside = if self.wish.around { " en omgeving" } else { "" };
        zone.map_or_else(
            || "Agenda".to_owned(),
            |zone| format!("Agenda van {}{beside}", zone.name),
        )
    }

    /// The page under `behind` this agenda; only the plain one is for search engines.
    fn page(&self, portal: &Portal, behind: &str, title: String) -> Page {
        let zone = self.wish.zone.as_deref();
        let path = format!("{}{behind}", links::agenda(zone));
        let mut crumbs = Vec::new();
        if let Some(zone) = zone.and_then(|slug| self.names.zone(slug)) {
            crumbs.push(Crumb::new(links::ZONES, "Wijken en dorpen"));
            crumbs.push(Crumb::new(links::zone(&zone.slug), &zone.name));
        }
        if !behind.is_empty() {
            crumbs.push(Crumb::new(links::agenda(zone), "Agenda"));
        }
        let mut page = portal.page(path, title).below(crumbs);
        page.hidden = self.wish.href("") != links::agenda(zone) || self.wish.page > 1;
        page
    }
}

/// The agenda of everything, or of the zone in the query.
pub async fn show(
    State(portal): State<Portal>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Error> {
    list(&portal, &asked)
}

/// The agenda of the zone in the path.
pub async fn of_zone(
    State(portal): State<Portal>,
    Segment(slug): Segment<Slug>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Error> {
    list(&portal, &asked.of_zone(&portal, slug, "").await?)
}

fn list(portal: &Portal, asked: &Asked) -> Result<Html<String>, Error> {
    let mut asking = Asking::new(portal, asked);
    let mut found = what_is_on::find(portal, &asking.wish, PER_PAGE)?;
    let last = found.agenda.listed.div_ceil(PER_PAGE).max(1);
    if asking.wish.page > last {
        // Past the last page: show that one rather than nothing.
        asking.wish.page = last;
        found = what_is_on::find(portal, &asking.wish, PER_PAGE)?;
    }
    let Asking { wish, names, today } = &asking;
    let now = portal.clock.local();
    let agenda = &found.agenda;
    let heading = asking.heading();
    let (from, to) = found.days;
    let span = span_words(wish.span, (from, to), *today);
    let zone = wish.zone.as_deref().and_then(|slug| names.zone(slug));
    let heading = if found.widened {
        format!("{heading} en omgeving")
    } else {
        heading
    };
    let few = agenda.activities < what_is_on::ENOUGH && !wish.around && !found.widened;
    let beside = zone.filter(|zone| few && !zone.neighbours.is_empty());
    let plain = Wish {
        span: wish.span,
        ..Wish::all(wish.zone.as_deref())
    };
    let title = format!("{heading}, {span}: {}", counted(agenda.activities));
    let later = to.checked_add_days(Days::new(1));
    let later = later.filter(|next| *next <= what_is_on::last_known(*today));
    let where_ = zone.map_or(&portal.setup.municipality, |zone| &zone.name);
    let mut page = asking.page(portal, "", title).describe(&format!(
        "Wat er {span} te doen is in {where_}: koffie, samen eten, sport, cursussen en spreekuren.",
    ));
    let feed = wish.on(Span::Weeks(None)).href(links::FEED);
    page.feed = Some(feed.clone());
    let days = strip(wish, agenda, *today);
    let calendar = wish.on(Span::Weeks(None)).href(links::CALENDAR);
    html(&List {
        page,
        heading,
        activities: agenda.activities,
        named: named(wish),
        strip_leads: days.iter().any(|cell| cell.count > 0 || cell.current),
        strip: days,
        form: form(names, agenda, wish),
        chips: chips(names, wish),
        clear: plain.href(""),
        days: days::of_index(&agenda.dates, true, now),
        long: if wish.page == 1 {
            days::long(&agenda.going_on, now)
        } else {
            Vec::new()
        },
        widened: match &wish.zone {
            Some(zone) if found.widened => what_is_on::widened_to(names, zone),
            _ => String::new(),
        },
        missed: asked
            .missed(names, *today)
            .map_or("", |missed| missed_words(missed)),
        beside: beside.map(|zone| {
            let wider = Wish {
                around: true,
                ..wish.clone()
            };
            (wider.href(""), what_is_on::around(names, &zone.slug))
        }),
        everywhere: zone.map(|_| {
            let all = Wish {
                zone: None,
                around: false,
                ..wish.clone()
            };
            all.href("")
        }),
        pager: Pager::new(
            wish.page,
            last,
            |query| query.on(&links::agenda(wish.zone.as_deref())),
            &wish.query(),
        ),
        later: matches!(wish.span, Span::Weeks(_))
            .then_some(later)
            .flatten()
            .map(|next| wish.on(Span::Weeks(Some(next))).href("")),
        also: Also {
            month: wish.on(Span::Weeks(None)).href(links::MONTH),
            week: Wish::all(wish.zone.as_deref()).href(links::WEEK),
            subscription: links::subscription(&portal.site().base_url, &calendar),
            calendar,
            feed,
            undated: zone.map_or_else(
                || format!("{}?soort=activiteit", links::SEARCH),
                |zone| format!("{}?soort=activiteit&wijk={}", links::SEARCH, zone.slug),
            ),
        },
        span,
    })
}

fn missed_words(missed: Missed) -> &'static str {
    match missed {
        Missed::Past => "De dag in dit adres is voorbij. U ziet wat er vanaf vandaag te doen is.",
        Missed::TooFar => {
            "Zo ver vooruit kennen wij de agenda nog niet. U ziet wat er vanaf vandaag te doen is."
        }
        Missed::Unknown => {
            "Iets in dit adres kennen wij niet, of niet meer. Dat hebben wij weggelaten."
        }
    }
}

/// "1 activiteit", "12 activiteiten", "niets gevonden"
fn counted(activities: usize) -> String {
    match activities {
        0 => "niets gevonden".to_owned(),
        1 => "1 activiteit".to_owned(),
        many => format!("{many} activiteiten"),
    }
}

/// "de komende twee weken", "dit weekend", "op dinsdag 24 november"
fn span_words(span: Span, (from, to): (NaiveDate, NaiveDate), today: NaiveDate) -> String {
    match span {
        Span::Weeks(None) => "de komende twee weken".to_owned(),
        Span::Weeks(Some(_)) => format!(
            "van {} tot en met {}",
            dutch::day_seen_from(from, today),
            dutch::day_seen_from(to, today)
        ),
        Span::Day(day) if (day - today).num_days() < 2 => dutch::relative_day(day, today),
        Span::Day(day) => format!("op {}", dutch::day_seen_from(day, today)),
        Span::Named(when) => {
            let known = what_is_on::NAMED.iter().find(|(known, ..)| *known == when);
            known.map_or_else(String::new, |(.., name)| name.to_lowercase())
        }
    }
}
