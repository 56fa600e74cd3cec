//! The coming dates of an activity, each on its own page: it is off, put off, or somewhere else.

use std::str::FromStr;

use askama::Template;
use axum::extract::State as Axum;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Days, Duration, NaiveDateTime};
use chrono_tz::Europe::Amsterdam;
use sqlx::PgConnection;

use super::acts::open;
use super::form::Asked;
use super::list::changes as may_change;
use super::path_of;
use crate::access::Person;
use crate::admin::fields::Errors;
use crate::admin::guard::SignedIn;
use crate::admin::links;
use crate::admin::office::{Office, html, refused};
use crate::admin::page::Page;
use crate::admin::sheet::schedules::Block;
use crate::admin::sheet::{
    Adviser, Choice, Field, Fields, Ground, Input, SUGGESTIONS, Section, Sheet, mentioned, refusal,
};
use crate::base::written;
use crate::base::{RecordKind, Slug, dutch};
use crate::catalogue::activities::Draft;
use crate::catalogue::agenda::occurrences::{Happening, Occurrence, dates};
use crate::catalogue::agenda::{Change, ChangeKind, Schedule, closures};
use crate::catalogue::editing::{self, Opened, Outcome, Refusal, lists};
use crate::web::{Error, Form, Query, Segment, Segments};

#[derive(Template)]
#[template(path = "admin/records/dates.html")]
struct DatesPage {
    page: Page,
    rows: Vec<Row>,
    form: String,
}

/// One coming date.
struct Row {
    day: String,
    hours: String,
    /// What is different, in words; empty: nothing.
    told: String,
    /// Where it is changed; `None`: it falls in a closure.
    href: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/records/date.html")]
struct DatePage {
    page: Page,
    sections: Vec<Section>,
    fields: Fields,
    adviser: Adviser,
    blocks: Vec<Block>,
    errors: Errors,
    version: i32,
    suggestions: Vec<(String, String)>,
    back: String,
}

/// As many as a person looks ahead.
const SHOWN: usize = 15;
const AHEAD: Days = Days::new(366);

/// Which date of which schedule: `0-20261203T1000`.
#[derive(Clone, Copy)]
pub struct Which {
    schedule: usize,
    start: NaiveDateTime,
}

const FORM: &str = "%Y%m%dT%H%M";

impl FromStr for Which {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (schedule, start) = text.split_once('-').ok_or(())?;
        Ok(Self {
            schedule: schedule.parse().map_err(|_| ())?,
            start: NaiveDateTime::parse_from_str(start, FORM).map_err(|_| ())?,
        })
    }
}

impl Which {
    /// The schedule, when it has a meeting then.
    fn of(self, draft: &Draft) -> Option<&Schedule> {
        let schedule = draft.schedules.get(self.schedule)?;
        let here = schedule.zone() == Amsterdam;
        (here && schedule.holds(self.start)).then_some(schedule)
    }
}

fn path(slug: &Slug) -> String {
    format!("{}/keren", path_of::<Draft>(slug))
}

