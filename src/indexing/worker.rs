use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use chrono::NaiveDate;
use sqlx::postgres::PgListener;
use sqlx::{Connection, PgConnection, PgPool};
use tokio::time::timeout;
use uuid::Uuid;

use super::gather::{self, Gathered};
use super::watch::Watch;
use crate::base::Clock;
use crate::catalogue::Vocabulary;
use crate::catalogue::words::{SynonymKind, Trigger};
use crate::database::outbox::{self, Snapshot};
use crate::search::{
    AlarmChanges, Change, Direction, Document, Engine, PlaceName, Rehearsal, SearchError, WordGroup,
};
use crate::telemetry;

/// The bell can be missed (a broken connection); looking every few seconds makes up for that.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// While the database is away, try again this often: well within two seconds of its return.
const RETRY: Duration = Duration::from_millis(500);
/// An import announces thousands of rows: wait this little for more before reading.
const GATHER: Duration = Duration::from_millis(20);

/// What one turn of the keeper did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    pub put: usize,
    pub removed: usize,
}

type Told = dyn Fn(Vocabulary) + Send + Sync;

/// Keeps one engine in step with the records of one database.
pub struct Keeper {
    pool: PgPool,
    engine: Engine,
    clock: Clock,
    told: Arc<Told>,
    /// What was read last, and on which day; `None` before the first comparison.
    seen: Option<(Snapshot, NaiveDate)>,
    /// The index folder is gone or damaged, or somebody wished it: build it anew instead of
    /// mending it.
    broken: bool,
    watch: Watch,
}

impl Keeper {
    /// `told` hears the names anew after every change, when the index holds that change.
    pub fn new(
        pool: PgPool,
        engine: Engine,
        clock: Clock,
        told: impl Fn(Vocabulary) + Send + Sync + 'static,
    ) -> Self {
        Self {
            pool,
            engine,
            clock,
            told: Arc::new(told),
            seen: None,
            broken: false,
            watch: Watch::default(),
        }
    }

    /// Lets somebody watch, and wish.
    #[must_use]
    pub fn watched(self, watch: Watch) -> Self {
        Self { watch, ..self }
    }

    /// Follows the records for ever; survives every failure of database and disk.
    pub async fn run(mut self) {
        loop {
            if let Err(error) = self.follow_bell().await {
                self.watch.turned(None, true);
                tracing::warn!(error = format!("{error:#}"), "the search index waits");
                tokio::time::sleep(RETRY).await;
            }
        }
    }

    async fn follow_bell(&mut self) -> anyhow::Result<()> {
        let mut bell = PgListener::connect_with(&self.pool).await?;
        bell.listen("wijzer_outbox").await?;
        loop {
            self.turn().await?;
            let watch = self.watch.clone();
            let rung = tokio::select! {
                rung = timeout(LOOK_AGAIN, bell.recv()) => rung.is_ok_and(|rung| rung.is_ok()),
                () = watch.wish() => false,
            };
            if rung {
                tokio::time::sleep(GATHER).await;
                while bell.next_buffered().is_some() {}
            }
        }
    }

    /// Brings the index in step with what is committed at this moment.
    ///
    /// # Errors
    /// When the database does not answer or the index cannot be written; the next turn makes up
    /// for it.
    pub async fn turn(&mut self) -> anyhow::Result<Outcome> {
        let turned = self.take_turn().await;
        let seen = self.seen.as_ref().map(|(seen, _)| seen.clone());
        self.watch.turned(seen, turned.is_err());
        turned
    }

    async fn take_turn(&mut self) -> anyhow::Result<Outcome> {
        let today = self.clock.today();
        self.broken |= self.engine.is_damaged() || self.watch.state().wished;
        let last = match self.seen.take() {
            Some((last, day)) if day == today && !self.broken => last,
            // The first turn, or a new day: dates have passed and addresses begin to hold.
            _ => return self.compare().await,
        };
        let mut conn = self.pool.acquire().await?;
        let mut reading = begin_reading(&mut conn).await?;
        let lag = outbox::lag_seconds(&mut reading, &last).await?;
        telemetry::outbox_lag(Duration::try_from_secs_f64(lag).unwrap_or_default());
        let changed = outbox::changed_since(&mut reading, &last).await?;
        let snapshot = outbox::snapshot(&mut reading).await?;
        if changed.is_empty() {
            self.seen = Some((snapshot, today));
            return Ok(Outcome::default());
        }
        let Gathered::Records(records) = gather::affected(&mut reading, &changed).await? else {
            drop(reading);
            drop(conn);
            return self.compare().await;
        };
        let writes = gather::changes(&mut reading, records, self.clock.local()).await?;
        let names = Vocabulary::read(&mut reading, today).await?;
        reading.commit().await?;
        let outcome = self.apply(writes).await?;
        teach(&self.engine, &names);
        (self.told)(names);
        self.seen = Some((snapshot, today));
        Ok(outcome)
    }

