//! The page cache: rendered and compressed bodies of public pages.
//!
//! A page is fresh as long as no content changed and the quarter of an hour is the same. An old
//! page is kept: while the database is away it is served with a note. A handler behind the cache
//! sees no headers and only declared parameters, so that nothing personal and no junk can get
//! into a page that all visitors share.

mod generation;
mod key;
mod page;
mod policy;

use std::{
    convert::Infallible,
    mem,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    body::to_bytes,
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue, Method, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use quick_cache::sync::Cache;

use super::{Error, Fault, FaultKind, door::DoorName};
use crate::telemetry::{self, CacheAnswer};
pub use generation::Generation;
use page::{Page, Weigher};
pub use policy::Policy;

/// Stands once in every page; replaced by the note when an old page is served.
pub const STALE_MARKER: &str = r#"<div id="stand" hidden></div>"#;

/// No page is larger; what is, is an error of ours.
const LARGEST_PAGE: usize = 4 * 1024 * 1024;

/// A database that hangs must not keep a visitor waiting: the aim is an answer within 2 s.
const PATIENCE: Duration = Duration::from_millis(1500);

type StaleNote = dyn Fn(DateTime<Tz>) -> String + Send + Sync;
type Clock = dyn Fn() -> DateTime<Utc> + Send + Sync;

/// Rendered pages, shared by all doors that show them. Cheap to clone.
#[derive(Clone)]
pub struct PageCache(Arc<Inner>);

struct Inner {
    pages: Cache<String, Arc<Page>, Weigher>,
    generation: Generation,
    note: Box<StaleNote>,
    clock: Box<Clock>,
    patience: Duration,
    compressions: AtomicU64,
}

impl PageCache {
    /// A cache of so many megabytes. `note` gives the HTML that says from when an old page is;
    /// it gets that moment in Amsterdam time.
    pub fn new(
        megabytes: u32,
        generation: Generation,
        note: impl Fn(DateTime<Tz>) -> String + Send + Sync + 'static,
    ) -> Self {
        Self::with(megabytes, generation, note, Utc::now, PATIENCE)
    }

    /// As [`PageCache::new`], with a clock and with the time a page may take, for tests.
    pub fn with(
        megabytes: u32,
        generation: Generation,
        note: impl Fn(DateTime<Tz>) -> String + Send + Sync + 'static,
        clock: impl Fn() -> DateTime<Utc> + Send + Sync + 'static,
        patience: Duration,
    ) -> Self {
        let bytes = u64::from(megabytes) * 1024 * 1024;
        // A page with its Brotli body weighs some 25 kB: a hint for the table's first size.
        let pages =
            Cache::with_weighter(usize::try_from(bytes / 25_000).unwrap_or(1), bytes, Weigher);
        let compressions = AtomicU64::new(0);
        Self(Arc::new(Inner {
            pages,
            generation,
            note: Box::new(note),
            clock: Box::new(clock),
            patience,
            compressions,
        }))
    }

    /// Puts a policy on a page's route: `pages.cached(get(show), POLICY)`.
    pub fn cached<S>(
        &self,
        route: MethodRouter<S, Infallible>,
        policy: Policy,
    ) -> MethodRouter<S, Infallible>
    where
        S: Clone + Send + Sync + 'static,
    {
        route.layer(middleware::from_fn_with_state(
            (self.clone(), policy),
            serve_page,
        ))
    }

    /// A kept page that is still fresh, for a plain address without parameters. Asked before the
    /// request is routed: the way through the house costs more than the page itself. `None` says
    /// nothing about the page; the request is to go the whole way.
    pub(super) fn at_hand(&self, request: &Request) -> Option<AtHand> {
        if request.method() != Method::GET || request.uri().query().is_some() {
            return None;
        }
        let page = self.0.pages.get(request.uri().path())?;
        if !page.is_fresh(self.0.generation.current(), (self.0.clock)()) {
            return None;
        }
        let way = page.way()?.clone();
        telemetry::cache(CacheAnswer::Hit);
        Some(AtHand {
            response: page.answer(request.headers()),
            way,
        })
    }

    /// How often a page was compressed since the start. A second GET adds nothing.
    #[must_use]
    pub fn compressions(&self) -> u64 {
        self.0.compressions.load(Ordering::Relaxed)
    }

    fn keep(&self, key: String, page: Page) -> Arc<Page> {
        self.0.compressions.fetch_add(1, Ordering::Relaxed);
        let page = Arc::new(page);
        self.0.pages.insert(key, Arc::clone(&page));
        page
    }
}

/// An answer from [`PageCache::at_hand`].
pub(super) struct AtHand {
    pub(super) response: Response,
    pub(super) way: Way,
}

/// Which way a request went: the figures are kept by it.
#[derive(Clone)]
pub(super) struct Way {
    pub(super) door: DoorName,
    pub(super) route: MatchedPath,
}

impl Way {
    fn of(request: &Request) -> Option<Self> {
        let extensions = request.extensions();
        Some(Self {
            door: *extensions.get()?,
            route: extensions.get::<MatchedPath>()?.clone(),
        })
    }
}

type Shelf = (PageCache, Policy);

async fn serve_page(
    State((cache, policy)): State<Shelf>,
    mut request: Request,
    next: Next,
) -> Response {
    if !policy.keeps() || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return with_default_cache_control(next.run(request).await, "no-store");
    }
    let query = key::declared(request.uri().query().unwrap_or_default(), policy.params());
    let Some(key) = key::of(request.uri().path(), &query) else {
        return with_default_cache_control(next.run(request).await, "no-store");
    };
    let now = (cache.0.clock)();
    // Read before the handler reads the database: a change in between makes the page old at once.
    let generation = cache.0.generation.current();
    let held = cache.0.pages.get(&key);
    if let Some(page) = held.as_ref().filter(|page| page.is_fresh(generation, now)) {
        telemetry::cache(CacheAnswer::Hit);
        return page.answer(request.headers());
    }
    let way = Way::of(&request);
    let asked = mem::take(request.headers_mut());
    narrow(&mut request, &query);
    let answer = tokio::time::timeout(cache.0.patience, next.run(request)).await;
    let answer = answer.unwrap_or_else(|_| Error::DatabaseAway.into_response());
    if is_database_away(&answer)
        && let Some(page) = held
    {
        telemetry::cache(CacheAnswer::Stale);
        return page.stale_answer(&cache.0.note);
    }
    telemetry::cache(CacheAnswer::Miss);
    if !page::is_keepable(&answer) {
        return with_default_cache_control(answer, "no-store");
    }
    render(&cache, key, answer, &asked, |headers, body| {
        Page::new(headers, body, way, generation, (now, policy))
    })
    .await
}

