//! What an earlier run left behind: a server that outlived its parent, and the files that would stop a new one.
//!
//! The caller holds the lock of the data directory, so no other Vertebra uses what is cleared away here. The
//! last guard is PostgreSQL's own: it refuses to start while any process is attached to the shared memory that
//! `postmaster.pid` names, which is why that line is never removed.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::EmbeddedError;
use super::account::Account;
use super::place::Place;
use super::process::Process;

const STEP: Duration = Duration::from_millis(5);
const FAST_STOP: Duration = Duration::from_secs(20);
const IMMEDIATE_STOP: Duration = Duration::from_secs(10);

/// Ends a server that still runs on the directory and mends the lock files of one that does not.
pub fn clear(place: &Place) -> Result<(), EmbeddedError> {
    let data = place.data();
    let pid_file = data.join("postmaster.pid");
    if let Ok(text) = fs::read_to_string(&pid_file) {
        if let Some(process) = postmaster(&text, &data) {
            log::warn!(
                "PostgreSQL (process {}) outlived the process that had started it; stopping it",
                process.pid
            );
            end(&process)?;
        }
        // A server that has just ended took its file away.
        if pid_file.exists() {
            mend(place.account(), &pid_file, &text)?;
        }
    }
    for name in [".s.PGSQL.5432", ".s.PGSQL.5432.lock"] {
        let path = place.dir().join(name);
        if path.symlink_metadata().is_ok() {
            fs::remove_file(&path).map_err(EmbeddedError::io("remove", &path))?;
        }
    }
    Ok(())
}

/// The live server that the file names; a number alone proves nothing, for numbers are given out again.
fn postmaster(pid_file: &str, data: &Path) -> Option<Process> {
    let pid = pid_file.lines().next()?.trim().parse().ok()?;
    let process = Process::find(pid)?;
    let (program, rest) = process.command.split_once(" -D ")?;
    let ours = (program.ends_with("postgres") || program.ends_with("postmaster")) && rest.starts_with(data.to_str()?);
    ours.then_some(process)
}

fn end(process: &Process) -> Result<(), EmbeddedError> {
    for (signal, patience) in [(Signal::SIGINT, FAST_STOP), (Signal::SIGQUIT, IMMEDIATE_STOP)] {
        // An error means that the process has ended meanwhile, or will be seen to live on.
        let _ = kill(Pid::from_raw(process.pid), signal);
        let start = Instant::now();
        while start.elapsed() < patience {
            if !process.is_alive() {
                return Ok(());
            }
            sleep(STEP);
        }
    }
    Err(EmbeddedError::NotStopped(process.pid))
}

/// Puts this process's id where the dead server's stands: PostgreSQL takes its parent's id for a stale entry,
/// while it would take a zombie's, or a stranger's under the same number, for a server that runs.
fn mend(account: &Account, pid_file: &Path, text: &str) -> Result<(), EmbeddedError> {
    match text.split_once('\n') {
        Some((_, rest)) if !rest.trim().is_empty() => {
            let mended = format!("{}\n{rest}", std::process::id());
            account.write_private(pid_file, mended.as_bytes())
        }
        _ => fs::remove_file(pid_file).map_err(EmbeddedError::io("remove", pid_file)),
    }
}
