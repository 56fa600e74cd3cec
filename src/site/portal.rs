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
    pub site: Arc<Site>,
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

    /// A page under construction.
    pub fn page(&self, path: impl Into<String>, title: impl Into<String>) -> Page {
        let mut page = Page::new(&self.site, self.clock, path, title);
        page.demonstration = self.vocabulary.load().holds_examples;
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
