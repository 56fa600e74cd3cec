//! The close of one door: what it guards against, and how its faults are dressed.

use std::{any::Any, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderValue, Method, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use tower_http::{catch_panic::CatchPanicLayer, csrf::CsrfLayer};

use super::{Error, Fault, malformed};

/// What was asked, for the page that says it went wrong.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The method of the request.
    pub method: Method,
    /// The address of the request. Sound, unless the fault is a bad request.
    pub uri: Uri,
}

type Render = dyn Fn(&Fault, &Asked) -> String + Send + Sync;

/// A door under construction: a name for the figures, words for faults, limits.
#[derive(Clone)]
pub struct Door {
    name: &'static str,
    content_type: &'static str,
    render: Arc<Render>,
    patience: Duration,
    body_limit: usize,
    forms_from: CsrfLayer,
}

/// Which door is asked and answers; an extension of the request and of the answer.
#[derive(Clone, Copy)]
pub(super) struct DoorName(pub(super) &'static str);

impl Door {
    /// A door of pages. `render` gives the whole page for a fault.
    pub fn html(
        name: &'static str,
        render: impl Fn(&Fault, &Asked) -> String + Send + Sync + 'static,
    ) -> Self {
        Self::new(name, "text/html; charset=utf-8", render)
    }

    fn new(
        name: &'static str,
        content_type: &'static str,
        render: impl Fn(&Fault, &Asked) -> String + Send + Sync + 'static,
    ) -> Self {
        let patience = Duration::from_secs(10);
        Self {
            name,
            content_type,
            render: Arc::new(render),
            patience,
            body_limit: 256 * 1024,
            forms_from: CsrfLayer::new(),
        }
    }

    /// How long a handler may take, a slow body included; 10 s unless said otherwise.
    #[must_use]
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Bytes a request may carry; 256 KiB unless said otherwise.
    #[must_use]
    pub fn body_limit(self, body_limit: usize) -> Self {
        Self { body_limit, ..self }
    }

    /// The public address of the portal: its forms are taken also when a proxy asks us by another
    /// name. Scheme and host, as [`url::Url::origin`] writes them.
    #[must_use]
    pub fn at(self, origin: &str) -> Self {
        let forms_from = self.forms_from.clone().add_trusted_origin(origin);
        Self {
            forms_from: forms_from.unwrap_or(self.forms_from),
            ..self
        }
    }

    /// Puts the door around its routes, the fallback included.
    pub fn close<S: Clone + Send + Sync + 'static>(self, routes: Router<S>) -> Router<S> {
        routes
            .layer(DefaultBodyLimit::max(self.body_limit))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(self.forms_from.clone())
            .layer(middleware::from_fn_with_state(self, pass))
    }

    fn refuse(&self, request: &Request) -> Option<Error> {
        if let Some(part) = malformed::part(request.uri()) {
            return Some(Error::BadRequest(part));
        }
        if is_foreign(request) {
            return Some(Error::Forbidden);
        }
        let length = request
            .headers()
            .get(header::CONTENT_LENGTH)
            .and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
        let limit = u64::try_from(self.body_limit).unwrap_or(u64::MAX);
        length
            .filter(|length| *length > limit)
            .map(|_| Error::TooLarge)
    }

    fn dress(&self, bare: Response, asked: &Asked) -> Response {
        let Some(fault) = fault_of(&bare) else {
            return bare;
        };
        let (mut parts, _) = bare.into_parts();
        parts.headers.remove(header::CONTENT_LENGTH);
        parts.headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(self.content_type),
        );
        parts
            .headers
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Response::from_parts(parts, Body::from((self.render)(&fault, asked)))
    }
}

/// Something that changes things and does not come from a page of ours. Every browser says from
/// where a form comes; what says neither could not be refused by what it says. An old browser
/// names its origin only: that is left to `CsrfLayer`.
fn is_foreign(request: &Request) -> bool {
    if request.method().is_safe() {
        return false;
    }
    let says = |name| {
        let value = request.headers().get(name);
        value
            .map(HeaderValue::as_bytes)
            .filter(|value| !value.is_empty())
    };
    match says("sec-fetch-site") {
        Some(site) => !matches!(site, b"same-origin" | b"none"),
        None => says("origin").is_none(),
    }
}

async fn pass(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(DoorName(door.name));
    let asked = Asked {
        method: request.method().clone(),
        uri: request.uri().clone(),
    };
    let bare = match door.refuse(&request) {
        Some(refusal) => refusal.into_response(),
        None => tokio::time::timeout(door.patience, next.run(request))
            .await
            .unwrap_or_else(|_| too_slow(&asked.method)),
    };
    let mut response = door.dress(bare, &asked);
    response.extensions_mut().insert(DoorName(door.name));
    response
}

/// Who reads is kept waiting by us; who sends may well be the slow one.
fn too_slow(method: &Method) -> Response {
    if method.is_safe() {
        Error::Overloaded.into_response()
    } else {
        Fault::plain(StatusCode::REQUEST_TIMEOUT).into_bare_response()
    }
}

/// An answer that nobody wrote for a reader: it carries a fault, or it is an error status with
/// nothing but axum's own plain text (a rejection, a missing route, a wrong method).
fn fault_of(response: &Response) -> Option<Fault> {
    if let Some(fault) = response.extensions().get::<Fault>() {
        return Some(fault.clone());
    }
    let status = response.status();
    let wrong = status.is_client_error() || status.is_server_error();
    let content_type = response.headers().get(header::CONTENT_TYPE);
    let bare = content_type.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    (wrong && bare).then(|| Fault::plain(status))
}

/// The panic itself is logged by the hook that `telemetry::init` sets; here it gets a reference.
pub(super) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    let fault = Fault::internal();
    let reference = fault.reference.as_deref().unwrap_or_default();
    tracing::error!(reference, "a handler panicked");
    fault.into_bare_response()
}

#[cfg(test)]
mod tests;
