//! As whom the server runs: as ourselves, or, when we are root, as somebody with fewer rights,
//! for `PostgreSQL` refuses root.

use std::{
    fs, io,
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::Path,
    process::{Command, Stdio},
};

/// Users of an installed system, in order of preference.
const PREFERRED: [&str; 2] = ["postgres", "nobody"];

const OVERFLOW_ID: u32 = 65534;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub uid: u32,
    gid: u32,
    pub name: String,
    /// Not ourselves: we are root and hand rights down.
    pub other: bool,
}

impl User {
    /// Who runs a server whose files nobody owns yet.
    pub fn of_new_server() -> Self {
        let ourselves = fs::metadata("/proc/self").map_or(0, |own| own.uid());
        if ourselves != 0 {
            let gid = fs::metadata("/proc/self").map_or(OVERFLOW_ID, |own| own.gid());
            return Self::new(ourselves, gid, false);
        }
        let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let known = PREFERRED.iter().find_map(|name| {
            let account = accounts
                .lines()
                .map(Account::parse)
                .find(|one| one.name == *name)?;
            Some(Self::new(account.uid?, account.gid?, true))
        });
        known.unwrap_or_else(|| Self::new(OVERFLOW_ID, OVERFLOW_ID, true))
    }

    /// Who runs the server with these files: as root their owner, else only we can.
    /// `Err` names the owner when that cannot be.
    pub fn of_files(path: &Path) -> Result<Self, String> {
        let new = Self::of_new_server();
        let Ok(files) = fs::metadata(path) else {
            return Ok(new);
        };
        if files.uid() == new.uid {
            return Ok(new);
        }
        let owner = Self::new(files.uid(), files.gid(), true);
        if new.other && owner.uid != 0 {
            Ok(owner)
        } else {
            Err(owner.name)
        }
    }

    fn new(uid: u32, gid: u32, other: bool) -> Self {
        let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let account = accounts
            .lines()
            .map(Account::parse)
            .find(|one| one.uid == Some(uid));
        let name = account.map_or_else(|| uid.to_string(), |one| one.name.to_owned());
        Self {
            uid,
            gid,
            name,
            other,
        }
    }

    /// Lets the command run as this user.
    pub fn apply(&self, command: &mut Command) {
        if self.other {
            command.uid(self.uid).gid(self.gid);
        }
    }

    /// Gives the file to this user.
    pub fn give(&self, path: &Path) -> io::Result<()> {
        if self.other {
            chown(path, Some(self.uid), Some(self.gid))?;
        }
        Ok(())
    }

    /// Whether this user can reach the folder; tried, for the rights along the way are many.
    pub fn can_enter(&self, folder: &Path) -> bool {
        if !self.other {
            return true;
        }
        let mut shell = Command::new("/bin/sh");
        self.apply(&mut shell);
        shell
            .args(["-c", "cd \"$1\"", "sh"])
            .arg(folder)
            .current_dir("/")
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }
}

/// A line of `/etc/passwd`.
struct Account<'a> {
    name: &'a str,
    uid: Option<u32>,
    gid: Option<u32>,
}

impl<'a> Account<'a> {
    fn parse(line: &'a str) -> Self {
        let mut fields = line.split(':');
        Self {
            name: fields.next().unwrap_or_default(),
            uid: fields.nth(1).and_then(|id| id.parse().ok()),
            gid: fields.next().and_then(|id| id.parse().ok()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_line_is_read() {
        let account = Account::parse(
            "postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash",
        );
        assert_eq!(
            (account.name, account.uid, account.gid),
            ("postgres", Some(101), Some(104))
        );
        assert_eq!(Account::parse("nonsense").uid, None);
    }
}
