//! The face of search: open, search, apply, rebuild.

use std::collections::HashMap;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use arc_swap::ArcSwap;
use chrono::NaiveDateTime;
use uuid::Uuid;

use super::cues::{Cues, PlaceName};
use super::emergency::{Alarm, AlarmChanges};
use super::error::SearchError;
use super::evaluation::{self, Answer};
use super::explanation::Explanation;
use super::home::Home;
use super::index::Change;
use super::inner::{Inner, Taught, View, Writing};
use super::language::Analyzer;
use super::opening::{Opening, find_index};
use super::projection::Projector;
use super::ranking::Ranking;
use super::request::{SearchRequest, SearchResult};
use super::schema;
use super::searching::Search;
use super::snapshot::Snapshot;
use super::suggesting::Suggestion;
use super::thesaurus::{Thesaurus, WordGroup};

/// The search engine. Cheap to clone; every clone is the same engine.
#[derive(Clone)]
pub struct Engine(pub(super) Arc<Inner>);

impl Engine {
    /// Opens the index in a directory, or makes an empty one when it is missing, broken or
    /// made by another version. Reads every byte once: 5,000 records in a few milliseconds.
    ///
    /// # Errors
    /// [`SearchError::Locked`] when another program uses the directory; others when the
    /// directory cannot be written.
    pub fn open(directory: &Path, analyzer: Arc<Analyzer>) -> Result<(Self, Opening), SearchError> {
        let home = Home::claim(directory)?;
        let alarm = Alarm::new(&analyzer, &AlarmChanges::default());
        let (schema, fields) = schema::schema();
        let fingerprint = schema::fingerprint(&schema, &analyzer);
        let (current, snapshot, opening) = find_index(&home, &schema, fields, &fingerprint)?;
        let writing = Mutex::new(Writing {
            home,
            current,
            log: None,
        });
        let live = ArcSwap::from_pointee(snapshot);
        let inner = Inner {
            schema,
            fields,
            fingerprint,
            live,
            taught: ArcSwap::from_pointee(Taught {
                thesaurus: Thesaurus::default(),
                cues: Cues::new(&[], &analyzer),
                alarm: Arc::new(alarm),
            }),
            ranking: ArcSwap::default(),
            analyzer,
            writing,
            damaged: AtomicBool::new(false),
        };
        Ok((Self(Arc::new(inner)), opening))
    }

    /// Searches. Never waits for a writer, never asks the database.
    ///
    /// # Errors
    /// When the index on disk is damaged; no text or filter is an error.
    pub fn search(&self, request: &SearchRequest) -> Result<SearchResult, SearchError> {
        self.look(|view| Search::new(view, request).run())
    }

    /// Records to go to, while someone types: at most so many, likeliest first. Any text is fine.
    ///
    /// # Errors
    /// As [`Engine::search`].
    pub fn suggest(&self, typed: &str, most: usize) -> Result<Vec<Suggestion>, SearchError> {
        self.look(|view| view.suggest(typed, most))
    }

    /// Looks at everything as it is now. Over damaged bytes tantivy can also panic; that is the same news as an error.
    pub(super) fn look<T>(
        &self,
        read: impl FnOnce(View) -> Result<T, SearchError>,
    ) -> Result<T, SearchError> {
        self.look_with(&self.0.taught.load(), read)
    }

    /// [`Engine::look`] with words of one's own.
    pub(super) fn look_with<T>(
        &self,
        taught: &Taught,
        read: impl FnOnce(View) -> Result<T, SearchError>,
    ) -> Result<T, SearchError> {
        let snapshot = self.0.live.load_full();
        let view = View {
            inner: &self.0,
            taught,
            ranking: &self.0.ranking.load(),
            snapshot: &snapshot,
        };
        let done = panic::catch_unwind(AssertUnwindSafe(|| read(view)))
            .unwrap_or_else(|_| Err(SearchError::Damaged("a search panicked".to_owned())));
        if done.is_err() {
            self.0.damaged.store(true, Ordering::Relaxed);
        }
        done
    }

    /// How a search came to its hits: for editors.
    ///
    /// # Errors
    /// As [`Engine::search`].
    pub fn explain(&self, request: &SearchRequest) -> Result<Explanation, SearchError> {
        self.look(|view| Search::new(view, request).explain())
    }

