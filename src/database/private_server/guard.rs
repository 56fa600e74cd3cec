//! Holds a running server, and starts it again when it dies under us.

use std::{
    fs::File,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use super::{Options, cluster::Cluster, error::PrivateServerError, process::Process};

/// How often the guard looks.
const PERIOD: Duration = Duration::from_millis(250);

/// How long it waits after a failed try, twice as long each time.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The owner's hold on the server. Dropping it stops the server, and only then lets the lock go.
#[derive(Debug)]
pub struct Guard {
    watched: Arc<Watched>,
    watcher: Option<JoinHandle<()>>,
    _lock: File,
}

#[derive(Debug)]
struct Watched {
    cluster: Cluster,
    options: Options,
    process: Mutex<Process>,
    stopping: AtomicBool,
}

impl Guard {
    pub fn launch(
        cluster: Cluster,
        options: Options,
        lock: File,
    ) -> Result<Self, PrivateServerError> {
        let stopping = AtomicBool::new(false);
        let process = Mutex::new(launch(&cluster, &options, &stopping)?);
        let watched = Arc::new(Watched {
            cluster,
            options,
            process,
            stopping,
        });
        let thread = thread::spawn({
            let watched = Arc::clone(&watched);
            move || watched.watch()
        });
        Ok(Self {
            watched,
            watcher: Some(thread),
            _lock: lock,
        })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.watched.stopping.store(true, Ordering::SeqCst);
        if let Some(watcher) = self.watcher.take() {
            watcher.thread().unpark();
            // A watcher that panicked leaves nothing to wait for.
            let _ = watcher.join();
        }
        self.watched.process().stop(&self.watched.cluster);
        self.watched.cluster.home.remove_socket_directory();
    }
}

impl Watched {
    fn process(&self) -> MutexGuard<'_, Process> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(&self) {
        let mut pause = FIRST_PAUSE;
        let mut next_look = PERIOD;
        while !self.stopping.load(Ordering::SeqCst) {
            thread::park_timeout(next_look);
            next_look = PERIOD;
            if self.stopping.load(Ordering::SeqCst) || !self.process().has_stopped() {
                continue;
            }
            tracing::error!("PostgreSQL has died; starting it again");
            if let Err(error) = self.restart() {
                tracing::error!("{error}");
                next_look = pause;
                pause = LONGEST_PAUSE.min(pause * 2);
            } else {
                tracing::info!("PostgreSQL runs again");
                pause = FIRST_PAUSE;
            }
        }
    }

    fn restart(&self) -> Result<(), PrivateServerError> {
        let mut process = self.process();
        process.stop(&self.cluster);
        // Made anew when it lies in a place that was swept meanwhile.
        let sockets = self.cluster.home.socket_directory()?;
        self.cluster.clear_leftovers(&sockets)?;
        *process = launch(&self.cluster, &self.options, &self.stopping)?;
        Ok(())
    }
}

fn launch(
    cluster: &Cluster,
    options: &Options,
    stopping: &AtomicBool,
) -> Result<Process, PrivateServerError> {
    let sockets = cluster.home.socket_directory()?;
    Process::launch(cluster, &sockets, options, &|| {
        stopping.load(Ordering::SeqCst)
    })
}
