use std::ops::DerefMut;
use std::sync::Arc;

use arc_swap::ArcSwap;
use askama::Template;
use axum::response::Html;
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres};

use super::links;
use super::page::{Page, Site};
use crate::base::{Clock, Label, RecordKind, Slug};
use crate::catalogue::words::Unanswered;
use crate::catalogue::{Vocabulary, former_slugs};
use crate::search::Engine;
use crate::web::{Database, Error};

/// What the pages of this door stand on. Cheap to clone.
#[derive(Clone)]
pub struct Portal {
    pub database: Database,
    pub engine: Engine,
    pub clock: Clock,
    /// The site as it is set up; what editors changed of it is not in here: see [`Portal::site`].
    pub setup: Arc<Site>,
    pub vocabulary: Arc<ArcSwap<Vocabulary>>,
    /// Searches that found nothing.
    pub unanswered: Unanswered,
}

impl Portal {
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

    /// The site, with how to reach the library as editors have it.
    #[must_use]
    pub fn site(&self) -> Arc<Site> {
        let names = self.vocabulary.load();
        let told = self.setup.told(&names);
        told.map_or_else(|| Arc::clone(&self.setup), Arc::new)
    }

    /// A page under construction.
    pub fn page(&self, path: impl Into<String>, title: impl Into<String>) -> Page {
        let mut page = Page::new(&self.site(), self.clock, path, title);
        page.names = self.names();
        page.demonstration = page.names.holds_examples;
        page
    }

    /// Whether one of a record's themes is about safety: its page carries the quick exit.
    #[must_use]
    pub fn is_delicate(&self, themes: &[Label]) -> bool {
        let names = self.vocabulary.load();
        themes.iter().any(|theme| names.is_delicate(&theme.slug))
    }

    /// What to answer when there is no record under a slug: the way to where it moved, or 404.
    pub async fn missing(&self, conn: &mut PgConnection, kind: RecordKind, slug: &Slug) -> Error {
        match former_slugs::present(conn, kind, slug).await {
            Ok(Some(present)) => Error::Moved(links::record(kind, present.as_str())),
            Ok(None) => Error::NotFound,
            Err(error) => error.into(),
        }
    }
}

/// A connection to read a page over: of the pool, given back as soon as it is read, or one that is
/// in a transaction.
pub trait Conn: DerefMut<Target = PgConnection> + Send {}

impl<C: DerefMut<Target = PgConnection> + Send> Conn for C {}

/// A rendered page.
///
/// # Errors
/// When the template fails, which is a fault of ours.
pub fn html(template: &impl Template) -> Result<Html<String>, Error> {
    template
        .render()
        .map(Html)
        .map_err(|error| Error::Internal(error.into()))
}
