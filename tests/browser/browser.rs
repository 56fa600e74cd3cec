//! A browser session: what WebDriver offers, and the developer tools where it does not.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::Method;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::stage::{Stage, request};

const DEADLINE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(20);

pub const TAB: &str = "\u{e004}";
pub const ENTER: &str = "\u{e007}";
pub const SPACE: &str = " ";
pub const DOWN: &str = "\u{e015}";
pub const ESCAPE: &str = "\u{e00c}";

pub struct Browser {
    client: Client,
    session: String,
    stage: Arc<Stage>,
}

/// A command of chromedriver beyond WebDriver.
#[derive(Debug)]
struct Own {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Own {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        let session = session.unwrap_or_default();
        base.join(&format!("session/{session}/{}", self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

impl Browser {
    /// A window of 1280 pixels. Keeping a log of the network costs time at every step, so only
    /// who reads it asks for it.
    pub async fn open(stage: &Arc<Stage>, network_log: bool) -> Self {
        let logs = if network_log {
            json!({ "browser": "ALL", "performance": "ALL" })
        } else {
            json!({ "browser": "ALL" })
        };
        let profile = format!("--user-data-dir={}", stage.fresh_profile().display());
        let capabilities = json!({
            "goog:chromeOptions": {
                "binary": stage.chromium,
                "args": [
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                    "--no-first-run", "--disable-background-networking",
                    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
                    "--disable-dev-shm-usage", profile,
                ],
            },
            "goog:loggingPrefs": logs,
        });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(serde_json::from_value(capabilities).unwrap())
            .connect(&format!("http://127.0.0.1:{}", stage.driver_port()))
            .await
            .unwrap();
        let session = client.session_id().await.unwrap().unwrap();
        let browser = Self {
            client,
            session,
            stage: Arc::clone(stage),
        };
        // The page for a new tab loads on its own, at leisure; what it does is not ours.
        browser.client.goto("about:blank").await.unwrap();
        browser.width(1280).await;
        browser
    }

    async fn own(&self, path: &'static str, body: Value) -> Value {
        let answer = self.client.issue_cmd(Own { path, body }).await;
        answer.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// A command of the developer tools.
    pub async fn tools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.own("goog/cdp/execute", body).await
    }

    /// What was logged since the last time: "browser" is the console, "performance" the network.
    pub async fn log(&self, kind: &str) -> Vec<Value> {
        let lines = self.own("se/log", json!({ "type": kind })).await;
        lines.as_array().cloned().unwrap_or_default()
    }

    /// The width of the window in CSS pixels; narrow windows count as a phone.
    pub async fn width(&self, width: u32) {
        let size = json!({
            "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600,
        });
        self.tools("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Screen or print, and what the visitor prefers: `("prefers-color-scheme", "dark")`.
    pub async fn media(&self, media: &str, preferences: &[(&str, &str)]) {
        let features: Vec<Value> = preferences
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        let media = json!({ "media": media, "features": features });
        self.tools("Emulation.setEmulatedMedia", media).await;
    }

    pub async fn without_scripts(&self) {
        let off = json!({ "value": true });
        self.tools("Emulation.setScriptExecutionDisabled", off)
            .await;
    }

    pub async fn go(&self, path: &str) {
        let url = format!("{}{path}", self.stage.base());
        self.client
            .goto(&url)
            .await
            .unwrap_or_else(|error| panic!("{path}: {error}\n{}", self.stage.said()));
    }

    pub async fn back(&self) {
        self.client.back().await.unwrap();
    }

    /// Path and query of the page.
    pub async fn path(&self) -> String {
        let url = self.client.current_url().await.unwrap();
        url.query()
            .map_or_else(|| url.path().to_owned(), |q| format!("{}?{q}", url.path()))
    }

    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    pub fn base(&self) -> String {
        self.stage.base()
    }

    /// Runs the body of a function in the page.
    pub async fn run(&self, body: &str) -> Value {
        let answer = self.client.execute(body, Vec::new()).await;
        answer.unwrap_or_else(|error| panic!("{body}: {error}"))
    }

    /// As `run`, for one that answers later: it calls `arguments[0]`.
    pub async fn run_long(&self, body: &str) -> Value {
        let answer = self.client.execute_async(body, Vec::new()).await;
        answer.unwrap_or_else(|error| panic!("{body}: {error}"))
    }

    pub async fn words(&self, body: &str) -> Vec<String> {
        let answer = self.run(body).await;
        serde_json::from_value(answer).unwrap_or_else(|error| panic!("{body}: {error}"))
    }

    pub async fn holds(&self, expression: &str) -> bool {
        self.run(&format!("return !!({expression})")).await == true
    }

    /// Waits for an expression to hold; a page that is being left may not answer for a moment.
    pub async fn until(&self, expression: &str) {
        let body = format!("return document.readyState === 'complete' && !!({expression})");
        let deadline = Instant::now() + DEADLINE;
        loop {
            if let Ok(Value::Bool(true)) = self.client.execute(&body, Vec::new()).await {
                return;
            }
            assert!(Instant::now() < deadline, "never so: {expression}");
            tokio::time::sleep(POLL).await;
        }
    }

    /// Clicks what a visitor would see and click.
    pub async fn click(&self, css: &str) {
        let found = self.client.find(Locator::Css(css)).await;
        let element = found.unwrap_or_else(|error| panic!("{css}: {error}"));
        let clicked = element.click().await;
        clicked.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Presses the mouse in the middle of a part, which must lie on top there. For what
    /// chromedriver takes for hidden: the content of a `<details>` that a style sheet shows.
    pub async fn point(&self, css: &str) {
        const MIDDLE: &str = "\
            const part = document.querySelector(CSS); part.scrollIntoView({ block: 'center' });\
            const box = part.getBoundingClientRect();\
            const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];\
            return part.contains(document.elementFromPoint(x, y)) ? [x, y] : null";
        let middle = self
            .run(&MIDDLE.replace("CSS", &Value::from(css).to_string()))
            .await;
        assert!(middle.is_array(), "{css} is covered by something else");
        for event in ["mousePressed", "mouseReleased"] {
            let mouse = json!({
                "type": event, "x": middle[0], "y": middle[1], "button": "left", "clickCount": 1,
            });
            self.tools("Input.dispatchMouseEvent", mouse).await;
        }
    }

    /// Types on the keyboard, into whatever has the focus.
    pub async fn press(&self, keys: &str) {
        let focused = self.client.active_element().await.unwrap();
        if focused.send_keys(keys).await.is_ok() {
            return;
        }
        // chromedriver refuses an element that it takes for hidden, such as the content of a
        // `<details>` that a style sheet shows; a person types there, and so do bare key strokes.
        let strokes = keys
            .chars()
            .fold(KeyActions::new("keyboard".to_owned()), |all, value| {
                all.then(KeyAction::Down { value })
                    .then(KeyAction::Up { value })
            });
        self.client.perform_actions(strokes).await.unwrap();
    }

    /// Presses Tab until the focus is where an expression on `e` holds; where it stops first.
    pub async fn tab_to(&self, expression: &str) {
        for _ in 0..120 {
            self.press(TAB).await;
            let test = format!("((e) => {expression})(document.activeElement)");
            if self.holds(&test).await {
                return;
            }
        }
        panic!("not in reach of the keyboard: {expression}");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let path = format!("/session/{}", self.session);
        request("DELETE", self.stage.driver_port(), &path);
    }
}
