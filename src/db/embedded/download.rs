//! The last resort: PostgreSQL's programs as an archive from the network, kept in a cache.

use std::fs::{self, File, Permissions};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};

use super::EmbeddedError;
use super::binaries::leading_number;

/// The major version that is downloaded.
pub const MAJOR: u32 = 17;
const VERSION: &str = "17.10.0";
const RELEASES: &str = "https://github.com/theseus-rs/postgresql-binaries/releases/download";

const CONNECT: Duration = Duration::from_secs(10);
const ANSWER: Duration = Duration::from_secs(20);
const WHOLE: Duration = Duration::from_secs(300);
const MOST_BYTES: u64 = 200_000_000;
const MOST_UNPACKED_BYTES: u64 = 1_000_000_000;
const MOST_CHECKSUM_BYTES: u64 = 4_096;

/// The address of the pinned release for this machine.
pub fn default_url() -> String {
    format!("{RELEASES}/{VERSION}/postgresql-{VERSION}-{}.tar.gz", target())
}

/// Reads the major version in the name of an archive, where the name tells it.
pub fn major_of(url: &str) -> Option<u32> {
    let name = url.rsplit('/').next()?;
    leading_number(name.strip_prefix("postgresql-")?)
}

/// Returns the directory of the programs in the archive at `url`, which is downloaded into `cache` unless it
/// is there already.
///
/// The archive must match the SHA-256 that stands beside it, under its own address with `.sha256` at the end.
/// That finds a download that was cut short or damaged, on the way or in a mirror. It does not prove who made
/// the archive: whoever can replace the one file can replace the other. Against that there is only the
/// encrypted connection to the publisher; who needs more installs PostgreSQL from a signed package.
pub fn fetch(url: &str, cache: &Path) -> Result<PathBuf, EmbeddedError> {
    let failed = |reason: String| EmbeddedError::Download {
        url: url.to_owned(),
        reason,
    };
    let name = url.rsplit('/').next().unwrap_or_default();
    let name = name
        .strip_suffix(".tar.gz")
        .filter(|name| !name.is_empty())
        .ok_or_else(|| failed("the address does not end in a name with .tar.gz".to_owned()))?;
    let place = cache.join(name);
    let _lock = lock(cache)?;
    if place.is_dir() {
        return Ok(place.join("bin"));
    }
    let archive = get(url, MOST_BYTES).map_err(failed)?;
    let sums = get(&format!("{url}.sha256"), MOST_CHECKSUM_BYTES)
        .map_err(|reason| failed(format!("its checksum cannot be had: {reason}")))?;
    verify(&archive, &sums).map_err(failed)?;
    unpack(&archive, cache, &place)?;
    log::info!("Unpacked PostgreSQL into {}", place.display());
    Ok(place.join("bin"))
}

fn get(url: &str, most: u64) -> Result<Vec<u8>, String> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_connect(Some(CONNECT))
        .timeout_recv_response(Some(ANSWER))
        .timeout_global(Some(WHOLE))
        .build()
        .into();
    let mut answer = agent.get(url).call().map_err(|error| error.to_string())?;
    let length = answer.body().content_length();
    if most == MOST_BYTES {
        let size = length.map_or_else(
            || "size unknown".to_owned(),
            |bytes| format!("{:.1} MB", bytes as f64 / 1e6),
        );
        log::info!("PostgreSQL is not installed; downloading it once from {url} ({size})");
    }
    let bytes = answer
        .body_mut()
        .with_config()
        .limit(most)
        .read_to_vec()
        .map_err(|error| error.to_string())?;
    match length {
        Some(length) if length != bytes.len() as u64 => Err(format!("{} bytes came instead of {length}", bytes.len())),
        _ => Ok(bytes),
    }
}

fn verify(archive: &[u8], sums: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(sums);
    let said = text
        .split_whitespace()
        .find(|word| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .ok_or("the file beside it holds no SHA-256 checksum")?
        .to_ascii_lowercase();
    let is: String = Sha256::digest(archive)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if said == is {
        Ok(())
    } else {
        Err(format!("its SHA-256 is {is} but should be {said}"))
    }
}

/// Keeps a second process from downloading the same; it waits and then finds what the first one got.
fn lock(cache: &Path) -> Result<File, EmbeddedError> {
    fs::create_dir_all(cache).map_err(EmbeddedError::io("create", cache))?;
    open_up(cache)?;
    let path = cache.join("lock");
    let file = File::create(&path).map_err(EmbeddedError::io("open", &path))?;
    file.lock().map_err(EmbeddedError::io("lock", &path))?;
    Ok(file)
}

/// Unpacks beside the place and renames, so that half an archive is never used.
fn unpack(archive: &[u8], cache: &Path, place: &Path) -> Result<(), EmbeddedError> {
    let new = cache.join("unpacking");
    let result = unpack_into(archive, &new).and_then(|top| {
        open_up(&top)?;
        fs::rename(&top, place).map_err(EmbeddedError::io("rename", &top))
    });
    let _ = fs::remove_dir_all(&new);
    result
}

/// Returns the archive's one top directory.
fn unpack_into(archive: &[u8], new: &Path) -> Result<PathBuf, EmbeddedError> {
    let _ = fs::remove_dir_all(new);
    fs::create_dir(new).map_err(EmbeddedError::io("create", new))?;
    let bytes = GzDecoder::new(archive).take(MOST_UNPACKED_BYTES);
    tar::Archive::new(bytes)
        .unpack(new)
        .map_err(EmbeddedError::io("unpack the archive into", new))?;
    let missing = || std::io::Error::other("the archive has no top directory with bin/postgres");
    let entries = fs::read_dir(new).map_err(EmbeddedError::io("read", new))?;
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|top| top.join("bin/postgres").is_file())
        .ok_or_else(missing)
        .map_err(EmbeddedError::io("use what was unpacked into", new))
}

/// Lets the account that runs the server in, whatever the umask.
fn open_up(dir: &Path) -> Result<(), EmbeddedError> {
    fs::set_permissions(dir, Permissions::from_mode(0o755)).map_err(EmbeddedError::io("open up", dir))
}

/// The target triple of the archive that runs on this machine, however this program was linked.
fn target() -> String {
    let arch = std::env::consts::ARCH;
    if cfg!(target_os = "macos") {
        return format!("{arch}-apple-darwin");
    }
    let musl = Path::new(&format!("/lib/ld-musl-{arch}.so.1")).exists();
    format!("{arch}-unknown-linux-{}", if musl { "musl" } else { "gnu" })
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn a_checksum_is_compared() {
        let sums = format!("{EMPTY}  postgresql.tar.gz\n");
        assert_eq!(verify(b"", sums.as_bytes()), Ok(()));
        assert_eq!(verify(b"", EMPTY.to_uppercase().as_bytes()), Ok(()));
        assert!(verify(b"x", sums.as_bytes()).is_err());
        assert!(verify(b"", b"<html>not found</html>").is_err());
    }

    #[test]
    fn the_pinned_version_is_of_the_pinned_major() {
        assert_eq!(major_of(&default_url()), Some(MAJOR));
    }
}
