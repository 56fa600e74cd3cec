//! What can go wrong in the index.

use std::path::PathBuf;

/// Why the engine could not do what was asked. The text is for the log, never for a visitor.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// Another program, or another engine of this program, holds the directory.
    #[error(
        "the search directory {} is in use by another program; give each instance its own \
         directory", .0.display()
    )]
    Locked(PathBuf),
    /// The index folder has been deleted. Searches go on from memory; a rebuild mends it.
    #[error("the index folder {} is gone: rebuild the index", .0.display())]
    Gone(PathBuf),
    /// The index does not hold what it should: rebuild it.
    #[error("the index is damaged: {0}")]
    Damaged(String),
    /// A rebuild is under way; one at a time.
    #[error("the index is being rebuilt already")]
    RebuildRunning,
    /// A file could not be read or written: disk full, no permission.
    #[error("search directory: {0}")]
    Io(#[from] std::io::Error),
    /// The index could not be read or written.
    #[error("search index: {0}")]
    Index(#[from] tantivy::TantivyError),
    /// A stored record could not be read or written.
    #[error("stored record: {0}")]
    Stored(#[from] serde_json::Error),
}

impl SearchError {
    /// Whether trying the same again cannot help and only a rebuild does.
    #[must_use]
    pub fn needs_rebuild(&self) -> bool {
        matches!(self, Self::Gone(_) | Self::Damaged(_) | Self::Stored(_))
    }
}
