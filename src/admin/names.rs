//! Names of records while someone types one: for forms where there are too many to carry along.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::guard::SignedIn;
use super::office::Office;
use crate::base::RecordKind;
use crate::catalogue::editing::lists;
use crate::web::{Error, Query};

/// Names in an answer.
const MOST: i64 = 10;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    soort: String,
    #[serde(default)]
    q: String,
}

#[derive(Serialize)]
pub struct Names {
    names: Vec<String>,
}

/// At most ten names of one kind that hold what was typed, as JSON: `{"names":[…]}`. Those that
/// begin with it come first.
pub async fn show(
    State(office): State<Office>,
    signed_in: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let person = signed_in.person();
    if person.role.is_none() {
        return Err(Error::Forbidden);
    }
    let kind: RecordKind = asked
        .soort
        .parse()
        .map_err(|_| Error::BadRequest("soort"))?;
    let words = asked.q.trim();
    if words.chars().count() < 2 {
        return answer(&Names { names: Vec::new() });
    }
    let mut conn = office.connection().await?;
    let names = lists::names(&mut conn, person, kind, words, MOST).await?;
    answer(&Names { names })
}

fn answer(names: &Names) -> Result<Response, Error> {
    let json = serde_json::to_string(names).map_err(|error| Error::Internal(error.into()))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response())
}
