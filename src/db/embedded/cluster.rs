//! A new cluster: made beside its place and moved there when it is whole, so that half a cluster is never used.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::process::{Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use nix::sys::signal::Signal;

use super::EmbeddedError;
use super::account::said;
use super::binaries::Binaries;
use super::place::Place;

/// Makes the cluster when there is none, in place of what a killed run left unfinished.
pub(super) fn create_if_missing(place: &Place, binaries: &Binaries) -> Result<(), EmbeddedError> {
    let new = place.dir().join("data.new");
    remove(&new)?;
    if place.data().exists() {
        return Ok(());
    }
    log::info!("Creating a database in {}", place.dir().display());
    let password = random_password().map_err(EmbeddedError::io("read", Path::new(RANDOM)))?;
    place.account().write_private(&place.password(), password.as_bytes())?;
    // The builtin locale of 17 is the same on every system; before that the system's C.UTF-8 may be missing.
    let locales: &[&[&str]] = if binaries.major() >= 17 {
        &[&["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]]
    } else {
        &[&["--lc-ctype=C.UTF-8"], &[]]
    };
    let mut output = None;
    for locale in locales {
        let made = initdb(place, binaries, &new, locale)?;
        if made.status.success() {
            return install(place, &new);
        }
        remove(&new)?;
        output = Some(made);
    }
    Err(EmbeddedError::Program {
        program: binaries.program("initdb").display().to_string(),
        output: output.map_or_else(String::new, |output| said(&output)),
    })
}

fn initdb(place: &Place, binaries: &Binaries, new: &Path, locale: &[&str]) -> Result<Output, EmbeddedError> {
    let program = binaries.program("initdb");
    // Not SIGINT: initdb would then clear away its directory, which may be the next run's by that time.
    place
        .account()
        .command(&program, Signal::SIGKILL)
        .arg("-D")
        .arg(new)
        .arg("--pwfile")
        .arg(place.password())
        .args(["--username=vertebra", "--encoding=UTF8", "--no-locale"])
        .args(["--auth-local=trust", "--auth-host=scram-sha-256"])
        .args(["--data-checksums", "--no-instructions"])
        .args(locale)
        .stdin(Stdio::null())
        .output()
        .map_err(EmbeddedError::io("run", &program))
}

fn install(place: &Place, new: &Path) -> Result<(), EmbeddedError> {
    fs::rename(new, place.data()).map_err(EmbeddedError::io("rename", new))?;
    File::open(place.dir())
        .and_then(|dir| dir.sync_all())
        .map_err(EmbeddedError::io("write", place.dir()))
}

/// Removes a directory that processes of a killed run may be writing to for another moment.
fn remove(dir: &Path) -> Result<(), EmbeddedError> {
    let mut tries = 0;
    loop {
        match fs::remove_dir_all(dir) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty && tries < 20 => {
                tries += 1;
                sleep(Duration::from_millis(50));
            }
            Err(error) => return Err(EmbeddedError::io("remove", dir)(error)),
        }
    }
}

const RANDOM: &str = "/dev/urandom";

fn random_password() -> std::io::Result<String> {
    let mut bytes = [0; 24];
    File::open(RANDOM)?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
