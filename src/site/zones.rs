use askama::Template;
use axum::extract::State;
use axum::response::Html;

use super::days::{self, Day, LongItem};
use super::items::Item;
use super::links;
use super::page::{Crumb, Page};
use super::portal::{Conn, Portal, html};
use super::record::Contact;
use super::what_is_on::{self, Wish};
use super::zone_map::ZoneMap;
use crate::access::Viewer;
use crate::base::{RecordKind, Slug, dutch};
use crate::catalogue::zones::{Profile, store};
use crate::catalogue::{organisations, places};
use crate::web::{Error, Policy, Segment};

pub const CACHE: Policy = Policy::page(&[]).fresh_for(days::MINUTE);

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
                portal.site().municipality
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
    long: Vec<LongItem>,
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
    page(&portal, portal.connection().await?, &slug).await
}

/// The page of a record, read over any connection.
pub(super) async fn page(
    portal: &Portal,
    mut conn: impl Conn,
    slug: &Slug,
) -> Result<Html<String>, Error> {
    let today = portal.clock.today();
    if let Some(successor) = store::successor(&mut conn, slug, today).await? {
        return Err(Error::Moved(links::zone(successor.as_str())));
    }
    let Some(zone) = store::profile(&mut conn, Viewer::Public, slug).await? else {
        return Err(portal.missing(&mut conn, RecordKind::Zone, slug).await);
    };
    let places = places::store::cards(&mut conn, Viewer::Public, Some(&[zone.id]), today).await?;
    let only = organisations::store::Selection {
        own_zone: Some(zone.id),
        ..Default::default()
    };
    let organisations = organisations::store::cards(&mut conn, Viewer::Public, &only).await?;
    drop(conn);

    let found = what_is_on::find(portal, &Wish::all(Some(&zone.slug)), MOST)?;
    let now = portal.clock.local();
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
        contact: contact(portal, &places),
        more: found.agenda.listed > MOST,
        days: days::of_index(&found.agenda.dates, true, now),
        long: days::long(&found.agenda.going_on, now),
        widened: if found.widened {
            what_is_on::widened_to(&portal.names(), &zone.slug)
        } else {
            String::new()
        },
        meeting: meeting.into_iter().map(Item::place).collect(),
        others: others.into_iter().map(Item::place).collect(),
        historic: historic.into_iter().map(Item::place).collect(),
        organisations: organisations
            .iter()
            .map(|card| Item::organisation(card, ""))
            .collect(),
        agenda: links::agenda(Some(&zone.slug)),
        all: format!("{}?wijk={}", links::SEARCH, zone.slug),
        zone,
    })
}

/// Whom to call, and the place to walk into: the main meeting place, or the first.
fn contact(portal: &Portal, places: &[places::Card]) -> Contact {
    let mut contact = Contact::new(&portal.site(), None);
    contact.title = "Iemand spreken?";
    contact.note = "Vraag naar het sociale team bij u in de buurt.";
    let open = places.iter().filter(|place| place.is_open_to_all());
    match open.min_by_key(|place| place.welcome_rank()) {
        Some(place) => contact.place(&place.slug, &place.name, place.address.as_ref()),
        None => contact,
    }
}
