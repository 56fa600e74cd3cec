//! Tables that people send in: first looked at, then loaded, and taken back when they ask.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{Acquire, PgConnection};
use uuid::Uuid;

use super::import::{Change, ImportError, Report, load};
use super::table::Files;
use super::undo::{Undone, undo};
use crate::access::Person;
use crate::text_enum;

text_enum! {
    /// How far an import is.
    Stage {
        Checked = "checked", "alleen bekeken";
        Loaded = "loaded", "ingelezen";
        Undone = "undone", "teruggedraaid";
    }
}

/// An import in the list of them.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    pub id: Uuid,
    pub sent_at: DateTime<Utc>,
    pub by: String,
    pub stage: Stage,
    pub changes: i32,
}

/// A whole import.
#[derive(Clone, PartialEq, Debug)]
pub struct Import {
    pub id: Uuid,
    pub sent_at: DateTime<Utc>,
    pub by: String,
    pub stage: Stage,
    pub changes: Vec<Change>,
    /// Rows that are there already, just so.
    pub unchanged: i32,
    pub undone: Option<Undone>,
}

/// The newest imports; what was only looked at is told for a day.
pub async fn latest(conn: &mut PgConnection, most: i64) -> Result<Vec<Line>, sqlx::Error> {
    sqlx::query_as!(
        Line,
        r#"select i.id, i.sent_at, a.name as "by", i.state as "stage: Stage",
                  jsonb_array_length(i.changes) as "changes!"
           from imports i join accounts a on a.id = i.account_id
           where i.state <> 'checked' or i.sent_at > now() - interval '1 day'
           order by i.sent_at desc, i.id limit $1"#,
        most
    )
    .fetch_all(conn)
    .await
}

/// One import.
pub async fn find(conn: &mut PgConnection, id: Uuid) -> Result<Option<Import>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select i.sent_at, a.name as by, i.state as "stage: Stage", i.changes as "changes: Json<Vec<Change>>",
                  i.unchanged, i.undone as "undone: Json<Undone>"
           from imports i join accounts a on a.id = i.account_id where i.id = $1"#,
        id
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Import {
        id,
        sent_at: row.sent_at,
        by: row.by,
        stage: row.stage,
        changes: row.changes.0,
        unchanged: row.unchanged,
        undone: row.undone.map(|undone| undone.0),
    }))
}

/// Looks what tables would change, and keeps them to be loaded. The connection is in no transaction.
///
/// # Errors
/// Every fault in the tables; then nothing is kept.
pub async fn check(
    conn: &mut PgConnection,
    person: &Person,
    files: &BTreeMap<String, String>,
) -> Result<Uuid, ImportError> {
    let mut changes = Vec::new();
    let mut trial = conn.begin().await?;
    let loaded = load(
        &mut trial,
        &person.actor(),
        as_files(files),
        Some(&mut changes),
    )
    .await;
    trial.rollback().await?;
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into imports (id, account_id, files, changes, unchanged) values ($1, $2, $3, $4, $5)",
        id,
        person.id.0,
        Json(files) as _,
        Json(changes) as _,
        unchanged(&loaded?),
    )
    .execute(conn)
    .await?;
    Ok(id)
}

fn as_files(texts: &BTreeMap<String, String>) -> Files {
    let mut files = Files::default();
    for (name, text) in texts {
        files.put(name, text.clone().into_bytes());
    }
    files
}

fn unchanged(report: &Report) -> i32 {
    i32::try_from(report.unchanged).unwrap_or(i32::MAX)
}

/// What came of loading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    Loaded,
    /// It was loaded or thrown away already.
    Past,
    /// Records changed since it was looked at, and with them what this would change. Nothing is
    /// loaded; what would change now is there to be looked at. The keys of the rows that differ.
    Different(Vec<String>),
}

/// Loads what was looked at, in the transaction of the caller.
///
/// # Errors
/// The faults that are there by now; the transaction is of no more use then.
pub async fn carry_out(
    conn: &mut PgConnection,
    person: &Person,
    id: Uuid,
) -> Result<Outcome, ImportError> {
    let row = sqlx::query!(
        r#"select files as "files: Json<BTreeMap<String, String>>", changes as "changes: Json<Vec<Change>>"
           from imports where id = $1 and state = 'checked' for update"#,
        id
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else {
        return Ok(Outcome::Past);
    };
    let mut changes = Vec::new();
    let mut trial = conn.begin().await?;
    let files = as_files(&row.files.0);
    let report = load(&mut trial, &person.actor(), files, Some(&mut changes)).await?;
    if changes != row.changes.0 {
        trial.rollback().await?;
        sqlx::query!(
            "update imports set changes = $2, unchanged = $3 where id = $1",
            id,
            Json(&changes) as _,
            unchanged(&report),
        )
        .execute(conn)
        .await?;
        return Ok(Outcome::Different(differing(&row.changes.0, &changes)));
    }
    trial.commit().await?;
    sqlx::query!(
        "update imports set state = 'loaded', files = '{}', loaded_at = now() where id = $1",
        id,
    )
    .execute(conn)
    .await?;
    Ok(Outcome::Loaded)
}

/// The keys of the changes that are in one and not, or not so, in the other.
fn differing(before: &[Change], now: &[Change]) -> Vec<String> {
    let place = |change: &&Change| (change.file.clone(), change.key.clone());
    let old: BTreeMap<_, _> = before.iter().map(|it| (place(&it), it)).collect();
    let new: BTreeMap<_, _> = now.iter().map(|it| (place(&it), it)).collect();
    let all: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let differ = all.into_iter().filter(|at| old.get(*at) != new.get(*at));
    differ.map(|(_, key)| key.clone()).collect()
}

/// Takes an import back, in the transaction of the caller; a second time what stayed the first
/// time. What came of it this time; `None`: there is nothing to take back.
///
/// # Errors
/// When the database does not answer.
pub async fn take_back(
    conn: &mut PgConnection,
    person: &Person,
    id: Uuid,
) -> Result<Option<Undone>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select changes as "changes: Json<Vec<Change>>", undone as "undone: Json<Undone>"
           from imports where id = $1 and state <> 'checked' for update"#,
        id
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let (mut changes, before) = (row.changes.0, row.undone.map(|undone| undone.0));
    if let Some(before) = &before {
        changes.retain(|change| before.holds(change));
    }
    if changes.is_empty() {
        return Ok(None);
    }
    let undone = undo(conn, &person.actor(), &changes).await?;
    let before = before.unwrap_or_default();
    let all = Undone {
        restored: before.restored + undone.restored,
        removed: before.removed + undone.removed,
        left: undone.left.clone(),
    };
    sqlx::query!(
        "update imports set state = 'undone', undone = $2 where id = $1",
        id,
        Json(all) as _,
    )
    .execute(conn)
    .await?;
    Ok(Some(undone))
}

/// Throws away what was looked at and not loaded.
pub async fn discard(conn: &mut PgConnection, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from imports where id = $1 and state = 'checked'",
        id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes imports of a month ago: they cannot be taken back any more.
pub async fn sweep(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from imports where sent_at < now() - interval '30 days'")
        .execute(conn)
        .await?;
    Ok(())
}
