//! Speed of the search engine on records made for the purpose: `cargo bench --bench search`.
//!
//! Sizes come from the command line (`cargo bench --bench search -- 1000 1000000`), else 1,000,
//! 10,000 and 100,000. Prints a line per measure: wall time of one thread, minimum of several
//! rounds per query, then percentiles over the queries. Memory and disk beside it.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]

mod corpus;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate, NaiveDateTime};
use corpus::{Corpus, Kind, Record};
use uuid::Uuid;
use wijzer::base::RecordKind;
use wijzer::base::geo::GeoPoint;
use wijzer::search::document::{Moment, topic};
use wijzer::search::{
    AlarmChanges, Analyzer, Change, Document, Engine, Filters, Lexicon, Order, PlaceName,
    SearchRequest,
};

const ROUNDS: usize = 15;
const CHANGES: usize = 100;

fn main() {
    let sizes: Vec<u64> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    let sizes = if sizes.is_empty() {
        vec![1_000, 10_000, 100_000]
    } else {
        sizes
    };
    let lexicon = Lexicon::load(Path::new("/usr/share/hunspell"), None);
    println!(
        "Dutch dictionary: {}",
        if lexicon.has_dictionary() {
            "yes"
        } else {
            "no"
        }
    );
    let language = Arc::new(Analyzer::new(Arc::new(lexicon)));
    let corpus = Corpus::new(1);
    for size in sizes {
        measure(size, &corpus, &language);
    }
}

fn measure(size: u64, corpus: &Corpus, language: &Arc<Analyzer>) {
    let directory = tempfile::tempdir().expect("directory");
    let (engine, _) = Engine::open(directory.path(), Arc::clone(language)).expect("open");
    engine.teach(&[], &places(corpus, size), &AlarmChanges::default());
    let start = Instant::now();
    let documents = (0..size).map(|number| document(&corpus.record(number)));
    engine.rebuild(documents).expect("rebuild");
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "\n{size} records\n  rebuild {seconds:.1} s = {:.0} records/s, {:.0} MB on disk, {:.0} MB of memory",
        size as f64 / seconds,
        megabytes_in(directory.path()),
        resident_megabytes(),
    );
    searches(&engine);
    suggestions(&engine);
    changes(&engine, corpus, size);
    report("search after that", &engine, plain);
    let verified = (0..3).map(|_| time(|| assert!(engine.verify().expect("verify"))));
    print("checksums", &mut verified.collect::<Vec<_>>());
    drop(engine);
    let opened = (0..3).map(|_| {
        time(|| drop(Engine::open(directory.path(), Arc::clone(language)).expect("open")))
    });
    print("open and check", &mut opened.collect::<Vec<_>>());
}

fn searches(engine: &Engine) {
    report("search, 20 hits with facets", engine, plain);
    report("  its second page", engine, |words| SearchRequest {
        page: 2,
        ..plain(words)
    });
    report("  free of charge", engine, |words| SearchRequest {
        filters: Filters {
            free_of_charge: true,
            ..Filters::default()
        },
        ..plain(words)
    });
    report("  nearest first", engine, |words| SearchRequest {
        order: Order::Distance(GeoPoint::new(52.25, 6.16).expect("point")),
        ..plain(words)
    });
    report("browse without words", engine, |_| plain(""));
    let hits: Vec<usize> = corpus::queries()
        .iter()
        .map(|words| engine.search(&plain(words)).expect("search").total)
        .collect();
    println!(
        "  hits per query: mean {:.0}, most {}",
        hits.iter().sum::<usize>() as f64 / hits.len() as f64,
        hits.iter().max().expect("queries")
    );
}

/// Every beginning of every query, as if it were typed.
fn suggestions(engine: &Engine) {
    let mut times = Vec::new();
    for words in corpus::queries() {
        for (at, _) in words.char_indices().skip(2).take(14) {
            let typed = &words[..at];
            let rounds = (0..3).map(|_| {
                time(|| {
                    std::hint::black_box(engine.suggest(typed, 8).expect("suggest"));
                })
            });
            times.extend(rounds.min());
        }
    }
    print("suggestions, every letter", &mut times);
}

