//! The last parts of an address, parsed; what does not parse does not exist.

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

/// The last two parameters of the route, as [`Segment`] reads the last.
#[derive(Clone, Debug)]
pub struct Segments<A, B>(pub A, pub B);

impl<S, A, B> FromRequestParts<S> for Segments<A, B>
where
    S: Send + Sync,
    A: FromStr,
    B: FromStr,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let parameters = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| Error::BadRequest("path"))?;
        let values: Vec<&str> = parameters.iter().map(|(_, value)| value).collect();
        let [.., first, last] = values[..] else {
            return Err(Error::NotFound);
        };
        let parsed = first.parse().ok().zip(last.parse().ok());
        parsed
            .map(|(first, last)| Self(first, last))
            .ok_or(Error::NotFound)
    }
}
