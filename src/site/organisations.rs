use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use chrono::NaiveDateTime;
use serde::Deserialize;

use super::days;
use super::filters::Choice;
use super::items::Item;
use super::opening_words::{Answer, Now, answer};
use super::page::{Crumb, Page};
use super::photo::Photo;
use super::portal::{Conn, Portal, html};
use super::record::{Checked, Contact, Fact, Facts};
use super::{json_ld, links};
use crate::access::Viewer;
use crate::base::{RecordKind, Slug, dutch};
use crate::catalogue::activities::store::Selection as ActivitySelection;
use crate::catalogue::agenda::{Exceptions, closures};
use crate::catalogue::organisations::store::{self, Selection};
use crate::catalogue::organisations::{Card, Law, Profile};
use crate::catalogue::words::HelpLine;
use crate::catalogue::{activities, dossiers, places, themes};
use crate::web::{Error, Policy, Query, Segment, query::lenient};

pub const CACHE: Policy = Policy::page(&[]).fresh_for(days::MINUTE);
pub const LIST: Policy =
    Policy::page(&["wijk", "thema", "doelgroep", "nu"]).fresh_for(days::MINUTE);

#[derive(Template)]
#[template(path = "site/organisations/show.html")]
struct Show {
    page: Page,
    /// Numbers for when it cannot wait.
    help_lines: Vec<HelpLine>,
    organisation: Profile,
    photo: Option<Photo>,
    contact: Contact,
    facts: Vec<Fact>,
    coming: Vec<Item>,
    dossiers: Vec<Item>,
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
    let Some(organisation) = store::profile(&mut conn, Viewer::Public, slug).await? else {
        return Err(portal
            .missing(&mut conn, RecordKind::Organisation, slug)
            .await);
    };
    let only = ActivitySelection {
        organisation: Some(organisation.id),
        ..Default::default()
    };
    let offers = activities::store::cards(&mut conn, Viewer::Public, &only).await?;
    let named =
        dossiers::store::cards(&mut conn, Viewer::Public, None, Some(organisation.id)).await?;
    let place = match &organisation.place {
        Some(slug) => places::store::profile(&mut conn, Viewer::Public, slug).await?,
        None => None,
    };
    let now = portal.clock.local();
    let exceptions = Exceptions::new(closures::coming(&mut conn, now.date()).await?);
    drop(conn);

    let building = organisation.place.as_ref().map(Slug::as_str);
    let opening = exceptions.of_tenant(&organisation.opening_hours, building);
    let mut contact = Contact::new(&portal.site(), organisation.phone.as_ref());
    if let Some(place) = &place {
        contact = contact.place(&place.slug, &place.name, place.address(now.date()));
    }
    let contact = contact
        .hours(opening.as_ref(), now)
        .email(organisation.email.as_ref())
        .website(organisation.website.as_ref());
    let page = portal
        .page(
            links::record(RecordKind::Organisation, &organisation.slug),
            format!("{} (organisatie)", organisation.name),
        )
        .describe(&organisation.summary)
        .below(vec![Crumb::new(links::ORGANISATIONS, "Organisaties")])
        .delicate(portal.is_delicate(&organisation.themes))
        .data(&json_ld::organisation(&portal.site(), &organisation));
    html(&Show {
        page,
        help_lines: portal
            .names()
            .help_lines_for("", portal.is_delicate(&organisation.themes)),
        facts: facts(portal, &organisation).0,
        coming: offers
            .iter()
            .filter(|card| !card.is_over(now))
            .map(|card| Item::activity(card, now))
            .collect(),
        dossiers: named.iter().map(Item::dossier).collect(),
        checked: Checked::new(
            &portal.site(),
            &organisation.upkeep,
            (
                RecordKind::Organisation,
                &organisation.slug,
                &organisation.name,
            ),
        ),
        contact,
        photo: organisation.picture.as_ref().map(Photo::from),
        organisation,
    })
}

fn facts(portal: &Portal, organisation: &Profile) -> Facts {
    let names = portal.names();
    let step = names
        .steps
        .iter()
        .find(|s| s.step == organisation.step)
        .map_or_else(String::new, |s| s.label.clone());
    let laws: Vec<&str> = organisation
        .contracted
        .iter()
        .map(|law: &Law| law.dutch())
        .collect();
    let facts = Facts::default().words("mensen", "Voor wie", &organisation.audiences);
    let facts = if organisation.serves_all_zones {
        facts.text(
            "wijk",
            "Waar",
            format!("Heel {}", portal.site().municipality),
        )
    } else {
        facts.links("wijk", "Waar", RecordKind::Zone, &organisation.zones)
    };
    let contract = if laws.is_empty() {
        String::new()
    } else {
        format!(
            "Een deel van de hulp valt onder de {}. Voor dat deel vraagt u eerst een besluit aan bij de gemeente.",
            dutch::list(&laws)
        )
    };
    facts
        .text("hulp", "Soort hulp", step)
        .text("check", "Contract", contract)
        .links("thema", "Thema’s", RecordKind::Theme, &organisation.themes)
}

#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default, deserialize_with = "lenient")]
    wijk: Option<Slug>,
    #[serde(default, deserialize_with = "lenient")]
    thema: Option<Slug>,
    #[serde(default, deserialize_with = "lenient")]
    doelgroep: Option<Slug>,
    /// "ja": who is open now, and who one has to call.
    #[serde(default, deserialize_with = "lenient")]
    nu: Option<String>,
}

