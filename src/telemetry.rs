//! What the program tells its operators: log lines and Prometheus figures.
//!
//! Never a visitor's words: no query, no path with values, no header. Labels are bounded: a
//! route is the pattern it was declared with.

use std::{
    collections::HashMap,
    io::IsTerminal,
    panic::PanicHookInfo,
    sync::{LazyLock, PoisonError, RwLock},
    time::Duration,
};

use anyhow::Context;
use axum::{Router, http::StatusCode, routing::get};
use metrics::{Counter, Histogram, counter, gauge, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, fmt};

use crate::config::{Log, LogFormat};

/// Seconds. The fine end is for cached pages, the coarse end for what is broken.
const DURATION_BUCKETS: &[f64] = &[
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// How the page cache answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheAnswer {
    /// From memory, fresh.
    Hit,
    /// Rendered now.
    Miss,
    /// From memory, old, because the database is away.
    Stale,
}

/// Starts logging to standard error, and logs panics by place only.
///
/// # Errors
/// When the filter is not understood or logging was started before.
pub fn init(log: &Log) -> anyhow::Result<()> {
    // PostgreSQL notices ("already exists, skipping") are no news.
    let filter = format!("sqlx::postgres::notice=warn,{}", log.filter);
    let filter = EnvFilter::try_new(filter).context("WIJZER_LOG is not a tracing filter")?;
    let lines = fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match log.format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    }
    .map_err(|error| anyhow::anyhow!("logging could not start: {error}"))?;
    std::panic::set_hook(Box::new(log_panic));
    Ok(())
}

/// A formatted panic message can quote what a visitor typed (slicing a string does); a literal
/// cannot. So only literals are logged, and the place always.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic
        .location()
        .map(ToString::to_string)
        .unwrap_or_default();
    let literal = panic
        .payload()
        .downcast_ref::<&'static str>()
        .copied()
        .unwrap_or("(message withheld)");
    tracing::error!(place, "panic: {literal}");
}

/// Installs the recorder behind all figures of this process.
///
/// # Errors
/// When one is installed already.
pub fn install_metrics() -> anyhow::Result<PrometheusHandle> {
    PrometheusBuilder::new()
        .set_buckets(DURATION_BUCKETS)
        .and_then(PrometheusBuilder::install_recorder)
        .context("metrics could not start")
}

/// `/metrics` and nothing else; for a listener of its own, never for the public one.
pub fn metrics_router(handle: PrometheusHandle) -> Router {
    Router::new().route(
        "/metrics",
        get(move || async move {
            (
                [("content-type", "text/plain; version=0.0.4; charset=utf-8")],
                handle.render(),
            )
        }),
    )
}

/// Folds recorded durations into their buckets, for ever. Without it they pile up in memory
/// between two visits of Prometheus.
pub async fn metrics_upkeep(handle: PrometheusHandle) {
    let mut every = tokio::time::interval(Duration::from_secs(5));
    loop {
        every.tick().await;
        handle.run_upkeep();
    }
}

/// One answered request. `route` is the declared pattern, `door` the door's fixed name.
pub fn request(door: &'static str, route: &str, status: StatusCode, took: Duration) {
    let class = usize::from(status.as_u16() / 100).clamp(1, 5);
    let held = REQUESTS.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(figures) = held.get(route) {
        figures.note(class, took);
        return;
    }
    drop(held);
    let figures = RequestFigures::new(door, route);
    figures.note(class, took);
    REQUESTS
        .write()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(route.to_owned(), figures);
}

/// The figures of one route, looked up once: naming them anew for each request costs more than
/// finding a page in memory. Routes are declared in the code, so there are few.
struct RequestFigures {
    /// By the first digit of the status, from 1.
    classes: [Counter; 5],
    seconds: Histogram,
}

static REQUESTS: LazyLock<RwLock<HashMap<String, RequestFigures>>> = LazyLock::new(RwLock::default);

impl RequestFigures {
    fn new(door: &'static str, route: &str) -> Self {
        let count = |class: &'static str| counter!("wijzer_requests_total", "door" => door, "route" => route.to_owned(), "status" => class);
        Self {
            classes: ["1xx", "2xx", "3xx", "4xx", "5xx"].map(count),
            seconds: histogram!("wijzer_request_seconds", "door" => door, "route" => route.to_owned()),
        }
    }

    fn note(&self, class: usize, took: Duration) {
        self.classes[class - 1].increment(1);
        self.seconds.record(took.as_secs_f64());
    }
}

/// One page asked from the page cache.
pub fn cache(answer: CacheAnswer) {
    let outcome = match answer {
        CacheAnswer::Hit => "hit",
        CacheAnswer::Miss => "miss",
        CacheAnswer::Stale => "stale",
    };
    counter!("wijzer_page_cache_total", "outcome" => outcome).increment(1);
}

/// One search inside the index, without rendering.
pub fn search(took: Duration) {
    histogram!("wijzer_search_seconds").record(took.as_secs_f64());
}

/// Documents in the search index.
pub fn index_records(count: u32) {
    gauge!("wijzer_index_records").set(f64::from(count));
}

/// One run of a calendar of an organisation.
pub fn calendar_run(outcome: &'static str) {
    counter!("wijzer_calendar_runs_total", "outcome" => outcome).increment(1);
}

/// Age of the oldest change that is not in the index yet; zero when there is none.
pub fn outbox_lag(oldest: Duration) {
    gauge!("wijzer_outbox_lag_seconds").set(oldest.as_secs_f64());
}

/// Whether the last attempt to reach `PostgreSQL` succeeded.
pub fn database_up(up: bool) {
    gauge!("wijzer_database_up").set(if up { 1.0 } else { 0.0 });
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};
    use tower::ServiceExt;

    use super::*;

    #[test]
    fn figures_carry_bounded_labels_and_seconds() {
        let recorder = PrometheusBuilder::new()
            .set_buckets(DURATION_BUCKETS)
            .unwrap()
            .build_recorder();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            request(
                "site",
                "/vragen/{slug}",
                StatusCode::NOT_FOUND,
                Duration::from_millis(2),
            );
            cache(CacheAnswer::Stale);
            database_up(false);
        });
        let text = handle.render();
        assert!(
            text.contains(
                r#"wijzer_requests_total{door="site",route="/vragen/{slug}",status="4xx"} 1"#
            ),
            "{text}"
        );
        assert!(text.contains(r#"le="0.0025"} 1"#), "{text}");
        assert!(
            text.contains(r#"wijzer_page_cache_total{outcome="stale"} 1"#),
            "{text}"
        );
        assert!(text.contains("wijzer_database_up 0"), "{text}");
    }
    #[tokio::test]
    async fn the_figures_stand_at_one_address_only() {
        let router = metrics_router(PrometheusBuilder::new().build_recorder().handle());
        for (uri, status) in [("/metrics", 200), ("/", 404)] {
            let request = Request::get(uri).body(Body::empty()).unwrap();
            assert_eq!(
                router.clone().oneshot(request).await.unwrap().status(),
                status,
                "{uri}"
            );
        }
    }
}
