//! Static files: embedded, named after their content, compressed once.
//!
//! `css/` becomes one `wijzer.css`; the theme stays apart because a municipality may replace it.

mod css;

use std::{borrow::Cow, collections::HashMap, path::Path, sync::Arc};

use anyhow::Context;
use axum::{
    Router,
    extract::{self, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use rust_embed::RustEmbed;

use super::{Error, stored::Stored};

/// Read from disk in a debug build, part of the program in a release build.
#[derive(RustEmbed)]
#[folder = "static/"]
struct Embedded;

/// The stylesheet of all pages.
pub const STYLESHEET: &str = "wijzer.css";

/// The tokens of a municipality.
pub const THEME: &str = "theme.css";

const BROTLI_QUALITY: i32 = 9;
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const FIVE_MINUTES: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// All static files of this program. Cheap to clone.
#[derive(Clone)]
pub struct Assets(Arc<Inner>);

struct Inner {
    files: Vec<File>,
    /// Name (`js/menu.js`) to file.
    names: HashMap<String, usize>,
    /// Name with hash (`js/menu.0123456789abcdef.js`) to file.
    hashed: HashMap<String, usize>,
}

struct File {
    url: String,
    content_type: HeaderValue,
    body: Stored,
}

impl Assets {
    /// Takes the embedded files, and the theme from `theme` when given.
    ///
    /// # Errors
    /// When that theme cannot be read.
    pub fn load(theme: Option<&Path>) -> anyhow::Result<Self> {
        let files = Embedded::iter()
            .filter_map(|name| Embedded::get(&name).map(|file| (name.into_owned(), file.data)));
        let mut files = css::bundle(files.collect());
        if let Some(path) = theme {
            let own = std::fs::read(path)
                .with_context(|| format!("the theme {} cannot be read", path.display()))?;
            files.insert(THEME.to_owned(), Cow::Owned(own));
        }
        Ok(Self::new(files.into_iter().collect()))
    }

    fn new(files: Vec<(String, Cow<'static, [u8]>)>) -> Self {
        let mut inner = Inner {
            files: Vec::new(),
            names: HashMap::new(),
            hashed: HashMap::new(),
        };
        for (name, data) in files {
            let body = Stored::new(data.into_owned());
            let hashed = with_hash(&name, body.hash());
            let url = format!("/static/{hashed}");
            let index = inner.files.len();
            inner.files.push(File {
                url,
                content_type: content_type(&name),
                body,
            });
            inner.hashed.insert(hashed, index);
            inner.names.insert(name, index);
        }
        Self(Arc::new(inner))
    }

    /// Makes the Brotli bodies. Blocking work: some 100 ms in all; run it beside the start, since
    /// until it is done files go out plain.
    pub fn compress(&self) {
        let text = |file: &&File| {
            !file.content_type.as_bytes().starts_with(b"font/")
                && !file.content_type.as_bytes().starts_with(b"image/png")
                && !file.content_type.as_bytes().starts_with(b"image/webp")
        };
        self.0
            .files
            .iter()
            .filter(text)
            .for_each(|file| file.body.compress(BROTLI_QUALITY));
    }

    /// The address of a file, such as `url("wijzer.css")` or `url("js/menu.js")`. A name that is
    /// not there is a mistake in a template: it gives an address that answers 404.
    #[must_use]
    pub fn url(&self, name: &str) -> &str {
        if let Some(index) = self.0.names.get(name) {
            return &self.0.files[*index].url;
        }
        tracing::error!(
            name,
            "a template asks for a static file that does not exist"
        );
        "/static/absent"
    }

    /// The names of all files, unsorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.names.keys().map(String::as_str)
    }

    /// `/static/…` for every file, by hashed name for ever and by plain name for five minutes.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        Router::new().route("/static/{*name}", get(show).with_state(self.clone()))
    }

    fn answer(&self, name: &str, asked: &HeaderMap) -> Option<Response> {
        let known = self.0.hashed.get(name).map(|index| (index, FOR_EVER));
        let (index, keep) =
            known.or_else(|| self.0.names.get(name).map(|index| (index, FIVE_MINUTES)))?;
        let file = self.0.files.get(*index)?;
        let headers = [
            (header::CONTENT_TYPE, file.content_type.clone()),
            (header::CACHE_CONTROL, keep),
        ];
        Some(file.body.answer(asked, HeaderMap::from_iter(headers)))
    }
}

async fn show(
    State(assets): State<Assets>,
    extract::Path(name): extract::Path<String>,
    asked: HeaderMap,
) -> Response {
    assets
        .answer(&name, &asked)
        .unwrap_or_else(|| Error::NotFound.into_response())
}

/// Bytes whose address names their content: kept by the browser for ever.
#[must_use]
pub fn for_ever(asked: &HeaderMap, content_type: &'static str, body: Bytes) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CACHE_CONTROL, FOR_EVER),
    ];
    Stored::new(body).answer(asked, HeaderMap::from_iter(headers))
}

/// `js/menu.js` becomes `js/menu.<hash>.js`.
fn with_hash(name: &str, hash: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{name}.{hash}"),
    }
}

fn content_type(name: &str) -> HeaderValue {
    HeaderValue::from_static(
        match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "svg" => "image/svg+xml; charset=utf-8",
            "png" => "image/png",
            "webp" => "image/webp",
            "ico" => "image/x-icon",
            "woff2" => "font/woff2",
            "txt" => "text/plain; charset=utf-8",
            "json" => "application/json",
            _ => "application/octet-stream",
        },
    )
}

#[cfg(test)]
mod tests;
