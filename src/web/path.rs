//! The last part of an address, parsed; what does not parse does not exist.

use std::str::FromStr;

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};

use super::Error;

/// The last parameter of the route, such as the slug in `/organisaties/{slug}`. A value that
/// does not parse as `T` is a page that is not there: 404, never 400.
#[derive(Clone, Debug)]
pub struct Segment<T>(pub T);

impl<S, T> FromRequestParts<S> for Segment<T>
where
    S: Send + Sync,
    T: FromStr,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let parameters = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| Error::BadRequest("path"))?;
        let last = parameters.iter().last().map(|(_, value)| value);
        last.and_then(|value| value.parse().ok())
            .map(Self)
            .ok_or(Error::NotFound)
    }
}
