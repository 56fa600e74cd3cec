//! The close of the whole house: what holds for every answer of every door.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header},
    middleware::{self, Next},
    response::Response,
};
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{Predicate, SizeAbove},
    },
};
use tracing::Instrument;
use url::Url;

use super::{
    Fault,
    door::{DoorName, panicked},
    headers::SafetyHeaders,
    token,
};
use crate::telemetry;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Headers, request ids, log lines, figures and compression around all doors.
#[derive(Clone)]
pub struct House {
    headers: Arc<SafetyHeaders>,
}

impl House {
    /// A house that stands at this public address.
    #[must_use]
    pub fn new(base_url: &Url) -> Self {
        Self {
            headers: Arc::new(SafetyHeaders::new(base_url)),
        }
    }

    /// Puts the house around its doors. The outermost thing there is, and the last.
    pub fn close<S: Clone + Send + Sync + 'static>(self, doors: Router<S>) -> Router<S> {
        doors
            .layer(compression())
            .layer(CatchPanicLayer::custom(panicked))
            .layer(middleware::from_fn_with_state(self, watch))
    }
}

/// Brotli at its fastest (50 µs for a page; the default level costs 200). Never gzip: internet.nl
/// flags it on HTML. Bodies under 860 bytes gain nothing.
fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(860).and(worth_compressing))
}

/// Pages only, and not those with a tag (they were compressed where they are kept) nor private
/// ones: a secret beside reflected input must not be compressed (BREACH).
fn worth_compressing(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let begins = |name: HeaderName, with: &[u8]| {
        headers
            .get(name)
            .is_some_and(|v| v.as_bytes().starts_with(with))
    };
    begins(header::CONTENT_TYPE, b"text/html")
        && !begins(header::CACHE_CONTROL, b"private")
        && !headers.contains_key(header::ETAG)
        && !headers.contains_key(header::SET_COOKIE)
}

/// The client's own request id is not believed: it would let anyone write into our log.
async fn watch(State(house): State<House>, request: Request, next: Next) -> Response {
    let id = token::request_id();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("(none)", MatchedPath::as_str);
    // A span costs a fifth of a cached page, so it is made only when someone looks that closely;
    // what went wrong is tied to its request by the line below.
    let span = tracing::debug_span!("request", id, route);
    let begun = Instant::now();
    let mut response = next.run(request).instrument(span).await;

    let took = begun.elapsed();
    let status = response.status();
    log_answer(&id, route, &response, took);
    let door = response
        .extensions()
        .get::<DoorName>()
        .map_or("none", |door| door.0);
    telemetry::request(door, route, status, took);
    house.headers.apply(response.headers_mut());
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// A client's fault is its own affair. Of ours the cause was logged where it happened; this line
/// says which request it was.
fn log_answer(id: &str, route: &str, response: &Response, took: Duration) {
    let status = response.status().as_u16();
    let micros = took.as_micros();
    let fault = response.extensions().get::<Fault>();
    if let Some(reference) = fault.and_then(|fault| fault.reference.as_deref()) {
        tracing::error!(
            id,
            route,
            status,
            micros,
            reference,
            "answered with a fault of ours"
        );
    } else {
        tracing::debug!(id, route, status, micros, "answered");
    }
}

#[cfg(test)]
mod tests;
