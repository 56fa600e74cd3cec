//! The list of a kind of record: found by name, filtered, in an order, a page at a time.

use askama::Template;
use axum::extract::State as Axum;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::access::{Person, Role, Say};
use crate::admin::guard::SignedIn;
use crate::admin::links;
use crate::admin::office::{Office, html};
use crate::admin::page::Page;
use crate::admin::sheet::{Choice, Sheet};
use crate::base::{RecordKind, Slug, dutch};
use crate::catalogue::State;
use crate::catalogue::editing::assigned;
use crate::catalogue::editing::lists::{self, After, Order, Row, Selection};
use crate::catalogue::editing::work::Work;
use crate::web::query::lenient;
use crate::web::{Error, Query};

#[derive(Template)]
#[template(path = "admin/records/list.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a button or a form")]
struct ListPage {
    page: Page,
    asked: Asked,
    path: String,
    new: &'static str,
    many: String,
    may_add: bool,
    states: Vec<Choice>,
    works: Vec<Choice>,
    zones: Vec<Choice>,
    /// Of every kind.
    of_all: bool,
    may_check: bool,
    may_publish: bool,
    /// To whom work can be given, by who may.
    people: Vec<Choice>,
    /// Under which records of this kind can be put.
    themes: Vec<Choice>,
    rows: Vec<Line>,
    next: Option<String>,
}

/// A record in the list.
struct Line {
    href: String,
    kind: &'static str,
    row: Row,
    state: &'static str,
    changed: String,
    checked: String,
}

/// What is asked of a list.
#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    staat: String,
    #[serde(default)]
    wijk: String,
    #[serde(default)]
    volgorde: String,
    #[serde(default)]
    werk: String,
    #[serde(default)]
    gedaan: String,
    /// Where the page before ended: what it was ordered by, and the id.
    #[serde(default)]
    na: String,
    #[serde(default, deserialize_with = "lenient")]
    na_id: Option<Uuid>,
}

const ON_A_PAGE: usize = 50;

impl Asked {
    fn order(&self) -> Order {
        match self.volgorde.as_str() {
            "naam" => Order::Title,
            "controle" => Order::Checked,
            _ => Order::Changed,
        }
    }

    fn work(&self) -> Option<Work> {
        self.werk.parse().ok()
    }

    fn after(&self) -> After {
        After {
            changed: self.na.parse::<DateTime<Utc>>().ok(),
            title: Some(self.na.clone()),
            checked: self.na.parse().ok(),
            id: self.na_id,
        }
    }

    /// The address of the page after the one that ends with this row.
    fn next(&self, path: &str, last: &Row) -> String {
        let after = match self.order() {
            Order::Changed => last
                .updated_at
                .to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
            Order::Title => last.title.clone(),
            Order::Checked => last
                .checked_at
                .map(|day| day.to_string())
                .unwrap_or_default(),
        };
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("q", self.q.trim()),
            ("staat", &self.staat),
            ("wijk", &self.wijk),
            ("volgorde", &self.volgorde),
            ("werk", &self.werk),
            ("na", &after),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.append_pair("na_id", &last.id.to_string());
        format!("{path}?{}", query.finish())
    }
}

pub async fn show<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let page = list(&office, person, Some(K::KIND), asked).await?;
    html(&ListPage {
        new: K::NEW,
        many: K::MANY.to_lowercase(),
        may_add: may_add(person, K::KIND),
        page: page.page.named(K::MANY),
        ..page
    })
}

/// Records of every kind: what is searched for by name, and work that leads to many kinds.
pub async fn all(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let work = asked.work();
    let page = list(&office, signed_in.person(), None, asked).await?;
    html(&ListPage {
        page: page.page.named(work.map_or("Zoeken in alles", Work::dutch)),
        ..page
    })
}

