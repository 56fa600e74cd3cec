//! The form of a record.

use askama::Template;
use axum::extract::State as Axum;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::list::{changes, may_add};
use super::path_of;
use crate::access::{Person, Right, Say};
use crate::admin::fields::Errors;
use crate::admin::guard::SignedIn;
use crate::admin::links;
use crate::admin::office::{Office, begin, html, refused};
use crate::admin::page::Page;
use crate::admin::sheet::differences::{self, Difference};
use crate::admin::sheet::schedules::{self, Block};
use crate::admin::sheet::{
    Adviser, Fields, Ground, Input, Section, Sheet, Surroundings, addresses, mentioned, refusal,
};
use crate::base::{RecordKind, Slug, dutch};
use crate::catalogue::State;
use crate::catalogue::editing::lists;
use crate::catalogue::editing::{self, Opened, Outcome, Proposal, Refusal, Unfinished, unfinished};
use crate::web::{Error, Form, Query, Segment};

#[derive(Template)]
#[template(path = "admin/records/form.html")]
struct FormPage {
    page: Page,
    sections: Vec<Section>,
    fields: Fields,
    blocks: Vec<Block>,
    errors: Errors,
    /// Names to choose from while typing, by kind.
    suggestions: Vec<(String, String)>,
    /// What this person may do.
    may: May,
    standing: Option<Standing>,
    token: Uuid,
    /// What someone else changed in the meantime.
    overtaken: Vec<Difference>,
    kind: RecordKind,
    /// When what was typed before was kept; it is not what the form shows.
    typed: Option<String>,
    /// Where what is typed is kept.
    keep_at: String,
    adviser: Adviser,
}

/// Which buttons there are.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a button of its own")]
struct May {
    change: bool,
    publish: bool,
    approve: bool,
    delete: bool,
}

/// A record that is there already.
struct Standing {
    path: String,
    public: Option<String>,
    version: i32,
    state: State,
    checked: String,
    proposal: Option<Proposed>,
}

/// What someone proposes for it.
struct Proposed {
    by: String,
    when: String,
    differences: Vec<Difference>,
    own: bool,
}

/// What the form of a record asks beside its fields.
#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    gedaan: String,
    /// A record to copy, for a new one.
    #[serde(default)]
    van: String,
    /// Go on with what was typed before.
    #[serde(default)]
    verder: String,
}

/// Names that a page may carry to choose from.
const SUGGESTIONS: i64 = 500;

/// Whether the form asks for room for one more time or address; then it has it.
fn add_block(fields: &mut Fields) -> bool {
    match fields.text("doen") {
        "meer" => schedules::more(fields),
        "adres-erbij" => addresses::more(fields),
        _ => return false,
    }
    true
}

fn has_times(sections: &[Section]) -> bool {
    sections
        .iter()
        .flat_map(|section| &section.fields)
        .any(|field| field.input == Input::Schedules)
}

/// Whose names the fields of a form can take.
fn kinds_named(sections: &[Section]) -> Vec<RecordKind> {
    let mut kinds: Vec<RecordKind> = sections
        .iter()
        .flat_map(|section| &section.fields)
        .filter_map(|field| match field.input {
            Input::Record(kind) | Input::Records(kind) => Some(kind),
            _ => None,
        })
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

pub async fn blank<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    if !may_add(person, K::KIND) {
        return Err(Error::Forbidden);
    }
    let sections = K::sections(&office.names());
    let mut conn = office.connection().await?;
    let mut fields = K::blank();
    if let Ok(slug) = Slug::parse(&asked.van) {
        let opened = editing::open::<K>(&mut conn, person, &slug)
            .await
            .map_err(refusal)?;
        let ground = Ground::read(
            &office,
            &mut conn,
            &opened.draft.named(),
            &[],
            has_times(&sections),
        )
        .await?;
        fields = opened.draft.fields(&ground.around());
        fields.remove("bron");
        fields.remove("bronjaar");
    }
    let typed = unfinished::of_new(&mut conn, person, K::KIND).await?;
    let (fields, typed) = going_on(fields, typed, &asked, &office);
    let mut page = new_page::<K>(
        &office,
        person,
        &mut conn,
        (sections, fields),
        Errors::default(),
    )
    .await?;
    page.typed = typed;
    html(&page)
}

