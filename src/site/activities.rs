use std::str::FromStr;

use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use chrono::{NaiveDate, NaiveDateTime};

use super::days;
use super::items::Item;
use super::page::{Crumb, Page};
use super::photo::Photo;
use super::portal::{Conn, Portal, html};
use super::record::{Checked, Contact, Fact, Facts};
use super::spell::Spell;
use super::{calendars, json_ld, links};
use crate::access::Viewer;
use crate::base::{RecordKind, Slug, dutch};
use crate::catalogue::activities::store::{self, Selection};
use crate::catalogue::activities::{Card, Profile, Signup, Status, model};
use crate::catalogue::agenda::{Occurrence, in_words};
use crate::catalogue::places::Wheelchair;
use crate::catalogue::words::HelpLine;
use crate::catalogue::{organisations, places};
use crate::web::{Error, Policy, Segment};

pub const CACHE: Policy = Policy::page(&[]).fresh_for(days::MINUTE);

/// As many dates as help to choose; the rule in words tells the rest.
const DATES: usize = 6;

/// One of the next dates.
struct Date {
    datetime: String,
    day: String,
    hours: String,
    /// What is different this time.
    note: Option<String>,
    off: bool,
}

#[derive(Template)]
#[template(path = "site/activities/show.html")]
struct Show {
    page: Page,
    /// Numbers for when it cannot wait.
    help_lines: Vec<HelpLine>,
    activity: Profile,
    photo: Option<Photo>,
    contact: Contact,
    /// "Elke dinsdag van 10.00 tot 12.00 uur, behalve op feestdagen"; each of its schedules.
    rules: Vec<String>,
    dates: Vec<Date>,
    /// To follow in one's own calendar, and to copy into it.
    subscription: String,
    calendar: String,
    /// What changed: called off, moved, over.
    notice: Option<Notice>,
    facts: Vec<Fact>,
    /// What else there is at this place, or of this organisation.
    others: Vec<Item>,
    others_title: String,
    checked: Checked,
}

struct Notice {
    title: &'static str,
    text: String,
}

/// There is no list of activities without a date: the agenda is that list.
pub async fn list() -> Redirect {
    Redirect::permanent(links::AGENDA)
}

/// What stands at the end of the address: the page of an activity, or its calendar.
pub enum Wanted {
    Page(Slug),
    Calendar(Slug),
}

impl FromStr for Wanted {
    type Err = <Slug as FromStr>::Err;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.strip_suffix(links::CALENDAR) {
            Some(slug) => slug.parse().map(Self::Calendar),
            None => text.parse().map(Self::Page),
        }
    }
}

pub async fn show(
    State(portal): State<Portal>,
    Segment(wanted): Segment<Wanted>,
) -> Result<Response, Error> {
    match wanted {
        Wanted::Page(slug) => {
            let conn = portal.connection().await?;
            Ok(page(&portal, conn, &slug).await?.into_response())
        }
        Wanted::Calendar(slug) => calendars::activity(&portal, &slug).await,
    }
}

/// The page of a record, read over any connection.
pub(super) async fn page(
    portal: &Portal,
    mut conn: impl Conn,
    slug: &Slug,
) -> Result<Html<String>, Error> {
    let Some(activity) = store::profile(&mut conn, Viewer::Public, slug).await? else {
        return Err(portal.missing(&mut conn, RecordKind::Activity, slug).await);
    };
    let organiser =
        organisations::store::profile(&mut conn, Viewer::Public, &activity.organiser).await?;
    let organiser = organiser.ok_or(Error::NotFound)?;
    let place = match &activity.place {
        Some(slug) => places::store::profile(&mut conn, Viewer::Public, slug).await?,
        None => None,
    };
    let only = match &place {
        Some(place) => Selection {
            place: Some(place.id),
            ..Default::default()
        },
        None => Selection {
            organisation: Some(organiser.id),
            ..Default::default()
        },
    };
    let others = store::cards(&mut conn, Viewer::Public, &only).await?;
    drop(conn);

    let now = portal.clock.local();
    let today = now.date();
    let dates = activity.card.dates(now, NaiveDate::MAX, DATES);
    let next = dates.iter().find(|date| date.goes_on());
    let address = place.as_ref().and_then(|place| place.address(today));
    let others_title = match &place {
        Some(place) => format!("Ook in {}", place.name),
        None => format!("Ook van {}", organiser.name),
    };
    let mut page = portal
        .page(
            links::record(RecordKind::Activity, &activity.card.slug),
            title(&activity),
        )
        .describe(&activity.card.summary)
        .below(crumbs(&activity))
        .delicate(portal.is_delicate(&activity.themes));
    for block in json_ld::activity(&portal.site(), &activity, (&dates, now), address) {
        page = page.data(&block);
    }
    let calendar = links::calendar_of(&activity.card.slug);
    html(&Show {
        page,
        help_lines: portal
            .names()
            .help_lines_for("", portal.is_delicate(&activity.themes)),
        contact: contact(portal, &activity, &organiser, place.as_ref(), (next, today)),
        subscription: links::subscription(&portal.site().base_url, &calendar),
        calendar,
        rules: rules(&activity, now),
        dates: dates
            .iter()
            .map(|date| date_of(&activity.card, date, today))
            .collect(),
        notice: notice(&activity, now),
        facts: facts(&activity, &organiser).0,
        others: others
            .iter()
            // What comes to the place on a single day is not of the place.
            .filter(|card| activity.card.venue.is_none() || card.venue == activity.card.venue)
            .filter(|card| card.slug != activity.card.slug && !card.is_over(now))
            .take(5)
            .map(|card| Item::activity(card, now))
            .collect(),
        others_title,
        checked: Checked::new(
            &portal.site(),
            &activity.upkeep,
            (
                RecordKind::Activity,
                &activity.card.slug,
                &activity.card.title,
            ),
        ),
        photo: activity.picture.as_ref().map(Photo::from),
        activity,
    })
}