fn changes(engine: &Engine, corpus: &Corpus, size: u64) {
    let mut applied: Vec<Duration> = (0..CHANGES)
        .map(|n| {
            let mut document = document(&corpus.record(n as u64 * 7 % size));
            document.body = format!("{} gewijzigd{n}", document.body);
            time(|| engine.apply(vec![Change::Put(document)]).expect("apply"))
        })
        .collect();
    print("change one record", &mut applied);
}

fn report(what: &str, engine: &Engine, request: impl Fn(&str) -> SearchRequest) {
    let mut times: Vec<Duration> = corpus::queries()
        .iter()
        .map(|words| {
            let request = request(words);
            let rounds = (0..ROUNDS).map(|_| {
                time(|| {
                    std::hint::black_box(engine.search(&request).expect("search"));
                })
            });
            rounds.min().expect("rounds")
        })
        .collect();
    print(what, &mut times);
}

fn print(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!(
        "  {what:<28} p50 {:>8.3} ms   p95 {:>8.3}   p99 {:>8.3}",
        at(0.5),
        at(0.95),
        at(0.99)
    );
}

fn time(act: impl FnOnce()) -> Duration {
    let start = Instant::now();
    act();
    start.elapsed()
}

fn plain(words: &str) -> SearchRequest {
    SearchRequest {
        words: words.to_owned(),
        now: Some(epoch().and_hms_opt(10, 0, 0).expect("time")),
        page: 1,
        per_page: 20,
        ..SearchRequest::default()
    }
}

/// Day 0 of the corpus.
fn epoch() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 1).expect("date")
}

fn document(record: &Record) -> Document {
    let kind = match record.kind {
        Kind::Organisation => RecordKind::Organisation,
        Kind::Activity => RecordKind::Activity,
        Kind::Place => RecordKind::Place,
        Kind::Faq => RecordKind::Faq,
        Kind::Dossier => RecordKind::Dossier,
    };
    let names = [&record.organisation, &record.place, &record.zone_name];
    let mut document = Document {
        body: record.body.clone(),
        keywords: record.keywords.clone(),
        names: names.into_iter().flatten().cloned().collect(),
        themes: vec![record.theme.to_owned(), record.main_theme.to_owned()],
        topics: vec![topic::theme(record.theme)],
        zones: record.zone.iter().cloned().collect(),
        everywhere: record.zone.is_none(),
        audiences: record
            .audiences
            .iter()
            .map(|slug| (*slug).to_owned())
            .collect(),
        step: record.step.map(str::to_owned),
        checked: epoch().checked_sub_days(Days::new(record.checked_days_ago.into())),
        point: GeoPoint::new(record.lat, record.lon),
        free_of_charge: record.cost_cents == Some(0),
        wheelchair: record.wheelchair,
        ..Document::new(
            Uuid::from_u128(u128::from(record.number) + 1),
            kind,
            record.slug.clone(),
            record.title.clone(),
            record.summary.clone(),
        )
    };
    document.card.coming = record
        .start
        .map(moment)
        .map(Moment::at)
        .into_iter()
        .collect();
    document
}

fn moment((day, minute): (u16, u16)) -> NaiveDateTime {
    let day = epoch() + Days::new(day.into());
    day.and_hms_opt(u32::from(minute) / 60, u32::from(minute) % 60, 0)
        .expect("time")
}

/// The zones of the first records.
fn places(corpus: &Corpus, size: u64) -> Vec<PlaceName> {
    let mut places: Vec<PlaceName> = Vec::new();
    for record in (0..size.min(2_000)).map(|number| corpus.record(number)) {
        let (Some(zone), Some(name)) = (record.zone, record.zone_name) else {
            continue;
        };
        if places.iter().all(|place| place.zone != zone) {
            places.push(PlaceName {
                zone,
                names: vec![name],
                ..PlaceName::default()
            });
        }
    }
    places
}

fn megabytes_in(folder: &Path) -> f64 {
    let mut bytes = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(about) if about.is_dir() => folders.push(entry.path()),
                Ok(about) => bytes += about.len(),
                Err(_) => {}
            }
        }
    }
    bytes as f64 / 1e6
}

/// Of the whole benchmark; 0 where the system does not say.
fn resident_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|rest| rest.split_whitespace().next());
    kilobytes.and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0) / 1e3
}
