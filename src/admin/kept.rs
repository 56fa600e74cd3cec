//! A form that could not be taken comes back, to be sent again: its sender was signed out, or the
//! database is away.

use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use super::links;
use super::office::Office;
use super::page::Page;
use crate::web::{Fault, FaultKind};

/// On an answer: who asked is not signed in.
#[derive(Clone, Copy)]
pub struct SignedOut;

#[derive(Template)]
#[template(path = "admin/kept.html")]
struct KeptPage {
    page: Page,
    fields: Vec<(String, String)>,
    why: Why,
}

/// Why a form was not taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    SignedOut,
    /// Whether the form was taken is not known when the database left just then; its token and
    /// version see to it that sending it again does nothing twice.
    Away,
}

impl Why {
    fn of(response: &Response) -> Option<Self> {
        let fault = response.extensions().get::<Fault>();
        match fault.map(|fault| fault.kind) {
            Some(FaultKind::DatabaseAway | FaultKind::Overloaded) => Some(Self::Away),
            _ => response.extensions().get().map(|SignedOut| Self::SignedOut),
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::SignedOut => "U bent uitgelogd",
            Self::Away => "Het beheer is nu even niet bereikbaar",
        }
    }
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
    let Some(why) = Why::of(&response).filter(|_| path != links::SIGN_OUT) else {
        return response;
    };
    let mut fields: Vec<(String, String)> = url::form_urlencoded::parse(&bytes)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let all = fields.len();
    fields.retain(|(name, _)| !SECRETS.contains(&name.as_str()));
    // Without its password a form is worth nothing when it is sent again.
    let worthless = why == Why::Away && fields.len() < all;
    if fields.is_empty() || worthless {
        return response;
    }
    let page = KeptPage {
        page: office.page(None, path, why.title()),
        fields,
        why,
    };
    let Ok(page) = page.render() else {
        return response;
    };
    match why {
        Why::SignedOut => (StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response(),
        Why::Away => (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::RETRY_AFTER, "10")],
            Html(page),
        )
            .into_response(),
    }
}
