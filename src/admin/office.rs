use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::{Acquire, PgConnection, Postgres, Transaction};

use super::page::{House, Page};
use crate::access::Person;
use crate::accounts::password::Busy;
use crate::accounts::{Passwords, Throttle};
use crate::base::{Clock, RecordKind, Slug, dutch};
use crate::catalogue::Vocabulary;
use crate::darkroom::Darkroom;
use crate::indexing::Watch;
use crate::openid::Provider;
use crate::search::Engine;
use crate::search::evaluation::Judged;
use crate::web::{Database, Error, HostCookie};

/// A page as residents would see it, read over a connection that holds what is not public yet.
pub type Preview = Arc<
    dyn for<'a> Fn(
            &'a mut PgConnection,
            RecordKind,
            &'a Slug,
        ) -> BoxFuture<'a, Result<Html<String>, Error>>
        + Send
        + Sync,
>;

/// What the pages of this door stand on. Cheap to clone.
#[derive(Clone)]
pub struct Office {
    pub database: Database,
    pub engine: Engine,
    /// Of who keeps that engine in step.
    pub watch: Watch,
    pub clock: Clock,
    pub house: Arc<House>,
    pub vocabulary: Arc<ArcSwap<Vocabulary>>,
    pub passwords: Passwords,
    pub darkroom: Darkroom,
    pub throttle: Throttle,
    pub cookie: HostCookie,
    /// The cookie of who left to sign in elsewhere.
    pub under_way: HostCookie,
    /// Where people may sign in beside their password.
    pub provider: Option<Arc<Provider>>,
    pub preview: Preview,
    /// Searches with what should be found; empty when nobody made them for these records.
    pub graded: Arc<Vec<Judged>>,
}

impl Office {
    /// # Errors
    /// [`Error::DatabaseAway`] at once while PostgreSQL is away.
    pub async fn connection(&self) -> Result<PoolConnection<Postgres>, Error> {
        self.database.acquire().await
    }

    /// The names that are in use now.
    #[must_use]
    pub fn names(&self) -> Arc<Vocabulary> {
        self.vocabulary.load_full()
    }

    /// A page under construction, for someone or for nobody yet.
    pub fn page(
        &self,
        person: Option<&Person>,
        path: impl Into<String>,
        title: impl Into<String>,
    ) -> Page {
        Page {
            house: Arc::clone(&self.house),
            title: title.into(),
            path: path.into(),
            person: person.cloned(),
            breadcrumb: Vec::new(),
            notice: None,
            wrong: false,
        }
    }

    /// Whether a password fits a hash; see [`Passwords::fits`].
    ///
    /// # Errors
    /// [`Error::Overloaded`] when too many try at once.
    pub async fn fits(&self, password: &str, hash: Option<&str>) -> Result<bool, Error> {
        let fits = self.passwords.fits(password, hash).await;
        fits.map_err(hashing)
    }

    /// A moment in words: "vandaag om 9.00 uur".
    #[must_use]
    pub fn moment(&self, at: DateTime<Utc>) -> String {
        let at = at.with_timezone(&chrono_tz::Europe::Amsterdam);
        let day = dutch::relative_day(at.date_naive(), self.clock.today());
        format!("{day} om {} uur", dutch::time(at.time()))
    }
}

/// What went wrong while a password was hashed.
pub fn hashing(error: anyhow::Error) -> Error {
    if error.is::<Busy>() {
        Error::Overloaded
    } else {
        Error::Internal(error)
    }
}

/// A transaction on a connection of the pool.
///
/// # Errors
/// When the database does not answer.
pub async fn begin(
    conn: &mut PoolConnection<Postgres>,
) -> Result<Transaction<'_, Postgres>, Error> {
    Ok(conn.begin().await?)
}

/// A rendered page.
///
/// # Errors
/// When the template fails, which is a fault of ours.
pub fn html(template: &impl Template) -> Result<Response, Error> {
    page_with(StatusCode::OK, template)
}

/// A form that comes back with what is wrong with it (RFC 9110, 15.5.21).
///
/// # Errors
/// As [`html`].
pub fn refused(template: &impl Template) -> Result<Response, Error> {
    page_with(StatusCode::UNPROCESSABLE_ENTITY, template)
}

/// A form that comes back because it was sent too often.
///
/// # Errors
/// As [`html`].
pub fn too_often(template: &impl Template, wait: Duration) -> Result<Response, Error> {
    let mut response = page_with(StatusCode::TOO_MANY_REQUESTS, template)?;
    let seconds = HeaderValue::from(wait.as_secs().saturating_add(1));
    response.headers_mut().insert(header::RETRY_AFTER, seconds);
    Ok(response)
}

fn page_with(status: StatusCode, template: &impl Template) -> Result<Response, Error> {
    let page = template
        .render()
        .map_err(|error| Error::Internal(error.into()))?;
    Ok((status, Html(page)).into_response())
}
