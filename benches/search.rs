//! Speed of the search engine on records like the real ones: `cargo bench --bench search`.
//!
//! Takes the Deventer tables (`data/deventer`, or the folder in `WIJZER_BENCH_DATA`), repeats
//! them with variations up to each size, and prints a line per measure. Wall time, one thread.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use uuid::Uuid;
use wijzer::base::RecordKind;
use wijzer::search::{Analyzer, Change, Document, Engine, Filters, Lexicon, SearchRequest};

const QUERIES: [&str; 20] = [
    "mantelzorg",
    "huishoudelijke hulp",
    "schulden",
    "eenzaam",
    "taalles",
    "koffie drinken",
    "voedselbank",
    "vervoer",
    "sporten voor ouderen",
    "hulp bij administratie",
    "kinderen",
    "wandelen colmschate",
    "wmo aanvragen",
    "ik kan mijn rekening niet betalen",
    "dementie",
    "computer",
    "vrijwilliger worden",
    "samen eten in de buurt",
    "opvoeden",
    "rouw",
];

fn main() {
    let seeds = seeds();
    println!("{} real records", seeds.len());
    for size in [2_000, 20_000] {
        measure(size, &seeds);
    }
}

fn measure(size: usize, seeds: &[Document]) {
    let directory = tempfile::tempdir().expect("directory");
    let (engine, _) = Engine::open(directory.path(), language()).expect("open");
    let documents: Vec<Document> = (0..size).map(|n| variation(seeds, n)).collect();
    let start = Instant::now();
    engine.rebuild(documents.iter().cloned()).expect("rebuild");
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "\n{size} records\n  rebuild {seconds:.2} s = {:.0} records/s",
        size as f64 / seconds
    );

    report("search, 20 hits, facets", &engine, plain);
    report("search, cold prefix", &engine, |words| {
        plain(&words[..words.len().min(4)])
    });
    report("search in a zone", &engine, |words| SearchRequest {
        filters: zone(),
        ..plain(words)
    });
    report("browse without words", &engine, |_| plain(""));

    let mut applied: Vec<Duration> = (0..60)
        .map(|n| {
            let mut document = documents[n * 7 % size].clone();
            document.body = format!("{} gewijzigd{n}", document.body);
            time(|| engine.apply(vec![Change::Put(document)]).expect("apply"))
        })
        .collect();
    print("apply one record", &mut applied);
    report("search after 60 changes", &engine, plain);
    let mut verified: Vec<Duration> = (0..5)
        .map(|_| time(|| assert!(engine.verify().expect("verify"))))
        .collect();
    print("verify", &mut verified);
    let mut digested: Vec<Duration> = (0..5)
        .map(|_| time(|| assert_eq!(engine.digests().expect("digests").len(), size)))
        .collect();
    print("digests", &mut digested);
    drop(engine);
    let mut opened: Vec<Duration> = (0..5)
        .map(|_| time(|| drop(Engine::open(directory.path(), language()).expect("open"))))
        .collect();
    print("open and check", &mut opened);
    let (engine, _) = Engine::open(directory.path(), language()).expect("open");
    print(
        "first search after that",
        &mut [time(|| drop(engine.search(&plain("mantelzorg"))))],
    );
}

fn report(what: &str, engine: &Engine, request: impl Fn(&str) -> SearchRequest) {
    let round = || {
        QUERIES.map(|words| {
            time(|| {
                std::hint::black_box(engine.search(&request(words)).expect("search"));
            })
        })
    };
    round();
    let mut times: Vec<Duration> = (0..40).flat_map(|_| round()).collect();
    print(what, &mut times);
}

fn print(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!(
        "  {what:<26} p50 {:.3} ms   p95 {:.3}   p99 {:.3}",
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
        page: 1,
        per_page: 20,
        ..SearchRequest::default()
    }
}

fn zone() -> Filters {
    Filters {
        zones: vec!["colmschate".into()],
        ..Filters::default()
    }
}

/// The `n`th record: a real one, with sentences of three others as its body.
fn variation(seeds: &[Document], n: usize) -> Document {
    let mut document = seeds[n % seeds.len()].clone();
    let other = |k: usize| &seeds[(n * 31 + k * 977 + n / seeds.len()) % seeds.len()];
    document.id = Uuid::from_u128(n as u128 + 1);
    if n >= seeds.len() {
        document.slug = format!("{}-{n}", document.slug);
        document.title = format!(
            "{} {}",
            document.title,
            other(5).zones.first().map_or("", String::as_str)
        );
        document.zones.clone_from(&other(6).zones);
    }
    document.body = format!(
        "{} {} {} {}",
        document.body,
        other(1).summary,
        other(2).summary,
        other(3).summary
    );
    document.card.title.clone_from(&document.title);
    document
}

fn seeds() -> Vec<Document> {
    let folder =
        std::env::var_os("WIJZER_BENCH_DATA").map_or_else(|| "data/deventer".into(), PathBuf::from);
    let tables = [
        ("organisations", RecordKind::Organisation, "name", "summary"),
        ("activities", RecordKind::Activity, "title", "summary"),
        ("places", RecordKind::Place, "name", "summary"),
        ("dossiers", RecordKind::Dossier, "title", "intro"),
        ("faqs", RecordKind::Faq, "question", "answer"),
        ("themes", RecordKind::Theme, "name", "summary"),
        ("zones", RecordKind::Zone, "name", "summary"),
    ];
    tables
        .iter()
        .flat_map(|(table, kind, title, summary)| {
            let mut reader =
                csv::Reader::from_path(folder.join(format!("{table}.csv"))).expect(table);
            let columns = reader.headers().expect("headers").clone();
            let rows: Vec<csv::StringRecord> =
                reader.records().map(|row| row.expect("row")).collect();
            rows.into_iter()
                .map(move |row| {
                    let get = |name: &str| {
                        let column = columns.iter().position(|c| c == name);
                        column
                            .and_then(|c| row.get(c))
                            .unwrap_or_default()
                            .to_owned()
                    };
                    seed(*kind, &get(title), &get(summary), get)
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

fn seed(kind: RecordKind, title: &str, summary: &str, get: impl Fn(&str) -> String) -> Document {
    let list = |name: &str| -> Vec<String> {
        get(name)
            .split(';')
            .filter(|v| !v.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let parts = ["self", "network", "open", "access"].map(&get);
    Document {
        body: parts.join(" "),
        keywords: list("keywords"),
        names: list("organisation"),
        themes: [list("themes"), list("theme")].concat(),
        topics: [list("themes"), list("theme")].concat(),
        zones: [list("zone"), list("zones_served")].concat(),
        audiences: list("audiences"),
        step: Some(get("step")),
        free_of_charge: get("cost_cents") == "0",
        wheelchair: get("wheelchair") == "true",
        ..Document::new(
            Uuid::nil(),
            kind,
            get("slug"),
            title.to_owned(),
            summary.to_owned(),
        )
    }
}

fn language() -> Arc<Analyzer> {
    let lexicon = Lexicon::load(Path::new("/usr/share/hunspell"), None);
    Arc::new(Analyzer::new(Arc::new(lexicon)))
}
