//! The page with the form of a record, new or there already, and what it is filled in with.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use chrono_tz::Europe::Amsterdam;
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::pictures::Thumbnail;
use super::typed::keep_typed;
use crate::access::Person;
use crate::admin::fields::Errors;
use crate::admin::office::Office;
use crate::admin::page::Page;
use crate::admin::sheet::differences::Difference;
use crate::admin::sheet::schedules::{self, Block};
use crate::admin::sheet::{
    Adviser, Fields, Ground, Input, Section, Sheet, addresses, mentioned, refusal,
};
use crate::base::RecordKind;
use crate::catalogue::State;
use crate::catalogue::editing::{Plan, Refusal, Unfinished};
use crate::web::Error;

#[derive(Template)]
#[template(path = "admin/records/form.html")]
pub struct FormPage {
    pub page: Page,
    pub sections: Vec<Section>,
    pub fields: Fields,
    pub adviser: Adviser,
    pub blocks: Vec<Block>,
    pub errors: Errors,
    /// Names to choose from while typing, by kind.
    pub suggestions: Vec<(String, String)>,
    /// What this person may do.
    pub may: May,
    pub standing: Option<Standing>,
    pub token: Uuid,
    /// What someone else changed in the meantime.
    pub overtaken: Vec<Difference>,
    pub kind: RecordKind,
    /// When what was typed before was kept; it is not what the form shows.
    pub typed: Option<String>,
    /// Where what is typed is kept.
    pub keep_at: String,
}

impl FormPage {
    /// Whether saving it gives it out of one's hands.
    fn saving_sends(&self) -> bool {
        let standing = self.standing.as_ref();
        !self.may.publish && standing.is_some_and(|standing| standing.state != State::Draft)
    }
}

/// Which buttons there are.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a button of its own")]
pub struct May {
    pub remark: bool,
    pub change: bool,
    pub publish: bool,
    pub approve: bool,
    pub delete: bool,
}

/// A record that is there already.
pub struct Standing {
    pub path: String,
    pub public: Option<String>,
    pub version: i32,
    /// Which proposal was there.
    pub stamp: String,
    pub state: State,
    pub checked: String,
    pub proposal: Option<Proposed>,
    pub plan: Planned,
    /// Whose work it is.
    pub assigned: Option<String>,
    pub photo: Option<Photo>,
    pub remarks: Vec<Said>,
}

/// Something that was said about it.
pub struct Said {
    pub id: Uuid,
    pub by: String,
    pub when: String,
    pub text: String,
    pub may_settle: bool,
}

/// When it goes online and off by itself: in words, and day and time as inputs have them.
#[derive(Default)]
pub struct Planned {
    pub online: Option<(String, String, String)>,
    pub offline: Option<(String, String, String)>,
}

impl Planned {
    pub fn of(plan: Plan, office: &Office) -> Self {
        let told = |at: DateTime<Utc>| {
            let local = at.with_timezone(&Amsterdam);
            let input = |form| local.format(form).to_string();
            (office.moment(at), input("%Y-%m-%d"), input("%H:%M"))
        };
        Self {
            online: plan.publish_at.map(told),
            offline: plan.withdraw_at.map(told),
        }
    }
}

/// Its photo, for a kind that has one.
pub struct Photo {
    /// Where it is changed.
    pub path: String,
    pub now: Option<Thumbnail>,
}

/// What someone proposes for it.
pub struct Proposed {
    pub by: String,
    pub when: String,
    pub differences: Vec<Difference>,
    pub own: bool,
    pub photo: Option<Thumbnail>,
}

/// What the form of a record asks beside its fields.
#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub gedaan: String,
    /// A record to copy, for a new one.
    #[serde(default)]
    pub van: String,
    /// Go on with what was typed before.
    #[serde(default)]
    pub verder: String,
}

/// Whether the form asks for room for one more time or address; then it has it.
pub fn add_block(fields: &mut Fields) -> bool {
    match fields.text("doen") {
        "meer" => schedules::more(fields),
        "adres-erbij" => addresses::more(fields),
        _ => return false,
    }
    true
}

pub fn has_times(sections: &[Section]) -> bool {
    sections
        .iter()
        .flat_map(|section| &section.fields)
        .any(|field| field.input == Input::Schedules)
}

/// What was typed before instead of what the form begins with, when that is asked; else when it
/// was typed, to offer it.
pub fn going_on(
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

/// A filled-in form as a record; `None`: something is wrong, and the errors say what.
pub async fn parsed<K: Sheet>(
    office: &Office,
    conn: &mut PgConnection,
    fields: &Fields,
    base: Option<&K>,
) -> Result<(Option<K>, Errors), Error> {
    let sections = K::sections(&office.names());
    let (slugs, titles) = mentioned(&sections, fields);
    let ground = Ground::read(office, conn, &slugs, &titles, has_times(&sections)).await?;
    let ground = ground.placing(conn, &sections).await?;
    let mut errors = Errors::default();
    let draft = K::parse(fields, base, &ground.around(), &mut errors);
    Ok((draft.filter(|_| errors.is_empty()), errors))
}

/// Keeps what is typed as not saved, and leads to the page as residents would see it.
pub async fn shown_first(
    conn: &mut PgConnection,
    person: &Person,
    of: (RecordKind, &str),
    fields: &Fields,
    to: &str,
) -> Result<Response, Error> {
    keep_typed(conn, person, of, fields).await?;
    Ok(Redirect::to(to).into_response())
}

pub fn done_word(state: State) -> &'static str {
    match state {
        State::Published => "online",
        State::InReview => "gestuurd",
        _ => "bewaard",
    }
}

/// What the database or a rule refused, at a field.
pub fn told(refusal_: Refusal, errors: &mut Errors) -> Result<(), Error> {
    match refusal_ {
        Refusal::Violation(violation) => errors.violation(&violation, |_| "form"),
        Refusal::Taken => errors.add("form", "Er zijn al te veel met deze naam. Kies een andere naam."),
        Refusal::NotYours => errors.add("form", "Dit valt buiten uw wijken, thema’s of organisaties. Kies een plek of organisatie die daarbij hoort."),
        Refusal::Overtaken => errors.add("form", "Dit formulier is al bewaard."),
        other => return Err(refusal(other)),
    }
    Ok(())
}
