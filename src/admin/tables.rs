//! Whole tables out and in: downloaded, sent in, looked at, loaded, and taken back.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::guard::SignedIn;
use super::links;
use super::office::{Office, begin, html, refused};
use super::page::Page;
use crate::access::Right;
use crate::interchange::ledger::{self, Import, Outcome, Stage};
use crate::interchange::{Change, Dialect, Fault, ImportError, Left, tables};
use crate::web::upload::{File, Upload};
use crate::web::{Error, Query, Segment};

/// Bytes of a table at most: some twenty thousand records. A larger one goes by the command line.
const MOST_BYTES: usize = 8 * 1024 * 1024;
const EARLIER: i64 = 100;
/// Rows that a page tells one by one.
const TOLD: usize = 200;

#[derive(Template)]
#[template(path = "admin/tables/list.html")]
struct ListPage {
    page: Page,
    names: [&'static str; tables::FILES.len()],
    /// What is wrong with what was sent.
    faults: Vec<Fault>,
    more_faults: usize,
    earlier: Vec<Earlier>,
}

struct Earlier {
    href: String,
    when: String,
    by: String,
    changes: i32,
    stage: &'static str,
}

#[derive(Template)]
#[template(path = "admin/tables/show.html")]
struct ShowPage {
    page: Page,
    path: String,
    import: Import,
    by_table: Vec<Count>,
    told: Vec<Change>,
    /// The number of the first of them, from 1, and how many there are in all.
    first: usize,
    all: usize,
    /// Rows of which it would change something else than what was looked at before.
    different: Vec<String>,
    more_different: usize,
    faults: Vec<Fault>,
    more_faults: usize,
}

/// How many rows of a table.
#[derive(Default)]
struct Count {
    file: String,
    new: usize,
    revised: usize,
}

impl ShowPage {
    fn is_checked(&self) -> bool {
        self.import.stage == Stage::Checked
    }

    fn is_loaded(&self) -> bool {
        self.import.stage == Stage::Loaded
    }

    fn last(&self) -> usize {
        self.first + self.told.len() - 1
    }

