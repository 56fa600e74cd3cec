//! Sources as who manages them sees them, in a list like others.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{Draft, Run, commands, store};
use crate::access::Actor;
use crate::catalogue::acts::{Act, CommandError};
use crate::catalogue::editing::entries::Listed;

/// A source and what came of its last run.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Managed {
    #[serde(flatten)]
    pub draft: Draft,
    /// Not of the source itself: a run is no change of it.
    #[serde(skip)]
    pub last: Option<Run>,
}

impl Listed for Managed {
    const SUBJECT: &'static str = commands::SUBJECT;

    fn key(&self) -> String {
        self.draft.slug.to_string()
    }
    fn noted(&self) -> Self {
        Self {
            draft: self.draft.noted(),
            last: None,
        }
    }
    async fn all(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        let sources = store::sources(conn, None).await?;
        let mut last = store::last_runs(conn).await?;
        let managed = sources.into_iter().map(|source| Self {
            draft: source.draft,
            last: last.remove(&source.id),
        });
        Ok(managed.collect())
    }
    async fn keep(
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
        entry: &Self,
    ) -> Result<(), CommandError> {
        commands::keep(conn, actor, act, &entry.draft).await
    }
    async fn delete(conn: &mut PgConnection, entry: &Self) -> Result<(), sqlx::Error> {
        store::delete(conn, &entry.draft.slug).await
    }
}
