//! The real binary, with a data directory of its own.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::server::{DEVENTER, open_folder};

/// Far more than a start, a stop or an import takes in a debug build on a busy machine.
const DEADLINE: Duration = Duration::from_mins(1);

/// A data directory.
pub struct House {
    folder: TempDir,
}

impl House {
    pub fn empty() -> Self {
        Self {
            folder: open_folder(),
        }
    }

    /// A copy of one that has been started before: its database and index hold the Deventer set.
    pub fn furnished() -> Self {
        static FURNISHED: OnceLock<House> = OnceLock::new();
        let furnished = FURNISHED.get_or_init(|| {
            let house = Self::empty();
            let mut program = house.start(&[("WIJZER_DEMO_DATA", DEVENTER)]);
            assert!(program.terminate().success());
            house
        });
        let house = Self::empty();
        // `cp -a` keeps the owner, which is not us when we are root.
        let copied = Command::new("cp")
            .arg("-a")
            .arg(furnished.path())
            .arg(house.path())
            .status();
        assert!(copied.unwrap().success());
        house
    }

    /// The data directory, inside a folder of this house.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("var")
    }

    /// A command of the program, with nothing of our environment but these settings.
    pub fn command(&self, settings: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wijzer"));
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("WIJZER_DATA_DIR", self.path())
            .envs(settings.iter().copied())
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(&[]).args(arguments).output().unwrap()
    }

    /// Starts it and waits until it is ready.
    pub fn start(&self, settings: &[(&str, &str)]) -> Program {
        let mut program = self.launch(settings);
        program.wait_until("ready", |program| {
            program
                .ask("/readyz")
                .is_some_and(|answer| answer.status == 200)
        });
        program
    }

    pub fn launch(&self, settings: &[(&str, &str)]) -> Program {
        let address = free_address();
        let log = self.folder.path().join("log");
        let out = File::options()
            .create(true)
            .append(true)
            .open(&log)
            .unwrap();
        let mut command = self.command(settings);
        command.env("WIJZER_LISTEN", address.to_string());
        command.stdout(out.try_clone().unwrap()).stderr(out);
        Program {
            child: command.spawn().unwrap(),
            address,
            log,
        }
    }

    /// The process id of its PostgreSQL server.
    pub fn postgres(&self) -> u32 {
        let clusters = fs::read_dir(self.path().join("postgres"))
            .unwrap()
            .flatten();
        let papers = clusters
            .map(|entry| entry.path().join("postmaster.pid"))
            .find(|papers| papers.exists())
            .unwrap();
        fs::read_to_string(papers)
            .unwrap()
            .lines()
            .next()
            .unwrap()
            .trim()
            .parse()
            .unwrap()
    }
}

pub struct Program {
    child: Child,
    pub address: SocketAddr,
    log: PathBuf,
}

pub struct Answer {
    pub status: u16,
    pub text: String,
}

impl Program {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The most memory that it ever held, in megabytes.
    pub fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM"));
        let kilobytes = line.unwrap().split_whitespace().nth(1).unwrap();
        kilobytes.parse::<u64>().unwrap() / 1024
    }

    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// `None` when nobody answers.
    pub fn ask(&self, path: &str) -> Option<Answer> {
        ask(self.address, path)
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.ask(path)
            .unwrap_or_else(|| panic!("{path}: no answer\n{}", self.log()))
    }

    pub fn finds(&self, words: &str, hit: &str) -> bool {
        self.get(&format!("/zoeken?q={words}"))
            .text
            .contains(&format!("data-hit=\"{hit}\""))
    }

    #[track_caller]
    pub fn wait_until(&mut self, what: &str, mut done: impl FnMut(&Self) -> bool) {
        let begun = Instant::now();
        while !done(self) {
            if let Some(ended) = self.child.try_wait().unwrap() {
                panic!("waiting for {what}, it ended with {ended}:\n{}", self.log());
            }
            assert!(begun.elapsed() < DEADLINE, "never {what}:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Asks it to stop, and waits until it has.
    pub fn terminate(&mut self) -> ExitStatus {
        signal("-TERM", self.pid());
        self.wait()
    }

    pub fn wait(&mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(ended) = self.child.try_wait().unwrap() {
                return ended;
            }
            assert!(
                begun.elapsed() < DEADLINE,
                "it does not stop:\n{}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            // Gone is gone; the server that it started stops by itself.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

pub fn signal(name: &str, pid: u32) {
    assert!(
        Command::new("kill")
            .arg(name)
            .arg(pid.to_string())
            .status()
            .unwrap()
            .success()
    );
}

pub fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
}

/// One request; `None` when the connection is refused or closed without an answer.
pub fn ask(address: SocketAddr, path: &str) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: wijzer.test\r\nconnection: close\r\n\r\n"
    )
    .ok()?;
    let mut bytes = Vec::new();
    let read = stream.read_to_end(&mut bytes);
    if bytes.is_empty() {
        return None;
    }
    read.expect("an answer breaks off");
    let text = String::from_utf8(bytes).unwrap();
    let status = text.split(' ').nth(1).unwrap().parse().unwrap();
    let (head, body) = text
        .split_once("\r\n\r\n")
        .expect("an answer without an end to its headers");
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map(|n| n.parse::<usize>().unwrap());
    assert!(
        length.is_none_or(|length| length == body.len()),
        "an answer breaks off"
    );
    Some(Answer {
        status,
        text: body.to_owned(),
    })
}

/// A folder with one table of one organisation.
pub fn one_organisation(folder: &Path, slug: &str, name: &str) {
    let row = format!(
        "{slug},{name},voluntary,Iets voor iedereen.,112,,,,all,ontmoeten,iedereen,open,,,\n"
    );
    let header = "slug,name,kind,summary,phone,email,website,place,zones_served,themes,audiences,step,contracted,source_url,source_year\n";
    fs::write(folder.join("organisations.csv"), format!("{header}{row}")).unwrap();
}