    /// The first page of a search, as the graded queries look at it.
    ///
    /// # Errors
    /// As [`Engine::search`].
    pub fn answer(&self, query: &str, now: NaiveDateTime) -> Result<Answer, SearchError> {
        self.search(&evaluation::request(query, now))
            .map(|found| Answer::from(&found))
    }

    /// Replaces the words that find each other, the names of places and the changes of the alarm;
    /// the next search knows them.
    pub fn teach(&self, groups: &[WordGroup], places: &[PlaceName], changes: &AlarmChanges) {
        let analyzer = &self.0.analyzer;
        let taught = self.0.taught.load();
        let alarm = if taught.alarm.changes == *changes {
            Arc::clone(&taught.alarm)
        } else {
            Arc::new(Alarm::new(analyzer, changes))
        };
        self.0.taught.store(Arc::new(Taught {
            thesaurus: Thesaurus::new(groups, analyzer),
            cues: Cues::new(places, analyzer),
            alarm,
        }));
    }

    /// Replaces the weights of the ranking; the next search uses them.
    pub fn rank_by(&self, ranking: Ranking) {
        self.0.ranking.store(Arc::new(ranking));
    }

    /// The weights of the ranking.
    #[must_use]
    pub fn ranking(&self) -> Ranking {
        Ranking::clone(&self.0.ranking.load())
    }

    /// Whether a search met damage on disk: rebuild, and the next searches are well.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        self.0.damaged.load(Ordering::Relaxed)
    }

    /// Applies changes in order, in one commit (10 to 100 ms: batch them), and shows them to
    /// the next search. Blocks: call it where blocking is allowed. After an error the last
    /// commit goes on serving and the same changes may be applied again.
    ///
    /// # Errors
    /// Disk full and the like; [`SearchError::Gone`] when the folder was deleted.
    pub fn apply(&self, changes: Vec<Change>) -> Result<(), SearchError> {
        if changes.is_empty() {
            return Ok(());
        }
        let inner = &*self.0;
        let mut writing = self.writing();
        let mut projector = Projector::new(inner.fields, Arc::clone(&inner.analyzer));
        writing.current.write(&changes, &mut projector)?;
        if let Some(log) = &mut writing.log {
            log.extend(changes);
        }
        let previous = inner.live.load_full();
        let snapshot = writing.current.snapshot(Some(&previous))?;
        self.show(snapshot, previous.complete);
        Ok(())
    }

    /// Id and digest of every record in the index, to compare with the database.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn digests(&self) -> Result<HashMap<Uuid, u64>, SearchError> {
        self.0.live.load().digests()
    }

    /// Number of records in the index.
    #[must_use]
    pub fn record_count(&self) -> usize {
        self.0.live.load().record_count()
    }

    /// Whether a whole build has been done: false while the first one is still to come.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.0.live.load().complete
    }

    /// Rises with every change of what searches see: part of a page cache's key.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.0.live.load().generation
    }

    /// When what searches see was written to disk; `None` when the disk does not tell.
    #[must_use]
    pub fn committed_at(&self) -> Option<SystemTime> {
        self.0.live.load().committed_at
    }

    /// Compares every file with its checksum (0.3 ms at 5,000 records): run it nightly and
    /// rebuild on `false`.
    ///
    /// # Errors
    /// When the files cannot be read for another reason than damage.
    pub fn verify(&self) -> Result<bool, SearchError> {
        match self.writing().current.check() {
            Ok(()) => Ok(true),
            Err(error) if error.needs_rebuild() => Ok(false),
            Err(error) => Err(error),
        }
    }

    pub(super) fn writing(&self) -> MutexGuard<'_, Writing> {
        // A panic while writing leaves the last commit: the state is sound.
        self.0
            .writing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a snapshot the one that searches see. Call it while holding `writing`.
    pub(super) fn show(&self, snapshot: Snapshot, complete: bool) {
        let generation = self.generation() + 1;
        self.0.live.store(Arc::new(Snapshot {
            complete,
            generation,
            ..snapshot
        }));
    }
}
