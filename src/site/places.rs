use askama::Template;
use axum::extract::State;
use axum::response::Html;
use chrono::NaiveDateTime;
use serde::Deserialize;

use super::days::{self, Day};
use super::filters::Choice;
use super::items::Item;
use super::opening_words::{Answer, Now, answer};
use super::page::{Crumb, Page};
use super::portal::{Conn, Portal, html};
use super::record::{Checked, Contact, Fact, Facts};
use super::{json_ld, links};
use crate::access::Viewer;
use crate::base::{RecordKind, Slug, dutch};
use crate::catalogue::agenda::{Exceptions, Opening, closures};
use crate::catalogue::places::store;
use crate::catalogue::places::{Card, Kind, Profile};
use crate::catalogue::{activities, organisations};
use crate::web::{Error, Policy, Query, Segment, query::lenient};

pub const CACHE: Policy = Policy::page(&[]).fresh_for(days::MINUTE);
pub const LIST: Policy = Policy::page(&["wijk", "nu"]).fresh_for(days::MINUTE);

/// Two weeks, as on the page of a zone.
const AHEAD: u64 = 13;

#[derive(Template)]
#[template(path = "site/places/show.html")]
struct Show {
    page: Page,
    place: Profile,
    kind: String,
    contact: Contact,
    notice: Option<(&'static str, String)>,
    facts: Vec<Fact>,
    days: Vec<Day>,
    offers: Vec<Item>,
    organisations: Vec<Item>,
    checked: Checked,
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
    let Some(place) = store::profile(&mut conn, Viewer::Public, slug).await? else {
        return Err(portal.missing(&mut conn, RecordKind::Place, slug).await);
    };
    let held = activities::store::Selection {
        place: Some(place.id),
        ..Default::default()
    };
    let cards = activities::store::cards(&mut conn, Viewer::Public, &held).await?;
    let here = organisations::store::Selection {
        place: Some(place.id),
        ..Default::default()
    };
    let organisations = organisations::store::cards(&mut conn, Viewer::Public, &here).await?;
    let now = portal.clock.local();
    let exceptions = Exceptions::new(closures::coming(&mut conn, now.date()).await?);
    drop(conn);

    let opening = exceptions.of_place(&place.opening_hours, &place.slug);
    let opening = opening.filter(|_| !place.historic);
    let week = opening.as_ref().and_then(|hours| hours.week(now.date()));
    let address = place.address(now.date());
    let page = portal
        .page(
            links::record(RecordKind::Place, &place.slug),
            format!("{} (plek)", place.name),
        )
        .describe(&place.summary)
        .below(crumbs(&place))
        .data(&json_ld::place(
            &portal.site(),
            &place,
            address,
            week.as_deref(),
        ));
    let days = days::at_place(&cards, &place.slug, now, AHEAD);
    // What has no date in the coming weeks is still something to do here.
    let later = cards.iter().filter(|card| {
        let own = card.venue.as_ref().is_some_and(|v| v.slug == place.slug);
        let mut shown = days.iter().flat_map(|day| &day.items);
        own && !card.is_over(now) && !shown.any(|item| item.slug == card.slug)
    });
    html(&Show {
        page,
        kind: kind(&place),
        contact: contact(portal, &place, opening.as_ref(), now),
        notice: notice(&place, now.date()),
        facts: facts(&place).0,
        offers: later.map(|card| Item::activity(card, now)).collect(),
        days,
        organisations: organisations
            .iter()
            .map(|card| Item::organisation(card, ""))
            .collect(),
        checked: Checked::new(
            &portal.site(),
            &place.upkeep,
            (RecordKind::Place, &place.slug, &place.name),
        ),
        place,
    })
}

/// "Buurthuis en ontmoetingsplek"
fn kind(place: &Profile) -> String {
    let meeting = match (
        place.historic,
        place.main_meeting_place,
        place.meeting_place,
    ) {
        (true, ..) => return "Bestaat niet meer".to_owned(),
        (_, true, _) => "centrale ontmoetingsplek",
        (_, _, true) => "ontmoetingsplek",
        _ => "",
    };
    let own = if place.kind == Kind::Other {
        ""
    } else {
        place.kind.dutch()
    };
    let words: Vec<&str> = [own, meeting]
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect();
    dutch::sentence(&if words.is_empty() {
        "plek".to_owned()
    } else {
        dutch::list(&words)
    })
}

fn crumbs(place: &Profile) -> Vec<Crumb> {
    let mut crumbs = vec![Crumb::new(links::PLACES, "Plekken")];
    if let Some(zone) = &place.zone {
        crumbs.push(Crumb::new(links::zone(&zone.slug), &zone.name));
    }
    crumbs
}

fn contact(
    portal: &Portal,
    place: &Profile,
    opening: Option<&Opening>,
    now: NaiveDateTime,
) -> Contact {
    let mut contact = Contact::new(&portal.site(), place.phone.as_ref());
    if let Some(address) = place.address(now.date()) {
        let street = address.street_line();
        contact = match street.as_str() {
            "" => contact.line("locatie", address.town_line(), ""),
            _ => contact.line("locatie", street, address.town_line()),
        };
    } else if place.address_hidden {
        contact = contact.line(
            "locatie",
            "Het adres is geheim",
            "Bel om een afspraak te maken",
        );
    }
    if !place.historic {
        contact = contact.hours(opening, now);
    }
    contact
        .email(place.email.as_ref())
        .website(place.website.as_ref())
}

fn notice(place: &Profile, today: chrono::NaiveDate) -> Option<(&'static str, String)> {
    if place.historic {
        return Some((
            "Deze plek bestaat niet meer",
            "Kijk bij de wijk waar u nu terechtkunt.".to_owned(),
        ));
    }
    if let Some((from, address)) = place.next_address(today) {
        return Some((
            "Deze plek verhuist",
            format!(
                "Vanaf {} is het adres {}.",
                dutch::date(from),
                address.line()
            ),
        ));
    }
    let (until, address) = place.former_address(today)?;
    Some((
        "Deze plek is verhuisd",
        format!(
            "Tot en met {} was het adres {}.",
            dutch::date(until),
            address.line()
        ),
    ))
}

fn facts(place: &Profile) -> Facts {
    let staffed = match (place.kind, place.staffed) {
        (Kind::ServicePoint | Kind::DistrictShop, Some(true)) => "Er is iemand aanwezig",
        (Kind::ServicePoint | Kind::DistrictShop, Some(false)) => {
            "Er is niemand aanwezig. Bel voor hulp"
        }
        _ => "",
    };
    let access = if place.accessibility.is_empty() {
        place.wheelchair.dutch().to_owned()
    } else {
        format!("{}. {}", place.wheelchair.dutch(), place.accessibility)
    };
    let facts = match &place.zone {
        Some(zone) => Facts::default().links(
            "wijk",
            "Wijk of dorp",
            RecordKind::Zone,
            std::slice::from_ref(zone),
        ),
        None => Facts::default(),
    };
    facts
        .text("mensen", "Hulp ter plekke", staffed)
        .text("rolstoel", "Rolstoel", access)
}

#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default, deserialize_with = "lenient")]
    wijk: Option<Slug>,
    /// "ja": what is open now, and what one has to call.
    #[serde(default, deserialize_with = "lenient")]
    nu: Option<String>,
}