async fn list(
    office: &Office,
    person: &Person,
    kind: Option<RecordKind>,
    asked: Asked,
) -> Result<ListPage, Error> {
    let zone = Slug::parse(&asked.wijk).ok();
    let work = asked.work();
    // What someone is asked to look at is what they have a say in.
    let asked_to = |role| person.role == Some(role) && work.is_some();
    let only = Selection {
        kind,
        words: &asked.q,
        state: asked.staat.parse::<State>().ok(),
        zone: zone.as_ref(),
        organisations: limited(person)?,
        zones: asked_to(Role::AgendaEditor).then_some(&person.zones),
        themes: asked_to(Role::Reviewer).then_some(&person.themes),
        work,
        today: office.clock.today(),
        account: person.id.0,
    };
    let mut conn = office.connection().await?;
    let most = i64::try_from(ON_A_PAGE + 1).unwrap_or(i64::MAX);
    let mut rows = lists::page(&mut conn, &only, asked.order(), &asked.after(), most).await?;
    let assigns = matches!(
        person.role,
        Some(Role::Administrator | Role::Editor | Role::AgendaEditor)
    );
    let people = if assigns && kind.is_some() {
        assigned::people(&mut conn).await?
    } else {
        Vec::new()
    };
    let people = people.into_iter().map(|(id, name)| Choice::new(id, name));
    let more = rows.len() > ON_A_PAGE;
    rows.truncate(ON_A_PAGE);
    let path = kind.map_or(links::EVERYTHING.to_owned(), |kind| path_of(kind.as_str()));
    let next = rows
        .last()
        .filter(|_| more)
        .map(|last| asked.next(&path, last));
    Ok(ListPage {
        page: office.page(Some(person), &path, "").after(&asked.gedaan),
        new: "",
        many: "records".to_owned(),
        may_add: false,
        of_all: kind.is_none(),
        states: State::ALL
            .iter()
            .map(|state| Choice::new(state.as_str(), state.dutch()))
            .collect(),
        works: Work::ALL
            .iter()
            .map(|work| Choice::new(work.as_str(), work.dutch()))
            .collect(),
        zones: crate::admin::sheet::common::zones(&office.names()),
        may_check: !matches!(person.role, Some(Role::Reader | Role::Reviewer)),
        may_publish: !matches!(
            person.role,
            Some(Role::Reader | Role::Reviewer | Role::Provider)
        ),
        people: people.collect(),
        themes: match kind {
            Some(RecordKind::Place | RecordKind::Zone) => Vec::new(),
            _ => crate::admin::sheet::common::theme_choices(&office.names()),
        },
        rows: rows.into_iter().map(|row| line(row, office)).collect(),
        path,
        asked,
        next,
    })
}

/// The address of the list of a kind.
pub fn path_of(kind: &str) -> String {
    let name = match kind {
        "organisation" => "organisaties",
        "activity" => "activiteiten",
        "place" => "plekken",
        "dossier" => "dossiers",
        "faq" => "vragen",
        _ => "wijken",
    };
    format!("{}/{name}", links::DESK)
}

/// What a record is called by its kind.
pub fn kind_name(kind: &str) -> &'static str {
    match kind {
        "organisation" => "organisatie",
        "activity" => "activiteit",
        "place" => "plek",
        "dossier" => "dossier",
        "faq" => "vraag",
        _ => "wijk of dorp",
    }
}

/// Of which organisations someone sees records; `None`: of all.
///
/// # Errors
/// [`Error::Forbidden`] for who has no role.
pub fn limited(person: &Person) -> Result<Option<&[Slug]>, Error> {
    match person.role {
        None => Err(Error::Forbidden),
        Some(Role::Provider) => Ok(Some(&person.organisations)),
        Some(_) => Ok(None),
    }
}

/// Whether someone can add records of a kind.
pub fn may_add(person: &Person, kind: RecordKind) -> bool {
    match person.role {
        Some(Role::Administrator | Role::Editor) => true,
        Some(Role::AgendaEditor | Role::Provider) => kind == RecordKind::Activity,
        _ => false,
    }
}

/// What someone may do with a record, for its buttons.
pub fn changes(say: Say) -> bool {
    matches!(say, Say::Propose | Say::Publish)
}

fn line(row: Row, office: &Office) -> Line {
    let today = office.clock.today();
    let day = row
        .updated_at
        .with_timezone(&chrono_tz::Europe::Amsterdam)
        .date_naive();
    Line {
        href: format!("{}/{}", path_of(&row.kind), row.slug),
        kind: kind_name(&row.kind),
        state: row.state.dutch(),
        changed: dutch::relative_day(day, today),
        checked: row.checked_at.map_or("nog nooit".to_owned(), |day| {
            dutch::relative_day(day, today)
        }),
        row,
    }
}
