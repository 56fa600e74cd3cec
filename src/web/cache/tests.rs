use std::sync::Mutex;

use axum::{
    Router,
    http::{Request, StatusCode},
    response::Html,
    routing::get,
};
use chrono::TimeDelta;

use super::*;
use crate::web::{
    stored::unpack,
    support::{Answer, ask, with},
};

/// A page that tells how often it was rendered and what it saw, and a world that can be changed.
#[derive(Clone)]
struct Stage {
    cache: PageCache,
    generation: Generation,
    now: Arc<Mutex<DateTime<Utc>>>,
    rendered: Arc<AtomicU64>,
    failing: Arc<Mutex<Option<Failure>>>,
}

#[derive(Clone, Copy)]
enum Failure {
    Away,
    Hangs,
    Ours,
}

impl Stage {
    fn new() -> Self {
        let now = Arc::new(Mutex::new("2026-03-03T12:05:00Z".parse().unwrap()));
        let (generation, clock) = (Generation::default(), Arc::clone(&now));
        let note = |at: DateTime<Tz>| {
            format!("<p role=status>Gegevens van {}</p>", at.format("%H.%M uur"))
        };
        let cache = PageCache::with(
            8,
            generation.clone(),
            note,
            move || *clock.lock().unwrap(),
            Duration::from_millis(300),
        );
        Self {
            cache,
            generation,
            now,
            rendered: Arc::default(),
            failing: Arc::default(),
        }
    }

    async fn show(self, uri: Uri, headers: HeaderMap) -> Result<Html<String>, Error> {
        let failing = *self.failing.lock().unwrap();
        match failing {
            None => {}
            Some(Failure::Away) => return Err(Error::DatabaseAway),
            Some(Failure::Ours) => return Err(Error::Internal(anyhow::anyhow!("planted"))),
            Some(Failure::Hangs) => std::future::pending().await,
        }
        let number = self.rendered.fetch_add(1, Ordering::Relaxed) + 1;
        let filler = "<li>een hit</li>".repeat(100);
        Ok(Html(format!(
            "{STALE_MARKER}<p>nr {number} {uri} {}</p>{filler}",
            headers.len()
        )))
    }

    fn router(&self) -> Router {
        let (page, search) = (self.clone(), self.clone());
        let page = get(move |uri: Uri, headers: HeaderMap| page.show(uri, headers));
        let search = get(move |uri: Uri, headers: HeaderMap| search.show(uri, headers));
        Router::new()
            .route(
                "/agenda",
                self.cache.cached(page, Policy::page(&["wijk", "dag"])),
            )
            .route("/zoeken", self.cache.cached(search, Policy::never()))
            .route(
                "/cookie",
                self.cache.cached(
                    get(|| async { ([("set-cookie", "a=b")], Html("eigen")) }),
                    Policy::page(&[]),
                ),
            )
            .route(
                "/absent",
                self.cache
                    .cached(get(|| async { Error::NotFound }), Policy::page(&[])),
            )
    }

    async fn get(&self, uri: &str, headers: &[(&str, &str)]) -> Answer {
        ask(self.router(), with(uri, headers)).await
    }

    fn rendered(&self) -> u64 {
        self.rendered.load(Ordering::Relaxed)
    }

    fn fail(&self, failure: Option<Failure>) {
        *self.failing.lock().unwrap() = failure;
    }

    fn pass(&self, time: TimeDelta) {
        *self.now.lock().unwrap() += time;
    }
}

const BR: (&str, &str) = ("accept-encoding", "br");

#[tokio::test]
async fn a_second_get_renders_and_compresses_nothing() {
    let stage = Stage::new();
    let first = stage.get("/agenda", &[BR]).await;
    let second = stage.get("/agenda", &[BR]).await;
    assert_eq!((stage.rendered(), stage.cache.compressions()), (1, 1));
    assert_eq!(
        (first.header("content-encoding"), &first.body),
        ("br", &second.body)
    );
    assert_eq!(
        first.header("cache-control"),
        "public, max-age=0, must-revalidate"
    );
    assert_eq!(
        (first.header("vary"), first.header("content-type")),
        ("accept-encoding", "text/html; charset=utf-8")
    );
    let plain = stage.get("/agenda", &[]).await;
    assert_eq!(
        (plain.header("content-encoding"), plain.text()),
        ("", unpack(&first.body))
    );
    assert_ne!(plain.header("etag"), first.header("etag"));
    assert_eq!((stage.rendered(), stage.cache.compressions()), (1, 1));
}

#[tokio::test]
async fn a_browser_that_has_the_page_gets_no_body() {
    let stage = Stage::new();
    let page = stage.get("/agenda", &[BR]).await;
    let again = stage
        .get("/agenda", &[BR, ("if-none-match", page.header("etag"))])
        .await;
    assert_eq!(
        (again.status, again.body.len()),
        (StatusCode::NOT_MODIFIED, 0)
    );
    assert_eq!(again.header("etag"), page.header("etag"));
    stage.generation.bump();
    let changed = stage
        .get("/agenda", &[BR, ("if-none-match", page.header("etag"))])
        .await;
    assert_eq!(changed.status, StatusCode::OK);
}

