//! The account that runs the server: this one, or another when this one is root.

use std::ffi::OsStr;
use std::fs::{self, Metadata, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use nix::sys::signal::Signal;
use nix::unistd::{Uid, User};

use super::EmbeddedError;

/// The account under which PostgreSQL's programs run.
#[derive(Debug)]
pub struct Account {
    name: String,
    uid: u32,
    gid: u32,
    dropped: bool,
}

impl Account {
    /// Chooses this process's account or, for root, the owner of the data, then `postgres`, then `nobody`.
    pub fn choose(data_dir: &Path) -> Result<Self, EmbeddedError> {
        let uid = Uid::effective();
        if !uid.is_root() {
            let name = by_uid(uid).map_or_else(|| uid.to_string(), |user| user.name);
            return Ok(Self {
                name,
                uid: uid.as_raw(),
                gid: nix::unistd::Gid::effective().as_raw(),
                dropped: false,
            });
        }
        let user = match owner(data_dir) {
            Some(owner) => by_uid(owner).ok_or_else(|| {
                let dir = data_dir.display();
                EmbeddedError::NoAccount(format!(
                    "the owner of {dir} (user id {owner}) has no entry in the list of accounts"
                ))
            })?,
            None => by_name("postgres").or_else(|| by_name("nobody")).ok_or_else(|| {
                EmbeddedError::NoAccount("there is neither an account postgres nor an account nobody".to_owned())
            })?,
        };
        Ok(Self {
            name: user.name,
            uid: user.uid.as_raw(),
            gid: user.gid.as_raw(),
            dropped: true,
        })
    }

    /// The account's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Prepares a program to run as this account, in a process group of its own and without PostgreSQL's
    /// variables; `farewell` reaches it when this process dies (on Linux).
    pub fn command(&self, program: impl AsRef<OsStr>, farewell: Signal) -> Command {
        let mut command = Command::new(program);
        // A checkout under /root cannot be the working directory of another account.
        command.current_dir("/").process_group(0);
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"PG") {
                command.env_remove(name);
            }
        }
        command.env("LC_ALL", "C");
        if self.dropped {
            command.uid(self.uid).gid(self.gid);
        }
        die_with_parent(&mut command, farewell);
        command
    }

    /// Makes the account the owner of a path, where this process may do that.
    pub fn take(&self, path: &Path) -> Result<(), EmbeddedError> {
        if !self.dropped {
            return Ok(());
        }
        chown(path, Some(self.uid), Some(self.gid)).map_err(EmbeddedError::io("change the owner of", path))
    }

    /// Writes a file that only the account can read, replacing what stood there.
    pub fn write_private(&self, path: &Path, content: &[u8]) -> Result<(), EmbeddedError> {
        let mut name = path.as_os_str().to_owned();
        name.push(".new");
        let new = PathBuf::from(name);
        let write = || {
            if new.symlink_metadata().is_ok() {
                fs::remove_file(&new)?;
            }
            // create_new follows no symbolic link, which the account could have laid out for root.
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
            if self.dropped {
                std::os::unix::fs::fchown(&file, Some(self.uid), Some(self.gid))?;
            }
            file.write_all(content)?;
            file.sync_all()?;
            fs::rename(&new, path)
        };
        write().map_err(EmbeddedError::io("write", path))
    }

    /// Tells whether the account can pass through every directory down to `path`.
    pub fn can_reach(&self, path: &Path) -> bool {
        !self.dropped
            || path.ancestors().all(|dir| {
                fs::metadata(dir).is_ok_and(|found| !found.is_dir() || found.mode() & self.search_bit(&found) != 0)
            })
    }

    fn search_bit(&self, dir: &Metadata) -> u32 {
        if dir.uid() == self.uid {
            0o100
        } else if dir.gid() == self.gid {
            0o010
        } else {
            0o001
        }
    }
}

/// What a program said last, for people to read.
pub fn said(output: &Output) -> String {
    let text = if output.stderr.is_empty() {
        &output.stdout
    } else {
        &output.stderr
    };
    let text = String::from_utf8_lossy(text);
    let lines: Vec<&str> = text.lines().collect();
    let end = lines[lines.len().saturating_sub(10)..].join("\n");
    format!("{} ({end})", output.status)
}

/// The owner of an existing data directory, unless that is root.
fn owner(data_dir: &Path) -> Option<Uid> {
    [data_dir.join("data"), data_dir.to_owned()]
        .iter()
        .find_map(|path| fs::metadata(path).ok())
        .map(|found| Uid::from_raw(found.uid()))
        .filter(|uid| !uid.is_root())
}

fn by_uid(uid: Uid) -> Option<User> {
    User::from_uid(uid).ok().flatten()
}

fn by_name(name: &str) -> Option<User> {
    User::from_name(name).ok().flatten()
}

#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "the standard library has no safe way to run code before exec")]
fn die_with_parent(command: &mut Command, farewell: Signal) {
    let parent = nix::unistd::getpid();
    // The change of account clears the setting, so it must come after it: pre_exec does.
    let ask = move || {
        nix::sys::prctl::set_pdeathsig(farewell)?;
        // A parent that died before the line above would never be noticed.
        if nix::unistd::getppid() == parent {
            Ok(())
        } else {
            Err(std::io::ErrorKind::Interrupted.into())
        }
    };
    // SAFETY: the closure makes two system calls and neither allocates nor takes a lock.
    unsafe { command.pre_exec(ask) };
}

#[cfg(not(target_os = "linux"))]
fn die_with_parent(_command: &mut Command, _farewell: Signal) {}