    /// Compares the whole index with the records and mends what differs.
    ///
    /// # Errors
    /// As [`Keeper::turn`].
    pub async fn compare(&mut self) -> anyhow::Result<Outcome> {
        let today = self.clock.today();
        let mut conn = self.pool.acquire().await?;
        let mut reading = begin_reading(&mut conn).await?;
        sqlx::query!("set local statement_timeout = '5min'")
            .execute(&mut *reading)
            .await?;
        let snapshot = outbox::snapshot(&mut reading).await?;
        let documents = gather::all(&mut reading, self.clock.local()).await?;
        let names = Vocabulary::read(&mut reading, today).await?;
        reading.commit().await?;
        outbox::sweep(&mut conn).await?;
        // tantivy does not notice flipped bytes by itself.
        let engine = self.engine.clone();
        let sound = tokio::task::spawn_blocking(move || engine.verify().unwrap_or(false)).await?;
        self.broken |= !sound;
        let total = documents.len();
        let outcome = self.mend(documents).await?;
        telemetry::index_records(u32::try_from(total).unwrap_or(u32::MAX));
        teach(&self.engine, &names);
        (self.told)(names);
        self.seen = Some((snapshot, today));
        tracing::info!(
            total,
            put = outcome.put,
            removed = outcome.removed,
            "the index holds every public record"
        );
        Ok(outcome)
    }

    /// Throws the index away and builds it anew; returns the number of records.
    ///
    /// # Errors
    /// As [`Keeper::turn`].
    pub async fn rebuild(&mut self) -> anyhow::Result<usize> {
        self.broken = true;
        Ok(self.compare().await?.put)
    }

    /// Writes the difference, or builds anew when the index is not whole.
    async fn mend(&mut self, documents: Vec<Document>) -> anyhow::Result<Outcome> {
        let broken = self.broken;
        let watch = self.watch.clone();
        self.work(move |engine| match engine.digests() {
            Ok(digests) if !broken && engine.is_complete() => {
                write(engine, difference(documents, &digests))
            }
            _ => rebuild(engine, documents, &watch),
        })
        .await
    }

    async fn apply(&mut self, changes: Vec<Change>) -> anyhow::Result<Outcome> {
        self.work(move |engine| write(engine, changes)).await
    }

    /// Writing blocks, so it has a thread of its own.
    async fn work(
        &mut self,
        task: impl FnOnce(&Engine) -> Result<Outcome, SearchError> + Send + 'static,
    ) -> anyhow::Result<Outcome> {
        let engine = self.engine.clone();
        let done = tokio::task::spawn_blocking(move || task(&engine))
            .await
            .context("the index writer ended early")?;
        self.broken = done.as_ref().is_err_and(SearchError::needs_rebuild);
        Ok(done?)
    }
}

/// Tells an engine the editors' search words, their changes of the alarm and the names of zones.
pub fn teach(engine: &Engine, names: &Vocabulary) {
    let (groups, places) = lessons(names);
    engine.teach(&groups, &places, &alarms(names));
}

/// What searches would find with other search words; the engine itself goes on as it was.
#[must_use]
pub fn rehearse(engine: &Engine, names: &Vocabulary) -> Rehearsal {
    let (groups, places) = lessons(names);
    engine.rehearse(&groups, &places)
}

fn lessons(names: &Vocabulary) -> (Vec<WordGroup>, Vec<PlaceName>) {
    let groups = names.synonyms.iter().map(|synonym| WordGroup {
        terms: synonym.terms.clone(),
        direction: match synonym.kind {
            SynonymKind::Misspelling => Direction::ToFirst,
            SynonymKind::LayToProfessional
            | SynonymKind::Equivalent
            | SynonymKind::Abbreviation => Direction::Both,
        },
    });
    let places = names.zones.iter().map(|zone| PlaceName {
        zone: zone.slug.clone(),
        names: std::iter::once(&zone.name)
            .chain(&zone.aliases)
            .cloned()
            .collect(),
        postcodes: zone.postcodes.clone(),
        neighbours: zone.neighbours.clone(),
    });
    (groups.collect(), places.collect())
}

/// What editors changed of the alarm.
fn alarms(names: &Vocabulary) -> AlarmChanges {
    let (silenced, added): (Vec<&Trigger>, Vec<&Trigger>) =
        names.alarms.iter().partition(|trigger| trigger.built_in);
    AlarmChanges {
        added: added
            .into_iter()
            .map(|trigger| (trigger.concept.clone(), trigger.rule.clone()))
            .collect(),
        silenced: silenced
            .into_iter()
            .map(|trigger| trigger.rule.clone())
            .collect(),
    }
}

/// One consistent view for all that is read in a turn.
async fn begin_reading(
    conn: &mut PgConnection,
) -> Result<sqlx::Transaction<'_, sqlx::Postgres>, sqlx::Error> {
    conn.begin_with("begin isolation level repeatable read read only")
        .await
}

fn write(engine: &Engine, changes: Vec<Change>) -> Result<Outcome, SearchError> {
    let put = changes
        .iter()
        .filter(|c| matches!(c, Change::Put(_)))
        .count();
    let removed = changes.len() - put;
    engine.apply(changes)?;
    Ok(Outcome { put, removed })
}

fn rebuild(
    engine: &Engine,
    documents: Vec<Document>,
    watch: &Watch,
) -> Result<Outcome, SearchError> {
    let built = engine.rebuild(watch.count(documents));
    watch.built(built.is_ok());
    Ok(Outcome {
        put: built?,
        removed: 0,
    })
}

/// What must change in an index with these digests to hold exactly these documents.
fn difference(documents: Vec<Document>, digests: &HashMap<Uuid, u64>) -> Vec<Change> {
    let mut gone: HashMap<Uuid, u64> = digests.clone();
    let mut changes = Vec::new();
    for document in documents {
        if gone.remove(&document.id) != Some(document.digest()) {
            changes.push(Change::Put(document));
        }
    }
    changes.extend(gone.into_keys().map(Change::Remove));
    changes
}