#[tokio::test]
async fn head_fills_and_uses_the_cache() {
    let stage = Stage::new();
    for _ in 0..2 {
        let head = Request::head("/agenda")
            .body(axum::body::Body::empty())
            .unwrap();
        let head = ask(stage.router(), head).await;
        assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
        let page = stage.get("/agenda", &[]).await;
        assert_eq!(head.header("content-length"), page.body.len().to_string());
        assert_eq!(head.header("etag"), page.header("etag"));
    }
    assert_eq!(stage.rendered(), 1);
}

#[tokio::test]
async fn junk_makes_no_other_page_and_reaches_no_handler() {
    let stage = Stage::new();
    let junk = [
        ("x-forwarded-host", "evil.nl"),
        ("cookie", "professional=1"),
        ("accept-language", "en"),
    ];
    let first = stage
        .get("/agenda?utm_source=x&dag=ma&evil=1&wijk=voorstad", &junk)
        .await;
    assert!(
        first
            .text()
            .contains("nr 1 /agenda?wijk=voorstad&amp;dag=ma 0")
            || first.text().contains("nr 1 /agenda?wijk=voorstad&dag=ma 0"),
        "{}",
        first.text()
    );
    let second = stage.get("/agenda?wijk=voorstad&dag=ma", &[]).await;
    assert_eq!(first.body, second.body);
    stage.get("/agenda?wijk=borgele", &[]).await;
    assert_eq!(stage.rendered(), 2);
}

#[tokio::test]
async fn a_page_is_old_after_a_change_and_after_a_quarter() {
    let stage = Stage::new();
    stage.get("/agenda", &[]).await;
    stage.pass(TimeDelta::minutes(9));
    stage.get("/agenda", &[]).await;
    assert_eq!(stage.rendered(), 1);
    stage.pass(TimeDelta::minutes(1));
    stage.get("/agenda", &[]).await;
    assert_eq!(stage.rendered(), 2);
    stage.generation.bump();
    stage.get("/agenda", &[]).await;
    assert_eq!(stage.rendered(), 3);
    stage.pass(TimeDelta::hours(-1));
    stage.get("/agenda", &[]).await;
    assert_eq!(
        stage.rendered(),
        4,
        "a clock set back does not make a page eternal"
    );
}

#[tokio::test]
async fn an_old_page_with_a_note_is_better_than_none() {
    for failure in [Failure::Away, Failure::Hangs] {
        let stage = Stage::new();
        stage.get("/agenda", &[]).await;
        stage.pass(TimeDelta::hours(1));
        stage.fail(Some(failure));
        let answer = stage.get("/agenda", &[BR, ("if-none-match", "*")]).await;
        assert_eq!(
            (
                answer.status,
                answer.header("cache-control"),
                answer.header("etag")
            ),
            (StatusCode::OK, "no-store", "")
        );
        assert!(
            answer
                .text()
                .starts_with("<p role=status>Gegevens van 13.05 uur</p><p>nr 1"),
            "{}",
            answer.text()
        );
        assert_eq!(
            stage.get("/agenda?dag=ma", &[]).await.status,
            StatusCode::SERVICE_UNAVAILABLE,
            "never seen before"
        );
        stage.fail(None);
        assert!(
            stage.get("/agenda", &[]).await.text().contains("nr 2"),
            "well again at once"
        );
    }
}

#[tokio::test]
async fn our_own_errors_are_not_hidden_and_not_kept() {
    let stage = Stage::new();
    stage.get("/agenda", &[]).await;
    stage.generation.bump();
    stage.fail(Some(Failure::Ours));
    assert_eq!(
        stage.get("/agenda", &[]).await.status,
        StatusCode::INTERNAL_SERVER_ERROR
    );
    assert_eq!(
        stage.get("/absent", &[]).await.header("cache-control"),
        "no-store"
    );
    stage.fail(None);
    assert_eq!(stage.get("/agenda", &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_not_for_everyone_is_never_kept() {
    let stage = Stage::new();
    for _ in 0..2 {
        assert_eq!(
            stage
                .get("/zoeken?q=schulden", &[])
                .await
                .header("cache-control"),
            "no-store"
        );
        assert_eq!(
            stage.get("/cookie", &[]).await.header("cache-control"),
            "no-store"
        );
        let long = format!("/agenda?wijk={}", "x".repeat(300));
        assert_eq!(
            stage.get(&long, &[]).await.header("cache-control"),
            "no-store"
        );
    }
    assert_eq!((stage.rendered(), stage.cache.compressions()), (4, 0));
}

#[tokio::test]
async fn the_cache_holds_no_more_than_its_megabytes() {
    let cache = PageCache::new(1, Generation::default(), |_| String::new());
    let body = "x".repeat(100_000);
    let page = get(move || async move { Html(body) });
    let router: Router = Router::new().route("/p", cache.cached(page, Policy::page(&["n"])));
    for number in 0..50 {
        ask(router.clone(), with(&format!("/p?n={number}"), &[])).await;
    }
    assert!(cache.0.pages.weight() <= 1024 * 1024);
    assert!(!cache.0.pages.is_empty());
}
