//! What a handler may fail with. The error knows its status and no template: it leaves a
//! [`Fault`] on a bare answer, and the door dresses that ([`super::Door`]).

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::token;

/// Why a request gets no page.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing here, or nothing this viewer may know of.
    #[error("not found")]
    NotFound,
    /// Who asks may not do this.
    #[error("forbidden")]
    Forbidden,
    /// There was something here; it will not come back.
    #[error("gone")]
    Gone,
    /// It lives elsewhere for good; a local path with a leading slash.
    #[error("moved")]
    Moved(String),
    /// The request makes no sense; the text names which part, for the log and the door.
    #[error("bad request: {0}")]
    BadRequest(&'static str),
    /// More was sent than is taken.
    #[error("too large")]
    TooLarge,
    /// `PostgreSQL` does not answer; search and pages seen before still do.
    #[error("the database is away")]
    DatabaseAway,
    /// Too much to do at this moment.
    #[error("overloaded")]
    Overloaded,
    /// Ours. The cause goes to the log, a reference number to the visitor.
    #[error("internal error")]
    Internal(anyhow::Error),
}

/// What went wrong, as far as a visitor may know; an extension of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The status of the answer.
    pub status: StatusCode,
    /// The reason, where the status alone does not tell.
    pub kind: FaultKind,
    /// To be quoted by the visitor; stands in the log beside the cause.
    pub reference: Option<String>,
}

/// Reasons a door may want different words for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// See the status.
    Plain,
    /// Which part of the request made no sense.
    BadRequest(&'static str),
    /// `PostgreSQL` does not answer.
    DatabaseAway,
    /// Too much to do at this moment.
    Overloaded,
    /// Ours; there is a reference.
    Internal,
}

impl Fault {
    /// A fault that its status explains.
    #[must_use]
    pub fn plain(status: StatusCode) -> Self {
        Self {
            status,
            kind: FaultKind::Plain,
            reference: None,
        }
    }

    /// A bare answer that carries this fault.
    #[must_use]
    pub fn into_bare_response(self) -> Response {
        let retry_after = (self.status == StatusCode::SERVICE_UNAVAILABLE).then_some("10");
        let mut response = self.status.into_response();
        if let Some(seconds) = retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }

    /// Ours, with a fresh reference.
    pub(super) fn internal() -> Self {
        let reference = Some(token::reference());
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            kind: FaultKind::Internal,
            reference,
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, kind) = match self {
            Self::Moved(path) => return moved(&path),
            Self::Internal(cause) => return internal(&cause),
            Self::NotFound => (StatusCode::NOT_FOUND, FaultKind::Plain),
            Self::Forbidden => (StatusCode::FORBIDDEN, FaultKind::Plain),
            Self::Gone => (StatusCode::GONE, FaultKind::Plain),
            Self::BadRequest(part) => (StatusCode::BAD_REQUEST, FaultKind::BadRequest(part)),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, FaultKind::Plain),
            Self::DatabaseAway => (StatusCode::SERVICE_UNAVAILABLE, FaultKind::DatabaseAway),
            Self::Overloaded => (StatusCode::SERVICE_UNAVAILABLE, FaultKind::Overloaded),
        };
        Fault {
            status,
            kind,
            reference: None,
        }
        .into_bare_response()
    }
}

fn internal(cause: &anyhow::Error) -> Response {
    let fault = Fault::internal();
    let reference = fault.reference.as_deref().unwrap_or_default();
    tracing::error!(reference, cause = format!("{cause:#}"), "a request failed");
    fault.into_bare_response()
}

/// Permanent, yet kept for an hour only: a slug that was given away may come back.
fn moved(path: &str) -> Response {
    let local = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    let Some(location) = local.then(|| HeaderValue::from_str(path).ok()).flatten() else {
        return internal(&anyhow::anyhow!("a redirect must lead to a local path"));
    };
    let cache = HeaderValue::from_static("public, max-age=3600");
    (
        StatusCode::MOVED_PERMANENTLY,
        [(header::LOCATION, location), (header::CACHE_CONTROL, cache)],
    )
        .into_response()
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if is_away(&error) {
            tracing::debug!(cause = %error, "the database did not answer");
            Self::DatabaseAway
        } else {
            Self::Internal(error.into())
        }
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        let away = error
            .chain()
            .filter_map(|cause| cause.downcast_ref::<sqlx::Error>())
            .any(is_away);
        if away {
            Self::DatabaseAway
        } else {
            Self::Internal(error)
        }
    }
}

/// Whether the database is out of reach, as opposed to: it answered, and the answer was no.
#[must_use]
pub fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::Io(_)
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(said) => said.code().is_some_and(|code| is_away_code(&code)),
        _ => false,
    }
}

/// 57P01 to 57P03: shutting down, crashed, starting up. 57014: our own statement timeout, so it
/// hangs. 53300: too many clients. Class 08: the connection broke.
fn is_away_code(code: &str) -> bool {
    matches!(code, "57P01" | "57P02" | "57P03" | "57014" | "53300") || code.starts_with("08")
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn a_database_out_of_reach_is_told_from_one_that_says_no() {
        let refused = || sqlx::Error::Io(std::io::ErrorKind::ConnectionRefused.into());
        assert!(matches!(Error::from(refused()), Error::DatabaseAway));
        assert!(matches!(
            Error::from(sqlx::Error::PoolTimedOut),
            Error::DatabaseAway
        ));
        assert!(matches!(
            Error::from(sqlx::Error::RowNotFound),
            Error::Internal(_)
        ));
        let wrapped = Err::<(), _>(refused())
            .context("reading a page")
            .unwrap_err();
        assert!(matches!(Error::from(wrapped), Error::DatabaseAway));
        for (code, away) in [
            ("57P01", true),
            ("53300", true),
            ("08006", true),
            ("23505", false),
            ("42601", false),
        ] {
            assert_eq!(is_away_code(code), away, "{code}");
        }
    }

    #[test]
    fn a_fault_tells_its_status_and_never_its_cause() {
        let response = Error::Internal(anyhow::anyhow!("geheim")).into_response();
        let fault = response.extensions().get::<Fault>().unwrap();
        assert_eq!(fault.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(fault.reference.as_ref().map(String::len), Some(8));
        assert!(!format!("{response:?}").contains("geheim"));
    }

    #[test]
    fn a_redirect_stays_on_this_site() {
        let location = |path: &str| {
            Error::Moved(path.to_owned())
                .into_response()
                .headers()
                .get("location")
                .cloned()
        };
        assert_eq!(location("/plekken/de-bron").unwrap(), "/plekken/de-bron");
        for foreign in [
            "//evil.nl",
            "https://evil.nl",
            "/\\evil.nl",
            "",
            "/a\r\nx: y",
        ] {
            assert_eq!(location(foreign), None, "{foreign}");
        }
    }
}
