use std::fs::{self, OpenOptions};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::PrivateServerError;
use super::account::Account;
use super::binaries::Binaries;

/// Recovery after a crash can take a while; longer than this is a fault.
const START: Duration = Duration::from_mins(1);
const STOP: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(5);

/// Runs the server beside a reader of our pipe: when the pipe closes, however we ended, the
/// server is told to stop; when the server ends, so does this script.
const SCRIPT: &str = r#"exec 3<&0
"$@" 3<&- </dev/null &
server=$!
{ read -r _; kill -INT $server; } <&3 2>/dev/null &
reader=$!
wait $server
ended=$?
kill $reader 2>/dev/null
exit $ended"#;

/// A running server.
pub struct Process {
    child: Child,
    pipe: Option<ChildStdin>,
}

impl Process {
    /// Starts the server and waits until it takes connections.
    pub fn start(
        binaries: &Binaries,
        account: &Account,
        cluster: &Path,
        socket: &Path,
        log: &Path,
    ) -> Result<Self, PrivateServerError> {
        let at = || PrivateServerError::system("PostgreSQL cannot be run");
        let out = OpenOptions::new()
            .create(true)
            .append(true)
            .open(log)
            .map_err(at())?;
        let errors = out.try_clone().map_err(at())?;
        let mut child = account
            .command(Path::new("/bin/sh"))
            .args(["-c", SCRIPT, "wijzer-postgres"])
            .arg(binaries.program("postgres"))
            .arg("-D")
            .arg(cluster)
            .arg("-k")
            .arg(socket)
            // Ctrl+C in a terminal is for us; we stop the server when we are done with it.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(out)
            .stderr(errors)
            .spawn()
            .map_err(at())?;
        let pipe = child.stdin.take();
        let mut process = Self { child, pipe };
        let begun = Instant::now();
        while !is_ready(cluster) {
            if !process.runs() || begun.elapsed() > START {
                return Err(PrivateServerError::NotStarted {
                    log: log.to_owned(),
                    tail: tail(log),
                });
            }
            thread::sleep(LOOK);
        }
        Ok(process)
    }

    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Stops the server: it ends running statements and writes everything down.
    pub fn stop(mut self) {
        self.close();
    }

    fn close(&mut self) {
        self.pipe = None;
        let begun = Instant::now();
        while self.runs() {
            if begun.elapsed() > STOP {
                tracing::error!("PostgreSQL does not stop; leaving it to end by itself");
                return;
            }
            thread::sleep(LOOK);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.close();
    }
}

/// Whether the server of this cluster runs and takes connections.
pub fn is_ready(cluster: &Path) -> bool {
    status(cluster).is_some_and(|(pid, state)| state == "ready" && lives(pid))
}

/// The process id and state that a server writes in its cluster (`postmaster.pid`).
fn status(cluster: &Path) -> Option<(u32, String)> {
    let text = fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
    let lines: Vec<&str> = text.lines().collect();
    let pid = lines.first()?.trim().parse().ok()?;
    Some((
        pid,
        lines
            .get(7)
            .map(|state| state.trim().to_owned())
            .unwrap_or_default(),
    ))
}

/// Whether a process is a living server. A zombie that nobody reaps is dead.
fn lives(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat"))
        .is_ok_and(|stat| stat.contains("(postgres)") && !stat.contains(") Z "))
}

/// Clears what a crash left: a server without its program, or the papers of a dead one.
pub fn clear_remains(
    binaries: &Binaries,
    account: &Account,
    cluster: &Path,
    socket: &Path,
) -> Result<(), PrivateServerError> {
    let Some((pid, _)) = status(cluster) else {
        return Ok(());
    };
    if lives(pid) {
        let output = account
            .command(&binaries.program("pg_ctl"))
            .args(["stop", "-m", "fast", "-w", "-t", "30", "-D"])
            .arg(cluster)
            .output()
            .map_err(PrivateServerError::system("pg_ctl cannot be run"))?;
        if output.status.success() {
            return Ok(());
        }
        return Err(PrivateServerError::Tool {
            tool: "pg_ctl stop",
            message: String::from_utf8_lossy(&output.stderr).into_owned(),
        });
    }
    for papers in [
        cluster.join("postmaster.pid"),
        socket.join(".s.PGSQL.5432.lock"),
    ] {
        match fs::remove_file(&papers) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                return Err(PrivateServerError::System {
                    what: format!("{} cannot be removed", papers.display()),
                    cause,
                });
            }
            _ => {}
        }
    }
    Ok(())
}

fn tail(log: &Path) -> String {
    let text = fs::read(log)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}