    /// Where the rows before and after these are.
    fn others(&self) -> [Option<String>; 2] {
        let at = |from: usize| format!("{}?vanaf={from}#rijen-kop", self.path);
        let before = (self.first > 1).then(|| at(self.first.saturating_sub(TOLD).max(1)));
        let after = (self.last() < self.all).then(|| at(self.last() + 1));
        [before, after]
    }
}

pub async fn list(State(office): State<Office>, signed_in: SignedIn) -> Result<Response, Error> {
    html(&list_page(&office, &signed_in, Vec::new()).await?)
}

async fn list_page(
    office: &Office,
    signed_in: &SignedIn,
    faults: Vec<Fault>,
) -> Result<ListPage, Error> {
    let person = signed_in.holding(Right::ExchangeTables)?;
    let mut conn = office.connection().await?;
    let earlier = ledger::latest(&mut conn, EARLIER).await?;
    let earlier = earlier.into_iter().map(|line| Earlier {
        href: links::import(&line.id),
        when: office.moment(line.sent_at),
        by: line.by,
        changes: line.changes,
        stage: line.stage.dutch(),
    });
    let (faults, more_faults) = some(faults);
    Ok(ListPage {
        page: office
            .page(Some(person), links::TABLES, "Tabellen")
            .wrong(!faults.is_empty()),
        names: tables::FILES,
        earlier: earlier.collect(),
        faults,
        more_faults,
    })
}

/// The first of many, and how many more there are.
fn some<T>(mut items: Vec<T>) -> (Vec<T>, usize) {
    let more = items.len().saturating_sub(TOLD);
    items.truncate(TOLD);
    (items, more)
}

#[derive(Default, Deserialize)]
pub struct Asked {
    /// `excel`: as a spreadsheet in Dutch opens it.
    #[serde(default)]
    voor: String,
}

pub async fn download(
    State(office): State<Office>,
    signed_in: SignedIn,
    Segment(name): Segment<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    signed_in.holding(Right::ExchangeTables)?;
    let dialect = if asked.voor == "excel" {
        Dialect::Spreadsheet
    } else {
        Dialect::Plain
    };
    let name = tables::FILES.into_iter().find(|file| *file == name);
    let name = name.ok_or(Error::NotFound)?;
    let mut conn = office.connection().await?;
    let table = crate::interchange::export::table(&mut conn, name, dialect).await;
    let table = table.map_err(|error| Error::Internal(error.into()))?;
    let (text, _) = table.ok_or(Error::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    Ok((headers, text).into_response())
}

/// Looks at tables that are sent in; nothing is changed by it.
pub async fn send(
    State(office): State<Office>,
    signed_in: SignedIn,
    request: Request,
) -> Result<Response, Error> {
    let person = signed_in.holding(Right::ExchangeTables)?;
    let upload = Upload::read(request, &office, MOST_BYTES).await?;
    let files = match texts(upload) {
        Ok(files) => files,
        Err(faults) => return refused(&list_page(&office, &signed_in, faults).await?),
    };
    let mut conn = office.connection().await?;
    match ledger::check(&mut conn, person, &files).await {
        Ok(id) => Ok(Redirect::to(&links::import(&id)).into_response()),
        Err(ImportError::Faults(faults)) => {
            drop(conn);
            refused(&list_page(&office, &signed_in, faults).await?)
        }
        Err(error) => Err(Error::Internal(error.into())),
    }
}

/// What was sent in, by the name of the table.
fn texts(upload: Upload) -> Result<BTreeMap<String, String>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut files = BTreeMap::new();
    for (name, file) in upload.files {
        let Some(table) = table_of(&name) else {
            let shown: String = name.chars().take(80).collect();
            let message = if name.to_lowercase().ends_with(".csv") {
                format!("“{shown}” heet niet als een van de tabellen hieronder")
            } else {
                format!("“{shown}” is geen CSV: kies in Excel bij Opslaan als “CSV UTF-8”")
            };
            faults.push(Fault::of_file("", message));
            continue;
        };
        let bytes = match file {
            File::Whole(bytes) => bytes,
            File::TooLarge => {
                faults.push(Fault::of_file(table, "groter dan 8 MB"));
                continue;
            }
            File::None => continue,
        };
        match crate::interchange::as_text(table, bytes) {
            Ok(text) => {
                if files.insert(table.to_owned(), text).is_some() {
                    faults.push(Fault::of_file(table, "staat er twee keer bij"));
                }
            }
            Err(fault) => faults.push(fault),
        }
    }
    if files.is_empty() && faults.is_empty() {
        faults.push(Fault::of_file(
            "",
            "Kies eerst een of meer bestanden met iets erin",
        ));
    }
    if faults.is_empty() {
        Ok(files)
    } else {
        Err(faults)
    }
}

/// The table that a file is: a browser adds a number to a name, and people a date.
fn table_of(name: &str) -> Option<&'static str> {
    let name = name.trim().to_ascii_lowercase();
    let stem = name.strip_suffix(".csv")?;
    let end = stem
        .find(|c: char| !c.is_ascii_lowercase() && c != '_')
        .unwrap_or(stem.len());
    let stem = stem[..end].trim_end_matches('_');
    tables::FILES
        .into_iter()
        .find(|file| file.strip_suffix(".csv") == Some(stem))
}

#[derive(Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    gedaan: String,
    /// The number of the first row to show.
    #[serde(default)]
    vanaf: String,
}

pub async fn show(
    State(office): State<Office>,
    signed_in: SignedIn,
    Segment(id): Segment<Uuid>,
    Query(done): Query<Done>,
) -> Result<Response, Error> {
    let from = done.vanaf.parse().unwrap_or(1);
    let page = show_page(&office, &signed_in, (id, from), Vec::new()).await?;
    html(&ShowPage {
        page: page.page.after(&done.gedaan),
        ..page
    })
}

async fn show_page(
    office: &Office,
    signed_in: &SignedIn,
    (id, from): (Uuid, usize),
    faults: Vec<Fault>,
) -> Result<ShowPage, Error> {
    let person = signed_in.holding(Right::ExchangeTables)?;
    let mut conn = office.connection().await?;
    let mut import = ledger::find(&mut conn, id).await?.ok_or(Error::NotFound)?;
    let title = match import.stage {
        Stage::Checked => "Wat er verandert",
        Stage::Loaded => "Wat er is ingelezen",
        Stage::Undone => "Teruggedraaid",
    };
    let by_table = counted(&import.changes);
    let changes = std::mem::take(&mut import.changes);
    let all = changes.len();
    let first = from.clamp(1, all.max(1));
    let told = changes.into_iter().skip(first - 1).take(TOLD).collect();
    let (faults, more_faults) = some(faults);
    let path = links::import(&id);
    Ok(ShowPage {
        page: office
            .page(Some(person), &path, title)
            .below(links::TABLES, "Tabellen")
            .wrong(!faults.is_empty()),
        path,
        import,
        by_table,
        told,
        first,
        all,
        different: Vec::new(),
        more_different: 0,
        faults,
        more_faults,
    })
}

