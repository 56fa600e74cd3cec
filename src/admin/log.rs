//! The log of what was done: who, what, when. Nobody can change it.

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::SecondsFormat;
use serde::Deserialize;

use super::guard::SignedIn;
use super::links;
use super::office::{Office, html};
use super::page::Page;
use crate::access::Right;
use crate::audit::{self, Entry, Selection};
use crate::interchange;
use crate::web::query::lenient;
use crate::web::{Error, Query};

#[derive(Template)]
#[template(path = "admin/log.html")]
struct LogPage {
    page: Page,
    asked: Asked,
    subjects: &'static [(&'static str, &'static str)],
    rows: Vec<Row>,
    older: Option<String>,
    /// Where these lines are a table.
    export: String,
}

struct Row {
    when: String,
    who: String,
    what: &'static str,
    subject: &'static str,
    key: String,
}

/// Which lines are asked for.
#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    soort: String,
    #[serde(default)]
    wat: String,
    /// Acts of people alone; empty: of programs too.
    #[serde(default)]
    mensen: String,
    #[serde(default, deserialize_with = "lenient")]
    voor: Option<i64>,
}

const ON_A_PAGE: usize = 50;

/// What the log is about, in words.
const SUBJECTS: [(&str, &str); 19] = [
    ("account", "gebruiker"),
    ("organisation", "organisatie"),
    ("activity", "activiteit"),
    ("place", "plek"),
    ("dossier", "dossier"),
    ("faq", "vraag"),
    ("theme", "thema"),
    ("zone", "wijk of dorp"),
    ("audience", "doelgroep"),
    ("step", "stap"),
    ("closure", "sluiting"),
    ("synonym", "synoniem"),
    ("help_line", "hulplijn"),
    ("redirect", "oud adres"),
    ("site_text", "tekst van de website"),
    ("scope", "afspraak"),
    ("alarm", "noodwoord"),
    ("calendar_source", "agendabron"),
    ("", "iets anders"),
];

impl Asked {
    fn selection(&self) -> Selection<'_> {
        let given = |text: &'static str| (!text.is_empty()).then_some(text);
        let subject = SUBJECTS
            .iter()
            .find(|(subject, _)| *subject == self.soort)
            .and_then(|(subject, _)| given(subject));
        let key = self.wat.trim();
        Selection {
            subject,
            key: (!key.is_empty()).then_some(key),
            record: None,
            by_people: !self.mensen.is_empty(),
            before: self.voor,
        }
    }
}

pub async fn show(
    State(office): State<Office>,
    signed_in: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let person = signed_in.holding(Right::ReadLog)?;
    let mut conn = office.connection().await?;
    let most = i64::try_from(ON_A_PAGE + 1).unwrap_or(i64::MAX);
    let mut entries = audit::latest(&mut conn, asked.selection(), most).await?;
    let more = entries.len() > ON_A_PAGE;
    entries.truncate(ON_A_PAGE);
    let older = entries
        .last()
        .filter(|_| more)
        .map(|last| address(links::LOG, &asked, Some(last.id)));
    html(&LogPage {
        page: office.page(Some(person), links::LOG, "Logboek"),
        subjects: &SUBJECTS[..SUBJECTS.len() - 1],
        rows: entries
            .into_iter()
            .map(|entry| row(entry, &office))
            .collect(),
        export: address(links::LOG_TABLE, &asked, None),
        asked,
        older,
    })
}

/// Lines of an export at most; whoever needs more asks by kind.
const EXPORTED: i64 = 10_000;

/// The newest lines as a table for a spreadsheet, with the filters of the page.
pub async fn export(
    State(office): State<Office>,
    signed_in: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    signed_in.holding(Right::ReadLog)?;
    let mut conn = office.connection().await?;
    let entries = audit::latest(&mut conn, asked.selection(), EXPORTED).await?;
    drop(conn);
    let header = ["moment", "wie", "wat", "soort", "adres"];
    let rows = entries.into_iter().map(|entry| {
        [
            entry.at.to_rfc3339_opts(SecondsFormat::Secs, true),
            entry.name.unwrap_or(entry.actor),
            entry.act,
            entry.subject,
            entry.key,
        ]
    });
    let table = interchange::spreadsheet(&header, rows);
    let table = table.map_err(|error| Error::Internal(error.into()))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"logboek.csv\"",
        ),
    ];
    Ok((headers, table).into_response())
}

fn address(path: &str, asked: &Asked, before: Option<i64>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [
        ("soort", asked.soort.as_str()),
        ("wat", asked.wat.trim()),
        ("mensen", &asked.mensen),
    ] {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    if let Some(before) = before {
        query.append_pair("voor", &before.to_string());
    }
    format!("{path}?{}", query.finish())
}

fn row(entry: Entry, office: &Office) -> Row {
    let subject = SUBJECTS
        .iter()
        .find(|(subject, _)| *subject == entry.subject);
    Row {
        when: office.moment(entry.at),
        who: who(&entry),
        what: what(&entry.act),
        subject: subject.map_or("iets anders", |(_, word)| word),
        key: entry.key,
    }
}

/// Who acted: a person by name, a program by what it is.
pub fn who(entry: &Entry) -> String {
    match (&entry.name, entry.actor.as_str()) {
        (Some(name), _) => name.clone(),
        (None, "import") => "Import".to_owned(),
        (None, "demonstration") => "Voorbeeldgegevens".to_owned(),
        (None, "operator") => "Systeembeheerder".to_owned(),
        (None, actor) => match actor.strip_prefix("calendar ") {
            Some(source) => format!("Agendabron {source}"),
            None => "Een gebruiker die er niet meer is".to_owned(),
        },
    }
}

/// What was done, in words.
pub fn what(act: &str) -> &'static str {
    match act {
        "register" => "toegevoegd",
        "revise" => "veranderd",
        "rename" => "nieuw adres gegeven",
        "publish" => "op de site gezet",
        "withdraw" => "van de site gehaald",
        "check" => "nagekeken, klopt",
        "propose" => "wijziging voorgesteld",
        "plan" => "gepland",
        "assign" => "toegewezen",
        "approve" => "voorstel goedgekeurd",
        "reject" => "voorstel weggegooid",
        "remove" => "verwijderd",
        "invite" => "uitgenodigd",
        "send reset link" => "link voor een nieuw wachtwoord gestuurd",
        "enable" => "aangezet",
        "disable" => "uitgezet",
        "choose password" => "wachtwoord gekozen",
        "set second factor" => "tweede stap aangezet",
        "drop second factor" => "tweede stap uitgezet",
        "make recovery codes" => "herstelcodes gemaakt",
        "use recovery code" => "ingelogd met een herstelcode",
        _ => "iets gedaan",
    }
}
