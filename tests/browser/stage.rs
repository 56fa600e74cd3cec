//! The processes that all tests share: the real program on a data directory of its own, and
//! chromedriver. Whoever holds the stage last clears it.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::openid::Provider;

const CHROMIUM: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// The first start makes a database, loads the demonstration set and builds the index.
const START: Duration = Duration::from_mins(1);

static STAGE: Mutex<Weak<Stage>> = Mutex::new(Weak::new());
static PROFILES: AtomicUsize = AtomicUsize::new(0);

pub struct Stage {
    portal: Child,
    portal_port: u16,
    driver: Child,
    driver_port: u16,
    pub chromium: PathBuf,
    folder: TempDir,
    /// Where one may sign in beside a password, when it is installed.
    pub provider: Option<Provider>,
}

impl Stage {
    /// The shared stage; `None`, said aloud, where there is no browser to test with.
    pub fn take() -> Option<Arc<Self>> {
        let chromium = CHROMIUM.iter().find_map(|name| program(name));
        let driver = program("chromedriver");
        let (Some(chromium), Some(driver)) = (chromium, driver) else {
            skipped("no chromium");
            return None;
        };
        let mut shared = STAGE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stage) = shared.upgrade() {
            return Some(stage);
        }
        let stage = Arc::new(Self::start(chromium, &driver));
        *shared = Arc::downgrade(&stage);
        Some(stage)
    }

    fn start(chromium: PathBuf, driver: &Path) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("wijzer-browser-")
            .tempdir_in("/tmp")
            .unwrap();
        let (portal_port, driver_port) = (free_port(), free_port());
        let base = format!("http://127.0.0.1:{portal_port}");
        let mut portal = Command::new(env!("CARGO_BIN_EXE_wijzer"));
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("WIJZER_") || name == "DATABASE_URL" {
                portal.env_remove(name);
            }
        }
        let portal = portal
            .current_dir(folder.path())
            .env("WIJZER_DATA_DIR", folder.path().join("var"))
            .env(
                "WIJZER_DEMO_DATA",
                concat!(env!("CARGO_MANIFEST_DIR"), "/data/deventer"),
            )
            .env("WIJZER_LISTEN", format!("127.0.0.1:{portal_port}"))
            .env("WIJZER_BASE_URL", &base);
        let provider = Provider::start(&base);
        if let Some(provider) = &provider {
            portal.envs(provider.settings());
        }
        let portal = spawn(portal, folder.path(), "portal");
        let driver = spawn(
            Command::new(driver).arg(format!("--port={driver_port}")),
            folder.path(),
            "driver",
        );
        let mut stage = Self {
            portal,
            portal_port,
            driver,
            driver_port,
            chromium,
            folder,
            provider,
        };
        stage.wait("the portal", portal_port, "/readyz");
        stage.wait("chromedriver", driver_port, "/status");
        stage
    }

    /// Polls until an address answers 200; a process that ended, or takes too long, fails.
    fn wait(&mut self, what: &str, port: u16, path: &str) {
        let deadline = Instant::now() + START;
        while !request("GET", port, path).contains(" 200 ") {
            let ended = [&mut self.portal, &mut self.driver]
                .into_iter()
                .any(|child| !matches!(child.try_wait(), Ok(None)));
            assert!(
                !ended && Instant::now() < deadline,
                "{what} does not start:\n{}",
                self.said()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// What the portal wrote to its log.
    pub fn said(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("portal.log")).unwrap_or_default()
    }

    /// Makes an account by the command line; the path of the link that its owner gets.
    pub fn user(&self, email: &str, name: &str, role: &str) -> String {
        let made = Command::new(env!("CARGO_BIN_EXE_wijzer"))
            .args(["user", "create", email, "--name", name, "--role", role])
            .current_dir(self.folder.path())
            .env("WIJZER_DATA_DIR", self.folder.path().join("var"))
            .env("WIJZER_BASE_URL", self.base())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&made.stdout).into_owned();
        let link = said
            .split_whitespace()
            .find(|word| word.starts_with("http"));
        let link =
            link.unwrap_or_else(|| panic!("{said}{}", String::from_utf8_lossy(&made.stderr)));
        link.strip_prefix(&self.base()).unwrap().to_owned()
    }

    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.portal_port)
    }

    pub fn driver_port(&self) -> u16 {
        self.driver_port
    }

    /// A folder for a browser that remembers nothing.
    pub fn fresh_profile(&self) -> PathBuf {
        let number = PROFILES.fetch_add(1, Ordering::Relaxed);
        self.folder.path().join(format!("profile-{number}"))
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // chromedriver takes its browsers along only when it is asked to stop.
        request("GET", self.driver_port, "/shutdown");
        end(&mut self.driver);
        // The portal stops its database when it is asked to stop.
        let _ = Command::new("kill")
            .arg(self.portal.id().to_string())
            .status();
        end(&mut self.portal);
    }
}

fn spawn(command: &mut Command, folder: &Path, name: &str) -> Child {
    let log = File::create(folder.join(format!("{name}.log"))).unwrap();
    command
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap_or_else(|error| panic!("{name} does not start: {error}"))
}

/// Gives a process some seconds to end by itself.
fn end(child: &mut Child) {
    let deadline = Instant::now() + Duration::from_secs(8);
    while Instant::now() < deadline {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// A request without a client: the first line of the answer, faults as nothing.
pub fn request(method: &str, port: u16, path: &str) -> String {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
        )?;
        // Only the first line matters; chromedriver leaves the connection open after the answer.
        let mut answer = String::new();
        BufReader::new(stream).read_line(&mut answer)?;
        Ok(answer)
    };
    ask().unwrap_or_default()
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn program(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

/// Says that a check did not run, past the capture of the test harness; an error where it must.
pub fn skipped(why: &str) {
    assert!(
        std::env::var_os("REQUIRE_BROWSER").is_none_or(|value| value != "1"),
        "{why}, and REQUIRE_BROWSER=1"
    );
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}