/// Changes by table, in the order in which they are loaded.
fn counted(changes: &[Change]) -> Vec<Count> {
    let mut counts: Vec<Count> = Vec::new();
    for change in changes {
        if counts.last().is_none_or(|last| last.file != change.file) {
            counts.push(Count {
                file: change.file.clone(),
                ..Count::default()
            });
        }
        if let Some(count) = counts.last_mut() {
            match change.before {
                None => count.new += 1,
                Some(_) => count.revised += 1,
            }
        }
    }
    counts
}

pub async fn carry_out(
    State(office): State<Office>,
    signed_in: SignedIn,
    Segment(id): Segment<Uuid>,
) -> Result<Response, Error> {
    let person = signed_in.holding(Right::ExchangeTables)?;
    let mut conn = office.connection().await?;
    let mut tx = begin(&mut conn).await?;
    match ledger::carry_out(&mut tx, person, id).await {
        Ok(outcome) => {
            tx.commit().await?;
            drop(conn);
            if let Outcome::Different(keys) = outcome {
                let page = show_page(&office, &signed_in, (id, 1), Vec::new()).await?;
                let (different, more_different) = some(keys);
                return refused(&ShowPage {
                    page: page.page.wrong(true),
                    different,
                    more_different,
                    ..page
                });
            }
            Ok(Redirect::to(&links::done(&links::import(&id), "ingelezen")).into_response())
        }
        Err(ImportError::Faults(faults)) => {
            tx.rollback().await?;
            drop(conn);
            refused(&show_page(&office, &signed_in, (id, 1), faults).await?)
        }
        Err(error) => Err(Error::Internal(error.into())),
    }
}

pub async fn take_back(
    State(office): State<Office>,
    signed_in: SignedIn,
    Segment(id): Segment<Uuid>,
) -> Result<Response, Error> {
    let person = signed_in.holding(Right::ExchangeTables)?;
    let mut conn = office.connection().await?;
    let mut tx = begin(&mut conn).await?;
    let undone = ledger::take_back(&mut tx, person, id).await?;
    tx.commit().await?;
    let path = links::import(&id);
    let word = match undone {
        // A second click, or nothing to take back: the page tells how it stands.
        None => return Ok(Redirect::to(&path).into_response()),
        Some(undone) if !undone.did_something() => "niets-terug",
        Some(undone) if undone.left.is_empty() => "teruggedraaid",
        Some(_) => "deels-terug",
    };
    Ok(Redirect::to(&links::done(&path, word)).into_response())
}

pub async fn discard(
    State(office): State<Office>,
    signed_in: SignedIn,
    Segment(id): Segment<Uuid>,
) -> Result<Response, Error> {
    signed_in.holding(Right::ExchangeTables)?;
    let mut conn = office.connection().await?;
    ledger::discard(&mut conn, id).await?;
    Ok(Redirect::to(&links::done(links::TABLES, "weg")).into_response())
}

/// "1 rij", "203 rijen"
fn rows(count: impl TryInto<usize>) -> String {
    match count.try_into().unwrap_or_default() {
        1 => "1 rij".to_owned(),
        count => format!("{count} rijen"),
    }
}

/// Why a row stays as it is.
fn why(left: Left) -> &'static str {
    match left {
        Left::Changed => "dit is daarna nog veranderd",
        Left::Gone => "dit is er niet meer",
        Left::Needed => "hier hoort iets anders bij",
    }
}

#[cfg(test)]
mod tests {
    use super::table_of;

    #[test]
    fn files_are_known_by_the_names_that_browsers_and_people_give_them() {
        for (name, table) in [
            ("organisations.csv", Some("organisations.csv")),
            ("Organisations (2).CSV", Some("organisations.csv")),
            (
                "place_addresses-2026-11-27.csv",
                Some("place_addresses.csv"),
            ),
            ("places_oud.csv", None),
            ("organisations.xlsx", None),
            (".csv", None),
            ("../../etc/passwd", None),
        ] {
            assert_eq!(table_of(name), table, "{name}");
        }
    }
}
