//! An import taken back: what it registered goes, what it revised becomes what it was. What
//! changed since stays as it is, and is told.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sqlx::{Acquire, PgConnection};

use super::import::{Change, alone};
use super::table::Kept;
use crate::access::Actor;
use crate::catalogue::agenda::Closure;
use crate::catalogue::dossiers::FaqDraft;
use crate::catalogue::former_slugs::Redirect;
use crate::catalogue::themes::{Audience, StepLabel};
use crate::catalogue::words::{HelpLine, Synonym};
use crate::catalogue::{
    Act, CommandError, activities, dossiers, organisations, places, themes, zones,
};

/// What came of it.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Undone {
    /// Rows that are what they were again.
    pub restored: usize,
    /// Rows that were new and are gone.
    pub removed: usize,
    /// Rows that stay as they are: file, key and why.
    pub left: Vec<(String, String, Left)>,
}

impl Undone {
    /// Whether anything was taken back.
    #[must_use]
    pub fn did_something(&self) -> bool {
        self.restored + self.removed > 0
    }

    /// Whether a change stayed.
    #[must_use]
    pub fn holds(&self, change: &Change) -> bool {
        self.left
            .iter()
            .any(|(file, key, _)| (file, key) == (&change.file, &change.key))
    }
}

/// Why a row stays as it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Left {
    /// Someone changed it after the import.
    Changed,
    /// It is no more.
    Gone,
    /// The database refuses: other rows stand on it, or its old value no longer fits.
    Needed,
}

/// Takes the changes of an import back, in the transaction of the caller.
///
/// # Errors
/// When the database does not answer.
pub async fn undo(
    conn: &mut PgConnection,
    actor: &Actor,
    changes: &[Change],
) -> Result<Undone, sqlx::Error> {
    alone(conn).await?;
    let mut undone = Undone::default();
    // What stands on others goes first.
    table::<Redirect>(conn, actor, changes, &mut undone).await?;
    table::<HelpLine>(conn, actor, changes, &mut undone).await?;
    table::<Synonym>(conn, actor, changes, &mut undone).await?;
    table::<Closure>(conn, actor, changes, &mut undone).await?;
    table::<FaqDraft>(conn, actor, changes, &mut undone).await?;
    table::<dossiers::Draft>(conn, actor, changes, &mut undone).await?;
    table::<activities::Draft>(conn, actor, changes, &mut undone).await?;
    table::<organisations::Draft>(conn, actor, changes, &mut undone).await?;
    table::<places::Draft>(conn, actor, changes, &mut undone).await?;
    table::<zones::Draft>(conn, actor, changes, &mut undone).await?;
    table::<themes::Draft>(conn, actor, changes, &mut undone).await?;
    table::<Audience>(conn, actor, changes, &mut undone).await?;
    table::<StepLabel>(conn, actor, changes, &mut undone).await?;
    Ok(undone)
}

async fn table<T: Kept>(
    conn: &mut PgConnection,
    actor: &Actor,
    changes: &[Change],
    undone: &mut Undone,
) -> Result<(), sqlx::Error> {
    let read =
        |value| serde_json::from_value::<T>(value).map_err(|e| sqlx::Error::Decode(e.into()));
    let mut rows = Vec::new();
    for change in changes.iter().filter(|change| change.file == T::FILE) {
        let before = change.before.clone().map(read).transpose()?;
        rows.push((before, read(change.after.clone())?));
    }
    if rows.is_empty() {
        return Ok(());
    }
    let present = T::present(conn).await?;
    let present: HashMap<String, T> = present.into_iter().map(|e| (e.key(), e)).collect();
    // First what stays, so that nothing stands any more on what goes; of that, the lowest first.
    rows.sort_by_key(|(before, after)| match before {
        Some(before) => (0, before.rank()),
        None => (1, u8::MAX - after.rank()),
    });
    for (before, after) in rows {
        let left = match present.get(&after.key()) {
            None => Some(Left::Gone),
            Some(now) if !after.is_same(now) => Some(Left::Changed),
            Some(_) => back(conn, actor, before.as_ref(), &after).await?,
        };
        match (left, before) {
            (Some(why), _) => undone.left.push((T::FILE.to_owned(), after.key(), why)),
            (None, Some(_)) => undone.restored += 1,
            (None, None) => undone.removed += 1,
        }
    }
    Ok(())
}

/// One row, behind a savepoint: a refusal is told and stops nothing.
async fn back<T: Kept>(
    conn: &mut PgConnection,
    actor: &Actor,
    before: Option<&T>,
    after: &T,
) -> Result<Option<Left>, sqlx::Error> {
    let mut savepoint = conn.begin().await?;
    let outcome = match before {
        None => after.take_away(&mut savepoint, actor).await,
        Some(before) => match before.keep(&mut savepoint, actor, Act::Revise).await {
            Ok(()) => before.settle(&mut savepoint).await,
            refused => refused,
        },
    };
    match outcome {
        Ok(()) => {
            savepoint.commit().await?;
            Ok(None)
        }
        Err(CommandError::Database(error)) => Err(error),
        Err(CommandError::Refused(_)) => {
            savepoint.rollback().await?;
            Ok(Some(Left::Needed))
        }
        Err(CommandError::Unknown) => {
            savepoint.rollback().await?;
            Ok(Some(Left::Gone))
        }
    }
}
