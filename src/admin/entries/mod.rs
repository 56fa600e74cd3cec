//! The lists that all records share: themes, audiences, closures, words that find each other,
//! steps, numbers to call. A page with all of one kind, and a form for one.

mod alarms;
mod calendars;
mod effect;
mod kinds;
mod redirects;
mod scope;
mod texts;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres};

use effect::Effect;

use super::Routes;
use super::fields::Errors;
use super::guard::SignedIn;
use super::links;
use super::office::{Office, begin, html, refused};
use super::page::{House, Page};
use super::sheet::schedules::Block;
use super::sheet::{
    Adviser, Field, Fields, Ground, SUGGESTIONS, Section, Surroundings, kinds_named, mentioned,
    refusal,
};
use crate::access::{Person, Right};
use crate::base::{RecordKind, Slug};
use crate::catalogue::agenda::Closure;
use crate::catalogue::calendar_sources::Managed;
use crate::catalogue::editing::entries::{self, Listed};
use crate::catalogue::editing::{Refusal, lists};
use crate::catalogue::scope::Decision;
use crate::catalogue::themes::{self, Audience, StepLabel};
use crate::catalogue::words::{HelpLine, SiteText, Synonym, Trigger};
use crate::catalogue::{Vocabulary, former_slugs};
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

    /// Who may look at the list; editors alone change it.
    const SEEN_BY: Right = Right::EditVocabulary;
    /// Whether entries can be taken away.
    const REMOVABLE: bool = !Self::NEW.is_empty();

    fn title(&self) -> String;
    /// More of it, in the list.
    fn more(&self) -> String;
    /// What stands above the form.
    fn intro(&self) -> String {
        String::new()
    }
    /// The fields; `base` is the entry as it is, `None` for a new one.
    fn section(names: &Vocabulary, base: Option<&Self>) -> Vec<Field>;
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
    /// The field of the form that a rule calls by this name.
    fn field_of(_: &str) -> &'static str {
        "form"
    }
    /// How this one is taken away, if it can be.
    fn removal(&self, _: &House) -> Option<Removal> {
        Self::REMOVABLE.then_some(TAKE_AWAY)
    }
    /// What must be weighed before it is kept, with all that the portal knows; `base` is what it
    /// was.
    ///
    /// # Errors
    /// When the search engine fails.
    fn weigh(
        &self,
        _base: Option<&Self>,
        _fields: &Fields,
        _office: &Office,
        _errors: &mut Errors,
    ) -> Result<(), Error> {
        Ok(())
    }
    /// Whether search can show beforehand what a change does.
    const TRIED: bool = false;
    /// The group of words, and the names that would hold with it in place of what was there.
    fn tried<'a>(&'a self, _: Option<&Self>, _: &Vocabulary) -> Option<(&'a Synonym, Vocabulary)> {
        None
    }
}

/// The way to take an entry away.
pub struct Removal {
    title: &'static str,
    /// What then holds.
    text: String,
    button: &'static str,
}

/// As most entries are taken away.
const TAKE_AWAY: Removal = Removal {
    title: "Weghalen",
    text: String::new(),
    button: "Haal weg uit de lijst",
};

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
    /// Empty: this person adds none.
    new: &'static str,
    path: String,
    rows: Vec<Row>,
    /// What is looked for.
    words: String,
    /// There are enough to look for one.
    searched: bool,
    /// Entries that fit and are not shown.
    left: usize,
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
    intro: String,
    fields: Fields,
    sections: [Section; 1],
    blocks: Vec<Block>,
    errors: Errors,
    suggestions: Vec<(String, String)>,
    /// Whether this person changes it.
    may_change: bool,
    /// `None`: a new one, or one that stays.
    removal: Option<Removal>,
    list: String,
    adviser: Adviser,
    /// Search can show what a change does.
    tried: bool,
    effect: Option<Effect>,
}

/// Someone else was first.
const OVERTAKEN: &str =
    "Iemand anders heeft dit net veranderd. Ga terug naar de lijst en kijk wat er nu staat.";
/// A list of more than so many can be searched.
const SEARCHED: usize = 12;
/// Entries on one page; who has more looks for one.
const SHOWN: usize = 300;

#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    gedaan: String,
    #[serde(default)]
    q: String,
}

/// The routes of every list.
pub(super) fn add(routes: Routes) -> Routes {
    let routes = routes.get(links::LISTS, all);
    let routes = of::<themes::Draft>(routes);
    let routes = of::<Audience>(routes);
    let routes = of::<Closure>(routes);
    let routes = of::<Synonym>(routes);
    let routes = of::<StepLabel>(routes);
    let routes = of::<HelpLine>(routes);
    let routes = of::<Trigger>(routes);
    let routes = of::<SiteText>(routes);
    let routes = of::<Decision>(routes);
    let routes = of::<Managed>(routes);
    of::<former_slugs::Redirect>(routes)
}