/// What was typed before instead of what the form begins with, when that is asked; else when it
/// was typed, to offer it.
fn going_on(
    fields: Fields,
    typed: Option<Unfinished>,
    asked: &Asked,
    office: &Office,
) -> (Fields, Option<String>) {
    let Some(typed) = typed else {
        return (fields, None);
    };
    match serde_json::from_value(typed.fields) {
        Ok(before) if !asked.verder.is_empty() => (before, None),
        Ok(_) => (fields, Some(office.moment(typed.saved_at))),
        Err(_) => (fields, None),
    }
}

async fn new_page<K: Sheet>(
    office: &Office,
    person: &Person,
    conn: &mut PgConnection,
    (sections, mut fields): (Vec<Section>, Fields),
    errors: Errors,
) -> Result<FormPage, Error> {
    let list = format!("{}/{}", links::DESK, K::PATH);
    let ground = Ground::read(office, conn, &[], &[], false).await?;
    let blocks = schedules::blocks(&fields, &[], &ground.around());
    let token = fields
        .text("token")
        .parse()
        .unwrap_or_else(|_| Uuid::now_v7());
    fields.remove("doen");
    let suggestions = lists::suggestions(conn, &kinds_named(&sections), SUGGESTIONS).await?;
    Ok(FormPage {
        keep_at: format!("{list}/nieuw/onaf"),
        typed: None,
        adviser: Adviser::new(&office.names()),
        page: office
            .page(Some(person), format!("{list}/nieuw"), K::NEW)
            .below(list, K::MANY)
            .wrong(!errors.is_empty()),
        may: May {
            change: true,
            publish: person
                .role
                .is_some_and(|role| role != crate::access::Role::Provider),
            approve: false,
            delete: false,
        },
        sections,
        fields,
        blocks,
        errors,
        suggestions,
        standing: None,
        token,
        overtaken: Vec::new(),
        kind: K::KIND,
    })
}

pub async fn register<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Form(mut fields): Form<Fields>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    if !may_add(person, K::KIND) {
        return Err(Error::Forbidden);
    }
    let sections = K::sections(&office.names());
    let mut conn = office.connection().await?;
    if add_block(&mut fields) {
        let page = new_page::<K>(
            &office,
            person,
            &mut conn,
            (sections, fields),
            Errors::default(),
        )
        .await?;
        return html(&page);
    }
    let token: Uuid = fields
        .text("token")
        .parse()
        .map_err(|_| Error::BadRequest("form"))?;
    let (slugs, titles) = mentioned(&sections, &fields);
    let ground = Ground::read(&office, &mut conn, &slugs, &titles, has_times(&sections)).await?;
    let mut errors = Errors::default();
    let draft = K::parse(&fields, None, &ground.around(), &mut errors);
    if let Some(mut draft) = draft.filter(|_| errors.is_empty()) {
        let publish = fields.text("doen") == "online";
        draft.set_state(if publish {
            State::Published
        } else {
            State::Draft
        });
        if fields.text("doen") == "stuur" {
            draft.set_state(State::InReview);
        }
        let mut tx = begin(&mut conn).await?;
        match add(&mut tx, person, &draft, token).await {
            Ok(path) => {
                unfinished::forget(&mut tx, person, (K::KIND, "")).await?;
                tx.commit().await?;
                return Ok(Redirect::to(&path).into_response());
            }
            Err(refused) => {
                drop(tx);
                told(refused, &mut errors)?;
            }
        }
    }
    refused(&new_page::<K>(&office, person, &mut conn, (sections, fields), errors).await?)
}