/// The organisations under one letter.
struct Letter {
    name: String,
    id: String,
    items: Vec<Item>,
}

#[derive(Template)]
#[template(path = "site/organisations/list.html")]
struct List {
    page: Page,
    total: usize,
    zones: Vec<Choice>,
    themes: Vec<Choice>,
    audiences: Vec<Choice>,
    open_now: bool,
    /// Every letter, and whether there is something under it.
    alphabet: Vec<(String, bool)>,
    letters: Vec<Letter>,
    /// Where only a call tells who is open; apart when asked for who is open now.
    ask: Vec<Item>,
    filtered: bool,
}

pub async fn list(
    State(portal): State<Portal>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Error> {
    let mut conn = portal.connection().await?;
    let theme = match &asked.thema {
        Some(slug) => themes::store::profile(&mut conn, slug).await?,
        None => None,
    };
    let only = Selection {
        theme: theme.as_ref().map(|theme| theme.id),
        zone: asked.wijk.as_ref(),
        audience: asked.doelgroep.as_ref(),
        ..Default::default()
    };
    let cards = store::cards(&mut conn, Viewer::Public, &only).await?;
    let now = portal.clock.local();
    let exceptions = Exceptions::new(closures::coming(&mut conn, now.date()).await?);
    drop(conn);
    let names = portal.names();
    let open_now = asked.nu.as_deref() == Some("ja");
    let rows = rows(&cards, &exceptions, now);
    let (ask, rows) = rows
        .into_iter()
        .filter(|row| !open_now || row.answer != Answer::Closed)
        .partition::<Vec<Row>, _>(|row| open_now && row.answer == Answer::Ask);
    let (total, letters) = (ask.len() + rows.len(), by_letter(rows));
    let chosen =
        |asked: &Option<Slug>, slug: &str| asked.as_ref().is_some_and(|a| a.as_str() == slug);
    html(&List {
        page: portal
            .page(links::ORGANISATIONS, "Organisaties van A tot Z")
            .describe(&format!(
                "Alle organisaties en groepen in {} die u verder helpen, van A tot Z.",
                portal.site().municipality
            ))
            .below(Vec::new()),
        total,
        zones: names
            .zones
            .iter()
            .map(|z| Choice::new(&z.slug, &z.name, chosen(&asked.wijk, &z.slug)))
            .collect(),
        themes: names
            .themes
            .iter()
            .filter(|t| t.is_top() || chosen(&asked.thema, &t.slug))
            .map(|t| Choice::new(&t.slug, &t.name, chosen(&asked.thema, &t.slug)))
            .collect(),
        audiences: names
            .audiences
            .iter()
            .map(|a| {
                Choice::new(
                    a.slug.as_str(),
                    &a.name,
                    chosen(&asked.doelgroep, a.slug.as_str()),
                )
            })
            .collect(),
        alphabet: alphabet(&letters),
        letters,
        ask: ask.into_iter().map(|row| row.item).collect(),
        filtered: open_now
            || asked.wijk.is_some()
            || asked.thema.is_some()
            || asked.doelgroep.is_some(),
        open_now,
    })
}

/// Every letter with whether there is something under it; digits first, as in the list.
fn alphabet(letters: &[Letter]) -> Vec<(String, bool)> {
    let all = std::iter::once("0-9".to_owned()).chain(('A'..='Z').map(String::from));
    all.map(|name| {
        let has = letters.iter().any(|letter| letter.name == name);
        (name, has)
    })
    .collect()
}

/// An organisation in the long list.
struct Row {
    key: String,
    item: Item,
    answer: Answer,
}

/// The organisations sorted as a Dutch reader expects.
fn rows(cards: &[Card], exceptions: &Exceptions, now: NaiveDateTime) -> Vec<Row> {
    let mut rows: Vec<Row> = cards
        .iter()
        .map(|card| {
            let opening = exceptions.of_tenant(&card.opening_hours, card.place.as_deref());
            let state = opening.map(|opening| Now::of(&opening, now));
            Row {
                key: dutch::sort_key(&card.name),
                item: shortened(card).opening(state.as_ref()),
                answer: answer(state.as_ref()),
            }
        })
        .collect();
    rows.sort_by(|a, b| a.key.cmp(&b.key));
    rows
}

fn by_letter(rows: Vec<Row>) -> Vec<Letter> {
    let mut groups: BTreeMap<String, Vec<Item>> = BTreeMap::new();
    for row in rows {
        groups.entry(letter(&row.key)).or_default().push(row.item);
    }
    groups
        .into_iter()
        .map(|(name, items)| Letter {
            id: format!("letter-{name}"),
            name,
            items,
        })
        .collect()
}

/// The first sentence only, and not "Heel Deventer" under nearly every name.
fn shortened(card: &Card) -> Item {
    let mut item = Item::organisation(card, "");
    if let Some(end) = item.summary.find(". ") {
        item.summary.truncate(end + 1);
    }
    item
}

/// The letter that a name stands under; what does not begin with a letter stands under 0-9.
fn letter(key: &str) -> String {
    match key.chars().next() {
        Some(first @ 'a'..='z') => first.to_ascii_uppercase().to_string(),
        _ => "0-9".to_owned(),
    }
}
