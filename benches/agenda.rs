//! Cost of the agenda with many activities: `cargo bench --bench agenda`.
//!
//! Sizes come from the command line (`cargo bench --bench agenda -- 1000 100000`), else 1,000,
//! 10,000 and 100,000 activities: the Deventer set over and over at all its places, in a real
//! PostgreSQL. Prints how long the dates of a new day take, and what each kind of page costs at
//! the server, rendered and compressed, each address asked once.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]

#[path = "../tests/it/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "shared with the tests")]
mod support;

use std::time::{Duration, Instant};

use support::growth;
use support::portal::TestPortal;
use support::run;
use support::server::Template;
use wijzer::base::Clock;

const ZONES: [&str; 8] = [
    "centrum",
    "voorstad",
    "bathmen",
    "keizerslanden",
    "colmschate",
    "rivierenwijk",
    "diepenveen",
    "zandweerd",
];

fn main() {
    let sizes: Vec<i64> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    let sizes = if sizes.is_empty() {
        vec![1_000, 10_000, 100_000]
    } else {
        sizes
    };
    for size in sizes {
        run(measure(size));
    }
}

async fn measure(size: i64) {
    let portal = TestPortal::new(Template::Deventer).await;
    growth::multiply(&portal.pool, size).await;
    println!("\n{size} activities");
    let mut today = portal.restarted(|_| ()).await;
    println!(
        "  after the set grew    {}",
        seconds(timed(today.turn()).await)
    );
    let tomorrow = Clock::Fixed("2026-11-25T08:00:00Z".parse().unwrap());
    let mut today = today.restarted_at(tomorrow, |_| ()).await;
    println!(
        "  dates of a new day    {}",
        seconds(timed(today.turn()).await)
    );
    let folder = today.index_folder();
    println!(
        "  index on disk         {:.0} MB, resident {:.0} MB",
        megabytes(&folder),
        resident()
    );
    let days: Vec<String> = (26..=30)
        .map(|day| format!("2026-11-{day}"))
        .chain((1..=9).map(|day| format!("2026-12-0{day}")))
        .collect();
    let mut zone_pages = Vec::new();
    for zone in ZONES {
        let base = format!("/wijken/{zone}/agenda");
        zone_pages.push(base.clone());
        zone_pages.push(format!("{base}?gratis=ja"));
        zone_pages.push(format!("{base}?deel=avond"));
        zone_pages.extend(days.iter().map(|day| format!("{base}?dag={day}")));
    }
    report(&today, "agenda of a zone", &zone_pages).await;
    let plain: Vec<String> = ZONES.map(|zone| format!("/wijken/{zone}/agenda")).into();
    report(&today, "  of two weeks", &again(&plain)).await;
    let all: Vec<String> = days
        .iter()
        .map(|day| format!("/agenda?vanaf={day}"))
        .collect();
    report(&today, "agenda of everything", &all).await;
    let months: Vec<String> = ZONES
        .map(|zone| format!("/wijken/{zone}/agenda/maand"))
        .into();
    report(&today, "month of a zone", &months).await;
    let weeks: Vec<String> = ZONES
        .map(|zone| format!("/wijken/{zone}/agenda/week"))
        .into();
    report(&today, "week of a zone", &weeks).await;
    let calendars: Vec<String> = ZONES
        .map(|zone| format!("/wijken/{zone}/agenda.ics"))
        .into();
    report(&today, "calendar of a zone", &calendars).await;
    let feeds: Vec<String> = ZONES
        .map(|zone| format!("/wijken/{zone}/agenda.atom"))
        .into();
    report(&today, "feed of a zone", &feeds).await;
    let zones: Vec<String> = ZONES.map(|zone| format!("/wijken/{zone}")).into();
    report(&today, "page of a zone", &zones).await;
}

/// The same pages under other addresses, so that none is kept.
fn again(paths: &[String]) -> Vec<String> {
    let pages = (1..=9).flat_map(|page| {
        paths
            .iter()
            .map(move |path| format!("{path}?pagina={page}"))
    });
    pages.collect()
}

async fn timed<T>(work: impl Future<Output = T>) -> Duration {
    let begun = Instant::now();
    work.await;
    begun.elapsed()
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

async fn report(portal: &TestPortal, name: &str, paths: &[String]) {
    let mut times = Vec::new();
    let mut bytes = 0;
    for path in paths {
        let begun = Instant::now();
        let page = portal.get(path).await;
        times.push(begun.elapsed());
        assert!(page.status.is_success(), "{path}: {}", page.status);
        bytes += page.bytes.len();
    }
    times.sort();
    let at = |share: usize| {
        times[(times.len() * share / 100).min(times.len() - 1)].as_secs_f64() * 1000.0
    };
    println!(
        "  {name:<21} p50 {:7.2} ms  p95 {:7.2}  max {:7.2}  ({} pages of {} kB)",
        at(50),
        at(95),
        at(100),
        paths.len(),
        bytes / paths.len() / 1024
    );
}

fn megabytes(folder: &std::path::Path) -> f64 {
    let size = |path: &std::path::Path| -> u64 {
        let mut total = 0;
        let mut folders = vec![path.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    total += entry.metadata().unwrap().len();
                }
            }
        }
        total
    };
    size(folder) as f64 / 1e6
}

fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1000.0
}
