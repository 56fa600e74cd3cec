use askama::Template;
use axum::extract::State;
use axum::response::Html;

use super::days::{self, Day};
use super::items::Item;
use super::links;
use super::page::{Crumb, Page};
use super::portal::{Portal, html};
use super::record::Contact;
use super::zone_map::ZoneMap;
use crate::access::Viewer;
use crate::base::{Label, RecordKind, Slug, dutch, id::ZoneId};
use crate::catalogue::activities::store::Selection;
use crate::catalogue::zones::{Profile, store};
use crate::catalogue::{activities, organisations, places};
use crate::web::{Error, Policy, Segment};

pub const CACHE: Policy = Policy::page(&[]).fresh_for(days::MINUTE);

/// The agenda of a zone: today and the thirteen days after it.
pub const AHEAD: u64 = 13;
/// With fewer dates than this we look at the neighbours too, and say so (product: zone spread).
pub const ENOUGH: usize = 5;
/// More would push the organisations off the page; the agenda has the rest.
const MOST: usize = 30;

#[derive(Template)]
#[template(path = "site/zones/list.html")]
struct List {
    page: Page,
    map: ZoneMap,
}

pub async fn list(State(portal): State<Portal>) -> Result<Html<String>, Error> {
    let names = portal.names();
    if names.zones.is_empty() {
        portal.connection().await?;
    }
    html(&List {
        page: portal
            .page(links::ZONES, "Wijken en dorpen")
            .describe(&format!(
                "Kies uw wijk of dorp in {} en zie wat er bij u in de buurt is.",
                portal.site.municipality
            )),
        map: ZoneMap::new(&names.zones, None),
    })
}

#[derive(Template)]
#[template(path = "site/zones/show.html")]
struct Show {
    page: Page,
    zone: Profile,
    contact: Contact,
    days: Vec<Day>,
    /// Said when the agenda holds dates of the neighbours too.
    widened: String,
    more: bool,
    meeting: Vec<Item>,
    others: Vec<Item>,
    historic: Vec<Item>,
    organisations: Vec<Item>,
    agenda: String,
    all: String,
}

pub async fn show(
    State(portal): State<Portal>,
    Segment(slug): Segment<Slug>,
) -> Result<Html<String>, Error> {
    let mut conn = portal.connection().await?;
    let today = portal.clock.today();
    if let Some(successor) = store::successor(&mut conn, &slug, today).await? {
        return Err(Error::Moved(links::zone(successor.as_str())));
    }
    let Some(zone) = store::profile(&mut conn, Viewer::Public, &slug).await? else {
        return Err(portal.missing(&mut conn, RecordKind::Zone, &slug).await);
    };
    let own = Selection::in_zones(vec![zone.id]);
    let mut cards = activities::store::cards(&mut conn, Viewer::Public, &own).await?;
    let places = places::store::cards(&mut conn, Viewer::Public, Some(&[zone.id]), today).await?;
    let only = organisations::store::Selection {
        own_zone: Some(zone.id),
        ..Default::default()
    };
    let organisations = organisations::store::cards(&mut conn, Viewer::Public, &only).await?;
    let now = portal.clock.local();
    let mut widened = String::new();
    if days::coming(&cards, now, AHEAD).len() < ENOUGH && !zone.neighbours.is_empty() {
        let around = Selection::in_zones(neighbours(&portal, &zone.neighbours));
        cards.extend(activities::store::cards(&mut conn, Viewer::Public, &around).await?);
        widened = widened_to(&zone.name, &zone.neighbours);
    }
    drop(conn);

    let dates = days::coming(&cards, now, AHEAD);
    let (mut meeting, others): (Vec<_>, Vec<_>) = places.iter().partition(|p| p.is_open_to_all());
    meeting.sort_by_key(|place| place.welcome_rank());
    let (historic, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|p| p.historic);
    let word = dutch::sentence(zone.kind.dutch());
    html(&Show {
        page: portal
            .page(
                links::zone(&zone.slug),
                format!("{} ({})", zone.name, zone.kind.dutch()),
            )
            .describe(&format!(
                "{word} {}: ontmoetingsplekken, agenda en organisaties bij u in de buurt. {}",
                zone.name, zone.summary
            ))
            .below(vec![Crumb::new(links::ZONES, "Wijken en dorpen")]),
        contact: contact(&portal, &places),
        more: dates.len() > MOST,
        days: days::by_day(&dates[..dates.len().min(MOST)], today),
        widened,
        meeting: meeting.into_iter().map(Item::place).collect(),
        others: others.into_iter().map(Item::place).collect(),
        historic: historic.into_iter().map(Item::place).collect(),
        organisations: organisations
            .iter()
            .map(|card| Item::organisation(card, ""))
            .collect(),
        agenda: links::agenda_of(&zone.slug),
        all: format!("{}?wijk={}", links::SEARCH, zone.slug),
        zone,
    })
}

/// The ids of neighbouring zones.
pub fn neighbours(portal: &Portal, labels: &[Label]) -> Vec<ZoneId> {
    let names = portal.names();
    labels
        .iter()
        .filter_map(|label| names.zone(&label.slug))
        .map(|zone| zone.id)
        .collect()
}

/// What we say when we looked further than was asked.
pub fn widened_to(zone: &str, neighbours: &[Label]) -> String {
    let names: Vec<&str> = neighbours.iter().map(|label| label.name.as_str()).collect();
    format!(
        "In {zone} is de komende twee weken weinig te doen. Daarom ziet u ook wat er is in {}.",
        dutch::list(&names)
    )
}

/// Whom to call, and the place to walk into: the main meeting place, or the first.
fn contact(portal: &Portal, places: &[places::Card]) -> Contact {
    let mut contact = Contact::new(&portal.site, None);
    contact.title = "Iemand spreken?";
    contact.note = "Vraag naar het sociale team bij u in de buurt.";
    let open = places.iter().filter(|place| place.is_open_to_all());
    match open.min_by_key(|place| place.welcome_rank()) {
        Some(place) => contact.place(&place.slug, &place.name, place.address.as_ref()),
        None => contact,
    }
}
