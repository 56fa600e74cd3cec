//! The versions of a record: who changed what and when, and putting one back.

use askama::Template;
use axum::extract::State as Axum;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::list::changes;
use crate::admin::guard::SignedIn;
use crate::admin::links;
use crate::admin::log::{what, who};
use crate::admin::office::{Office, begin, html};
use crate::admin::page::Page;
use crate::admin::sheet::differences::{self, Difference};
use crate::admin::sheet::{Ground, Sheet, refusal};
use crate::base::{RecordKind, Slug};
use crate::catalogue::editing::{self, Outcome, Refusal, Version, merge};
use crate::web::query::lenient;
use crate::web::{Error, Form, Query, Segment};

#[derive(Template)]
#[template(path = "admin/records/history.html")]
struct HistoryPage {
    page: Page,
    path: String,
    version: i32,
    may_restore: bool,
    rows: Vec<Line>,
    older: Option<String>,
}

/// One act in the history.
struct Line {
    id: i64,
    when: String,
    who: String,
    what: &'static str,
    differences: Vec<Difference>,
    /// A whole version that can be put back.
    whole: bool,
    /// What is there now.
    is_now: bool,
    /// Proposed; it was never there for that.
    is_proposal: bool,
}

#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default, deserialize_with = "lenient")]
    voor: Option<i64>,
}

#[derive(Default, Deserialize)]
pub struct Back {
    #[serde(default)]
    regel: String,
    #[serde(default)]
    versie: String,
}

const ON_A_PAGE: usize = 20;

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
    // One more than is shown: what the last of them changed.
    let most = i64::try_from(ON_A_PAGE + 1).unwrap_or(i64::MAX);
    let versions = editing::history(&mut conn, &opened, asked.voor, most).await?;
    let drafts: Vec<Option<K>> = versions.iter().map(draft_of).collect();
    let named: Vec<(RecordKind, Slug)> = drafts.iter().flatten().flat_map(Sheet::named).collect();
    let ground = Ground::read(&office, &mut conn, &named, &[], true).await?;
    let sections = K::sections(&office.names());
    let path = format!("{}/{}/{slug}", links::DESK, K::PATH);
    let older = (versions.len() > ON_A_PAGE)
        .then(|| versions.get(ON_A_PAGE - 1))
        .flatten()
        .map(|last| format!("{path}/geschiedenis?voor={}", last.id));
    let made = |at: usize| merge::made_a_version(&versions[at].entry.act);
    let now = (0..versions.len()).find(|at| asked.voor.is_none() && made(*at));
    let rows = versions
        .iter()
        .enumerate()
        .take(ON_A_PAGE)
        .map(|(at, version)| {
            // What was thrown away changed nothing.
            let before = (at + 1..drafts.len())
                .filter(|before| version.entry.act != "reject" && made(*before))
                .find_map(|before| drafts[before].as_ref());
            let differences = match (&drafts[at], before) {
                (Some(now), Some(before)) => {
                    differences::of_records(&sections, before, now, &ground.around())
                }
                _ => Vec::new(),
            };
            Line {
                id: version.id,
                when: office.moment(version.entry.at),
                who: who(&version.entry),
                what: what(&version.entry.act),
                differences,
                whole: drafts[at].is_some() && version.entry.act != "reject",
                is_now: now == Some(at),
                is_proposal: version.entry.act == "propose",
            }
        });
    html(&HistoryPage {
        page: office
            .page(Some(person), format!("{path}/geschiedenis"), "Geschiedenis")
            .below(format!("{}/{}", links::DESK, K::PATH), K::MANY)
            .below(&path, opened.draft.title()),
        rows: rows.collect(),
        path,
        version: opened.version,
        may_restore: changes(opened.say(person)),
        older,
    })
}

fn draft_of<K: Sheet>(version: &Version) -> Option<K> {
    serde_json::from_value(version.content.clone()?).ok()
}

pub async fn restore<K: Sheet>(
    Axum(office): Axum<Office>,
    signed_in: SignedIn,
    Segment(slug): Segment<Slug>,
    Form(back): Form<Back>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    let line: i64 = back.regel.parse().map_err(|_| Error::BadRequest("form"))?;
    let version: i32 = back.versie.parse().map_err(|_| Error::BadRequest("form"))?;
    let mut conn = office.connection().await?;
    let mut tx = begin(&mut conn).await?;
    let opened = editing::open::<K>(&mut tx, person, &slug)
        .await
        .map_err(refusal)?;
    let word = match editing::restore(&mut tx, person, (&opened, version), line).await {
        Ok(outcome) => {
            tx.commit().await?;
            match outcome {
                Outcome::Kept => "teruggezet",
                Outcome::Proposed => "gestuurd",
            }
        }
        Err(Refusal::Overtaken) => "ingehaald",
        Err(Refusal::Violation(_)) => "hoort-nergens",
        Err(other) => return Err(refusal(other)),
    };
    let path = format!("{}/{}/{slug}", links::DESK, K::PATH);
    Ok(Redirect::to(&links::done(&path, word)).into_response())
}
