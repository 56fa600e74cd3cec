//! An answer of the portal, read by selector.

use std::cell::OnceCell;

use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode};
use http_body_util::BodyExt;
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;

pub struct TestPage {
    /// What was asked, for messages.
    pub path: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    parsed: OnceCell<Html>,
}

impl TestPage {
    pub async fn read(path: &str, response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Self {
            path: path.to_owned(),
            status: parts.status,
            headers: parts.headers,
            bytes,
            parsed: OnceCell::new(),
        }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub fn is_html(&self) -> bool {
        self.header("content-type").starts_with("text/html")
    }

    pub fn html(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    /// The page, when it was found; otherwise the test fails.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.status, StatusCode::OK, "{}", self.path);
        self
    }

    pub fn document(&self) -> &Html {
        self.parsed
            .get_or_init(|| Html::parse_document(self.html()))
    }

    pub fn elements(&self, selector: &str) -> Vec<ElementRef<'_>> {
        let selector =
            Selector::parse(selector).unwrap_or_else(|error| panic!("{selector}: {error}"));
        self.document().select(&selector).collect()
    }

    pub fn has(&self, selector: &str) -> bool {
        !self.elements(selector).is_empty()
    }

    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.elements(selector).into_iter().map(text).collect()
    }

    /// The text of the only element that fits.
    #[track_caller]
    pub fn one(&self, selector: &str) -> String {
        let found = self.texts(selector);
        assert_eq!(found.len(), 1, "{selector} on {}: {found:?}", self.path);
        found.into_iter().next().unwrap()
    }

    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        self.elements(selector)
            .iter()
            .filter_map(|e| e.attr(name))
            .map(str::to_owned)
            .collect()
    }

    #[track_caller]
    pub fn attribute(&self, selector: &str, name: &str) -> String {
        let found = self.attributes(selector, name);
        assert_eq!(
            found.len(),
            1,
            "{selector}[{name}] on {}: {found:?}",
            self.path
        );
        found.into_iter().next().unwrap()
    }

    /// What a browser would send of the form that fits, without its buttons.
    pub fn form(&self, selector: &str) -> Vec<(String, String)> {
        let inside = |part: &str| format!("{selector} {part}");
        let mut fields = Vec::new();
        let all = inside("input, ") + &inside("select, ") + &inside("textarea");
        for element in self.elements(&all) {
            let Some(name) = element.attr("name") else {
                continue;
            };
            let value = match element.value().name() {
                "textarea" => {
                    let text: String = element.text().collect();
                    text.strip_prefix('\n').unwrap_or(&text).to_owned()
                }
                "select" => {
                    let options = |part: &str| {
                        let selector = Selector::parse(part).unwrap();
                        let found = element.select(&selector).next();
                        found.map(|option| option.attr("value").unwrap_or_default().to_owned())
                    };
                    options("option[selected]")
                        .or_else(|| options("option"))
                        .unwrap_or_default()
                }
                _ => {
                    let kind = element.attr("type").unwrap_or_default();
                    let ticked =
                        !matches!(kind, "checkbox" | "radio") || element.attr("checked").is_some();
                    if !ticked || kind == "submit" {
                        continue;
                    }
                    element.attr("value").unwrap_or_default().to_owned()
                }
            };
            fields.push((name.to_owned(), value));
        }
        fields
    }

    /// The records on the page, such as `activity:koersbal-braakhekke`, in order.
    pub fn hits(&self) -> Vec<String> {
        self.attributes("[data-hit]", "data-hit")
    }

    /// What a list of facts says under a name.
    #[track_caller]
    pub fn fact(&self, name: &str) -> String {
        let names = self.texts("dl dt");
        let at = names.iter().position(|found| found == name);
        let at = at.unwrap_or_else(|| panic!("no {name} on {}: {names:?}", self.path));
        self.texts("dl dd").swap_remove(at)
    }

    /// The schema.org blocks, parsed.
    pub fn json_ld(&self) -> Vec<Value> {
        let blocks = self.elements("script[type='application/ld+json']");
        blocks
            .into_iter()
            .map(|block| serde_json::from_str(&block.text().collect::<String>()).unwrap())
            .collect()
    }

    /// The block of one type.
    #[track_caller]
    pub fn data_of(&self, kind: &str) -> Value {
        let found = self
            .json_ld()
            .into_iter()
            .find(|block| block["@type"] == kind);
        found.unwrap_or_else(|| panic!("no {kind} on {}", self.path))
    }
}

/// The text in an element, with single spaces.
pub fn text(element: ElementRef<'_>) -> String {
    let all: String = element.text().collect();
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}
