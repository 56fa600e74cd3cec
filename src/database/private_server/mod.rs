//! A PostgreSQL server of our own, for who has none: a child process on a private socket.
//!
//! However this program ends (also by `kill -9`), the server gets a fast shutdown: it waits on a
//! pipe that only this program holds. What a crash of both leaves behind is cleaned up at the
//! next start, and no committed row is lost.

mod account;
mod binaries;
mod home;
mod process;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use account::Account;
use binaries::Binaries;
use home::Home;
use process::Process;

/// The name of the only user of the server; nobody else reaches its socket.
const USER: &str = "wijzer";
/// How long another program of ours may take to bring its server up.
const JOIN: Duration = Duration::from_secs(30);
/// How often the guard looks whether the server still runs.
const WATCH: Duration = Duration::from_millis(500);

/// What a private server is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data directory of the portal; the server has a folder in it.
    pub directory: PathBuf,
    /// The folder of the server programs; `None`: look for them.
    pub binaries: Option<PathBuf>,
    /// False gives up safety against power loss for speed: for tests only.
    pub durable: bool,
    pub max_connections: u16,
}

/// Why there is no private server. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum PrivateServerError {
    #[error(
        "another program already uses the data directory {0}: stop that one first, or give this one its own with WIJZER_DATA_DIR"
    )]
    InUse(PathBuf),
    #[error(
        "no PostgreSQL server programs (15 or newer) were found: install them (Debian, Ubuntu: apt-get install postgresql), name their folder in WIJZER_PG_BIN, or set DATABASE_URL to a server of yours"
    )]
    NotInstalled,
    #[error("WIJZER_PG_BIN: {0} holds no PostgreSQL server programs of version 15 or newer")]
    WrongBinaries(PathBuf),
    #[error(
        "the records in {directory} were kept by PostgreSQL {needed}, which is not installed: install postgresql-{needed}, or move the records with export and import"
    )]
    WrongVersion { directory: PathBuf, needed: u16 },
    #[error("{what}: {cause}")]
    System { what: String, cause: std::io::Error },
    #[error("PostgreSQL did not start; its log {log} ends with:\n{tail}")]
    NotStarted { log: PathBuf, tail: String },
    #[error("{tool} failed: {message}")]
    Tool { tool: &'static str, message: String },
}

impl PrivateServerError {
    fn system(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |cause| Self::System { what, cause }
    }
}

/// A PostgreSQL server of our own under one directory; stops when dropped.
pub struct PrivateServer {
    home: Home,
    binaries: Binaries,
    guarded: Option<Guarded>,
}

/// The running process with the thread that brings it back, and the lock on the directory.
struct Guarded {
    process: Arc<Mutex<Option<Process>>>,
    stopping: Arc<AtomicBool>,
    guard: Option<thread::JoinHandle<()>>,
    _lock: File,
}

impl PrivateServer {
    /// Starts the server; makes its cluster first when there is none.
    ///
    /// # Errors
    /// [`PrivateServerError::InUse`] when another program of ours uses the directory; or what
    /// keeps it from starting.
    pub fn start(options: &Options) -> Result<Self, PrivateServerError> {
        let (home, binaries, account) = prepare(options)?;
        let Some(lock) = home.lock()? else {
            return Err(PrivateServerError::InUse(options.directory.clone()));
        };
        Self::run(options, home, binaries, account, lock)
    }

    /// Starts the server, or joins the one that another of our programs runs there.
    ///
    /// # Errors
    /// What keeps it from starting.
    pub fn start_or_join(options: &Options) -> Result<Self, PrivateServerError> {
        let (home, binaries, account) = prepare(options)?;
        let begun = Instant::now();
        loop {
            if let Some(lock) = home.lock()? {
                return Self::run(options, home, binaries, account, lock);
            }
            if process::is_ready(&home.cluster(binaries.major)) {
                return Ok(Self {
                    home,
                    binaries,
                    guarded: None,
                });
            }
            if begun.elapsed() > JOIN {
                return Err(PrivateServerError::InUse(options.directory.clone()));
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn run(
        options: &Options,
        home: Home,
        binaries: Binaries,
        account: Account,
        lock: File,
    ) -> Result<Self, PrivateServerError> {
        let cluster = home.make_cluster(&binaries, &account, options)?;
        process::clear_remains(&binaries, &account, &cluster, home.socket())?;
        let start = {
            let (home, binaries) = (home.clone(), binaries.clone());
            move || {
                Process::start(
                    &binaries,
                    &account,
                    &cluster,
                    home.socket(),
                    &home.log_file(),
                )
            }
        };
        let process = Arc::new(Mutex::new(Some(start()?)));
        let stopping = Arc::new(AtomicBool::new(false));
        let guard = {
            let (process, stopping) = (Arc::clone(&process), Arc::clone(&stopping));
            thread::spawn(move || guard(&process, &stopping, start))
        };
        Ok(Self {
            home,
            binaries,
            guarded: Some(Guarded {
                process,
                stopping,
                guard: Some(guard),
                _lock: lock,
            }),
        })
    }

    /// The address of the standard database, as sqlx takes it.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// The address of a database on this server.
    #[must_use]
    pub fn url_of(&self, database: &str) -> String {
        use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
        let socket = self.home.socket().to_string_lossy().into_owned();
        format!(
            "postgres://{USER}@localhost/{database}?host={}",
            utf8_percent_encode(&socket, NON_ALPHANUMERIC)
        )
    }

    /// The version of the server programs, such as "15.18".
    #[must_use]
    pub fn version(&self) -> &str {
        &self.binaries.version
    }

    /// Where the records are.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.home.path()
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        let Some(mut guarded) = self.guarded.take() else {
            return;
        };
        guarded.stopping.store(true, Ordering::SeqCst);
        if let Some(process) = guarded
            .process
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
        {
            process.stop();
        }
        if let Some(guard) = guarded.guard.take() {
            guard.thread().unpark();
            // A guard that panicked has nothing left to clean up.
            let _ = guard.join();
        }
    }
}

fn prepare(options: &Options) -> Result<(Home, Binaries, Account), PrivateServerError> {
    let account = Account::to_run_as();
    let home = Home::open(&options.directory, &account)?;
    let binaries = Binaries::find(options.binaries.as_deref(), home.existing_major())?;
    Ok((home, binaries, account))
}

/// Brings the server back when it dies under us, until we stop.
fn guard(
    process: &Mutex<Option<Process>>,
    stopping: &AtomicBool,
    start: impl Fn() -> Result<Process, PrivateServerError>,
) {
    while !stopping.load(Ordering::SeqCst) {
        thread::park_timeout(WATCH);
        let mut held = process.lock().unwrap_or_else(PoisonError::into_inner);
        if stopping.load(Ordering::SeqCst) || held.as_mut().is_none_or(Process::runs) {
            continue;
        }
        tracing::error!("PostgreSQL ended by itself; starting it again");
        match start() {
            Ok(again) => *held = Some(again),
            Err(error) => tracing::error!(%error, "PostgreSQL could not be started again"),
        }
    }
}
