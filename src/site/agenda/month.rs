//! A month at a glance: a table that becomes a list on a phone.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Deserialize;

use super::choices::chips;
use super::{Asking, counted};
use crate::base::dutch;
use crate::search::agenda::AgendaRequest;
use crate::site::days::{self, DayItem, LongItem};
use crate::site::filters::Chip;
use crate::site::links;
use crate::site::page::Page;
use crate::site::portal::{Portal, html};
use crate::site::what_is_on::{self, Asked, Span, Wish};
use crate::web::{Error, Policy, Query};

pub const CACHE: Policy = Policy::page(&[
    "wijk",
    "buurt",
    "deel",
    "thema",
    "doelgroep",
    "soort",
    "taal",
    "gratis",
    "rolstoel",
    "maand",
])
.fresh_for(days::MINUTE);

/// Titles in a cell; the day itself has the rest.
const IN_CELL: usize = 3;
/// More dates than a month of a large town has.
const MOST: usize = 20_000;

#[derive(Deserialize, Default)]
pub struct OfMonth {
    #[serde(default, deserialize_with = "crate::web::query::lenient")]
    maand: Option<Month>,
}

/// The first day of a month, written "2026-12".
#[derive(Clone, Copy, PartialEq, Eq)]
struct Month(NaiveDate);

impl std::str::FromStr for Month {
    type Err = chrono::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").map(Self)
    }
}

#[derive(Template)]
#[template(path = "site/agenda/month.html")]
struct Show {
    page: Page,
    heading: String,
    /// "December 2026"
    name: String,
    activities: usize,
    chips: Vec<Chip>,
    /// Those that are not over.
    weeks: Vec<Week>,
    long: Vec<LongItem>,
    previous: Option<(String, String)>,
    next: Option<(String, String)>,
    list: String,
}

struct Week {
    /// ISO 8601 week.
    number: u32,
    /// Seven, from Monday; `None` outside the month.
    days: Vec<Option<Cell>>,
}

struct Cell {
    date: NaiveDate,
    number: u32,
    /// "dinsdag 1 december"
    name: String,
    today: bool,
    items: Vec<DayItem>,
    /// Not in `items`.
    more: usize,
    href: String,
}

pub async fn show(
    State(portal): State<Portal>,
    slug: Option<Path<String>>,
    Query(asked): Query<Asked>,
    Query(of): Query<OfMonth>,
) -> Result<Html<String>, Error> {
    let asked = match slug {
        Some(Path(slug)) => {
            let slug = slug.parse().map_err(|_| Error::NotFound)?;
            asked.of_zone(&portal, slug, links::MONTH).await?
        }
        None => asked,
    };
    let asking = Asking::new(&portal, &asked);
    let Asking { wish, names, today } = &asking;
    let (now, this) = (portal.clock.local(), first_of(*today));
    // All of it, or its last days would look empty.
    let known =
        |month: NaiveDate| month >= this && last_of(month) <= what_is_on::last_known(*today);
    let month = of.maand.map_or(this, |Month(month)| month);
    let month = if known(month) { month } else { this };
    let last = last_of(month);
    let mut request = AgendaRequest {
        folded: false,
        skip: 0,
        most: MOST,
        ..wish.request(names, now)
    };
    request.filters.days = Some((month.max(*today), last));
    let agenda = what_is_on::look(&portal, &request)?;
    let mut by_day = days::of_index(&agenda.dates, false, now);
    let heading = asking.heading();
    let name = format!("{} {}", dutch::month(month), month.year());
    let to = |month: Option<NaiveDate>| {
        let month = month.filter(|month| known(*month))?;
        let query = wish
            .on(Span::Weeks(None))
            .query()
            .with("maand", month.format("%Y-%m").to_string());
        let path = format!("{}{}", links::agenda(wish.zone.as_deref()), links::MONTH);
        Some((query.on(&path), dutch::month(month).to_owned()))
    };
    let title = format!("{heading} in {name}: {}", counted(agenda.activities));
    let mut page = asking.page(&portal, links::MONTH, title).describe(&format!(
        "Alle activiteiten van {name} in één overzicht. Kies een dag en zie wat er te doen is."
    ));
    page.hidden |= month != this;
    let cells = |date: NaiveDate| {
        (first_of(date) == month).then(|| {
            let day = by_day.iter_mut().find(|day| day.date == date);
            let mut items = day.map_or_else(Vec::new, |day| std::mem::take(&mut day.items));
            let more = items.len().saturating_sub(IN_CELL);
            items.truncate(IN_CELL);
            Cell {
                date,
                number: date.day(),
                name: dutch::day_seen_from(date, *today),
                today: date == *today,
                items,
                more,
                href: wish.on(Span::Day(date)).href(""),
            }
        })
    };
    html(&Show {
        page,
        activities: agenda.activities,
        chips: chips(names, wish),
        weeks: weeks(month.max(*today), last, cells),
        long: days::long(&agenda.going_on, now),
        previous: to(month.checked_sub_months(Months::new(1))),
        next: to(month.checked_add_months(Months::new(1))),
        list: Wish::on(wish, Span::Weeks(None)).href(""),
        name: dutch::sentence(&name),
        heading,
    })
}

fn first_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

fn last_of(month: NaiveDate) -> NaiveDate {
    let next = month.checked_add_months(Months::new(1));
    next.and_then(|next| next.pred_opt()).unwrap_or(month)
}

/// The weeks with a day from the first to the last.
fn weeks(
    first: NaiveDate,
    last: NaiveDate,
    mut cell: impl FnMut(NaiveDate) -> Option<Cell>,
) -> Vec<Week> {
    let monday = first.week(chrono::Weekday::Mon).first_day();
    let mondays = monday.iter_weeks().take_while(|monday| *monday <= last);
    mondays
        .map(|monday| Week {
            number: monday.iso_week().week(),
            days: (0..7)
                .map(|ahead| {
                    monday
                        .checked_add_days(Days::new(ahead))
                        .and_then(&mut cell)
                })
                .collect(),
        })
        .collect()
}