fn of<E: Entry>(routes: Routes) -> Routes {
    let list = path_of::<E>();
    let one = format!("{list}/{{kenmerk}}");
    let routes = routes
        .get(&list, show::<E>)
        .get(&one, edit::<E>)
        .post(&one, change::<E>);
    let routes = if E::REMOVABLE {
        routes.post(&format!("{one}/weg"), remove::<E>)
    } else {
        routes
    };
    if E::NEW.is_empty() {
        return routes;
    }
    let new = format!("{list}/nieuw");
    routes.get(&new, blank::<E>).post(&new, register::<E>)
}

fn path_of<E: Entry>() -> String {
    format!("{}/{}", links::LISTS, E::PATH)
}

/// A list in the list of lists: address, name and what it is for.
type Line = (String, &'static str, &'static str);

fn line<E: Entry>(person: &Person) -> Option<Line> {
    person
        .holds(E::SEEN_BY)
        .then(|| (path_of::<E>(), E::MANY, E::ABOUT))
}

async fn all(State(office): State<Office>, signed_in: SignedIn) -> Result<Response, Error> {
    let person = signed_in.holding(Right::Browse)?;
    let lists = [
        line::<Decision>(person),
        line::<Closure>(person),
        line::<Managed>(person),
        line::<Synonym>(person),
        line::<HelpLine>(person),
        line::<Trigger>(person),
        line::<themes::Draft>(person),
        line::<Audience>(person),
        line::<StepLabel>(person),
        line::<SiteText>(person),
        line::<former_slugs::Redirect>(person),
    ];
    html(&AllPage {
        page: office.page(Some(person), links::LISTS, "Lijsten"),
        lists: lists.into_iter().flatten().collect(),
    })
}

