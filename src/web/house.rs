//! The close of the whole house: what holds for every answer of every door.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    net::IpAddr,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header},
    middleware::{self, Next},
    response::Response,
    routing::future::RouteFuture,
};
use futures_util::future::Either;
use tower::Service;
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
    Fault, PageCache,
    cache::AtHand,
    client,
    door::{DoorName, panicked},
    headers::SafetyHeaders,
    token,
};
use crate::telemetry;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Headers, request ids, log lines, figures and compression around all doors. The outermost thing
/// there is: what the accept loop serves. Cheap to clone.
#[derive(Clone)]
pub struct House {
    front: Arc<Front>,
    doors: Router,
}

/// What stands before the doors.
struct Front {
    headers: SafetyHeaders,
    proxies: Vec<IpAddr>,
    pages: PageCache,
}

impl House {
    /// A house at this public address around its doors, whose pages are kept in `pages`. What
    /// `proxies` say of who asks is believed.
    pub fn new(base_url: &Url, proxies: &[IpAddr], pages: PageCache, doors: Router) -> Self {
        let front = Arc::new(Front {
            headers: SafetyHeaders::new(base_url),
            proxies: proxies.to_vec(),
            pages,
        });
        let doors = doors
            .layer(compression())
            .layer(CatchPanicLayer::custom(panicked))
            .layer(middleware::from_fn_with_state(Arc::clone(&front), watch));
        Self { front, doors }
    }
}

impl Service<Request> for House {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response, Infallible>>, RouteFuture<Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match self.front.at_hand(&request) {
            Some(response) => Either::Left(ready(Ok(response))),
            None => Either::Right(self.doors.call(request)),
        }
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
async fn watch(State(front): State<Arc<Front>>, mut request: Request, next: Next) -> Response {
    client::note(&mut request, &front.proxies);
    let id = token::request_id();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("(none)", MatchedPath::as_str);
    // A span is made only when someone looks that closely; what went wrong is tied to its request
    // by the line that `Front::finish` writes.
    let span = tracing::debug_span!("request", id, route);
    let begun = Instant::now();
    let mut response = next.run(request).instrument(span).await;
    let door = response
        .extensions()
        .get::<DoorName>()
        .map_or("none", |door| door.0);
    front.finish(&mut response, id, (door, route), begun);
    response
}

impl Front {
    /// A page that was asked before and is still fresh goes out from here.
    fn at_hand(&self, request: &Request) -> Option<Response> {
        let begun = Instant::now();
        let AtHand { mut response, way } = self.pages.at_hand(request)?;
        let by = (way.door.0, way.route.as_str());
        self.finish(&mut response, token::request_id(), by, begun);
        Some(response)
    }

    /// What every answer gets, whichever way it came.
    fn finish(
        &self,
        response: &mut Response,
        id: String,
        (door, route): (&'static str, &str),
        begun: Instant,
    ) {
        let took = begun.elapsed();
        log_answer(&id, route, response, took);
        telemetry::request(door, route, response.status(), took);
        self.headers.apply(response);
        if let Ok(id) = HeaderValue::try_from(id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
    }
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
