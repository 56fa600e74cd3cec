//! Which installed `PostgreSQL` to use.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{error::PrivateServerError, home::Home, user::User};

/// The oldest `PostgreSQL` that our SQL is tested on (Debian 12 has it).
const MINIMUM: u16 = 15;

/// The folders that packages use; `*` is a version.
const USUAL: [(&str, &str, &str); 5] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/usr/libexec", "postgresql", ""),
    ("/usr/local", "pgsql", "bin"),
    ("/opt", "postgresql", "bin"),
];

/// One set of server programs.
#[derive(Clone, Debug)]
pub struct Installation {
    pub folder: PathBuf,
    pub major: u16,
    pub version: String,
}

impl Installation {
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn described(&self) -> String {
        format!("{} in {}", self.version, self.folder.display())
    }
}

/// The installation that fits: of the version that made the newest of the databases in `home`,
/// or the newest there is when nothing was made yet.
pub fn choose(asked: Option<&Path>, home: &Home) -> Result<Installation, PrivateServerError> {
    let found = match asked {
        Some(folder) => vec![examine_asked(folder, &home.user)?],
        None => installed(&home.user),
    };
    let wanted = home.clusters().last().copied();
    let fitting = found
        .iter()
        .filter(|one| one.major >= MINIMUM && wanted.is_none_or(|major| one.major == major))
        .max_by_key(|one| one.major);
    if let Some(installation) = fitting {
        return Ok(installation.clone());
    }
    let described = found.iter().map(Installation::described).collect();
    Err(match wanted {
        Some(major) => PrivateServerError::OtherMajor {
            directory: home.directory.clone(),
            major,
            installed: described,
        },
        None => PrivateServerError::NotInstalled {
            minimum: MINIMUM,
            found: described,
        },
    })
}

fn examine_asked(folder: &Path, user: &User) -> Result<Installation, PrivateServerError> {
    let refuse = |problem: String| PrivateServerError::Binaries {
        folder: folder.to_owned(),
        problem,
        minimum: MINIMUM,
    };
    let found = examine(folder, user).map_err(refuse)?;
    if found.major < MINIMUM {
        return Err(refuse(format!("that is version {}", found.version)));
    }
    Ok(found)
}

fn installed(user: &User) -> Vec<Installation> {
    let mut folders = BTreeSet::new();
    for candidate in usual_folders().into_iter().chain(folders_on_path()) {
        // A link such as /usr/local/bin/postgres leads to the folder with all programs.
        if let Ok(real) = candidate.join("postgres").canonicalize() {
            folders.extend(real.parent().map(Path::to_owned));
        }
    }
    folders
        .iter()
        .filter_map(|folder| {
            examine(folder, user)
                .inspect_err(|problem| tracing::debug!(folder = %folder.display(), "PostgreSQL passed over: {problem}"))
                .ok()
        })
        .collect()
}

fn usual_folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for (parent, prefix, bin) in USUAL {
        let entries = fs::read_dir(parent).into_iter().flatten().flatten();
        folders.extend(
            entries
                .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
                .map(|entry| entry.path().join(bin)),
        );
    }
    folders
}

fn folders_on_path() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .collect()
}

/// Asks the server for its version, as the user who will run it: that proves it can be run.
fn examine(folder: &Path, user: &User) -> Result<Installation, String> {
    let folder = folder
        .canonicalize()
        .map_err(|error| format!("that folder cannot be opened ({error})"))?;
    if let Some(missing) = ["initdb", "pg_ctl"]
        .iter()
        .find(|name| !folder.join(name).exists())
    {
        return Err(format!("there is no program {missing}"));
    }
    let output = command(&folder.join("postgres"), user)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("the user {} cannot run postgres there ({error})", user.name))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let version = said.split_whitespace().nth(2).unwrap_or_default();
    let major: String = version.chars().take_while(char::is_ascii_digit).collect();
    match major.parse() {
        Ok(major) => Ok(Installation {
            folder,
            major,
            version: version.to_owned(),
        }),
        Err(_) => Err(format!("postgres --version says {:?}", said.trim())),
    }
}

/// A command as the server's user, with an environment of its own: what an administrator has
/// set (`PGDATA`, `PGPORT`, a locale that is not installed) must not reach our server.
pub fn command(program: &Path, user: &User) -> Command {
    let mut command = Command::new(program);
    user.apply(&mut command);
    command
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("LC_ALL", "C.UTF-8")
        .current_dir("/");
    command
}