async fn show<E: Entry>(
    State(office): State<Office>,
    signed_in: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let person = signed_in.holding(E::SEEN_BY)?;
    let mut conn = office.connection().await?;
    let entries = E::all(&mut conn).await?;
    let searched = entries.len() > SEARCHED;
    let path = path_of::<E>();
    let words = asked.q.trim().to_lowercase();
    let fits = |row: &Row| {
        let text = format!("{} {}", row.title, row.more).to_lowercase();
        words.split_whitespace().all(|word| text.contains(word))
    };
    let rows = entries.iter().map(|entry| Row {
        href: format!("{path}/{}", entries::digest(entry)),
        title: entry.title(),
        more: entry.more(),
    });
    let mut rows: Vec<Row> = rows.filter(fits).collect();
    let left = rows.len().saturating_sub(SHOWN);
    rows.truncate(SHOWN);
    html(&ListPage {
        page: office
            .page(Some(person), &path, E::MANY)
            .below(links::LISTS, "Lijsten")
            .after(&asked.gedaan),
        about: E::ABOUT,
        new: if person.holds(Right::EditVocabulary) {
            E::NEW
        } else {
            ""
        },
        rows,
        path,
        words: asked.q,
        searched,
        left,
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

/// The form of one: `seen` is the digest by which it was asked and the entry, when it is there
/// still; `None` for a new one.
async fn form<E: Entry>(
    office: &Office,
    person: &Person,
    conn: &mut PgConnection,
    (seen, fields): (Option<(&str, Option<&E>)>, Fields),
    errors: Errors,
) -> Result<FormPage, Error> {
    let list = path_of::<E>();
    let base = seen.and_then(|(_, base)| base);
    let (path, title) = match seen {
        Some((digest, base)) => (
            format!("{list}/{digest}"),
            base.map_or_else(|| E::MANY.to_owned(), Entry::title),
        ),
        None => (format!("{list}/nieuw"), E::NEW.to_owned()),
    };
    let sections = [Section::new("", E::section(&office.names(), base))];
    let kinds = kinds_named(&sections);
    Ok(FormPage {
        page: office
            .page(Some(person), &path, title)
            .below(links::LISTS, "Lijsten")
            .below(&list, E::MANY)
            .wrong(!errors.is_empty()),
        sections,
        intro: base.map_or_else(String::new, Entry::intro),
        fields,
        blocks: Vec::new(),
        adviser: Adviser::new(&office.names()),
        tried: E::TRIED,
        effect: None,
        errors,
        suggestions: lists::suggestions(conn, person, &kinds, SUGGESTIONS).await?,
        may_change: person.holds(Right::EditVocabulary),
        removal: base.and_then(|base| base.removal(&office.house)),
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
    save::<E>(&office, person, &mut conn, None, fields).await
}

/// Keeps what was filled in, in place of the entry that was seen or as a new one. Else the form
/// comes back: with what is wrong, or with what saving would do.
async fn save<E: Entry>(
    office: &Office,
    person: &Person,
    conn: &mut PoolConnection<Postgres>,
    seen: Option<(&str, &E)>,
    fields: Fields,
) -> Result<Response, Error> {
    let base = seen.map(|(_, base)| base);
    let (entry, mut errors) = read::<E>(office, conn, &fields, base).await?;
    let effect = effect_of(office, conn, &fields, entry.as_ref(), base).await?;
    if let Some(entry) = entry.filter(|_| effect.is_none()) {
        let mut tx = begin(conn).await?;
        let kept = match seen {
            Some((digest, _)) => entries::change(&mut tx, person, digest, &entry).await,
            None => entries::add(&mut tx, person, &entry).await,
        };
        match kept {
            Ok(()) => {
                tx.commit().await?;
                return Ok(saved::<E>());
            }
            Err(refused) => {
                drop(tx);
                let again = seen.is_none() || matches!(refused, Refusal::Overtaken);
                if again && stands(office, conn, &entry).await? {
                    return Ok(saved::<E>());
                }
                told::<E>(refused, &mut errors)?;
            }
        }
    }
    let seen = seen.map(|(digest, base)| (digest, Some(base)));
    let page = form::<E>(office, person, conn, (seen, fields), errors).await?;
    if effect.is_none() {
        return refused(&page);
    }
    html(&FormPage { effect, ..page })
}

fn saved<E: Entry>() -> Response {
    Redirect::to(&links::done(&path_of::<E>(), "bewaard")).into_response()
}

/// Whether one that says the same is in the list: the form was sent twice.
async fn stands<E: Entry>(
    office: &Office,
    conn: &mut PgConnection,
    entry: &E,
) -> Result<bool, Error> {
    let ground = Ground::read(office, conn, &[], &[], false).await?;
    let said = entry.fields(&ground.around());
    let all = E::all(conn).await?;
    Ok(all.iter().any(|one| one.fields(&ground.around()) == said))
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
    let (entry, mut errors) = parsed::<E>(office, conn, fields, base).await?;
    if let Some(entry) = entry.as_ref().filter(|_| errors.is_empty()) {
        entry.weigh(base, fields, office, &mut errors)?;
    }
    Ok((entry.filter(|_| errors.is_empty()), errors))
}

/// What was filled in, not weighed yet.
async fn parsed<E: Entry>(
    office: &Office,
    conn: &mut PgConnection,
    fields: &Fields,
    base: Option<&E>,
) -> Result<(Option<E>, Errors), Error> {
    let section = [Section::new("", E::section(&office.names(), base))];
    let (slugs, titles) = mentioned(&section, fields);
    let ground = Ground::read(office, conn, &slugs, &titles, false).await?;
    let mut errors = Errors::default();
    let entry = E::parse(fields, base, &ground.around(), &mut errors);
    Ok((entry, errors))
}

fn told<E: Entry>(refused: Refusal, errors: &mut Errors) -> Result<(), Error> {
    match refused {
        Refusal::Violation(violation)
            if violation.constraint.ends_with("_fkey")
                || violation.constraint.ends_with("_known") =>
        {
            errors.add("form", "Dit is nog in gebruik bij organisaties, activiteiten of dossiers. Haal het daar eerst weg.");
        }
        Refusal::Violation(violation) => errors.violation(&violation, |name| E::field_of(name)),
        Refusal::Taken => errors.add("form", "Er is er al een met deze naam."),
        Refusal::Overtaken => errors.add("form", OVERTAKEN),
        other => return Err(refusal(other)),
    }
    Ok(())
}

async fn edit<E: Entry>(
    State(office): State<Office>,
    signed_in: SignedIn,
    Segment(seen): Segment<String>,
) -> Result<Response, Error> {
    let person = signed_in.holding(E::SEEN_BY)?;
    let mut conn = office.connection().await?;
    let entry = entries::find::<E>(&mut conn, &seen)
        .await?
        .ok_or(Error::NotFound)?;
    let ground = Ground::read(&office, &mut conn, &entry.named(), &[], false).await?;
    let fields = entry.fields(&ground.around());
    let seen = Some((seen.as_str(), Some(&entry)));
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
    if let Some(base) = entries::find::<E>(&mut conn, &seen).await? {
        return save(&office, person, &mut conn, Some((&seen, &base)), fields).await;
    }
    if let (Some(entry), _) = parsed::<E>(&office, &mut conn, &fields, None).await?
        && stands(&office, &mut conn, &entry).await?
    {
        return Ok(saved::<E>());
    }
    // What else is wrong with the form matters no more.
    let mut errors = Errors::default();
    errors.add("form", OVERTAKEN);
    let seen = Some((seen.as_str(), None));
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
            told::<E>(refusal, &mut errors)?;
            let ground = Ground::read(&office, &mut conn, &entry.named(), &[], false).await?;
            let fields = entry.fields(&ground.around());
            let seen = Some((seen.as_str(), Some(&entry)));
            refused(&form::<E>(&office, person, &mut conn, (seen, fields), errors).await?)
        }
    }
}
