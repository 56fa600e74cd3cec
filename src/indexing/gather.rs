use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::base::RecordKind;
use crate::catalogue::{activities, dossiers, organisations, places, themes, zones};
use crate::database::outbox::Changed;
use crate::search::{Change, Document};

/// What must be read again after some changes.
#[derive(Debug, PartialEq, Eq)]
pub enum Gathered {
    /// These records of these kinds.
    Records(HashMap<RecordKind, HashSet<Uuid>>),
    /// A name that many records show has changed: compare everything.
    Everything,
}

/// The documents of every public record.
pub async fn all(
    conn: &mut PgConnection,
    now: NaiveDateTime,
) -> Result<Vec<Document>, sqlx::Error> {
    let mut documents = Vec::new();
    for kind in RecordKind::ALL {
        documents.extend(of_kind(conn, kind, now, None).await?);
    }
    Ok(documents)
}

async fn of_kind(
    conn: &mut PgConnection,
    kind: RecordKind,
    now: NaiveDateTime,
    only: Option<&[Uuid]>,
) -> Result<Vec<Document>, sqlx::Error> {
    match kind {
        RecordKind::Organisation => {
            organisations::document::documents(conn, now.date(), only).await
        }
        RecordKind::Activity => activities::document::documents(conn, now, only).await,
        RecordKind::Place => places::document::documents(conn, now.date(), only).await,
        RecordKind::Dossier => dossiers::document::dossiers(conn, only).await,
        RecordKind::Faq => dossiers::document::faqs(conn, only).await,
        RecordKind::Theme => themes::document::documents(conn, only).await,
        RecordKind::Zone => zones::document::documents(conn, now.date(), only).await,
    }
}

/// What changed, and what shows it: a place moves, and so do the activities held there.
pub async fn affected(
    conn: &mut PgConnection,
    changes: &[Changed],
) -> Result<Gathered, sqlx::Error> {
    let mut records: HashMap<RecordKind, HashSet<Uuid>> = HashMap::new();
    for change in changes {
        let (Ok(kind), Some(id)) = (change.subject.parse(), change.id) else {
            // Steps and words: their names are not in documents of their own. A closure moves the
            // dates of who follows it.
            if matches!(change.subject.as_str(), "audience" | "closure") {
                return Ok(Gathered::Everything);
            }
            continue;
        };
        // A dossier is a topic of the organisations and questions it names, and was one of those
        // it no longer names.
        if matches!(
            kind,
            RecordKind::Zone | RecordKind::Theme | RecordKind::Dossier
        ) {
            return Ok(Gathered::Everything);
        }
        records.entry(kind).or_default().insert(id);
    }
    let of = |kind| {
        records
            .get(&kind)
            .map(|ids: &HashSet<Uuid>| ids.iter().copied().collect::<Vec<_>>())
    };
    let places = of(RecordKind::Place).unwrap_or_default();
    let hosts = organisations_at(conn, &places).await?;
    let mut makers = of(RecordKind::Organisation).unwrap_or_default();
    makers.extend(&hosts);
    let held = activities_of(conn, &places, &makers).await?;
    if !hosts.is_empty() {
        records
            .entry(RecordKind::Organisation)
            .or_default()
            .extend(hosts);
    }
    if !held.is_empty() {
        records
            .entry(RecordKind::Activity)
            .or_default()
            .extend(held);
    }
    Ok(Gathered::Records(records))
}

async fn organisations_at(
    conn: &mut PgConnection,
    places: &[Uuid],
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from organisations where place_id = any($1)",
        places
    )
    .fetch_all(conn)
    .await
}

async fn activities_of(
    conn: &mut PgConnection,
    places: &[Uuid],
    makers: &[Uuid],
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from activities where place_id = any($1) or organisation_id = any($2)",
        places,
        makers,
    )
    .fetch_all(conn)
    .await
}

/// The index changes for records as they are now; a record that is not public is removed.
pub async fn changes(
    conn: &mut PgConnection,
    records: HashMap<RecordKind, HashSet<Uuid>>,
    now: NaiveDateTime,
) -> Result<Vec<Change>, sqlx::Error> {
    let mut changes = Vec::new();
    for (kind, mut ids) in records {
        let only: Vec<Uuid> = ids.iter().copied().collect();
        for document in of_kind(conn, kind, now, Some(&only)).await? {
            ids.remove(&document.id);
            changes.push(Change::Put(document));
        }
        changes.extend(ids.into_iter().map(Change::Remove));
    }
    Ok(changes)
}