pub async fn list(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let (mut tx, opened) = open::<Draft>(&mut conn, person, &slug).await?;
    let closures = closures::all(&mut tx).await?;
    let now = office.clock.local();
    let until = now.date().checked_add_days(AHEAD).unwrap_or(now.date());
    let mut found: Vec<(usize, Occurrence<'_>)> = Vec::new();
    let (draft, _) = opened.basis(person);
    for (number, schedule) in draft.schedules.iter().enumerate() {
        let coming = dates(schedule, &closures, now, until, SHOWN);
        found.extend(coming.into_iter().map(|one| (number, one)));
    }
    found.sort_by_key(|(_, one)| one.moment());
    found.truncate(SHOWN);
    let changes = may_change(opened.say(person));
    let rows = found.into_iter().map(|(number, one)| {
        let here = draft.schedules[number].zone() == Amsterdam;
        row(&slug, number, &one, here && changes)
    });
    html(&DatesPage {
        page: page(&office, person, &opened, path(&slug), "Losse keren").after(&asked.gedaan),
        rows: rows.collect(),
        form: path_of::<Draft>(&slug),
    })
}

fn page(office: &Office, person: &Person, opened: &Opened<Draft>, at: String, title: &str) -> Page {
    office
        .page(Some(person), at, title)
        .below(format!("{}/{}", links::DESK, Draft::PATH), Draft::MANY)
        .below(path_of::<Draft>(&opened.draft.slug), &opened.draft.title)
}

fn row(slug: &Slug, number: usize, one: &Occurrence<'_>, changes: bool) -> Row {
    let recurrence = one.change().map_or(one.start, |change| change.recurrence);
    let told = match one.happening {
        Happening::Planned => String::new(),
        Happening::Closed(closure) => format!("niet: {}", closure.name),
        Happening::Moved(change) | Happening::Off(change) => {
            let reason = &change.reason;
            let word = change.kind.dutch();
            if reason.is_empty() {
                word.to_owned()
            } else {
                format!("{word}: {reason}")
            }
        }
    };
    let closed = matches!(one.happening, Happening::Closed(_));
    let which = format!("{number}-{}", recurrence.format(FORM));
    Row {
        day: dutch::sentence(&dutch::day(one.start.date())),
        hours: if one.all_day {
            "hele dag".to_owned()
        } else {
            dutch::hours(one.start, one.end)
        },
        told,
        href: (changes && !closed).then(|| format!("{}/{which}", path(slug))),
    }
}

/// What can be said of one date.
fn sections() -> Vec<Section> {
    let kinds = [
        ("gewoon", "gaat gewoon door"),
        ("cancelled", "gaat niet door"),
        ("moved", "is op een andere tijd of plek"),
        ("postponed", "is uitgesteld: de nieuwe dag komt nog"),
    ];
    let kinds = kinds.map(|(value, name)| Choice::new(value, name)).to_vec();
    let time = |name, label| {
        Field::new(
            name,
            label,
            "Leeg: zoals altijd.",
            Input::Line {
                kind: "time",
                most: 5,
            },
        )
    };
    vec![
        Section::new(
            "Wat is er anders?",
            vec![
                Field::new("wat", "Deze keer", "", Input::One(kinds)),
                Field::line(
                    "reden",
                    "Waarom?",
                    "Dit lezen bezoekers. Bijvoorbeeld: De docent is ziek.",
                ),
            ],
        ),
        Section::new(
            "Alleen bij een andere tijd of plek",
            vec![
                Field::new("dag", "Welke dag?", "Leeg: dezelfde dag.", Input::Date),
                time("van", "Van"),
                time("tot", "Tot"),
                Field::new(
                    "plek",
                    "Waar?",
                    "Typ de naam van een plek. Leeg: op de gewone plek.",
                    Input::Record(RecordKind::Place),
                ),
            ],
        ),
    ]
}

/// How a date stands now, as the form says it.
fn filled(change: Option<&Change>, ground: &Ground) -> Fields {
    let mut fields = Fields::default();
    let Some(change) = change else {
        fields.set("wat", "gewoon");
        return fields;
    };
    fields.set("wat", change.kind.as_str());
    fields.set("reden", &change.reason);
    if let Some(start) = change.starts_at {
        fields.say("dag", start.date());
        fields.say("van", start.format("%H:%M"));
        if let Some(minutes) = change.duration_minutes {
            let end = start + Duration::minutes(i64::from(minutes));
            fields.say("tot", end.format("%H:%M"));
        }
    }
    if let Some(place) = &change.place {
        fields.set("plek", ground.around().title_of(RecordKind::Place, place));
    }
    fields
}

pub async fn show(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segments(slug, which): Segments<Slug, Which>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let (mut tx, opened) = open::<Draft>(&mut conn, person, &slug).await?;
    if !may_change(opened.say(person)) {
        return Err(Error::Forbidden);
    }
    let (draft, _) = opened.basis(person);
    let schedule = which.of(&draft).ok_or(Error::NotFound)?;
    let mut changes = schedule.changes.iter();
    let change = changes.find(|change| change.recurrence == which.start);
    let place = change.and_then(|change| change.place.clone());
    let named: Vec<_> = place
        .into_iter()
        .map(|slug| (RecordKind::Place, slug))
        .collect();
    let ground = Ground::read(&office, &mut tx, &named, &[], false).await?;
    let fields = filled(change, &ground);
    let errors = Errors::default();
    html(&date_page(&office, person, &mut tx, (&opened, which), (fields, errors)).await?)
}

async fn date_page(
    office: &Office,
    person: &Person,
    conn: &mut PgConnection,
    (opened, which): (&Opened<Draft>, Which),
    (fields, errors): (Fields, Errors),
) -> Result<DatePage, Error> {
    let back = path(&opened.draft.slug);
    let at = format!("{back}/{}-{}", which.schedule, which.start.format(FORM));
    let title = format!(
        "{} om {} uur",
        dutch::sentence(&dutch::day(which.start.date())),
        dutch::time(which.start.time())
    );
    let version = fields.text("versie").parse().unwrap_or(opened.version);
    Ok(DatePage {
        page: page(office, person, opened, at, &title)
            .below(&back, "Losse keren")
            .wrong(!errors.is_empty()),
        adviser: Adviser::new(&office.names()),
        sections: sections(),
        suggestions: lists::suggestions(conn, person, &[RecordKind::Place], SUGGESTIONS).await?,
        blocks: Vec::new(),
        version,
        fields,
        errors,
        back,
    })
}

pub async fn keep(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segments(slug, which): Segments<Slug, Which>,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let (mut tx, opened) = open::<Draft>(&mut conn, person, &slug).await?;
    if !may_change(opened.say(person)) {
        return Err(Error::Forbidden);
    }
    let (mut draft, made_of) = opened.basis(person);
    let schedule = which.of(&draft).ok_or(Error::NotFound)?;
    let version: i32 = fields
        .text("versie")
        .parse()
        .map_err(|_| Error::BadRequest("form"))?;
    let (slugs, titles) = mentioned(&sections(), &fields);
    let ground = Ground::read(&office, &mut tx, &slugs, &titles, false).await?;
    let mut errors = Errors::default();
    let change = read(&fields, which.start, schedule, &ground, &mut errors);
    if errors.is_empty() {
        let changes = &mut draft.schedules[which.schedule].changes;
        changes.retain(|one| one.recurrence != which.start);
        changes.extend(change);
        changes.sort_by_key(|one| one.recurrence);
        let seen = (&opened, made_of.unwrap_or(version));
        match editing::revise(&mut tx, person, seen, &draft).await {
            Ok(outcome) => {
                tx.commit().await?;
                let word = match outcome {
                    Outcome::Kept => "bewaard",
                    Outcome::Proposed => "gestuurd",
                };
                return Ok(Redirect::to(&links::done(&path(&slug), word)).into_response());
            }
            Err(Refusal::Overtaken) => errors.add(
                "wat",
                "Iemand anders veranderde deze activiteit net. Kijk of dit nog klopt, en bewaar het dan nog eens.",
            ),
            Err(other) => return Err(refusal(other)),
        }
    }
    // The version that is there now: who saves again has seen what is said above.
    let mut fields = fields;
    fields.remove("versie");
    let shown = (&opened, which);
    refused(&date_page(&office, person, &mut tx, shown, (fields, errors)).await?)
}

/// What the form says of a date; `None`: nothing is different, or something is wrong.
fn read(
    fields: &Fields,
    start: NaiveDateTime,
    schedule: &Schedule,
    ground: &Ground,
    errors: &mut Errors,
) -> Option<Change> {
    let kind: ChangeKind = match fields.text("wat") {
        "gewoon" => return None,
        other => errors.take("wat", "Kies wat er deze keer anders is.", other.parse())?,
    };
    let reason = fields.trimmed("reden");
    if reason.chars().count() > 150 {
        errors.add("reden", "Schrijf de reden in hoogstens 150 tekens.");
    }
    let mut change = Change {
        recurrence: start,
        kind,
        starts_at: None,
        duration_minutes: None,
        place: None,
        reason,
    };
    if kind != ChangeKind::Moved {
        return Some(change);
    }
    let day = match fields.text("dag") {
        "" => Some(start.date()),
        text => errors.take("dag", written::NO_DAY, written::day(text)),
    }?;
    let clock = |name: &str, errors: &mut Errors| match fields.text(name) {
        "" => Some(None),
        text => {
            let parsed = written::time(text);
            let wrong = "Vul een tijd in, zoals 10:00.";
            errors.take(name, wrong, parsed).map(Some)
        }
    };
    let from = clock("van", errors)?.unwrap_or(start.time());
    let to = clock("tot", errors)?;
    if day < ground.around().today {
        errors.add("dag", "Deze dag is al voorbij. Kies een dag die nog komt.");
    }
    if to.is_some_and(|to| written::ends_before(from, to)) {
        errors.add("tot", written::ENDS_BEFORE);
    }
    let moved = day.and_time(from);
    change.starts_at = (moved != start).then_some(moved);
    change.duration_minutes = to.and_then(|to| {
        let minutes = (to - from).num_minutes().rem_euclid(24 * 60);
        let minutes = i32::try_from(minutes).ok().filter(|minutes| *minutes > 0);
        minutes.filter(|minutes| schedule.duration_minutes != Some(*minutes))
    });
    let place = fields.trimmed("plek");
    if !place.is_empty() {
        change.place = ground.around().named(RecordKind::Place, &place);
        if change.place.is_none() {
            errors.add("plek", "Wij kennen geen plek met deze naam.");
        }
    }
    if change.starts_at.is_none() && change.duration_minutes.is_none() && change.place.is_none() {
        errors.add("dag", "Vul een andere dag, tijd of plek in.");
    }
    Some(change)
}
