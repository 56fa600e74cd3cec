//! Cost of the admin area: `cargo bench --bench admin`.
//!
//! Sizes come from the command line (`cargo bench --bench admin -- 1000`), else 1,000, 10,000 and
//! 100,000 activities, in a real PostgreSQL. Prints what signing in costs beside a page, what lists
//! and forms cost at the server, and how long it takes from publishing to being found, by itself
//! and while residents search.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_precision_loss
)]

#[path = "../tests/it/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "shared with the tests")]
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use support::growth;
use support::portal::{TestPortal, Visitor};
use support::run;
use support::server::Template;
use support::staff::{Browser, PASSWORD, Staff};
use wijzer::access::Role;

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
    let mut portal = TestPortal::new(Template::Deventer).await;
    growth::multiply(&portal.pool, size).await;
    portal.turn().await;
    println!("\n{size} activities");
    let id = Staff::new("Anja", Role::Editor)
        .registered(&portal.pool)
        .await;
    let mut anja = Browser::of(&portal, id).await;
    sign_in(&portal).await;
    let base = "/beheer/activiteiten";
    for (name, path) in [
        ("desk", "/beheer".to_owned()),
        ("list, changed last", base.to_owned()),
        ("list, by name", format!("{base}?volgorde=naam")),
        (
            "list, checked longest ago",
            format!("{base}?volgorde=controle"),
        ),
        (
            "list, page 20 by name",
            far(&mut anja, &format!("{base}?volgorde=naam")).await,
        ),
        ("list, name found in", format!("{base}?q=koffie")),
        ("list, of a zone", format!("{base}?wijk=bathmen")),
        (
            "list, what is over",
            "/beheer/alles?werk=voorbij".to_owned(),
        ),
        ("form of an activity", format!("{base}/koersbal-braakhekke")),
        (
            "history",
            format!("{base}/koersbal-braakhekke/geschiedenis"),
        ),
    ] {
        let mut times = Vec::new();
        for _ in 0..20 {
            let begun = Instant::now();
            let page = anja.get(&path).await;
            times.push(begun.elapsed());
            assert!(page.status.is_success(), "{path}: {}", page.status);
        }
        report(name, times);
    }
    let visitor = portal.visitor();
    tokio::spawn(portal.keeper.run());
    let times = publish(&mut anja, &visitor, 0, 40).await;
    report("publish to findable", times);
    let stop = Arc::new(AtomicBool::new(false));
    let crowd: Vec<_> = (0..2)
        .map(|_| tokio::spawn(search(visitor.clone(), Arc::clone(&stop))))
        .collect();
    let times = publish(&mut anja, &visitor, 1000, 40).await;
    report("  while others search", times);
    stop.store(true, Ordering::Relaxed);
    for one in crowd {
        one.await.unwrap();
    }
}

/// Residents who search without end.
async fn search(visitor: Visitor, stop: Arc<AtomicBool>) {
    let mut number = 0;
    while !stop.load(Ordering::Relaxed) {
        number += 1;
        let words = ["koffie", "wandelen", "hulp bij geld", "eten", "computer"][number % 5];
        let path = format!(
            "/zoeken?q={}&pagina={}",
            words.replace(' ', "+"),
            number % 7 + 1
        );
        visitor.get(&path).await;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn sign_in(portal: &TestPortal) {
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    for round in 0..20 {
        for (times, password) in [(&mut right, PASSWORD), (&mut wrong, "raden maar")] {
            let mut browser = Browser::new(portal);
            browser.from = format!("192.0.2.{round}");
            let begun = Instant::now();
            browser.sign_in("anja@wijzer.test", password).await;
            times.push(begun.elapsed());
        }
    }
    report("sign in", right);
    report("  wrong password", wrong);
}

/// The address of the twentieth page.
async fn far(browser: &mut Browser, first: &str) -> String {
    let mut path = first.to_owned();
    for _ in 1..20 {
        let page = browser.get(&path).await;
        match page.attributes(".beheer-actions a", "href").pop() {
            Some(next) => path = next,
            None => break,
        }
    }
    path
}

/// From the answer to the form until search has it.
async fn publish(anja: &mut Browser, visitor: &Visitor, from: u32, many: u32) -> Vec<Duration> {
    let blank = anja.form("/beheer/activiteiten/nieuw").await;
    let mut times = Vec::new();
    for number in from..from + many {
        let word = format!("zwrk{number}q");
        let form = blank
            .clone()
            .with("token", &uuid::Uuid::now_v7().to_string())
            .with("titel", &word)
            .with("samenvatting", "Een proef.")
            .with("organisatie", "Stichting Cultuurhuus Braakhekke")
            .with("themas", "ontmoeten-en-meedoen")
            .with("doen", "online");
        let saved = anja.submit("/beheer/activiteiten/nieuw", &form).await;
        assert_eq!(saved.status, 303, "{}", saved.html());
        let begun = Instant::now();
        while visitor
            .get(&format!("/zoeken?q={word}"))
            .await
            .hits()
            .is_empty()
        {
            assert!(begun.elapsed() < Duration::from_secs(30), "never found");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        times.push(begun.elapsed());
    }
    times
}

fn report(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| {
        times[(times.len() * share / 100).min(times.len() - 1)].as_secs_f64() * 1000.0
    };
    println!(
        "  {name:<27} p50 {:8.2} ms  p95 {:8.2}  max {:8.2}",
        at(50),
        at(95),
        at(100)
    );
}
