use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::PrivateServerError;

/// The oldest version that we run on (Debian 12).
const OLDEST: u16 = 15;

/// The programs of one installed server.
#[derive(Clone, Debug)]
pub struct Binaries {
    folder: PathBuf,
    pub major: u16,
    /// Such as "15.18".
    pub version: String,
}

impl Binaries {
    /// The programs to use: of the folder that was named, else the newest that is installed; with
    /// an existing cluster, those of its version and no other.
    pub fn find(
        named: Option<&Path>,
        existing: Option<(PathBuf, u16)>,
    ) -> Result<Self, PrivateServerError> {
        let mut found: Vec<Self> = match named {
            Some(folder) => vec![
                Self::at(folder)
                    .ok_or_else(|| PrivateServerError::WrongBinaries(folder.to_owned()))?,
            ],
            None => installed()
                .iter()
                .filter_map(|folder| Self::at(folder))
                .collect(),
        };
        found.sort_by_key(|binaries| binaries.major);
        match existing {
            None => found.pop().ok_or(PrivateServerError::NotInstalled),
            Some((directory, needed)) => found
                .into_iter()
                .rfind(|binaries| binaries.major == needed)
                .ok_or(PrivateServerError::WrongVersion { directory, needed }),
        }
    }

    fn at(folder: &Path) -> Option<Self> {
        let whole = ["postgres", "initdb", "pg_ctl"]
            .iter()
            .all(|name| folder.join(name).is_file());
        if !whole {
            return None;
        }
        let output = Command::new(folder.join("postgres"))
            .arg("--version")
            .output()
            .ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
        let version = text.split(' ').nth(2)?.trim().to_owned();
        let major = version
            .split(|c: char| !c.is_ascii_digit())
            .next()?
            .parse()
            .ok()?;
        (major >= OLDEST).then(|| Self {
            folder: folder.to_owned(),
            major,
            version,
        })
    }

    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// The places where packages put the programs.
fn installed() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"]
        .iter()
        .filter_map(|parent| fs::read_dir(parent).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path().join("bin")))
        .collect();
    folders.extend(["/usr/pgsql/bin", "/usr/local/pgsql/bin", "/usr/bin"].map(PathBuf::from));
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
        folders.push(PathBuf::from(
            String::from_utf8_lossy(&output.stdout).trim(),
        ));
    }
    folders
}
