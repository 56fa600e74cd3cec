//! The search directory: its lock, the pointer to the present index, and cleaning up.
//!
//! ```text
//! lock                held while an engine lives
//! current.json        which index folder counts; replaced by one atomic rename
//! index-<id>/         a tantivy index; all but the current one are leftovers of a crash
//! quarantine/         the last index that could not be used, for the curious
//! ```

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::SearchError;

/// What `current.json` says.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
pub struct Pointer {
    /// Name of the index folder.
    pub folder: String,
    /// Fingerprint of the program that made it.
    pub fingerprint: String,
    /// False until a whole build has been done: such an index still has to be filled.
    pub complete: bool,
}

/// The directory, held for this process alone.
pub struct Home {
    root: PathBuf,
    lock: File,
}

impl Home {
    /// Makes the directory when needed and takes its lock, which the system gives back
    /// however the process ends.
    ///
    /// # Errors
    /// [`SearchError::Locked`] when someone else holds it.
    pub fn claim(root: &Path) -> Result<Self, SearchError> {
        fs::create_dir_all(root)?;
        let lock = take_lock(root)?;
        Ok(Self {
            root: root.to_owned(),
            lock,
        })
    }

    /// Makes the directory and the lock again after someone deleted them.
    ///
    /// # Errors
    /// [`SearchError::Locked`] when another program took the place.
    pub fn restore(&mut self) -> Result<(), SearchError> {
        if !self.root.join("lock").exists() {
            fs::create_dir_all(&self.root)?;
            self.lock = take_lock(&self.root)?;
        }
        Ok(())
    }

    /// Where a folder of the directory is.
    #[must_use]
    pub fn path(&self, folder: &str) -> PathBuf {
        self.root.join(folder)
    }

    /// Reads the pointer; `None` when there is none yet.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] when it is unreadable or names something strange.
    pub fn pointer(&self) -> Result<Option<Pointer>, SearchError> {
        let text = match fs::read(self.root.join("current.json")) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let damaged = |why: String| SearchError::Damaged(format!("current.json: {why}"));
        let pointer: Pointer = serde_json::from_slice(&text).map_err(|e| damaged(e.to_string()))?;
        if is_index_folder(&pointer.folder) {
            Ok(Some(pointer))
        } else {
            Err(damaged("it names no index folder".into()))
        }
    }

    /// Makes this the index that counts: the one moment at which a new index takes over.
    ///
    /// # Errors
    /// When the file cannot be written; the former pointer then still stands.
    pub fn point_to(&self, pointer: &Pointer) -> Result<(), SearchError> {
        let draft = self.root.join("current.json.new");
        let mut file = File::create(&draft)?;
        file.write_all(&serde_json::to_vec(pointer)?)?;
        file.sync_all()?;
        fs::rename(&draft, self.root.join("current.json"))?;
        File::open(&self.root)?.sync_all()?;
        Ok(())
    }

    /// Makes an empty folder for an index and tells its name.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new_folder(&self) -> Result<String, SearchError> {
        let folder = format!("index-{}", Uuid::now_v7().simple());
        fs::create_dir_all(self.path(&folder))?;
        Ok(folder)
    }

    /// Puts an unusable index aside; the one that was there before goes.
    pub fn quarantine(&self, folder: &str) {
        let quarantine = self.root.join("quarantine");
        remove(&quarantine);
        if let Err(error) = fs::rename(self.path(folder), &quarantine) {
            tracing::warn!(%error, folder, "could not put the broken index aside");
        }
    }

    /// Removes every index folder but this one, best effort: what stays is removed next time.
    pub fn sweep(&self, keep: &str) {
        for folder in self.index_folders().iter().filter(|folder| *folder != keep) {
            remove(&self.path(folder));
        }
    }

    /// Removes one index folder.
    pub fn discard(&self, folder: &str) {
        remove(&self.path(folder));
    }

    /// Names of all index folders, oldest first.
    #[must_use]
    pub fn index_folders(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.root).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let mut folders: Vec<String> = names.filter(|name| is_index_folder(name)).collect();
        folders.sort_unstable();
        folders
    }
}

fn take_lock(root: &Path) -> Result<File, SearchError> {
    let path = root.join("lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(SearchError::Locked(root.to_owned())),
        Err(fs::TryLockError::Error(error)) => Err(error.into()),
    }
}

fn is_index_folder(name: &str) -> bool {
    let id = name.strip_prefix("index-").unwrap_or_default();
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn remove(folder: &Path) {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::debug!(%error, folder = %folder.display(), "left an old index folder");
        }
        _ => {}
    }
}
