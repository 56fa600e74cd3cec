//! The files of a server, and the processes that work in them.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use super::{
    ROLE,
    binaries::{Installation, command},
    error::PrivateServerError,
    home::Home,
    wait_until,
};

/// How long a server of an earlier run may take to stop in good order, and then at once.
const LEFTOVER_LIMIT: Duration = Duration::from_secs(30);
const LEFTOVER_LIMIT_AT_ONCE: Duration = Duration::from_secs(5);

const INITDB_LIMIT: Duration = Duration::from_mins(3);

/// A larger log is set aside at a start.
const LOG_SIZE: u64 = 1 << 20;

/// What an administrator may tune afterwards. The log never shows values of records.
const CONFIGURATION: &str = "
# Wijzer: first settings. Yours to tune; addresses and the number of connections are set at each start.
shared_buffers = 64MB
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
log_error_verbosity = terse
log_min_error_statement = panic
";

#[derive(Debug)]
pub struct Cluster {
    pub home: Home,
    pub data: PathBuf,
    pub installation: Installation,
}

/// What `postmaster.pid` tells of a living server.
pub struct Postmaster {
    pub pid: u32,
    pub sockets: PathBuf,
    pub ready: bool,
}

impl Cluster {
    pub fn open(home: Home, installation: Installation) -> Self {
        let data = home.cluster(installation.major);
        Self {
            home,
            data,
            installation,
        }
    }

    /// The server at work in these files; a dead or stale one is none.
    pub fn postmaster(&self) -> Option<Postmaster> {
        let text = fs::read_to_string(self.data.join("postmaster.pid")).ok()?;
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let pid = lines.first()?.parse().ok()?;
        works_in(pid, &self.data).then(|| Postmaster {
            pid,
            sockets: lines.get(4).map(PathBuf::from).unwrap_or_default(),
            ready: lines.get(7) == Some(&"ready"),
        })
    }