#[derive(Template)]
#[template(path = "site/places/list.html")]
struct List {
    page: Page,
    zones: Vec<Choice>,
    open_now: bool,
    meeting: Vec<Item>,
    others: Vec<Item>,
    /// Where only a call tells whether it is open; apart when asked for what is open now.
    ask: Vec<Item>,
    historic: Vec<Item>,
}

/// Meeting places first.
pub async fn list(
    State(portal): State<Portal>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Error> {
    let names = portal.names();
    let zone = asked
        .wijk
        .as_ref()
        .and_then(|slug| names.zone(slug.as_str()));
    let ids = zone.map(|zone| [zone.id]);
    let mut conn = portal.connection().await?;
    let now = portal.clock.local();
    let cards = store::cards(
        &mut conn,
        Viewer::Public,
        ids.as_ref().map(<[_; 1]>::as_slice),
        now.date(),
    )
    .await?;
    let exceptions = Exceptions::new(closures::coming(&mut conn, now.date()).await?);
    drop(conn);
    let open_now = asked.nu.as_deref() == Some("ja");
    let states: Vec<Option<Now>> = cards
        .iter()
        .map(|card| {
            let opening = exceptions.of_place(&card.opening_hours, &card.slug);
            Some(Now::of(&opening.filter(|_| !card.historic)?, now))
        })
        .collect();
    let items = |fits: &dyn Fn(&Card, Answer) -> bool| -> Vec<Item> {
        let known = cards.iter().zip(&states);
        known
            .filter(|(card, state)| fits(card, answer(state.as_ref())))
            .map(|(card, state)| Item::place(card).opening(state.as_ref()))
            .collect()
    };
    let shown = |state: Answer| !open_now || state == Answer::Open;
    html(&List {
        page: portal
            .page(links::PLACES, "Plekken om elkaar te ontmoeten")
            .describe(&format!(
                "Buurthuizen, bibliotheken en andere plekken in {} waar u kunt binnenlopen.",
                portal.site().municipality
            )),
        zones: names
            .zones
            .iter()
            .map(|z| {
                Choice::new(
                    &z.slug,
                    &z.name,
                    zone.is_some_and(|zone| zone.slug == z.slug),
                )
            })
            .collect(),
        open_now,
        meeting: items(&|card, state| card.is_open_to_all() && shown(state)),
        others: items(&|card, state| !card.is_open_to_all() && !card.historic && shown(state)),
        ask: items(&|card, state| open_now && !card.historic && state == Answer::Ask),
        historic: items(&|card, _| card.historic && !open_now),
    })
}