/// Registers once, however often the form is sent; answers with the page of the record.
async fn add<K: Sheet>(
    conn: &mut PgConnection,
    person: &Person,
    draft: &K,
    token: Uuid,
) -> Result<String, Refusal> {
    if let Some(path) = editing::handled(conn, token).await? {
        return Ok(path);
    }
    let slug = editing::register(conn, person, draft).await?;
    let path = links::done(&path_of::<K>(&slug), done_word(draft.state()));
    if editing::once(conn, token, &path).await? {
        return Ok(path);
    }
    Err(Refusal::Overtaken)
}

fn done_word(state: State) -> &'static str {
    match state {
        State::Published => "online",
        State::InReview => "gestuurd",
        _ => "bewaard",
    }
}

/// What the database or a rule refused, at a field.
fn told(refusal_: Refusal, errors: &mut Errors) -> Result<(), Error> {
    match refusal_ {
        Refusal::Violation(violation) => errors.violation(&violation, |_| "form"),
        Refusal::Taken => errors.add("form", "Er zijn al te veel met deze naam. Kies een andere naam."),
        Refusal::NotYours => errors.add("form", "Dit valt buiten uw wijken, thema’s of organisaties. Kies een plek of organisatie die daarbij hoort."),
        Refusal::Overtaken => errors.add("form", "Dit formulier is al bewaard."),
        other => return Err(refusal(other)),
    }
    Ok(())
}

pub async fn show<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let opened = editing::open::<K>(&mut conn, person, &slug)
        .await
        .map_err(refusal)?;
    let mut page = record_page(
        &office,
        person,
        &mut conn,
        (&opened, None),
        Errors::default(),
    )
    .await?;
    let (fields, typed) = going_on(page.fields, opened.unfinished.clone(), &asked, &office);
    let version = fields.text("versie").parse().ok();
    // What was typed goes with the version that it was typed over.
    if let (Some(standing), Some(version)) = (&mut page.standing, version) {
        standing.version = version;
    }
    if !asked.verder.is_empty() {
        let ground = Ground::read(&office, &mut conn, &[], &[], false).await?;
        page.blocks = schedules::blocks(&fields, opened.draft.schedules(), &ground.around());
    }
    (page.fields, page.typed) = (fields, typed);
    page.page = page.page.after(&asked.gedaan);
    html(&page)
}

/// The form of a record: as it is, or as someone filled it in.
async fn record_page<K: Sheet>(
    office: &Office,
    person: &Person,
    conn: &mut PgConnection,
    (opened, filled): (&Opened<K>, Option<Fields>),
    errors: Errors,
) -> Result<FormPage, Error> {
    let sections = K::sections(&office.names());
    let proposal = opened.proposal.as_ref();
    let mut slugs = opened.draft.named();
    slugs.extend(proposal.iter().flat_map(|proposal| proposal.draft.named()));
    let ground = Ground::read(office, conn, &slugs, &[], has_times(&sections)).await?;
    let around = ground.around();
    let fields = filled.unwrap_or_else(|| opened.draft.fields(&around));
    let base = opened.draft.fields(&around);
    let say = opened.say(person);
    let path = path_of::<K>(opened.draft.slug());
    let suggestions = if changes(say) {
        lists::suggestions(conn, &kinds_named(&sections), SUGGESTIONS).await?
    } else {
        Vec::new()
    };
    let checked = base_checked(opened, office);
    let standing = Standing {
        public: (opened.draft.state() == State::Published)
            .then(|| K::page(opened.draft.slug().as_str())),
        version: opened.version,
        state: opened.draft.state(),
        checked,
        proposal: proposal
            .map(|proposal| proposed(proposal, &sections, &base, &around, person, office)),
        path: path.clone(),
    };
    Ok(FormPage {
        keep_at: format!("{path}/onaf"),
        typed: None,
        adviser: Adviser::new(&office.names()),
        page: office
            .page(Some(person), path, opened.draft.title())
            .below(format!("{}/{}", links::DESK, K::PATH), K::MANY)
            .wrong(!errors.is_empty()),
        blocks: schedules::blocks(&fields, opened.draft.schedules(), &around),
        sections,
        fields,
        errors,
        suggestions,
        may: May {
            change: changes(say),
            publish: say == Say::Publish,
            approve: matches!(say, Say::Publish | Say::Approve),
            delete: person.holds(Right::Delete),
        },
        standing: Some(standing),
        token: Uuid::now_v7(),
        overtaken: Vec::new(),
        kind: K::KIND,
    })
}

