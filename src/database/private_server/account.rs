use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// The system user that the server runs as. PostgreSQL refuses to run as root; then it is the
/// user `postgres`, or `nobody` where there is none.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// `None`: the user we are.
    other: Option<(u32, u32)>,
}

impl Account {
    pub fn to_run_as() -> Self {
        let root = fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
        if !root {
            return Self { other: None };
        }
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let ids = |name: &str| {
            users.lines().find_map(|line| {
                let mut fields = line.split(':');
                (fields.next()? == name).then_some(())?;
                Some((fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?))
            })
        };
        Self {
            other: ids("postgres")
                .or_else(|| ids("nobody"))
                .or(Some((65_534, 65_534))),
        }
    }

    /// A program of the server, run as this user, with nothing of our environment.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Some((user, group)) = self.other {
            command.gid(group).uid(user);
        }
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("LC_ALL", "C.UTF-8")
            .current_dir("/");
        command
    }

    /// Gives a file or folder to this user.
    pub fn own(&self, path: &Path) -> std::io::Result<()> {
        match self.other {
            Some((user, group)) => chown(path, Some(user), Some(group)),
            None => Ok(()),
        }
    }

    /// Whether this user owns a path, and it is no link to somewhere else.
    pub fn owns(&self, path: &Path) -> bool {
        let mine = || fs::metadata("/proc/self").map_or(0, |me| me.uid());
        let user = self.other.map_or_else(mine, |(user, _)| user);
        fs::symlink_metadata(path).is_ok_and(|at| at.uid() == user && at.is_dir())
    }

    /// Whether this user can walk down to a path; we ourselves always can.
    pub fn reaches(&self, path: &Path) -> bool {
        let Some((user, _)) = self.other else {
            return true;
        };
        path.ancestors().all(|step| {
            fs::metadata(step).map_or(true, |at| {
                at.mode() & 0o001 != 0 || (at.uid() == user && at.mode() & 0o100 != 0)
            })
        })
    }
}
