//! The directory of a private PostgreSQL: where it is, whose it is, and the lock that keeps it to one process.

use std::fs::{self, DirEntry, File, OpenOptions, Permissions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::unistd::Uid;

use super::EmbeddedError;
use super::account::Account;

const STEP: Duration = Duration::from_millis(10);
/// A process that was told to end takes a moment to do so, and its successor may be there already.
const LAST_RUN: Duration = Duration::from_secs(1);

/// A data directory that this process holds for itself for as long as the value lives.
#[derive(Debug)]
pub struct Place {
    dir: PathBuf,
    account: Account,
    // The system frees it when the process ends, however it ends.
    lock: File,
}

impl Place {
    /// Creates the directory where it is missing and locks it.
    pub fn take(named: Option<&Path>) -> Result<Self, EmbeddedError> {
        let dir = locate(named)?;
        create(&dir)?;
        let dir = dir.canonicalize().map_err(EmbeddedError::io("find", &dir))?;
        refuse_foreign(&dir)?;
        let account = Account::choose(&dir)?;
        if !account.can_reach(dir.parent().unwrap_or(&dir)) {
            let account = account.name().to_owned();
            return Err(EmbeddedError::Unreachable { path: dir, account });
        }
        let lock = lock(&dir)?;
        account.take(&dir)?;
        fs::set_permissions(&dir, Permissions::from_mode(0o700))
            .map_err(EmbeddedError::io("restrict access to", &dir))?;
        Ok(Self { dir, account, lock })
    }

    /// The directory, as an absolute path without symbolic links.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The account that runs the server.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The database cluster itself.
    pub fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    /// The server's log of this run; that of the run before stands beside it, ending in `.1`.
    pub fn log(&self) -> PathBuf {
        self.dir.join("server.log")
    }

    /// The file with the password of the database's only account.
    pub fn password(&self) -> PathBuf {
        self.dir.join("password")
    }

    /// The major version of PostgreSQL that made the cluster, when there is one.
    pub fn major(&self) -> Result<Option<u32>, EmbeddedError> {
        let data = self.data();
        if !data.exists() {
            return Ok(None);
        }
        let text = fs::read_to_string(data.join("PG_VERSION")).ok();
        match text.and_then(|text| text.trim().parse().ok()) {
            Some(major) => Ok(Some(major)),
            None => Err(EmbeddedError::NotACluster(data)),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // Closing the file is not enough: a child that another thread is just starting has a copy of it.
        let _ = self.lock.unlock();
    }
}

/// Where an account's own files belong: the database for `Kind::Data`, downloads for `Kind::Cache`.
pub fn own_directory(kind: Kind) -> Option<PathBuf> {
    if Uid::effective().is_root() {
        return Some(PathBuf::from(kind.for_root()));
    }
    let home = std::env::home_dir().filter(|home| home.is_absolute());
    if cfg!(target_os = "macos") {
        return Some(home?.join("Library").join(kind.on_macos()).join("vertebra"));
    }
    std::env::var_os(kind.variable())
        .map(PathBuf::from)
        .filter(|dir| dir.is_absolute())
        .or_else(|| Some(home?.join(kind.in_home())))
        .map(|dir| dir.join("vertebra"))
}

/// What is to be kept.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// What must not be lost.
    Data,
    /// What can be fetched again.
    Cache,
}

impl Kind {
    fn for_root(self) -> &'static str {
        match self {
            Self::Data => "/var/lib/vertebra",
            Self::Cache => "/var/cache/vertebra",
        }
    }

    fn on_macos(self) -> &'static str {
        match self {
            Self::Data => "Application Support",
            Self::Cache => "Caches",
        }
    }

    fn variable(self) -> &'static str {
        match self {
            Self::Data => "XDG_DATA_HOME",
            Self::Cache => "XDG_CACHE_HOME",
        }
    }

    fn in_home(self) -> &'static str {
        match self {
            Self::Data => ".local/share",
            Self::Cache => ".cache",
        }
    }
}

/// The directory that is meant, whether it is there or not.
pub(super) fn locate(named: Option<&Path>) -> Result<PathBuf, EmbeddedError> {
    match named {
        Some(dir) => std::path::absolute(dir).map_err(EmbeddedError::io("find", dir)),
        None => default_dir().ok_or(EmbeddedError::NoHome),
    }
}

/// The directory that is used when none is named.
fn default_dir() -> Option<PathBuf> {
    own_directory(Kind::Data).map(|dir| dir.join("postgres"))
}

fn create(dir: &Path) -> Result<(), EmbeddedError> {
    let not_made = |source| EmbeddedError::NotMade {
        dir: dir.to_owned(),
        source,
    };
    if dir.is_dir() {
        return Ok(());
    }
    if let Some(parent) = dir.parent().filter(|parent| !parent.exists()) {
        fs::create_dir_all(parent).map_err(not_made)?;
        // Whatever the umask: the account that runs the server must pass through.
        fs::set_permissions(parent, Permissions::from_mode(0o755)).map_err(EmbeddedError::io("open up", parent))?;
    }
    match fs::DirBuilder::new().mode(0o700).create(dir) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(not_made(error)),
        _ => Ok(()),
    }
}

/// A directory that is about to change its owner and its rights had better be nobody's home.
fn refuse_foreign(dir: &Path) -> Result<(), EmbeddedError> {
    if dir.join("vertebra.lock").is_file() {
        return Ok(());
    }
    let mut entries = fs::read_dir(dir).map_err(EmbeddedError::io("read", dir))?;
    // The top of a mounted volume is as good as empty.
    let is_foreign = |entry: &DirEntry| entry.file_name() != "lost+found";
    match entries.find(|entry| entry.as_ref().is_ok_and(is_foreign)) {
        Some(_) => Err(EmbeddedError::Occupied(dir.to_owned())),
        None => Ok(()),
    }
}

fn lock(dir: &Path) -> Result<File, EmbeddedError> {
    let path = dir.join("vertebra.lock");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(nix::libc::O_NOFOLLOW)
        .open(&path)
        .map_err(EmbeddedError::io("open", &path))?;
    let begun = Instant::now();
    while let Err(error) = file.try_lock() {
        match error {
            TryLockError::Error(error) => return Err(EmbeddedError::io("lock", &path)(error)),
            TryLockError::WouldBlock if begun.elapsed() < LAST_RUN => sleep(STEP),
            TryLockError::WouldBlock => {
                return Err(EmbeddedError::Held {
                    dir: dir.to_owned(),
                    holder: holder(&mut file),
                });
            }
        }
    }
    let mut note = || {
        file.set_len(0)?;
        writeln!(file, "{}", std::process::id())
    };
    note().map_err(EmbeddedError::io("write", &path))?;
    Ok(file)
}

fn holder(file: &mut File) -> String {
    let mut text = String::new();
    match file.read_to_string(&mut text) {
        Ok(_) if !text.trim().is_empty() => format!("process {}", text.trim()),
        _ => "another process".to_owned(),
    }
}
