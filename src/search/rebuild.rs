//! A successor for the index, built beside it.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tantivy::IndexWriter;
use uuid::Uuid;

use super::document::Document;
use super::engine::Engine;
use super::error::SearchError;
use super::home::{Home, Pointer};
use super::index::OpenIndex;
use super::inner::Inner;
use super::projection::Projector;
use super::schema::id_term;

/// A rebuild under way. Dropping it gives it up; the present index stays.
pub struct Rebuild {
    engine: Engine,
    folder: String,
    /// `None` once it has taken over.
    successor: Option<(OpenIndex, IndexWriter)>,
    added: HashSet<Uuid>,
    projector: Projector,
}

impl Engine {
    /// Starts to build a fresh index beside the present one, which goes on serving and takes
    /// changes. Read the records *after* this call: changes from here on are repeated on the
    /// new index, earlier ones must be in what you read.
    ///
    /// # Errors
    /// [`SearchError::RebuildRunning`]; others when the folder cannot be written.
    pub fn begin_rebuild(&self) -> Result<Rebuild, SearchError> {
        Rebuild::begin(self.clone())
    }

    /// [`begin_rebuild`](Self::begin_rebuild) for records that an iterator reads when asked.
    /// Returns how many records the new index got from it.
    ///
    /// # Errors
    /// As `begin_rebuild`, and when writing fails; the old index then stays.
    pub fn rebuild(&self, documents: impl Iterator<Item = Document>) -> Result<usize, SearchError> {
        let mut rebuild = self.begin_rebuild()?;
        for document in documents {
            rebuild.add(&document)?;
        }
        rebuild.finish()
    }
}

impl Rebuild {
    fn begin(engine: Engine) -> Result<Self, SearchError> {
        let mut writing = engine.writing();
        if writing.log.is_some() {
            return Err(SearchError::RebuildRunning);
        }
        writing.home.restore()?;
        let folder = writing.home.new_folder()?;
        let successor = open(&writing.home, &folder, &engine.0);
        if successor.is_err() {
            writing.home.discard(&folder);
        }
        let successor = Some(successor?);
        writing.log = Some(Vec::new());
        drop(writing);
        let projector = Projector::new(engine.0.fields, Arc::clone(&engine.0.analyzer));
        Ok(Self {
            engine,
            folder,
            successor,
            added: HashSet::new(),
            projector,
        })
    }

    /// Adds a record; one that was added before is replaced.
    ///
    /// # Errors
    /// When writing fails.
    pub fn add(&mut self, document: &Document) -> Result<(), SearchError> {
        if let Some((_, writer)) = &self.successor {
            if !self.added.insert(document.id) {
                writer.delete_term(id_term(&self.engine.0.fields, document.id));
            }
            writer.add_document(self.projector.project(document)?)?;
        }
        Ok(())
    }

    /// Makes the new index the one that counts and removes the old one. Returns the number
    /// of records that were added.
    ///
    /// # Errors
    /// When writing fails; the present index then stays.
    pub fn finish(mut self) -> Result<usize, SearchError> {
        if let Some((index, mut writer)) = self.successor.take() {
            writer.commit()?;
            writer.wait_merging_threads()?;
            self.take_over(index)?;
        }
        Ok(self.added.len())
    }

    /// Changes wait meanwhile, so that none falls between the two indexes.
    fn take_over(&mut self, mut index: OpenIndex) -> Result<(), SearchError> {
        let mut writing = self.engine.writing();
        if let Some(missed) = writing.log.as_ref().filter(|log| !log.is_empty()) {
            index.write(missed, &mut self.projector)?;
        }
        let snapshot = index.snapshot(None)?;
        writing.home.restore()?;
        writing.home.point_to(&Pointer {
            folder: self.folder.clone(),
            fingerprint: self.engine.0.fingerprint.clone(),
            complete: true,
        })?;
        self.engine.show(snapshot, true);
        self.engine.0.damaged.store(false, Ordering::Relaxed);
        std::mem::replace(&mut writing.current, index).close();
        writing.home.sweep(&self.folder);
        Ok(())
    }
}

impl Drop for Rebuild {
    fn drop(&mut self) {
        self.successor = None;
        let mut writing = self.engine.writing();
        writing.log = None;
        // Which folder counts decides, so that a takeover that failed half-way is safe too.
        if !writing.current.is_at(&writing.home.path(&self.folder)) {
            writing.home.discard(&self.folder);
        }
    }
}

fn open(home: &Home, folder: &str, inner: &Inner) -> Result<(OpenIndex, IndexWriter), SearchError> {
    let index = OpenIndex::create(&home.path(folder), &inner.schema, inner.fields)?;
    let writer = index.bulk_writer()?;
    Ok((index, writer))
}
