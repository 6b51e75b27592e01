//! A private server that another process runs: commands use it beside that process, and leave it alone.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::EmbeddedError;
use super::place;
use super::server::Endpoint;

const STEP: Duration = Duration::from_millis(20);
/// A server that starts may have to read the log of a crash first.
const PATIENCE: Duration = Duration::from_secs(60);

/// The URL of the database of a private server that another process runs on this directory; none where
/// no process holds it. The URL may hold a password, so it belongs in no log.
pub fn find(named: Option<&Path>) -> Result<Option<String>, EmbeddedError> {
    let dir = place::locate(named)?;
    let lock = dir.join("vertebra.lock");
    let begun = Instant::now();
    while is_held(&lock)? {
        if let Some(endpoint) = endpoint(&dir)? {
            return Ok(Some(endpoint.url("vertebra")));
        }
        if begun.elapsed() > PATIENCE {
            return Err(EmbeddedError::NotReady(dir));
        }
        sleep(STEP);
    }
    Ok(None)
}

/// Whether a process holds the directory for itself.
fn is_held(lock: &Path) -> Result<bool, EmbeddedError> {
    let file = match File::open(lock) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(EmbeddedError::io("open", lock)(error)),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(EmbeddedError::io("lock", lock)(error)),
    }
}

/// Where the server listens, as it has written down itself; none while it starts or stops.
fn endpoint(dir: &Path) -> Result<Option<Endpoint>, EmbeddedError> {
    let text = fs::read_to_string(dir.join("data/postmaster.pid")).unwrap_or_default();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let &[_, _, _, port, socket, _, _, "ready", ..] = lines.as_slice() else {
        return Ok(None);
    };
    if !socket.is_empty() {
        return Ok(Some(Endpoint::Socket(PathBuf::from(socket))));
    }
    let file = dir.join("password");
    let password = fs::read_to_string(&file).map_err(EmbeddedError::io("read", &file))?;
    let password = password.trim().to_owned();
    Ok(port.parse().ok().map(|port| Endpoint::Tcp { port, password }))
}
