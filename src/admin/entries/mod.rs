//! The lists that all records share: themes, audiences, closures, words that find each other,
//! steps, numbers to call. A page with all of one kind, and a form for one.

mod effect;
mod kinds;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sqlx::PgConnection;

use effect::Effect;

use super::Routes;
use super::fields::Errors;
use super::guard::SignedIn;
use super::links;
use super::office::{Office, begin, html, refused};
use super::page::Page;
use super::sheet::schedules::Block;
use super::sheet::{Adviser, Field, Fields, Ground, Section, Surroundings, mentioned, refusal};
use crate::access::{Person, Right};
use crate::base::{RecordKind, Slug};
use crate::catalogue::Vocabulary;
use crate::catalogue::agenda::Closure;
use crate::catalogue::editing::entries::{self, Listed};
use crate::catalogue::editing::{Refusal, lists};
use crate::catalogue::themes::{self, Audience, StepLabel};
use crate::catalogue::words::{HelpLine, Synonym};
use crate::web::{Error, Form, Query, Segment};

/// A kind of entry with its form.
pub trait Entry: Listed {
    /// In addresses: `synoniemen`.
    const PATH: &'static str;
    const MANY: &'static str;
    /// "Nieuw synoniem"; empty: none can be added or taken away.
    const NEW: &'static str;
    /// What the list is for.
    const ABOUT: &'static str;

    fn title(&self) -> String;
    /// More of it, in the list.
    fn more(&self) -> String;
    fn section(names: &Vocabulary) -> Vec<Field>;
    fn blank() -> Fields;
    fn fields(&self, around: &Surroundings<'_>) -> Fields;
    fn named(&self) -> Vec<(RecordKind, Slug)> {
        Vec::new()
    }
    fn parse(
        fields: &Fields,
        base: Option<&Self>,
        around: &Surroundings<'_>,
        errors: &mut Errors,
    ) -> Option<Self>;
    /// Whether search can show beforehand what a change does.
    const TRIED: bool = false;
    /// The group of words, and the names that would hold with it in place of what was there.
    fn tried<'a>(&'a self, _: Option<&Self>, _: &Vocabulary) -> Option<(&'a Synonym, Vocabulary)> {
        None
    }
}

