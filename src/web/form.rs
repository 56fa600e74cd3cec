//! Forms that are posted. A page of another site cannot post one: [`super::Door`] refuses that
//! before a handler runs.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use serde::de::DeserializeOwned;

use super::Error;

/// A posted form as `T`. Fields are best `#[serde(default)]` texts or lists: what is missing or
/// wrong is then told at its field, and nothing that was typed is lost.
#[derive(Clone, Debug, Default)]
pub struct Form<T>(pub T);

impl<S, T> FromRequest<S> for Form<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        if !is_form(request.headers()) {
            return Err(Error::BadRequest("form"));
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejected| match rejected.status().as_u16() {
                413 => Error::TooLarge,
                _ => Error::BadRequest("form"),
            })?;
        let text = std::str::from_utf8(&bytes).map_err(|_| Error::BadRequest("form"))?;
        // PostgreSQL keeps no NUL, and no person types one.
        if text.contains("%00") || text.contains('\0') {
            return Err(Error::BadRequest("form"));
        }
        serde_html_form::from_str(text)
            .map(Self)
            .map_err(|_| Error::BadRequest("form"))
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}
