//! What a first view costs, and whom it speaks to.

use std::collections::HashMap;
use std::fmt::Write;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::kinds::{KINDS, MISSING};
use crate::{in_watched_browser, no_faults};

const MOST_BYTES: u64 = 60_000;
/// Page, two style sheets, the script, the sprite and the icon of the site.
const MOST_REQUESTS: usize = 6;

#[test]
fn a_first_view_is_light_and_speaks_to_nobody_else() {
    in_watched_browser(async |browser: Browser| {
        let none = json!({ "cacheDisabled": true });
        browser.tools("Network.setCacheDisabled", none).await;
        let mut faults = Vec::new();
        let mut report = String::new();
        for kind in &KINDS {
            let path = kind.path;
            browser.log("performance").await;
            browser.log("browser").await;
            browser.go(path).await;
            browser.until("true").await;
            let seen = traffic(&browser.log("performance").await);
            let bytes: u64 = seen.values().map(|request| request.bytes).sum();
            let _ = writeln!(report, "{bytes:>6} B in {} {path}", seen.len());
            if !(5_000..=MOST_BYTES).contains(&bytes) {
                faults.push(format!("{path} weighs {bytes} B"));
            }
            if seen.len() > MOST_REQUESTS {
                faults.push(format!("{path} makes {} requests", seen.len()));
            }
            let base = browser.base();
            for request in seen.values() {
                if !request.url.starts_with(&base) && !request.url.starts_with("data:") {
                    faults.push(format!("{path} speaks to {}", request.url));
                }
            }
            for line in browser.log("browser").await {
                let said = line["message"].as_str().unwrap_or_default();
                let expected = path == MISSING && said.contains(" 404 ");
                if !expected {
                    faults.push(format!("{path} console: {said}"));
                }
            }
            if browser.holds("document.cookie").await {
                faults.push(format!("{path} sets a cookie"));
            }
        }
        println!("{report}");
        no_faults(&faults);
    });
}

struct Request {
    url: String,
    bytes: u64,
}

/// The requests of the page by id, with their bytes over the wire.
fn traffic(log: &[Value]) -> HashMap<String, Request> {
    let mut requests: HashMap<String, Request> = HashMap::new();
    for line in log {
        let text = line["message"].as_str().unwrap_or_default();
        let event: Value = serde_json::from_str(text).unwrap_or_default();
        let (method, of) = (&event["message"]["method"], &event["message"]["params"]);
        let id = of["requestId"].as_str().unwrap_or_default().to_owned();
        match method.as_str() {
            Some("Network.requestWillBeSent") => {
                let url = of["request"]["url"].as_str().unwrap_or_default().to_owned();
                requests.entry(id).or_insert(Request { url, bytes: 0 });
            }
            Some("Network.loadingFinished") => {
                if let Some(request) = requests.get_mut(&id) {
                    let bytes = of["encodedDataLength"].as_f64().unwrap_or_default();
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "a small whole number"
                    )]
                    let bytes = bytes as u64;
                    request.bytes = bytes;
                }
            }
            _ => {}
        }
    }
    requests
}