#[derive(Template)]
#[template(path = "admin/entries/all.html")]
struct AllPage {
    page: Page,
    lists: Vec<(String, &'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "admin/entries/list.html")]
struct ListPage {
    page: Page,
    about: &'static str,
    new: &'static str,
    path: String,
    rows: Vec<Row>,
}

struct Row {
    href: String,
    title: String,
    more: String,
}

#[derive(Template)]
#[template(path = "admin/entries/form.html")]
struct FormPage {
    page: Page,
    fields: Fields,
    section: Section,
    blocks: Vec<Block>,
    errors: Errors,
    suggestions: Vec<(String, String)>,
    /// Where it is taken away; `None`: a new one, or one that stays.
    remove: Option<String>,
    list: String,
    adviser: Adviser,
    /// Search can show what a change does.
    tried: bool,
    effect: Option<Effect>,
}

#[derive(Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    gedaan: String,
}

/// The routes of every list.
pub(super) fn add(routes: Routes) -> Routes {
    let routes = routes.get(links::LISTS, all);
    let routes = of::<themes::Draft>(routes);
    let routes = of::<Audience>(routes);
    let routes = of::<Closure>(routes);
    let routes = of::<Synonym>(routes);
    let routes = of::<StepLabel>(routes);
    of::<HelpLine>(routes)
}

fn of<E: Entry>(routes: Routes) -> Routes {
    let list = path_of::<E>();
    let one = format!("{list}/{{kenmerk}}");
    let routes = routes
        .get(&list, show::<E>)
        .get(&one, edit::<E>)
        .post(&one, change::<E>);
    if E::NEW.is_empty() {
        return routes;
    }
    let new = format!("{list}/nieuw");
    routes
        .get(&new, blank::<E>)
        .post(&new, register::<E>)
        .post(&format!("{one}/weg"), remove::<E>)
}

fn path_of<E: Entry>() -> String {
    format!("{}/{}", links::LISTS, E::PATH)
}

fn line<E: Entry>() -> (String, &'static str, &'static str) {
    (path_of::<E>(), E::MANY, E::ABOUT)
}

async fn all(State(office): State<Office>, signed_in: SignedIn) -> Result<Response, Error> {
    let person = signed_in.holding(Right::EditVocabulary)?;
    html(&AllPage {
        page: office.page(Some(person), links::LISTS, "Lijsten"),
        lists: vec![
            line::<Closure>(),
            line::<Synonym>(),
            line::<HelpLine>(),
            line::<themes::Draft>(),
            line::<Audience>(),
            line::<StepLabel>(),
        ],
    })
}

async fn show<E: Entry>(
    State(office): State<Office>,
    signed_in: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, Error> {
    let person = signed_in.holding(Right::EditVocabulary)?;
    let mut conn = office.connection().await?;
    let entries = E::all(&mut conn).await?;
    let path = path_of::<E>();
    let rows = entries.iter().map(|entry| Row {
        href: format!("{path}/{}", entries::digest(entry)),
        title: entry.title(),
        more: entry.more(),
    });
    html(&ListPage {
        page: office
            .page(Some(person), &path, E::MANY)
            .below(links::LISTS, "Lijsten")
            .after(&done.gedaan),
        about: E::ABOUT,
        new: E::NEW,
        rows: rows.collect(),
        path,
    })
}

async fn blank<E: Entry>(
    State(office): State<Office>,
    signed_in: SignedIn,
) -> Result<Response, Error> {
    let person = signed_in.holding(Right::EditVocabulary)?;
    let mut conn = office.connection().await?;
    html(
        &form::<E>(
            &office,
            person,
            &mut conn,
            (None, E::blank()),
            Errors::default(),
        )
        .await?,
    )
}

/// The form of one: `seen` is its digest and title, `None` for a new one.
async fn form<E: Entry>(
    office: &Office,
    person: &Person,
    conn: &mut PgConnection,
    (seen, fields): (Option<(&str, String)>, Fields),
    errors: Errors,
) -> Result<FormPage, Error> {
    let list = path_of::<E>();
    let path = match &seen {
        Some((digest, _)) => format!("{list}/{digest}"),
        None => format!("{list}/nieuw"),
    };
    let title = seen.as_ref().map_or(E::NEW, |(_, title)| title);
    Ok(FormPage {
        page: office
            .page(Some(person), &path, title)
            .below(links::LISTS, "Lijsten")
            .below(&list, E::MANY)
            .wrong(!errors.is_empty()),
        section: Section::new("", E::section(&office.names())),
        fields,
        blocks: Vec::new(),
        adviser: Adviser::new(&office.names()),
        tried: E::TRIED,
        effect: None,
        errors,
        suggestions: lists::suggestions(conn, &[RecordKind::Place], 500).await?,
        remove: seen
            .filter(|_| !E::NEW.is_empty())
            .map(|_| format!("{path}/weg")),
        list,
    })
}

async fn register<E: Entry>(
    State(office): State<Office>,
    signed_in: SignedIn,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    let person = signed_in.holding(Right::EditVocabulary)?;
    let mut conn = office.connection().await?;
    let (entry, mut errors) = read::<E>(&office, &mut conn, &fields, None).await?;
    if let Some(effect) = effect_of(&office, &mut conn, &fields, entry.as_ref(), None).await? {
        let page = form::<E>(&office, person, &mut conn, (None, fields), errors).await?;
        return html(&FormPage {
            effect: Some(effect),
            ..page
        });
    }
    if let Some(entry) = entry {
        let mut tx = begin(&mut conn).await?;
        match entries::add(&mut tx, person, &entry).await {
            Ok(()) => {
                tx.commit().await?;
                return Ok(Redirect::to(&links::done(&path_of::<E>(), "bewaard")).into_response());
            }
            Err(refused) => {
                drop(tx);
                told(refused, &mut errors)?;
            }
        }
    }
    refused(&form::<E>(&office, person, &mut conn, (None, fields), errors).await?)
}

/// What saving would do to search, when that is asked and the form has no faults.
async fn effect_of<E: Entry>(
    office: &Office,
    conn: &mut PgConnection,
    fields: &Fields,
    entry: Option<&E>,
    base: Option<&E>,
) -> Result<Option<Effect>, Error> {
    let asked = entry.filter(|_| fields.text("doen") == "effect");
    match asked.and_then(|entry| entry.tried(base, &office.names())) {
        Some((group, names)) => Ok(Some(effect::of(office, conn, group, names).await?)),
        None => Ok(None),
    }
}

async fn read<E: Entry>(
    office: &Office,
    conn: &mut PgConnection,
    fields: &Fields,
    base: Option<&E>,
) -> Result<(Option<E>, Errors), Error> {
    let section = [Section::new("", E::section(&office.names()))];
    let (slugs, titles) = mentioned(&section, fields);
    let ground = Ground::read(office, conn, &slugs, &titles, false).await?;
    let mut errors = Errors::default();
    let entry = E::parse(fields, base, &ground.around(), &mut errors);
    Ok((entry.filter(|_| errors.is_empty()), errors))
}

fn told(refused: Refusal, errors: &mut Errors) -> Result<(), Error> {
    match refused {
        Refusal::Violation(violation) if violation.constraint.ends_with("_fkey") || violation.constraint.ends_with("_known") => {
            errors.add("form", "Dit is nog in gebruik bij organisaties, activiteiten of dossiers. Haal het daar eerst weg.");
        }
        Refusal::Violation(violation) => errors.violation(&violation, |_| "form"),
        Refusal::Taken => errors.add("form", "Er is er al een met deze naam."),
        Refusal::Overtaken => errors.add("form", "Iemand anders heeft dit net veranderd. Ga terug naar de lijst en kijk wat er nu staat."),
        other => return Err(refusal(other)),
    }
    Ok(())
}

async fn edit<E: Entry>(
    State(office): State<Office>,
    signed_in: SignedIn,
    Segment(seen): Segment<String>,
) -> Result<Response, Error> {
    let person = signed_in.holding(Right::EditVocabulary)?;
    let mut conn = office.connection().await?;
    let entry = entries::find::<E>(&mut conn, &seen)
        .await?
        .ok_or(Error::NotFound)?;
    let ground = Ground::read(&office, &mut conn, &entry.named(), &[], false).await?;
    let fields = entry.fields(&ground.around());
    let seen = Some((seen.as_str(), entry.title()));
    html(
        &form::<E>(
            &office,
            person,
            &mut conn,
            (seen, fields),
            Errors::default(),
        )
        .await?,
    )
}

async fn change<E: Entry>(
    State(office): State<Office>,
    signed_in: SignedIn,
    Segment(seen): Segment<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    let person = signed_in.holding(Right::EditVocabulary)?;
    let mut conn = office.connection().await?;
    let base = entries::find::<E>(&mut conn, &seen).await?;
    let (entry, mut errors) = read::<E>(&office, &mut conn, &fields, base.as_ref()).await?;
    let effect = effect_of(&office, &mut conn, &fields, entry.as_ref(), base.as_ref()).await?;
    if let Some((effect, base)) = effect.zip(base.as_ref()) {
        let seen = Some((seen.as_str(), base.title()));
        let page = form::<E>(&office, person, &mut conn, (seen, fields), errors).await?;
        return html(&FormPage {
            effect: Some(effect),
            ..page
        });
    }
    if let Some(entry) = entry {
        let mut tx = begin(&mut conn).await?;
        match entries::change(&mut tx, person, &seen, &entry).await {
            Ok(()) => {
                tx.commit().await?;
                return Ok(Redirect::to(&links::done(&path_of::<E>(), "bewaard")).into_response());
            }
            Err(refused) => {
                drop(tx);
                told(refused, &mut errors)?;
            }
        }
    }
    let title = base.map_or_else(|| E::MANY.to_owned(), |base| base.title());
    let seen = Some((seen.as_str(), title));
    refused(&form::<E>(&office, person, &mut conn, (seen, fields), errors).await?)
}

async fn remove<E: Entry>(
    State(office): State<Office>,
    signed_in: SignedIn,
    Segment(seen): Segment<String>,
) -> Result<Response, Error> {
    let person = signed_in.holding(Right::EditVocabulary)?;
    let mut conn = office.connection().await?;
    let entry = entries::find::<E>(&mut conn, &seen)
        .await?
        .ok_or(Error::NotFound)?;
    let mut tx = begin(&mut conn).await?;
    match entries::remove::<E>(&mut tx, person, &seen).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Redirect::to(&links::done(&path_of::<E>(), "weg")).into_response())
        }
        Err(refusal) => {
            drop(tx);
            let mut errors = Errors::default();
            told(refusal, &mut errors)?;
            let ground = Ground::read(&office, &mut conn, &entry.named(), &[], false).await?;
            let fields = entry.fields(&ground.around());
            let seen = Some((seen.as_str(), entry.title()));
            refused(&form::<E>(&office, person, &mut conn, (seen, fields), errors).await?)
        }
    }
}
