//! A `PostgreSQL` server of our own, for who has none: a child process under one directory.
//!
//! What lies in its folder `postgres`:
//!
//! ```text
//! lock              held by the one program that owns the server; holds its process number
//! pg15/             the records, one folder per major version of PostgreSQL
//! run/              the socket; nothing listens on the network
//! postgres.log      what the server says; postgres.log.1 is the one before
//! location          only as root: where all this really is, when PostgreSQL may not enter here
//! ```
//!
//! Two promises hold however the program ends. The server stops when we do: it lives under a
//! shell that reads a pipe of ours, and the end of that pipe is its order to stop. And the next
//! start takes nothing for granted: what an earlier one left (a server, half a database, a lock
//! of a dead process) is stopped or cleared first. Runs on Linux; it reads `/proc`.

mod binaries;
mod cluster;
mod error;
mod guard;
mod home;
mod process;
mod user;

use std::{
    fs::File,
    path::{Path, PathBuf},
    thread::sleep,
    time::{Duration, Instant},
};

use binaries::Installation;
use cluster::Cluster;
pub use error::PrivateServerError;
use guard::Guard;
use home::{Home, Lock};

/// The role that owns every database of the server.
const ROLE: &str = "wijzer";

/// How long a start may take. Long, for after a crash the server first replays its journal, and
/// to break that off would only mean to begin it again.
const START_LIMIT: Duration = Duration::from_mins(5);

/// How a private server is to be run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data directory of the portal (`WIJZER_DATA_DIR`); the server has a folder in it.
    pub directory: PathBuf,
    /// Folder of the `PostgreSQL` server programs (`WIJZER_PG_BIN`); `None` looks in the usual places.
    pub binaries: Option<PathBuf>,
    /// `false` gives up safety against a crash for speed: for tests only.
    pub durable: bool,
    /// Connections at one time, of all programs together.
    pub max_connections: u16,
}

/// A running server; stops when dropped, unless it was joined. When it dies under us it is
/// started again, at the same address. Close connection pools before dropping it.
#[derive(Debug)]
pub struct PrivateServer {
    directory: PathBuf,
    installation: Installation,
    sockets: PathBuf,
    /// `None` when the server belongs to another of our programs.
    guard: Option<Guard>,
}

impl PrivateServer {
    /// Starts the server, and makes its database the first time. Blocks until it answers.
    ///
    /// # Errors
    /// When another program holds the directory, no fitting `PostgreSQL` is installed, or it does
    /// not start; each error is a sentence for the administrator that names the remedy.
    pub fn start(options: &Options) -> Result<Self, PrivateServerError> {
        let home = Home::open(&options.directory)?;
        match home.lock()? {
            Lock::Ours(lock) => Self::own(options, home, lock),
            Lock::HeldBy(holder) => Err(PrivateServerError::InUse {
                directory: options.directory.clone(),
                holder,
            }),
        }
    }

    /// Starts the server, or joins the one that another of our programs runs on this directory.
    /// A joined server stops with its owner.
    ///
    /// # Errors
    /// As [`PrivateServer::start`]; and when the owner's server does not come up in time.
    pub fn start_or_join(options: &Options) -> Result<Self, PrivateServerError> {
        let home = Home::open(&options.directory)?;
        let begun = Instant::now();
        loop {
            // The owner may be about to stop, so the lock is tried anew each round.
            let holder = match home.lock()? {
                Lock::Ours(lock) => return Self::own(options, home, lock),
                Lock::HeldBy(holder) => holder,
            };
            if let Some(joined) = Self::join(options, &home)? {
                return Ok(joined);
            }
            if begun.elapsed() > START_LIMIT {
                return Err(PrivateServerError::OwnerNotReady {
                    directory: home.directory,
                    holder,
                    seconds: START_LIMIT.as_secs(),
                });
            }
            sleep(Duration::from_millis(20));
        }
    }

    fn own(options: &Options, home: Home, lock: File) -> Result<Self, PrivateServerError> {
        let installation = binaries::choose(options.binaries.as_deref(), &home)?;
        let cluster = Cluster::open(home, installation.clone());
        let sockets = cluster.home.socket_directory()?;
        cluster.clear_leftovers(&sockets)?;
        cluster.create_if_absent(options.durable)?;
        Ok(Self {
            directory: cluster.home.directory.clone(),
            installation,
            sockets,
            guard: Some(Guard::launch(cluster, options.clone(), lock)?),
        })
    }

    /// The owner's server, when it is ready.
    fn join(options: &Options, home: &Home) -> Result<Option<Self>, PrivateServerError> {
        if home.clusters().is_empty() {
            return Ok(None);
        }
        let installation = binaries::choose(options.binaries.as_deref(), home)?;
        let cluster = Cluster::open(home.clone(), installation.clone());
        let ready = cluster.postmaster().filter(|postmaster| postmaster.ready);
        Ok(ready.map(|postmaster| Self {
            directory: home.directory.clone(),
            installation,
            sockets: postmaster.sockets,
            guard: None,
        }))
    }

    /// Address of the maintenance database `postgres`.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// Address of the database of that name, which the caller makes.
    #[must_use]
    pub fn url_of(&self, database: &str) -> String {
        url(&self.sockets, database)
    }

    /// Version of the server, such as `15.18`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.installation.version
    }

    /// Folder of the server programs that were chosen.
    #[must_use]
    pub fn binaries(&self) -> &Path {
        &self.installation.folder
    }

    /// Where the records really are: differs from what was asked when `PostgreSQL` may not
    /// enter that.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Whether the server belongs to another program.
    #[must_use]
    pub fn is_joined(&self) -> bool {
        self.guard.is_none()
    }
}

fn url(sockets: &Path, database: &str) -> String {
    let host = percent_encoded(sockets.as_os_str().as_encoded_bytes());
    let database = percent_encoded(database.as_bytes());
    format!("postgres://{ROLE}@localhost/{database}?host={host}")
}

fn percent_encoded(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// Waits until `done` says so, looking often; `false` when the limit passed first.
fn wait_until(limit: Duration, mut done: impl FnMut() -> bool) -> bool {
    let begun = Instant::now();
    while !done() {
        if begun.elapsed() > limit {
            return false;
        }
        sleep(Duration::from_millis(5));
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_survives_any_path_and_name() {
        assert_eq!(
            url(Path::new("/srv/my var/run"), "wijzer+test"),
            "postgres://wijzer@localhost/wijzer%2Btest?host=%2Fsrv%2Fmy%20var%2Frun"
        );
    }
}
