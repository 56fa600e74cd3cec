//! What stands in the search directory at the start: use it, or put it aside and begin anew.

use tantivy::schema::Schema;

use super::error::SearchError;
use super::home::{Home, Pointer};
use super::index::OpenIndex;
use super::schema::Fields;
use super::snapshot::Snapshot;

/// What [`Engine::open`](super::Engine::open) found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opening {
    /// A sound index that was built completely: it serves at once; compare its digests.
    Existing,
    /// No index yet, one whose first build never finished, or one that another version of the
    /// program or of the dictionary made: rebuild.
    Empty,
    /// The index could not be used and was put in quarantine: rebuild, and tell someone.
    Rebuilding {
        /// What was wrong, in English, for the log.
        reason: String,
    },
}

/// Opens the index that counts, or puts it aside and makes an empty one.
///
/// # Errors
/// When the directory cannot be read or written.
pub(super) fn find_index(
    home: &Home,
    schema: &Schema,
    fields: Fields,
    fingerprint: &str,
) -> Result<(OpenIndex, Snapshot, Opening), SearchError> {
    let fresh = |opening| fresh_index(home, schema, fields, fingerprint, opening);
    let (broken, reason) = match home.pointer() {
        Ok(None) => return fresh(Opening::Empty),
        Ok(Some(pointer)) if pointer.fingerprint != fingerprint => {
            tracing::info!(
                "another version of the program or of the dictionary made the search index; it is built anew"
            );
            return fresh(Opening::Empty);
        }
        Ok(Some(pointer)) => match open_pointed(home, &pointer, schema, fields) {
            Ok(opened) => return Ok(opened),
            Err(error) => (Some(pointer.folder), error.to_string()),
        },
        Err(error) if error.needs_rebuild() => (home.index_folders().pop(), error.to_string()),
        Err(error) => return Err(error),
    };
    tracing::error!(
        reason,
        "the search index could not be used and is put in quarantine"
    );
    if let Some(folder) = broken {
        home.quarantine(&folder);
    }
    fresh(Opening::Rebuilding { reason })
}

fn open_pointed(
    home: &Home,
    pointer: &Pointer,
    schema: &Schema,
    fields: Fields,
) -> Result<(OpenIndex, Snapshot, Opening), SearchError> {
    let (index, snapshot) = OpenIndex::open(&home.path(&pointer.folder), schema, fields)?;
    home.sweep(&pointer.folder);
    let opening = if pointer.complete {
        Opening::Existing
    } else {
        Opening::Empty
    };
    let snapshot = Snapshot {
        complete: pointer.complete,
        ..snapshot
    };
    Ok((index, snapshot, opening))
}

/// An empty index, named in the pointer as one that still has to be filled.
fn fresh_index(
    home: &Home,
    schema: &Schema,
    fields: Fields,
    fingerprint: &str,
    opening: Opening,
) -> Result<(OpenIndex, Snapshot, Opening), SearchError> {
    let folder = home.new_folder()?;
    let index = OpenIndex::create(&home.path(&folder), schema, fields)?;
    let snapshot = index.snapshot(None)?;
    let fingerprint = fingerprint.to_owned();
    home.point_to(&Pointer {
        folder: folder.clone(),
        fingerprint,
        complete: false,
    })?;
    home.sweep(&folder);
    Ok((index, snapshot, opening))
}
