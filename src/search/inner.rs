//! What an engine holds, and what every search on it is given.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;
use tantivy::schema::Schema;

use super::correction::Known;
use super::cues::Cues;
use super::emergency::Alarm;
use super::home::Home;
use super::index::{Change, OpenIndex};
use super::language::Analyzer;
use super::ranking::Ranking;
use super::schema::Fields;
use super::snapshot::Snapshot;
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
    pub alarm: Alarm,
    pub writing: Mutex<Writing>,
    /// A search met damage on disk; set until an index is shown again that was built anew.
    pub damaged: AtomicBool,
}

/// What editors know of words and places.
#[derive(Default)]
pub struct Taught {
    pub thesaurus: Thesaurus,
    pub cues: Cues,
}

/// What only one thread may touch at a time. Searches never take this lock.
pub struct Writing {
    pub home: Home,
    pub current: OpenIndex,
    /// The changes since a rebuild began, to be repeated on the new index.
    pub log: Option<Vec<Change>>,
}

impl Inner {
    /// What is known to a search on one snapshot.
    pub fn known<'a>(&'a self, taught: &'a Taught, snapshot: &'a Snapshot) -> Known<'a> {
        Known {
            snapshot,
            fields: &self.fields,
            analyzer: &self.analyzer,
            thesaurus: &taught.thesaurus,
            cues: &taught.cues,
            alarm: &self.alarm,
        }
    }
}
