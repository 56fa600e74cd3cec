//! Who is at the door. What stands in a handler's signature is the proof that they may come in.

use axum::Extension;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Redirect, Response};

use super::kept::SignedOut;
use super::links;
use super::office::Office;
use crate::access::{Person, Right};
use crate::accounts::{Secret, Session, Stage, sessions};
use crate::web::Error;

/// Someone who is signed in, all steps taken.
pub struct SignedIn(pub Session);

/// Someone whose password was right, and who still owes a code.
pub struct HalfWay(pub Session);

/// Someone who may set up a second factor: signed in, or kept from the rest until it is there.
pub struct Enrolling(pub Session);

impl SignedIn {
    #[must_use]
    pub fn person(&self) -> &Person {
        &self.0.person
    }

    /// Someone who holds a right.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn holding(&self, right: Right) -> Result<&Person, Error> {
        let person = &self.0.person;
        person
            .holds(right)
            .then_some(person)
            .ok_or(Error::Forbidden)
    }
}

/// Why someone does not come in: sent elsewhere, or a fault.
pub enum Away {
    To(String),
    SignIn(String),
    Fault(Error),
}

impl From<Error> for Away {
    fn from(error: Error) -> Self {
        Self::Fault(error)
    }
}

impl IntoResponse for Away {
    fn into_response(self) -> Response {
        match self {
            Self::To(path) => Redirect::to(&path).into_response(),
            Self::SignIn(path) => (Extension(SignedOut), Redirect::to(&path)).into_response(),
            Self::Fault(error) => error.into_response(),
        }
    }
}

/// The session of who asks, when it holds.
///
/// # Errors
/// When the database does not answer.
pub async fn session(office: &Office, headers: &HeaderMap) -> Result<Option<Session>, Error> {
    let held = office.cookie.read(headers);
    let Some(secret) = held.as_deref().and_then(Secret::parse) else {
        return Ok(None);
    };
    let now = office.clock.now().to_utc();
    let mut conn = office.connection().await?;
    Ok(sessions::find(&mut conn, &secret, now).await?)
}

async fn at_stage(parts: &Parts, office: &Office, stages: &[Stage]) -> Result<Session, Away> {
    let session = session(office, &parts.headers).await?;
    match session {
        Some(session) if stages.contains(&session.stage) => Ok(session),
        Some(session) => Err(Away::To(next_step(session.stage).to_owned())),
        None => Err(Away::SignIn(sign_in(parts))),
    }
}

/// Where someone at this stage has to be.
fn next_step(stage: Stage) -> &'static str {
    match stage {
        Stage::Code => links::CODE,
        Stage::Enrolment => links::SECOND_FACTOR,
        Stage::Full => links::DESK,
    }
}

/// The sign-in page, and from there on to the page that was asked.
fn sign_in(parts: &Parts) -> String {
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
    if parts.method == Method::GET && path != links::DESK {
        let path: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
        format!("{}?naar={path}", links::SIGN_IN)
    } else {
        links::SIGN_IN.to_owned()
    }
}

macro_rules! extractor {
    ($name:ident: $($stage:ident),+) => {
        impl FromRequestParts<Office> for $name {
            type Rejection = Away;
            async fn from_request_parts(parts: &mut Parts, office: &Office) -> Result<Self, Away> {
                at_stage(parts, office, &[$(Stage::$stage),+]).await.map(Self)
            }
        }
    };
}
extractor!(SignedIn: Full);
extractor!(HalfWay: Code);
extractor!(Enrolling: Enrolment, Full);

/// A browser in a few words, for the list of one's own sessions: "Firefox op Windows".
#[must_use]
pub fn browser(headers: &HeaderMap) -> String {
    let said = headers
        .get(axum::http::header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let first = |known: &[(&str, &'static str)]| {
        let found = known.iter().find(|(mark, _)| said.contains(mark));
        found.map(|(_, name)| *name)
    };
    // Each names those before it too: the most particular first.
    let program = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program} op {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Onbekende browser".to_owned(),
    }
}
