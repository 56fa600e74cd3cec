use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::account::Account;
use super::binaries::Binaries;
use super::{Options, PrivateServerError, USER};

/// A socket's path may have some 107 bytes, of which its own name takes these.
const SOCKET_NAME: usize = "/.s.PGSQL.5432.lock".len();
const SOCKET_PATH: usize = 100;
/// The log starts anew when it is larger than this at a start.
const LOG_BYTES: u64 = 10 * 1024 * 1024;

/// The folder of the server: its lock, log, socket and, per major version, its cluster.
#[derive(Clone, Debug)]
pub struct Home {
    path: PathBuf,
    socket: PathBuf,
}

impl Home {
    /// Makes the folder where it must be. As root, a data directory that the server's user cannot
    /// reach (below /root, say) keeps its records in /var/lib/wijzer, and a note tells where.
    pub fn open(directory: &Path, account: &Account) -> Result<Self, PrivateServerError> {
        let at =
            |path: &Path| PrivateServerError::system(format!("{} cannot be made", path.display()));
        fs::create_dir_all(directory).map_err(at(directory))?;
        let directory = directory.canonicalize().map_err(at(directory))?;
        let mut path = directory.join("postgres");
        if !account.reaches(&directory) {
            path = Path::new("/var/lib/wijzer").join(short_hash(&directory));
            let note = format!("The records of this portal are in {}\n", path.display());
            let file = directory.join("postgres-is-elsewhere.txt");
            fs::write(&file, note).map_err(at(&file))?;
            tracing::info!(
                directory = %path.display(),
                "the user of PostgreSQL cannot reach the data directory; the records are kept here"
            );
        }
        private(&path, account)?;
        let mut socket = path.join("run");
        if socket.as_os_str().len() + SOCKET_NAME > SOCKET_PATH {
            socket = Path::new("/tmp").join(format!("wijzer-{}", short_hash(&path)));
        }
        private(&socket, account)?;
        Ok(Self { path, socket })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn socket(&self) -> &Path {
        &self.socket
    }

    pub fn log_file(&self) -> PathBuf {
        self.path.join("postgres.log")
    }

    pub fn cluster(&self, major: u16) -> PathBuf {
        self.path.join(format!("pg{major}"))
    }

    /// The newest cluster that is here, with the version that made it.
    pub fn existing_major(&self) -> Option<(PathBuf, u16)> {
        let entries = fs::read_dir(&self.path).ok()?;
        let majors = entries.flatten().filter_map(|entry| {
            let major = entry
                .file_name()
                .to_str()?
                .strip_prefix("pg")?
                .parse::<u16>()
                .ok()?;
            entry
                .path()
                .join("PG_VERSION")
                .is_file()
                .then(|| (entry.path(), major))
        });
        majors.max_by_key(|(_, major)| *major)
    }

    /// The lock on this folder, held until the file is dropped; `None` when another program of
    /// ours holds it. The system frees it however that program ends.
    pub fn lock(&self) -> Result<Option<File>, PrivateServerError> {
        let path = self.path.join("lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(PrivateServerError::system(format!(
                "{} cannot be opened",
                path.display()
            )))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(cause)) => Err(PrivateServerError::System {
                what: format!("{} cannot be locked", path.display()),
                cause,
            }),
        }
    }

    /// Makes the cluster, whole or not at all, when there is none.
    pub fn make_cluster(
        &self,
        binaries: &Binaries,
        account: &Account,
        options: &Options,
    ) -> Result<PathBuf, PrivateServerError> {
        self.turn_log()?;
        let cluster = self.cluster(binaries.major);
        if cluster.join("PG_VERSION").is_file() {
            return Ok(cluster);
        }
        let making = cluster.with_extension("new");
        let at = |what: &'static str| {
            PrivateServerError::system(format!("{}: {what}", making.display()))
        };
        if making.exists() {
            fs::remove_dir_all(&making)
                .map_err(at("what a broken start left cannot be removed"))?;
        }
        private(&making, account)?;
        let output = account
            .command(&binaries.program("initdb"))
            .args([
                "-U",
                USER,
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "-A",
                "trust",
                "-D",
            ])
            .arg(&making)
            .output()
            .map_err(at("initdb cannot be run"))?;
        if !output.status.success() {
            return Err(PrivateServerError::Tool {
                tool: "initdb",
                message: String::from_utf8_lossy(&output.stderr).into_owned(),
            });
        }
        OpenOptions::new()
            .append(true)
            .open(making.join("postgresql.conf"))
            .and_then(|mut file| file.write_all(settings(options).as_bytes()))
            .map_err(at("its settings cannot be written"))?;
        fs::rename(&making, &cluster).map_err(at("cannot be renamed"))?;
        Ok(cluster)
    }

    /// Keeps the log bounded: one old one beside the present one.
    fn turn_log(&self) -> Result<(), PrivateServerError> {
        let log = self.log_file();
        if fs::metadata(&log).is_ok_and(|file| file.len() > LOG_BYTES) {
            fs::rename(&log, log.with_extension("log.old")).map_err(PrivateServerError::system(
                format!("{} cannot be renamed", log.display()),
            ))?;
        }
        Ok(())
    }
}

/// Trust on the socket is safe because only our own user reaches the folder that it is in.
fn settings(options: &Options) -> String {
    let mut text = format!(
        "\n# Wijzer: reached through a private socket only\nlisten_addresses = ''\n\
         unix_socket_permissions = 0700\nshared_buffers = 64MB\nmax_connections = {}\n\
         timezone = 'UTC'\nlog_timezone = 'UTC'\n",
        options.max_connections
    );
    if !options.durable {
        text.push_str("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n");
    }
    text
}

/// A folder for the server's user alone; refuses one that somebody else laid there.
fn private(path: &Path, account: &Account) -> Result<(), PrivateServerError> {
    let at = || PrivateServerError::system(format!("{} cannot be made private", path.display()));
    let new = !path.exists();
    fs::create_dir_all(path).map_err(at())?;
    if new {
        account.own(path).map_err(at())?;
        fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(at())?;
    }
    if account.owns(path) {
        return Ok(());
    }
    Err(PrivateServerError::System {
        what: format!("{} belongs to another user", path.display()),
        cause: std::io::ErrorKind::PermissionDenied.into(),
    })
}

fn short_hash(path: &Path) -> String {
    let hash = Sha256::digest(path.as_os_str().as_encoded_bytes());
    let number = hash
        .iter()
        .take(6)
        .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{number:012x}")
}