    /// Stops what an earlier run left at work here, and clears what would keep a new server from
    /// starting. Call it with the lock held.
    pub fn clear_leftovers(&self, sockets: &Path) -> Result<(), PrivateServerError> {
        self.remove_unfinished();
        self.end_leftover_processes()?;
        // Whatever number these files hold, it is nobody's server: it may even be a zombie's, or
        // since a reboot another program's, and PostgreSQL would believe it.
        let left = [
            self.data.join("postmaster.pid"),
            sockets.join(".s.PGSQL.5432"),
            sockets.join(".s.PGSQL.5432.lock"),
        ];
        for file in left {
            match fs::remove_file(&file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(PrivateServerError::io("remove", file)(error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn end_leftover_processes(&self) -> Result<(), PrivateServerError> {
        if let Some(server) = self.postmaster() {
            tracing::info!(
                pid = server.pid,
                "stopping the PostgreSQL server of an earlier run"
            );
            self.request_stop("fast");
            if !wait_until(LEFTOVER_LIMIT, || self.postmaster().is_none()) {
                self.request_stop("immediate");
            }
        }
        // The server processes of a killed postmaster leave by themselves. Until the last has
        // gone, postmaster.pid is what keeps a second server off these files.
        if !wait_until(LEFTOVER_LIMIT_AT_ONCE, || self.processes().is_empty()) {
            self.kill_processes();
        }
        wait_until(LEFTOVER_LIMIT_AT_ONCE, || self.processes().is_empty());
        match self.processes().first() {
            None => Ok(()),
            Some(&pid) => Err(PrivateServerError::LeftoverServer {
                directory: self.data.clone(),
                pid,
            }),
        }
    }

    /// Asks for a stop and does not wait for it.
    pub fn request_stop(&self, mode: &str) {
        let asked = command(&self.installation.program("pg_ctl"), &self.home.user)
            .args(["stop", "-W", "-s", "-m", mode, "-D"])
            .arg(&self.data)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if let Err(error) = asked {
            tracing::warn!("pg_ctl could not be run: {error}");
        }
    }

    /// Every server process at work in these files.
    fn processes(&self) -> Vec<u32> {
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        entries
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .filter(|&pid| works_in(pid, &self.data))
            .collect()
    }

    fn kill_processes(&self) {
        let pids = self.processes();
        tracing::warn!(
            ?pids,
            "ending PostgreSQL processes of an earlier run by force"
        );
        let mut shell = Command::new("/bin/sh");
        self.home.user.apply(&mut shell);
        let pids = pids.iter().map(ToString::to_string);
        let done = shell
            .args(["-c", "kill -KILL \"$@\"", "sh"])
            .args(pids)
            .stderr(Stdio::null())
            .status();
        if let Err(error) = done {
            tracing::warn!("could not end them: {error}");
        }
    }

    /// Makes the database, under another name until it is whole.
    pub fn create_if_absent(&self, durable: bool) -> Result<(), PrivateServerError> {
        if self.data.join("PG_VERSION").exists() {
            return Ok(());
        }
        let unfinished = self.unfinished(&std::process::id().to_string());
        self.home.private_directory(&unfinished)?;
        self.initdb(&unfinished, durable)?;
        let settings = unfinished.join("postgresql.conf");
        OpenOptions::new()
            .append(true)
            .open(&settings)
            .and_then(|mut file| {
                file.write_all(CONFIGURATION.as_bytes())
                    .and_then(|()| file.sync_all())
            })
            .map_err(PrivateServerError::io("write", settings))?;
        fs::rename(&unfinished, &self.data)
            .and_then(|()| File::open(&self.home.directory)?.sync_all())
            .map_err(PrivateServerError::io("rename to", &self.data))
    }

    fn initdb(&self, into: &Path, durable: bool) -> Result<(), PrivateServerError> {
        let log = self.open_log()?;
        let output = log
            .try_clone()
            .map_err(PrivateServerError::io("open", self.home.log()))?;
        let mut initdb = command(&self.installation.program("initdb"), &self.home.user);
        initdb.args([
            "--username",
            ROLE,
            "--encoding",
            "UTF8",
            "--locale",
            "C.UTF-8",
            "--auth",
            "trust",
        ]);
        initdb.arg(if durable {
            "--data-checksums"
        } else {
            "--no-sync"
        });
        let mut child = initdb
            .arg("--pgdata")
            .arg(into)
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(log)
            .spawn()
            .map_err(PrivateServerError::io(
                "run",
                self.installation.program("initdb"),
            ))?;
        let ended = wait_until(INITDB_LIMIT, || !matches!(child.try_wait(), Ok(None)));
        if ended && child.wait().is_ok_and(|status| status.success()) {
            return Ok(());
        }
        // When it was too slow: not wanted any more. An error means that it has ended.
        let _ = child.kill();
        let _ = child.wait();
        Err(self.server_error("make its database"))
    }

    /// What a killed first start left. Its initdb may still be writing there, under a name that
    /// we shall not use: what cannot be removed now goes at the next start.
    fn remove_unfinished(&self) {
        let entries = fs::read_dir(&self.home.directory)
            .into_iter()
            .flatten()
            .flatten();
        let prefix = self.unfinished("");
        for path in entries.map(|entry| entry.path()) {
            if path
                .as_os_str()
                .as_encoded_bytes()
                .starts_with(prefix.as_os_str().as_encoded_bytes())
            {
                let _ = fs::remove_dir_all(path);
            }
        }
    }

    fn unfinished(&self, by: &str) -> PathBuf {
        self.data.with_extension(format!("unfinished-{by}"))
    }

    /// The server's log, to append to; at the first of a start a long one is set aside.
    pub fn open_log(&self) -> Result<File, PrivateServerError> {
        let path = self.home.log();
        if fs::metadata(&path).is_ok_and(|log| log.len() > LOG_SIZE) {
            // A log that cannot be set aside is no reason not to start.
            let _ = fs::rename(&path, path.with_extension("log.1"));
        }
        OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o640)
            .open(&path)
            .map_err(PrivateServerError::io("open", path))
    }

    pub fn server_error(&self, action: &'static str) -> PrivateServerError {
        let log = self.home.log();
        PrivateServerError::Server {
            action,
            directory: self.data.clone(),
            said: last_words(&log),
            log,
        }
    }
}

/// Whether the process is a living `PostgreSQL` process of these files. Its working folder tells:
/// a number that now belongs to another program has another one, a zombie has none.
fn works_in(pid: u32, data: &Path) -> bool {
    let process = PathBuf::from(format!("/proc/{pid}"));
    fs::read_link(process.join("cwd")).is_ok_and(|folder| folder == data)
        && fs::read_to_string(process.join("comm")).is_ok_and(|name| name.trim_end() == "postgres")
}

fn last_words(log: &Path) -> String {
    let tail = || -> std::io::Result<String> {
        let mut file = File::open(log)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(2000)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let text = tail().unwrap_or_default();
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines[lines.len().saturating_sub(5)..].join("\n")
}
