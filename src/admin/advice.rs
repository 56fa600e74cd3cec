//! Hints on a text while it is typed, for the script of the forms. Without it the same hints stand
//! in a form that is opened or comes back.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::guard::SignedIn;
use super::office::Office;
use super::sheet::Adviser;
use crate::web::{Error, Form};

#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    tekst: String,
}

/// The hints as a list of sentences. Nothing of the text is kept.
pub async fn on(
    State(office): State<Office>,
    signed_in: SignedIn,
    Form(asked): Form<Asked>,
) -> Result<Response, Error> {
    if signed_in.person().role.is_none() {
        return Err(Error::Forbidden);
    }
    let hints = Adviser::new(&office.names()).lines(&asked.tekst);
    let body = serde_json::to_string(&hints).map_err(|error| Error::Internal(error.into()))?;
    Ok((
        [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
        body,
    )
        .into_response())
}
