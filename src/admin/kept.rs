//! Who was signed out while filling in a form gets it back, to be sent again.

use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use super::links;
use super::office::Office;
use super::page::Page;

/// On an answer: who asked is not signed in.
#[derive(Clone, Copy)]
pub struct SignedOut;

#[derive(Template)]
#[template(path = "admin/kept.html")]
struct KeptPage {
    page: Page,
    fields: Vec<(String, String)>,
}

/// As much as a form may carry.
const MOST: usize = 256 * 1024;

/// A password is never written into a page.
const SECRETS: [&str; 2] = ["wachtwoord", "huidig"];

pub async fn keep(State(office): State<Office>, request: Request, next: Next) -> Response {
    let form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| {
            kind.as_bytes()
                .starts_with(b"application/x-www-form-urlencoded")
        });
    if request.method() != Method::POST || !form {
        return next.run(request).await;
    }
    let path = request.uri().path().to_owned();
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, MOST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let request = Request::from_parts(parts, Body::from(bytes.clone()));
    let response = next.run(request).await;
    if response.extensions().get::<SignedOut>().is_none() {
        return response;
    }
    let fields = url::form_urlencoded::parse(&bytes)
        .filter(|(name, _)| !SECRETS.contains(&name.as_ref()))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect::<Vec<_>>();
    if fields.is_empty() || path == links::SIGN_OUT {
        return response;
    }
    let page = KeptPage {
        page: office.page(None, path, "U bent uitgelogd"),
        fields,
    };
    match page.render() {
        Ok(page) => (StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response(),
        Err(_) => response,
    }
}
