use askama::Template;
use axum::extract::State;
use axum::response::Html;
use chrono::Days;

use super::days::{self, Day};
use super::items::{Item, Tile};
use super::page::Page;
use super::portal::{Portal, html};
use super::zone_map::ZoneMap;
use super::{json_ld, links, what_is_on};
use crate::access::Viewer;
use crate::catalogue::dossiers;
use crate::catalogue::words::TextName;
use crate::web::{Error, Policy};

pub const CACHE: Policy = Policy::page(&[]).fresh_for(days::MINUTE);

/// More would push the questions out of sight on a phone.
const PER_DAY: usize = 4;
const QUESTIONS: i64 = 6;

#[derive(Template)]
#[template(path = "site/home.html")]
struct Home {
    page: Page,
    themes: Vec<Tile>,
    map: ZoneMap,
    days: Vec<Day>,
    questions: Vec<Item>,
    examples: [(&'static str, &'static str); 3],
}

/// Searches that show what can be asked, in plain words.
const EXAMPLES: [(&str, &str); 3] = [
    ("/zoeken?q=samen%20eten", "samen eten"),
    ("/zoeken?q=hulp%20bij%20brieven", "hulp bij brieven"),
    ("/zoeken?q=mantelzorg", "zorgen voor een ander"),
];

pub async fn show(State(portal): State<Portal>) -> Result<Html<String>, Error> {
    let mut conn = portal.connection().await?;
    let now = portal.clock.local();
    let questions =
        dossiers::faq_store::cards(&mut conn, Viewer::Public, None, None, QUESTIONS).await?;
    drop(conn);
    let today = now.date();
    let mut dates = what_is_on::on(&portal, today, PER_DAY)?;
    dates.extend(what_is_on::on(&portal, today + Days::new(1), PER_DAY)?);
    let days = days::of_index(&dates, false, now);
    let names = portal.names();
    let municipality = &portal.site().municipality;
    let mut page = portal
        .page(links::HOME, "")
        .describe(&format!(
            "Hulp, activiteiten en mensen bij u in de buurt in {municipality}. Over wonen, zorg, geld en ontmoeten."
        ))
        .data(&json_ld::website(&portal.site()));
    page.title = page.text(TextName::HomeTitle);
    page.search_in_header = false;
    html(&Home {
        page,
        themes: names.top_themes().into_iter().map(Tile::theme).collect(),
        map: ZoneMap::new(&names.zones, None),
        days,
        questions: questions.iter().map(Item::question).collect(),
        examples: EXAMPLES,
    })
}
