//! The log of what was done: who, what, when. Nobody can change it.

mod export;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

pub use export::download;

use super::guard::SignedIn;
use super::links;
use super::office::{Office, html};
use super::page::Page;
use crate::access::Right;
use crate::audit::{self, Entry, Selection};
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
    /// Where the same lines are a file, for who may have it.
    file: Option<String>,
}

struct Row {
    when: String,
    who: String,
    what: &'static str,
    subject: &'static str,
    key: String,
    /// Where an account is, whose key is a number.
    href: Option<String>,
}

/// Which lines are asked for.
#[derive(Clone, Default, Deserialize)]
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

impl Asked {
    fn selection(&self) -> Selection<'_> {
        let known = SUBJECTS.iter().map(|(subject, _)| *subject);
        let key = self.wat.trim();
        Selection {
            subject: known
                .filter(|subject| !subject.is_empty())
                .find(|subject| *subject == self.soort),
            key: (!key.is_empty()).then_some(key),
            record: None,
            by_people: !self.mensen.is_empty(),
            before: self.voor,
        }
    }
}

const ON_A_PAGE: usize = 50;

/// What the log is about, in words.
const SUBJECTS: [(&str, &str); 20] = [
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
    ("index", "zoekmachine"),
    ("", "iets anders"),
];

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
        file: person
            .holds(Right::ExportLog)
            .then(|| address(links::LOG_FILE, &asked, None)),
        asked,
        older,
    })
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
    Row {
        when: office.moment(entry.at),
        who: who(&entry),
        what: what(&entry.act),
        href: entry
            .key
            .parse()
            .ok()
            .filter(|_| entry.subject == "account")
            .map(|id| links::user(&id)),
        subject: subject_word(&entry.subject),
        key: entry.key,
    }
}

fn subject_word(subject: &str) -> &'static str {
    let known = SUBJECTS.iter().find(|(own, _)| *own == subject);
    known.map_or("iets anders", |(_, word)| word)
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
        "remark" => "opmerking geplaatst",
        "settle" => "opmerking afgehandeld",
        "approve" => "voorstel goedgekeurd",
        "reject" => "voorstel weggegooid",
        "remove" => "verwijderd",
        "rebuild" => "opnieuw opgebouwd",
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
