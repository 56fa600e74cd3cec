//! What an engine holds, and what every search on it is given.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;
use tantivy::DocAddress;
use tantivy::schema::Schema;

use super::correction::Known;
use super::cues::Cues;
use super::emergency::Alarm;
use super::error::SearchError;
use super::home::Home;
use super::index::{Change, OpenIndex};
use super::language::Analyzer;
use super::ranking::Ranking;
use super::schema::Fields;
use super::snapshot::Snapshot;
use super::stored::Shown;
use super::thesaurus::Thesaurus;

/// Shared by all clones of an engine.
pub struct Inner {
    pub schema: Schema,
    pub fields: Fields,
    pub analyzer: Arc<Analyzer>,
    pub fingerprint: String,
    pub live: ArcSwap<Snapshot>,
    pub taught: ArcSwap<Taught>,
    pub ranking: ArcSwap<Ranking>,
    pub writing: Mutex<Writing>,
    /// A search met damage on disk; set until an index is shown again that was built anew.
    pub damaged: AtomicBool,
}

/// What editors know of words and places.
pub struct Taught {
    pub thesaurus: Thesaurus,
    pub cues: Cues,
    pub alarm: Arc<Alarm>,
}

/// What only one thread may touch at a time. Searches never take this lock.
pub struct Writing {
    pub home: Home,
    pub current: OpenIndex,
    /// The changes since a rebuild began, to be repeated on the new index.
    pub log: Option<Vec<Change>>,
}

/// All that one search looks at, as it was when it began.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub inner: &'a Inner,
    pub taught: &'a Taught,
    pub ranking: &'a Ranking,
    pub snapshot: &'a Snapshot,
}

impl<'a> View<'a> {
    /// What words are read by.
    pub fn known(&self) -> Known<'a> {
        Known {
            snapshot: self.snapshot,
            fields: &self.inner.fields,
            analyzer: &self.inner.analyzer,
            thesaurus: &self.taught.thesaurus,
            cues: &self.taught.cues,
            alarm: &self.taught.alarm,
        }
    }

    /// A record as it is shown.
    ///
    /// # Errors
    /// When the document store is damaged.
    pub fn shown(&self, address: DocAddress) -> Result<Arc<Shown>, SearchError> {
        let Inner {
            fields, analyzer, ..
        } = self.inner;
        self.snapshot.shown(address, fields, analyzer)
    }
}
