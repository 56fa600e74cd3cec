//! What the search field suggests while someone types. A script asks for it; without it the form
//! works as ever.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::items::kind_words;
use super::links;
use super::portal::Portal;
use crate::base::RecordKind;
use crate::search::Suggestion;
use crate::web::{Error, Policy, Query, query::lenient};

/// What a visitor typed is in it.
pub const CACHE: Policy = Policy::never();

/// As many as a phone shows above its keyboard, and two more.
const MOST: usize = 8;

#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default, deserialize_with = "lenient")]
    q: Option<String>,
}

#[derive(Serialize)]
struct Answer {
    suggestions: Vec<Line>,
}

/// One line of the list.
#[derive(Serialize)]
struct Line {
    label: String,
    kind: &'static str,
    href: String,
}

/// At most eight records as JSON: `{"suggestions":[{"label":…,"kind":…,"href":…}]}`. Nothing here
/// asks PostgreSQL.
pub async fn show(
    State(portal): State<Portal>,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let typed = asked.q.unwrap_or_default();
    let found = portal.engine.suggest(&typed, MOST);
    let found = found.map_err(|error| Error::Internal(error.into()))?;
    let answer = Answer {
        suggestions: found.into_iter().map(line).collect(),
    };
    let body = serde_json::to_string(&answer).map_err(|error| Error::Internal(error.into()))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    Ok((headers, body).into_response())
}

fn line(suggestion: Suggestion) -> Line {
    let kind = match suggestion.kind {
        RecordKind::Faq => "Vraag",
        RecordKind::Zone => "Wijk of dorp",
        kind => kind_words(kind).0,
    };
    Line {
        label: suggestion.title,
        kind,
        href: links::record(suggestion.kind, &suggestion.slug),
    }
}
