//! One tantivy index on disk: opening it with distrust, writing to it, reading it.

use std::path::{Path, PathBuf};

use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::schema::Schema;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy};
use uuid::Uuid;

use super::document::Document;
use super::error::SearchError;
use super::projection::Projector;
use super::schema::{Fields, id_term};
use super::snapshot::Snapshot;

/// The least that tantivy accepts; it is taken as needed, not in advance.
const WRITER_BYTES: usize = 15_000_000;
/// A rebuild gets more, so that a whole portal becomes one segment.
const REBUILD_BYTES: usize = 60_000_000;

/// A change to the index.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant)] // nearly every change is a `Put`
pub enum Change {
    /// Adds a record, or replaces the one with its id.
    Put(Document),
    /// Removes a record; fine when it is not there.
    Remove(Uuid),
}

/// An open index.
pub struct OpenIndex {
    path: PathBuf,
    fields: Fields,
    index: Index,
    reader: IndexReader,
    writer: Option<IndexWriter>,
}

impl OpenIndex {
    /// Makes an empty index in an empty folder.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn create(path: &Path, schema: &Schema, fields: Fields) -> Result<Self, SearchError> {
        let index = Index::create_in_dir(path, schema.clone())?;
        Self::with_reader(path, index, fields)
    }

    /// Opens an index and checks it: tantivy answers from flipped bytes as if all were well.
    ///
    /// # Errors
    /// When anything is missing, damaged or not as this program would have made it.
    pub fn open(
        path: &Path,
        schema: &Schema,
        fields: Fields,
    ) -> Result<(Self, Snapshot), SearchError> {
        let index = Index::open_in_dir(path)?;
        if index.schema() != *schema {
            return Err(SearchError::Damaged(
                "its fields differ from the program's".into(),
            ));
        }
        check_files(&index, path)?;
        let open = Self::with_reader(path, index, fields)?;
        let snapshot = open.loaded(None)?;
        if snapshot.ids_are_unique()? {
            Ok((open, snapshot))
        } else {
            Err(SearchError::Damaged("a record stands in it twice".into()))
        }
    }

    fn with_reader(path: &Path, index: Index, fields: Fields) -> Result<Self, SearchError> {
        // Manual: tantivy's own policy looks for commits every half second only.
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        Ok(Self {
            path: path.to_owned(),
            fields,
            index,
            reader,
            writer: None,
        })
    }

    /// Writes changes in one commit and makes them visible to the next snapshot. After an
    /// error the last commit stands, and the same changes may be tried again.
    ///
    /// # Errors
    /// [`SearchError::Gone`] when the folder was deleted; others when writing fails.
    pub fn write(
        &mut self,
        changes: &[Change],
        projector: &mut Projector,
    ) -> Result<(), SearchError> {
        let written = self.try_write(changes, projector);
        if written.is_err() {
            // Its threads may have ended by the error; a new writer starts at the last commit.
            self.writer = None;
        }
        written.map_err(|error| {
            if self.exists() {
                error
            } else {
                SearchError::Gone(self.path.clone())
            }
        })
    }

    fn try_write(
        &mut self,
        changes: &[Change],
        projector: &mut Projector,
    ) -> Result<(), SearchError> {
        let fields = self.fields;
        let mut writer = match self.writer.take() {
            Some(writer) => writer,
            None => writer(&self.index, WRITER_BYTES)?,
        };
        for change in changes {
            match change {
                Change::Put(document) => {
                    writer.delete_term(id_term(&fields, document.id));
                    writer.add_document(projector.project(document)?)?;
                }
                Change::Remove(id) => {
                    writer.delete_term(id_term(&fields, *id));
                }
            }
        }
        writer.commit()?;
        self.writer = Some(writer);
        self.reader.reload()?;
        Ok(())
    }

    /// Writes a whole index in one go, as few segments as memory allows.
    ///
    /// # Errors
    /// When writing fails.
    pub fn bulk_writer(&self) -> Result<IndexWriter, SearchError> {
        writer(&self.index, REBUILD_BYTES)
    }

    /// The present state, sharing what it can with the previous one.
    ///
    /// # Errors
    /// When a segment is damaged.
    pub fn snapshot(&self, previous: Option<&Snapshot>) -> Result<Snapshot, SearchError> {
        self.reader.reload()?;
        self.loaded(previous)
    }

    fn loaded(&self, previous: Option<&Snapshot>) -> Result<Snapshot, SearchError> {
        let snapshot = Snapshot::load(self.reader.searcher(), previous, &self.fields)?;
        // tantivy writes this file anew with each commit.
        let meta = std::fs::metadata(self.path.join("meta.json"));
        Ok(Snapshot {
            committed_at: meta.and_then(|meta| meta.modified()).ok(),
            ..snapshot
        })
    }

    /// Compares every file with its checksum.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] names the files that are missing or differ.
    pub fn check(&self) -> Result<(), SearchError> {
        if !self.exists() {
            return Err(SearchError::Gone(self.path.clone()));
        }
        // A merge in the background may remove a file between the list and the look: damage
        // is what stays.
        let look = || check_files(&self.index, &self.path);
        look().or_else(|_| look()).or_else(|_| look())
    }

    /// Whether its folder is still there.
    fn exists(&self) -> bool {
        self.path.join("meta.json").exists()
    }

    /// Whether this is the index in a folder.
    #[must_use]
    pub fn is_at(&self, path: &Path) -> bool {
        self.path == path
    }

    /// Ends the writer and its merges, so that the folder can be removed.
    pub fn close(self) {
        if let Some(writer) = self.writer
            && let Err(error) = writer.wait_merging_threads()
        {
            tracing::debug!(%error, "the writer of the former index ended with an error");
        }
    }
}

fn writer(index: &Index, bytes: usize) -> Result<IndexWriter, SearchError> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(1)
        .memory_budget_per_thread(bytes)
        .num_merge_threads(1)
        .build();
    let writer = index.writer_with_options(options)?;
    writer.set_merge_policy(Box::new(merge_policy()));
    Ok(writer)
}

/// Small segments of single edits merge among themselves and leave the large one alone, and
/// deleted records go once they are a tenth: until then they count in word frequencies.
fn merge_policy() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(5);
    policy.set_min_layer_size(500);
    policy.set_del_docs_ratio_before_merge(0.1);
    policy
}

/// `Index::validate_checksum` trusts `.managed.json` for the list of files; this reads the
/// segments themselves.
fn check_files(index: &Index, path: &Path) -> Result<(), SearchError> {
    let directory = index.directory();
    let mut damaged = Vec::new();
    for file in index.load_metas()?.list_segment_files() {
        let name = file.display().to_string();
        // Candidates that a finished segment need not have: a draft, and no deletions.
        let optional = [".temp", ".0.del"].iter().any(|end| name.ends_with(end));
        let absent = optional && !path.join(&file).exists();
        if !absent && !directory.validate_checksum(&file).unwrap_or(false) {
            damaged.push(name);
        }
    }
    if damaged.is_empty() {
        Ok(())
    } else {
        damaged.sort_unstable();
        Err(SearchError::Damaged(format!(
            "missing or changed: {}",
            damaged.join(", ")
        )))
    }
}
