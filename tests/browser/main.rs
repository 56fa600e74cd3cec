//! The portal in a real browser: headless Chromium, driven over WebDriver.
//!
//! The tests share one running portal and one chromedriver (see `stage`); each has a browser
//! session of its own. Without Chromium, or without axe-core (`AXE_JS`), they say that they
//! were skipped; with `REQUIRE_BROWSER=1` they fail instead.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on must fail, and say where"
)]

mod accessibility;
mod admin;
mod agenda;
mod browser;
mod journeys;
mod keyboard;
mod kinds;
mod layout;
mod oidc;
#[path = "../it/support/openid.rs"]
#[allow(dead_code, reason = "a browser finds its own way")]
mod openid;
mod paper;
mod photos;
mod stage;
mod suggestions;
mod weight;

use std::future::Future;
use std::time::Duration;

use browser::Browser;
use stage::Stage;

/// No test may take longer; a browser that hangs must not hold up the rest.
const PATIENCE: Duration = Duration::from_secs(100);

/// Runs a test in a fresh browser session, unless there is no browser.
fn in_browser<F: Future<Output = ()>>(test: impl FnOnce(Browser) -> F) {
    perform(false, test);
}

/// As `in_browser`, for a test that reads the log of the network.
fn in_watched_browser<F: Future<Output = ()>>(test: impl FnOnce(Browser) -> F) {
    perform(true, test);
}

fn perform<F: Future<Output = ()>>(network_log: bool, test: impl FnOnce(Browser) -> F) {
    let Some(stage) = Stage::take() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let work = async {
            let browser = Browser::open(&stage, network_log).await;
            test(browser).await;
        };
        tokio::time::timeout(PATIENCE, work)
            .await
            .expect("the test took too long");
    });
}

/// Fails with all faults at once, or passes.
fn no_faults(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
