//! The server as a child process that cannot outlive us.

use std::{
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    time::{Duration, Instant},
};

use super::{
    Options, START_LIMIT, binaries::command, cluster::Cluster, error::PrivateServerError,
    wait_until,
};

/// How long the server may take to write everything down and stop. After that it is stopped at
/// once, and replays its journal at the next start: slower, and nothing is lost.
const STOP_LIMIT: Duration = Duration::from_secs(20);
const STOP_LIMIT_AT_ONCE: Duration = Duration::from_secs(5);

/// Runs the server and waits for it. Beside it a watcher reads our pipe: its end, because we let
/// go of it or because we died, is the order for a fast shutdown. A signal to a whole group of
/// processes (systemd's stop) must not end these two before the server.
const GUARDIAN: &str = r#"
trap '' HUP INT TERM
exec 3<&0
"$@" 3<&- </dev/null & server=$!
{ read -r _; kill -INT "$server"; } <&3 2>/dev/null & watcher=$!
exec 3<&-
wait "$server"; code=$?
kill -KILL "$watcher" 2>/dev/null
exit "$code"
"#;

#[derive(Debug)]
pub struct Process {
    guardian: Child,
    pipe: Option<ChildStdin>,
}

impl Process {
    /// Starts the server and waits until it answers, or until nobody wants it any more.
    pub fn launch(
        cluster: &Cluster,
        sockets: &Path,
        options: &Options,
        cancelled: &dyn Fn() -> bool,
    ) -> Result<Self, PrivateServerError> {
        let log = cluster.open_log()?;
        let output = log
            .try_clone()
            .map_err(PrivateServerError::io("open", cluster.home.log()))?;
        let mut shell = command(Path::new("/bin/sh"), &cluster.home.user);
        shell.args(["-c", GUARDIAN, "wijzer-postgres"]);
        server_arguments(&mut shell, cluster, sockets, options);
        let mut guardian = shell
            // Ctrl-C in a terminal reaches us alone; we then stop the server when we are done.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(output)
            .stderr(log)
            .spawn()
            .map_err(PrivateServerError::io("run", "/bin/sh"))?;
        let pipe = guardian.stdin.take();
        let mut process = Self { guardian, pipe };
        if process.becomes_ready(cluster, cancelled) {
            return Ok(process);
        }
        process.stop(cluster);
        Err(cluster.server_error("start"))
    }

    fn becomes_ready(&mut self, cluster: &Cluster, cancelled: &dyn Fn() -> bool) -> bool {
        let begun = Instant::now();
        let mut told = 0;
        let mut ready = false;
        wait_until(START_LIMIT, || {
            ready = cluster.postmaster().is_some_and(|server| server.ready);
            let tens = begun.elapsed().as_secs() / 10;
            if tens > told {
                told = tens;
                tracing::info!(
                    seconds = tens * 10,
                    "PostgreSQL is still starting (after a crash it first replays its journal)"
                );
            }
            ready || self.has_stopped() || cancelled()
        });
        ready
    }

    pub fn has_stopped(&mut self) -> bool {
        !matches!(self.guardian.try_wait(), Ok(None))
    }

    /// Stops the server in good order; returns within half a minute.
    pub fn stop(&mut self, cluster: &Cluster) {
        if self.has_stopped() && cluster.postmaster().is_some() {
            // Somebody killed the guardian: nobody is left to pass the order on.
            cluster.request_stop("fast");
        }
        drop(self.pipe.take());
        if wait_until(STOP_LIMIT, || {
            self.has_stopped() && cluster.postmaster().is_none()
        }) {
            return;
        }
        tracing::warn!(
            "PostgreSQL takes too long to stop; it is stopped at once and recovers at the next start"
        );
        cluster.request_stop("immediate");
        if !wait_until(STOP_LIMIT_AT_ONCE, || self.has_stopped()) {
            // The guardian only: the next start deals with what is left.
            let _ = self.guardian.kill();
            let _ = self.guardian.wait();
        }
    }
}

/// What must hold at every start; the rest is in postgresql.conf.
fn server_arguments(shell: &mut Command, cluster: &Cluster, sockets: &Path, options: &Options) {
    shell
        .arg(cluster.installation.program("postgres"))
        .arg("-D")
        .arg(&cluster.data)
        .arg("-k")
        .arg(sockets);
    let connections = format!("max_connections={}", options.max_connections);
    let mut settings = vec![
        "listen_addresses=",
        "port=5432",
        "unix_socket_permissions=0700",
        "logging_collector=off",
        "cluster_name=wijzer",
        connections.as_str(),
    ];
    if !options.durable {
        settings.extend([
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
        ]);
    }
    for setting in settings {
        shell.args(["-c", setting]);
    }
}
