use askama::Template;
use axum::extract::State;
use axum::response::Html;
use serde::Deserialize;

use super::days::{self, Day};
use super::filters::Choice;
use super::links;
use super::page::Page;
use super::portal::{Portal, html};
use super::zones::{AHEAD, ENOUGH, neighbours, widened_to};
use crate::access::Viewer;
use crate::base::Slug;
use crate::catalogue::activities::store::{self, Selection};
use crate::catalogue::zones;
use crate::web::{Error, Policy, Query, query::lenient};

pub const CACHE: Policy = Policy::page(&["wijk"]).fresh_for(days::MINUTE);

#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default, deserialize_with = "lenient")]
    wijk: Option<Slug>,
}

#[derive(Template)]
#[template(path = "site/agenda.html")]
struct Agenda {
    page: Page,
    heading: String,
    total: usize,
    zones: Vec<Choice>,
    days: Vec<Day>,
    widened: String,
    /// Address of the same as a calendar to subscribe to.
    calendar: String,
}

/// The coming two weeks, of everywhere or of one zone.
pub async fn show(
    State(portal): State<Portal>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Error> {
    let mut conn = portal.connection().await?;
    let zone = match &asked.wijk {
        Some(slug) => zones::store::profile(&mut conn, Viewer::Public, slug).await?,
        None => None,
    };
    let only = zone.as_ref().map_or_else(Selection::default, |zone| {
        Selection::in_zones(vec![zone.id])
    });
    let mut cards = store::cards(&mut conn, Viewer::Public, &only).await?;
    let now = portal.clock.local();
    let mut widened = String::new();
    if let Some(zone) = zone.as_ref().filter(|zone| !zone.neighbours.is_empty())
        && days::coming(&cards, now, AHEAD).len() < ENOUGH
    {
        let around = Selection::in_zones(neighbours(&portal, &zone.neighbours));
        cards.extend(store::cards(&mut conn, Viewer::Public, &around).await?);
        widened = widened_to(&zone.name, &zone.neighbours);
    }
    drop(conn);
    let dates = days::coming(&cards, now, AHEAD);
    let names = portal.names();
    let heading = zone.as_ref().map_or_else(
        || "Agenda".to_owned(),
        |zone| format!("Agenda van {}", zone.name),
    );
    let path = zone.as_ref().map_or_else(
        || links::AGENDA.to_owned(),
        |zone| links::agenda_of(&zone.slug),
    );
    html(&Agenda {
        page: portal
            .page(path, format!("{heading}: de komende twee weken"))
            .describe(&format!(
                "Wat er de komende twee weken te doen is in {}.",
                portal.site.municipality
            )),
        heading,
        total: dates.len(),
        zones: names
            .zones
            .iter()
            .map(|z| {
                Choice::new(
                    &z.slug,
                    &z.name,
                    zone.as_ref().is_some_and(|zone| zone.slug == z.slug),
                )
            })
            .collect(),
        days: days::by_day(&dates, now.date()),
        widened,
        calendar: links::agenda_calendar(zone.as_ref().map(|zone| zone.slug.as_str())),
    })
}