async fn render(
    cache: &PageCache,
    key: String,
    answer: Response,
    asked: &HeaderMap,
    make: impl FnOnce(HeaderMap, bytes::Bytes) -> Page,
) -> Response {
    let (parts, body) = answer.into_parts();
    match to_bytes(body, LARGEST_PAGE).await {
        Ok(body) => cache.keep(key, make(parts.headers, body)).answer(asked),
        Err(error) => {
            Error::Internal(anyhow::Error::new(error).context("a page could not be kept"))
                .into_response()
        }
    }
}

/// Leaves of the request only what the page may depend on.
fn narrow(request: &mut Request, query: &str) {
    *request.method_mut() = Method::GET;
    let path = request.uri().path();
    let narrowed = if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    };
    // Made of a valid path and an encoded query, so this does parse; if ever not, the original stays.
    if let Ok(uri) = narrowed.parse::<Uri>() {
        *request.uri_mut() = uri;
    }
}

fn is_database_away(answer: &Response) -> bool {
    answer
        .extensions()
        .get::<Fault>()
        .is_some_and(|fault| fault.kind == FaultKind::DatabaseAway)
}

fn with_default_cache_control(mut response: Response, value: &'static str) -> Response {
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static(value));
    response
}

#[cfg(test)]
mod tests;
