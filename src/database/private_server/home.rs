//! The directory of a private server: where it really is, whose it is, and who holds it.

use std::{
    collections::BTreeSet,
    fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError},
    io::{Read, Seek, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use super::{error::PrivateServerError, user::User};

/// Where root's databases go when `PostgreSQL` may not enter the folder that was asked for
/// (a checkout under /root, say).
const ROOTS_PLACE: &str = "/var/lib/wijzer";

/// Points from the asked folder to the real one: two lines, the real one and the asked one.
const LOCATION: &str = "location";

/// The longest path of a Unix socket, without its closing zero byte.
const SOCKET_PATH_LIMIT: usize = 107;

#[derive(Clone, Debug)]
pub struct Home {
    pub directory: PathBuf,
    pub user: User,
}

/// The outcome of asking for a directory.
pub enum Lock {
    Ours(File),
    HeldBy(Option<u32>),
}

impl Home {
    pub fn open(asked: &Path) -> Result<Self, PrivateServerError> {
        let asked = asked.join("postgres");
        make_folders(&asked)?;
        let asked = asked
            .canonicalize()
            .map_err(PrivateServerError::io("open the folder", &asked))?;
        if clusters(&asked).is_empty()
            && let Some(elsewhere) = noted_location(&asked)
        {
            return Self::elsewhere(&asked, elsewhere);
        }
        let home = Self::at(asked)?;
        if home.user.can_enter(&home.directory) {
            return Ok(home);
        }
        if !home.clusters().is_empty() {
            return Err(home.unreachable());
        }
        let place = Path::new(ROOTS_PLACE).join(short_hash(&home.directory));
        Self::elsewhere(&home.directory, place)
    }

    fn at(directory: PathBuf) -> Result<Self, PrivateServerError> {
        let newest = clusters(&directory)
            .last()
            .map(|&major| cluster(&directory, major));
        let user = match newest {
            None => User::of_new_server(),
            Some(cluster) => {
                User::of_files(&cluster).map_err(|owner| PrivateServerError::NotOurs {
                    directory: cluster,
                    owner,
                    user: User::of_new_server().name,
                })?
            }
        };
        Ok(Self { directory, user })
    }

    /// Another place than asked, with a note in the asked one.
    fn elsewhere(asked: &Path, place: PathBuf) -> Result<Self, PrivateServerError> {
        make_folders(&place)?;
        let home = Self::at(place)?;
        if !home.user.can_enter(&home.directory) {
            return Err(home.unreachable());
        }
        let note = asked.join(LOCATION);
        let text = format!("{}\n{}\n", home.directory.display(), asked.display());
        if fs::read_to_string(&note).ok().as_ref() != Some(&text) {
            fs::write(&note, text).map_err(PrivateServerError::io("write", &note))?;
            tracing::warn!(
                "PostgreSQL runs as the user {} and may not enter {}: the database is kept in {}",
                home.user.name,
                asked.display(),
                home.directory.display()
            );
        }
        Ok(home)
    }

    fn unreachable(&self) -> PrivateServerError {
        PrivateServerError::Unreachable {
            directory: self.directory.clone(),
            user: self.user.name.clone(),
        }
    }

    /// Major versions of the databases that are here.
    pub fn clusters(&self) -> BTreeSet<u16> {
        clusters(&self.directory)
    }

    pub fn cluster(&self, major: u16) -> PathBuf {
        cluster(&self.directory, major)
    }

    /// The lock lives in the file's open handle, so the kernel lets go of it however we die.
    pub fn lock(&self) -> Result<Lock, PrivateServerError> {
        let path = self.directory.join("lock");
        let failed = |action| PrivateServerError::io(action, path.clone());
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o644)
            .open(&path)
            .map_err(failed("open"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Only for the message; without it the sentence is still right.
                let _ = file.read_to_string(&mut holder);
                return Ok(Lock::HeldBy(holder.trim().parse().ok()));
            }
            Err(TryLockError::Error(error)) => return Err(failed("lock")(error)),
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(failed("write"))?;
        Ok(Lock::Ours(file))
    }

    pub fn log(&self) -> PathBuf {
        self.directory.join("postgres.log")
    }

    /// The folder for the socket, made and checked: here, or a short one when this path is too
    /// long for a socket or holds what `PostgreSQL` reads as a list.
    pub fn socket_directory(&self) -> Result<PathBuf, PrivateServerError> {
        let path = self.socket_path();
        self.private_directory(&path)?;
        Ok(path)
    }

    /// Leaves nothing behind in /run or /tmp; a folder that is in use is not empty, and stays.
    pub fn remove_socket_directory(&self) {
        let _ = fs::remove_dir(self.socket_path());
    }

    fn socket_path(&self) -> PathBuf {
        let near = self.directory.join("run");
        if fits_a_socket(&near) {
            return near;
        }
        let parent = if self.user.other { "/run" } else { "/tmp" };
        let name = format!("wijzer-{}-{}", self.user.uid, short_hash(&self.directory));
        Path::new(parent).join(name)
    }

    /// Makes a folder for the server's user alone. One that is already there must be that, for
    /// in /tmp anybody could have put it there.
    pub fn private_directory(&self, path: &Path) -> Result<(), PrivateServerError> {
        let failed = |action| PrivateServerError::io(action, path);
        match DirBuilder::new().mode(0o700).create(path) {
            Ok(()) => return self.user.give(path).map_err(failed("give away")),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed("make the folder")(error)),
        }
        let found = path.symlink_metadata().map_err(failed("look at"))?;
        let safe_owner = found.uid() == self.user.uid || (self.user.other && found.uid() == 0);
        if !found.is_dir() || !safe_owner {
            return Err(PrivateServerError::UnsafeSocketDirectory {
                directory: path.to_owned(),
            });
        }
        fs::set_permissions(path, Permissions::from_mode(0o700))
            .map_err(failed("set the rights of"))?;
        self.user.give(path).map_err(failed("give away"))
    }
}