fn base_checked<K: Sheet>(opened: &Opened<K>, office: &Office) -> String {
    let today = office.clock.today();
    opened
        .draft
        .checked_at()
        .map_or("nog nooit".to_owned(), |day| {
            dutch::relative_day(day, today)
        })
}

fn proposed<K: Sheet>(
    proposal: &Proposal<K>,
    sections: &[Section],
    base: &Fields,
    around: &Surroundings<'_>,
    person: &Person,
    office: &Office,
) -> Proposed {
    Proposed {
        differences: differences::between(sections, base, &proposal.draft.fields(around)),
        by: proposal.author_name.clone(),
        when: office.moment(proposal.proposed_at),
        own: proposal.author == person.id,
    }
}

pub async fn revise<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
    Form(mut fields): Form<Fields>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let mut conn = office.connection().await?;
    let opened = editing::open::<K>(&mut conn, person, &slug)
        .await
        .map_err(refusal)?;
    if !changes(opened.say(person)) {
        return Err(Error::Forbidden);
    }
    let version: i32 = fields
        .text("versie")
        .parse()
        .map_err(|_| Error::BadRequest("form"))?;
    if add_block(&mut fields) {
        let page = record_page(
            &office,
            person,
            &mut conn,
            (&opened, Some(fields)),
            Errors::default(),
        )
        .await?;
        return html(&FormPage {
            standing: page.standing.map(|standing| Standing {
                version,
                ..standing
            }),
            ..page
        });
    }
    let sections = K::sections(&office.names());
    let (slugs, titles) = mentioned(&sections, &fields);
    let ground = Ground::read(&office, &mut conn, &slugs, &titles, has_times(&sections)).await?;
    let mut errors = Errors::default();
    let draft = K::parse(&fields, Some(&opened.draft), &ground.around(), &mut errors);
    let Some(mut draft) = draft.filter(|_| errors.is_empty()) else {
        let page = record_page(&office, person, &mut conn, (&opened, Some(fields)), errors).await?;
        return refused(&FormPage {
            standing: page.standing.map(|standing| Standing {
                version,
                ..standing
            }),
            ..page
        });
    };
    draft.set_state(wanted_state(fields.text("doen"), opened.draft.state()));
    let mut tx = begin(&mut conn).await?;
    match editing::revise(&mut tx, person, (&opened, version), &draft).await {
        Ok(outcome) => {
            unfinished::forget(&mut tx, person, (K::KIND, slug.as_str())).await?;
            tx.commit().await?;
            let word = match outcome {
                Outcome::Proposed => "gestuurd",
                Outcome::Kept => done_word(draft.state()),
            };
            Ok(Redirect::to(&links::done(&path_of::<K>(&slug), word)).into_response())
        }
        Err(Refusal::Overtaken) => {
            drop(tx);
            let mut page = record_page(
                &office,
                person,
                &mut conn,
                (&opened, Some(fields)),
                Errors::default(),
            )
            .await?;
            let ground = Ground::read(
                &office,
                &mut conn,
                &opened.draft.named(),
                &[],
                has_times(&page.sections),
            )
            .await?;
            let around = ground.around();
            let theirs = opened.draft.fields(&around);
            page.fields
                .set(schedules::TOLD, schedules::told(draft.schedules(), &around));
            page.overtaken = differences::between(&page.sections, &theirs, &page.fields);
            page.page = page.page.wrong(true);
            refused(&page)
        }
        Err(other) => {
            drop(tx);
            told(other, &mut errors)?;
            refused(
                &record_page(&office, person, &mut conn, (&opened, Some(fields)), errors).await?,
            )
        }
    }
}

fn wanted_state(act: &str, now: State) -> State {
    match act {
        "online" => State::Published,
        "stuur" => State::InReview,
        _ => now,
    }
}