/// Titles of pages are unique; many activities share a title, but not in one place.
fn title(activity: &Profile) -> String {
    let card = &activity.card;
    let place = card
        .venue
        .as_ref()
        .map_or(&card.organisation.name, |venue| &venue.name);
    format!("{} ({place})", card.title)
}

fn crumbs(activity: &Profile) -> Vec<Crumb> {
    let mut crumbs = vec![Crumb::new(links::AGENDA, "Agenda")];
    if let Some(zone) = activity
        .card
        .venue
        .as_ref()
        .and_then(|venue| venue.zone.as_ref())
    {
        crumbs.push(Crumb::new(links::zone(&zone.slug), &zone.name));
    }
    crumbs
}

/// When it is, in words, or what to do when there are no dates. What is over is not told.
fn rules(activity: &Profile, now: NaiveDateTime) -> Vec<String> {
    let card = &activity.card;
    let words = |schedule| dutch::sentence(&in_words(schedule, &card.closures, now.date()));
    let told = card.lasting(now).map(words).collect::<Vec<_>>();
    match (told.is_empty(), card.schedules.first()) {
        (false, _) => told,
        (true, Some(last)) => vec![words(last)],
        (true, None) => vec![card.any_time().to_owned()],
    }
}

fn date_of(card: &Card, date: &Occurrence<'_>, today: NaiveDate) -> Date {
    let spell = Spell::from(date);
    Date {
        datetime: spell.datetime(today),
        day: spell.day(today),
        hours: spell.hours(today),
        note: card.note_of(date, today),
        off: !date.goes_on(),
    }
}

fn notice(activity: &Profile, now: NaiveDateTime) -> Option<Notice> {
    let card = &activity.card;
    let title = match card.status {
        Status::Cancelled => "Gaat niet door",
        Status::Moved => "Verplaatst",
        Status::Postponed => "Uitgesteld",
        Status::Confirmed if card.is_over(now) => "Deze activiteit is voorbij",
        Status::Confirmed if card.note(now.date()).is_some() => "Let op",
        Status::Confirmed => return None,
    };
    let text = match card.note(now.date()) {
        Some(note) => format!("{}.", note.trim_end_matches('.')),
        None => "Kijk in de agenda wat er nog komt.".to_owned(),
    };
    Some(Notice { title, text })
}

/// When and where, and whom to call: the first block of the page.
fn contact(
    portal: &Portal,
    activity: &Profile,
    organiser: &organisations::Profile,
    place: Option<&places::Profile>,
    (next, today): (Option<&Occurrence>, NaiveDate),
) -> Contact {
    let phone = organiser
        .phone
        .as_ref()
        .or_else(|| place.and_then(|place| place.phone.as_ref()));
    let mut contact = Contact::new(&portal.site(), phone);
    contact.title = "Wanneer en waar";
    if let Some(next) = next {
        contact = contact.next(next, today);
    }
    if let Some(place) = place {
        contact = contact.place(&place.slug, &place.name, place.address(today));
    }
    let cost = activity.card.cost();
    if !cost.is_empty() {
        contact = contact.line("euro", cost, "");
    }
    let contact = match activity.signup {
        Signup::Email => contact.email(organiser.email.as_ref()),
        _ => contact,
    };
    contact.website(
        organiser
            .website
            .as_ref()
            .filter(|_| activity.signup == Signup::Website),
    )
}

fn facts(activity: &Profile, organiser: &organisations::Profile) -> Facts {
    let signup = if activity.signup_text.is_empty() {
        activity.signup.dutch()
    } else {
        &activity.signup_text
    };
    let languages: Vec<&str> = activity
        .languages
        .iter()
        .map(|code| model::language(code))
        .collect();
    let wheelchair = activity.card.venue.as_ref().map(|venue| venue.wheelchair);
    let cost = activity.card.cost();
    let organiser = [crate::base::Label {
        slug: organiser.slug.clone(),
        name: organiser.name.clone(),
    }];
    Facts::default()
        .words("mensen", "Voor wie", &activity.audiences)
        .text(
            "euro",
            "Kosten",
            if cost.is_empty() {
                "Vraag naar de kosten".to_owned()
            } else {
                cost
            },
        )
        .text("check", "Aanmelden", signup)
        .text(
            "taal",
            "Taal",
            if languages.is_empty() {
                "Nederlands".to_owned()
            } else {
                dutch::list(&languages)
            },
        )
        .text(
            "rolstoel",
            "Rolstoel",
            wheelchair.map_or("", Wheelchair::dutch),
        )
        .links(
            "organisatie",
            "Van wie",
            RecordKind::Organisation,
            &organiser,
        )
        .links("thema", "Thema’s", RecordKind::Theme, &activity.themes)
}