/// Makes the folder and those above it. A strict umask of root's must not shut out the user who
/// runs the server, so what root makes can be entered by all; the records are private by themselves.
fn make_folders(path: &Path) -> Result<(), PrivateServerError> {
    let absolute = std::path::absolute(path).map_err(PrivateServerError::io("find", path))?;
    let missing: Vec<&Path> = absolute
        .ancestors()
        .take_while(|folder| !folder.exists())
        .collect();
    fs::create_dir_all(&absolute).map_err(PrivateServerError::io("make the folder", path))?;
    if User::of_new_server().other {
        for made in missing {
            fs::set_permissions(made, Permissions::from_mode(0o755))
                .map_err(PrivateServerError::io("set the rights of", made))?;
        }
    }
    Ok(())
}

fn cluster(directory: &Path, major: u16) -> PathBuf {
    directory.join(format!("pg{major}"))
}

/// The folders of finished databases. One that we may not look into counts as well: whose it is,
/// is the next question.
fn clusters(directory: &Path) -> BTreeSet<u16> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.path().join("PG_VERSION").try_exists().unwrap_or(true))
        .filter_map(|entry| entry.file_name().to_str()?.strip_prefix("pg")?.parse().ok())
        .collect()
}

/// Where an earlier start put the database. A checkout that was moved keeps its database; a copy
/// gets one of its own, or a trial would change the real one.
fn noted_location(asked: &Path) -> Option<PathBuf> {
    let text = fs::read_to_string(asked.join(LOCATION)).ok()?;
    let mut lines = text.lines();
    let place = PathBuf::from(lines.next()?);
    let noted_for = Path::new(lines.next()?);
    let copied = noted_for != asked && noted_for.join(LOCATION).exists();
    (!copied && place.is_dir()).then_some(place)
}

fn fits_a_socket(directory: &Path) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/-_.+~ ".contains(byte);
    let path = directory.join(".s.PGSQL.5432");
    let bytes = path.as_os_str().as_encoded_bytes();
    bytes.len() <= SOCKET_PATH_LIMIT && bytes.iter().all(plain)
}

/// FNV-1a: the same in every build, which the standard library's hash does not promise.
fn short_hash(path: &Path) -> String {
    let hash = path
        .as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_lies_near_only_where_the_path_allows_it() {
        let long = format!("/srv/{}", "a".repeat(100));
        for (path, fits) in [
            ("/srv/wijzer/var/postgres/run", true),
            ("/srv/my var/run", true),
            ("/srv/a,b/run", false),
            ("/srv/caf\u{e9}/run", false),
            (long.as_str(), false),
        ] {
            assert_eq!(fits_a_socket(Path::new(path)), fits, "{path}");
        }
        let exact = format!(
            "/{}",
            "a".repeat(SOCKET_PATH_LIMIT - 1 - "/.s.PGSQL.5432".len())
        );
        assert!(fits_a_socket(Path::new(&exact)));
        assert!(!fits_a_socket(Path::new(&(exact + "a"))));
    }

    #[test]
    fn the_hash_never_changes() {
        assert_eq!(short_hash(Path::new("a")), "af63dc4c8601ec8c");
    }
}
