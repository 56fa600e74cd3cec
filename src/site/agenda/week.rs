//! A week on paper: what a community centre hangs on its door.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Deserialize;

use super::Asking;
use crate::base::dutch;
use crate::search::agenda::AgendaRequest;
use crate::site::days::{self, Day, LongItem};
use crate::site::links;
use crate::site::page::Page;
use crate::site::portal::{Portal, html};
use crate::site::what_is_on::{self, Asked};
use crate::web::{Error, Policy, Query};

pub const CACHE: Policy = Policy::page(&["wijk", "week", "groot"]).fresh_for(days::MINUTE);

/// More dates than a week of a large town has.
const MOST: usize = 5_000;
/// So many dates fit on one sheet below each other.
const FEW: usize = 12;

#[derive(Deserialize, Default)]
pub struct OfWeek {
    /// Any day of the week.
    #[serde(default, deserialize_with = "crate::web::query::lenient")]
    week: Option<NaiveDate>,
    #[serde(default, deserialize_with = "crate::web::query::lenient")]
    groot: Option<String>,
}

#[derive(Template)]
#[template(path = "site/agenda/week.html")]
struct Show {
    page: Page,
    heading: String,
    /// "Maandag 30 november tot en met zondag 6 december"
    span: String,
    large: bool,
    /// It fits on one sheet without a second column.
    few: bool,
    days: Vec<Day>,
    long: Vec<LongItem>,
    /// The same in the other size of type.
    other: String,
    previous: Option<String>,
    next: Option<String>,
    list: String,
}

pub async fn show(
    State(portal): State<Portal>,
    slug: Option<Path<String>>,
    Query(asked): Query<Asked>,
    Query(of): Query<OfWeek>,
) -> Result<Html<String>, Error> {
    let asked = match slug {
        Some(Path(slug)) => {
            let slug = slug.parse().map_err(|_| Error::NotFound)?;
            asked.of_zone(&portal, slug, links::WEEK).await?
        }
        None => asked,
    };
    let asking = Asking::new(&portal, &asked);
    let Asking { wish, names, today } = &asking;
    let now = portal.clock.local();
    let this = monday_of(*today);
    let known = |monday: NaiveDate| {
        let sunday = monday.checked_add_days(Days::new(6));
        monday >= this && sunday.is_some_and(|day| day <= what_is_on::last_known(*today))
    };
    let asked_week = of.week.map(monday_of).filter(|monday| known(*monday));
    let monday = asked_week.unwrap_or(this);
    let sunday = monday.checked_add_days(Days::new(6)).unwrap_or(monday);
    let mut request = AgendaRequest {
        folded: false,
        skip: 0,
        most: MOST,
        ..wish.request(names, now)
    };
    // What is over is not hung on a door.
    let first = monday.max(*today);
    request.filters.days = Some((first, sunday));
    let agenda = what_is_on::look(&portal, &request)?;
    let large = of.groot.as_deref() == Some("ja");
    let to = |monday: NaiveDate, large: bool| {
        let week = if monday == this {
            String::new()
        } else {
            monday.to_string()
        };
        wish.query()
            .with("week", week)
            .with("groot", if large { "ja" } else { "" })
            .on(&format!(
                "{}{}",
                links::agenda(wish.zone.as_deref()),
                links::WEEK
            ))
    };
    let week_away = |monday: Option<NaiveDate>| {
        monday
            .filter(|monday| known(*monday))
            .map(|monday| to(monday, large))
    };
    let span = format!(
        "{} tot en met {}",
        dutch::day_seen_from(first, *today),
        dutch::day_seen_from(sunday, *today)
    );
    let heading = asking.heading();
    let mut page = asking.page(&portal, links::WEEK, format!("{heading}, {span}"));
    page.hidden = true;
    html(&Show {
        page,
        span: dutch::sentence(&span),
        large,
        few: agenda.listed <= FEW,
        days: days::of_index(&agenda.dates, false, now),
        long: days::long(&agenda.going_on, now),
        other: to(monday, !large),
        previous: week_away(monday.checked_sub_days(Days::new(7))),
        next: week_away(monday.checked_add_days(Days::new(7))),
        list: wish.href(""),
        heading,
    })
}

fn monday_of(day: NaiveDate) -> NaiveDate {
    let back = u64::from(day.weekday().days_since(Weekday::Mon));
    day.checked_sub_days(Days::new(back)).unwrap_or(day)
}
