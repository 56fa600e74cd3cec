//! What can go wrong, each as a sentence that says what to do about it.

use std::{io, path::PathBuf};

/// Why the private server is not there.
#[derive(Debug, thiserror::Error)]
pub enum PrivateServerError {
    #[error(
        "The database in {} is already in use by another program{}. Stop that one first, or give \
         this one a folder of its own with WIJZER_DATA_DIR.", directory.display(), process(*holder)
    )]
    InUse {
        directory: PathBuf,
        holder: Option<u32>,
    },

    #[error(
        "Another program{} holds the database in {}, but its PostgreSQL did not come up within \
         {seconds} seconds. See postgres.log there; stop that program and try again.",
        process(*holder), directory.display()
    )]
    OwnerNotReady {
        directory: PathBuf,
        holder: Option<u32>,
        seconds: u64,
    },

    #[error(
        "No PostgreSQL server of version {minimum} or later is installed{}. Install one (Debian, \
         Ubuntu: apt-get install postgresql), name the folder of its programs with WIJZER_PG_BIN, \
         or set DATABASE_URL to a server you have.",
        listed(" (found only ", found)
    )]
    NotInstalled { minimum: u16, found: Vec<String> },

    #[error(
        "WIJZER_PG_BIN is {}, but {problem}. It must be a folder with the PostgreSQL programs \
         postgres, initdb and pg_ctl, version {minimum} or later.", folder.display()
    )]
    Binaries {
        folder: PathBuf,
        problem: String,
        minimum: u16,
    },

    #[error(
        "The database in {} was made by PostgreSQL {major}, and that version is not installed{}. \
         Install it (Debian, Ubuntu: apt-get install postgresql-{major}) or name the folder of its \
         programs with WIJZER_PG_BIN. To move to another version: `wijzer export` with the old \
         one, then `wijzer import` into a new WIJZER_DATA_DIR.", directory.display(),
        listed(" (found only ", installed)
    )]
    OtherMajor {
        directory: PathBuf,
        major: u16,
        installed: Vec<String>,
    },

    #[error(
        "The database in {} belongs to the user {owner}, and PostgreSQL would have to run as \
         {user}. Start Wijzer as {owner}, or give the folder away with: chown -R {user} {}",
        directory.display(), directory.display()
    )]
    NotOurs {
        directory: PathBuf,
        owner: String,
        user: String,
    },

    #[error(
        "PostgreSQL refuses to run as root, and the user {user} may not enter {}. Set \
         WIJZER_DATA_DIR to a folder that this user can reach, such as /var/lib/wijzer, or start \
         Wijzer as another user.", directory.display()
    )]
    Unreachable { directory: PathBuf, user: String },

    #[error(
        "The folder {} for the database socket is not safe: it belongs to another user or is open \
         to others. Remove it, or choose a shorter WIJZER_DATA_DIR so that it is not needed.",
        directory.display()
    )]
    UnsafeSocketDirectory { directory: PathBuf },

    #[error(
        "A PostgreSQL server (process {pid}) from an earlier run still works in {} and does not \
         stop. Stop it by hand: kill -QUIT {pid}", directory.display()
    )]
    LeftoverServer { directory: PathBuf, pid: u32 },

    #[error(
        "PostgreSQL could not {action} in {}: {said}\nIts own words are in {}.",
        directory.display(), log.display()
    )]
    Server {
        action: &'static str,
        directory: PathBuf,
        log: PathBuf,
        said: String,
    },

    #[error("Could not {action} {}: {source}. Check the rights and the free space there.", path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
    },
}

impl PrivateServerError {
    /// For `map_err`: what was done to which file.
    pub(super) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}

fn process(holder: Option<u32>) -> String {
    holder.map_or_else(String::new, |pid| format!(" (process {pid})"))
}

fn listed(opening: &str, versions: &[String]) -> String {
    match versions {
        [] => String::new(),
        some => format!("{opening}{})", some.join(", ")),
    }
}
