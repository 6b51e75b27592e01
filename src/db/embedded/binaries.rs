//! Finding PostgreSQL's programs.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use nix::sys::signal::Signal;

use super::account::{Account, said};
use super::download;
use super::place::{Kind, own_directory};
use super::{EmbeddedError, EmbeddedSettings};

/// The oldest major version that Vertebra works with.
pub const OLDEST_MAJOR: u32 = 15;

/// Where packages put their programs: a directory, how the names in it begin before the major version, and
/// what follows.
const PACKAGES: &[(&str, &str, &str)] = &[
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// The programs of one PostgreSQL installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    dir: PathBuf,
    major: u32,
}

impl Binaries {
    /// Looks at a directory and says in words why it cannot be used, when it cannot.
    pub fn inspect(dir: &Path, account: &Account) -> Result<Self, String> {
        for program in ["postgres", "initdb"] {
            if !dir.join(program).is_file() {
                return Err(format!("there is no {program} in it"));
            }
        }
        if !account.can_reach(dir) {
            return Err(format!("the account {} cannot reach it", account.name()));
        }
        let output = account
            .command(dir.join("postgres"), Signal::SIGKILL)
            .arg("--version")
            .output()
            .map_err(|error| format!("its postgres does not run: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let major = match output.status.success() {
            true => parse_major(&text),
            false => None,
        }
        .ok_or_else(|| format!("its postgres does not say its version: {}", said(&output)))?;
        if major < OLDEST_MAJOR {
            return Err(format!(
                "it is PostgreSQL {major}, and {OLDEST_MAJOR} is the oldest that will do"
            ));
        }
        let dir = dir.to_owned();
        Ok(Self { dir, major })
    }

    /// The path of one of the programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// The major version.
    pub fn major(&self) -> u32 {
        self.major
    }
}

/// Where to look for PostgreSQL's programs.
#[derive(Debug)]
pub struct Search {
    /// The one directory to use, and no other.
    pub named: Option<PathBuf>,
    /// The directories to look in, in order.
    pub places: Vec<PathBuf>,
    /// Where downloads are kept.
    pub cache: Option<PathBuf>,
    /// The address of the archive to download.
    pub url: String,
}

impl Search {
    /// Lists the places of this machine: `PATH`, what `pg_config` says, packages, and earlier downloads.
    pub fn of_machine(settings: &EmbeddedSettings) -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut places = directories_of(&path);
        places.extend(from_pg_config(&places));
        for (parent, prefix, suffix) in PACKAGES {
            places.extend(packages(Path::new(parent), prefix, suffix));
        }
        let cache = own_directory(Kind::Cache);
        if let Some(cache) = &cache {
            places.extend(packages(cache, "postgresql-", "bin"));
        }
        let mut seen = HashSet::new();
        places.retain(|place| seen.insert(place.clone()));
        Self {
            named: settings.bin_dir.clone(),
            places,
            cache,
            url: settings.download_url.clone().unwrap_or_else(download::default_url),
        }
    }

    /// Finds the programs, of the wanted major version if there is one, and downloads them as the last resort.
    pub fn find(&self, wanted: Option<u32>, account: &Account) -> Result<Binaries, EmbeddedError> {
        if let Some(dir) = &self.named {
            return Binaries::inspect(dir, account)
                .and_then(|found| fits(found, wanted))
                .map_err(|reason| EmbeddedError::WrongBinDir {
                    dir: dir.clone(),
                    reason,
                });
        }
        let mut looked = Vec::new();
        for dir in &self.places {
            if !dir.join("postgres").is_file() {
                looked.push(dir.display().to_string());
                continue;
            }
            match Binaries::inspect(dir, account).and_then(|found| fits(found, wanted)) {
                Ok(found) => return Ok(found),
                Err(reason) => looked.push(format!("{} ({reason})", dir.display())),
            }
        }
        self.download(wanted, account)
            .map_err(|reason| not_found(wanted, &looked, reason))
    }

    fn download(&self, wanted: Option<u32>, account: &Account) -> Result<Binaries, String> {
        if let (Some(wanted), Some(has)) = (wanted, download::major_of(&self.url))
            && wanted != has
        {
            return Err(format!("it has PostgreSQL {has}, not {wanted}"));
        }
        let cache = self
            .cache
            .as_deref()
            .ok_or("there is no home directory to keep it in")?;
        let dir = download::fetch(&self.url, cache).map_err(|error| error.to_string())?;
        Binaries::inspect(&dir, account)
            .and_then(|found| fits(found, wanted))
            .map_err(|reason| format!("{} cannot be used: {reason}", dir.display()))
    }
}

fn fits(found: Binaries, wanted: Option<u32>) -> Result<Binaries, String> {
    match wanted {
        Some(wanted) if wanted != found.major => Err(format!(
            "it is PostgreSQL {}, while the data was made by PostgreSQL {wanted}",
            found.major
        )),
        _ => Ok(found),
    }
}

fn not_found(wanted: Option<u32>, looked: &[String], download: String) -> EmbeddedError {
    let mut looked = looked.join(", ");
    if looked.is_empty() {
        looked = "no directory at all, for PATH is empty".to_owned();
    }
    EmbeddedError::NotFound {
        wanted: wanted.map_or_else(String::new, |major| {
            format!(" of version {major}, which made the data directory")
        }),
        looked,
        download,
        debian: wanted.map_or_else(|| "postgresql".to_owned(), |major| format!("postgresql-{major}")),
        homebrew: format!("postgresql@{}", wanted.unwrap_or(download::MAJOR)),
    }
}

fn directories_of(path: &OsString) -> Vec<PathBuf> {
    std::env::split_paths(path).filter(|dir| dir.is_absolute()).collect()
}

fn from_pg_config(path: &[PathBuf]) -> Option<PathBuf> {
    let program = path
        .iter()
        .map(|dir| dir.join("pg_config"))
        .find(|program| program.is_file())?;
    let output = std::process::Command::new(program).arg("--bindir").output().ok()?;
    let dir = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    dir.is_absolute().then_some(dir)
}

/// The directories of packaged versions, the newest first.
fn packages(parent: &Path, prefix: &str, suffix: &str) -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir(parent)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            let major = leading_number(name.strip_prefix(prefix)?)?;
            Some((major, parent.join(name).join(suffix)))
        })
        .collect();
    found.sort_by_key(|(major, _)| std::cmp::Reverse(*major));
    found.into_iter().map(|(_, dir)| dir).collect()
}

/// Reads the major version of `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`.
fn parse_major(text: &str) -> Option<u32> {
    leading_number(text.split_once("(PostgreSQL)")?.1.trim_start())
}

/// Reads the major version at the beginning of a version such as `17.10.0-x86_64`.
pub fn leading_number(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit());
    text[..end.unwrap_or(text.len())].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        let debian = "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n";
        assert_eq!(parse_major(debian), Some(15));
        assert_eq!(parse_major("postgres (PostgreSQL) 19devel\n"), Some(19));
        assert_eq!(parse_major("postgres (PostgreSQL) 16"), Some(16));
        assert_eq!(parse_major("something else 15"), None);
    }

    #[test]
    fn another_major_than_the_data_wants_is_refused() {
        let found = Binaries {
            dir: PathBuf::from("/x"),
            major: 15,
        };
        assert!(fits(found.clone(), None).is_ok());
        assert!(fits(found.clone(), Some(15)).is_ok());
        let reason = fits(found, Some(16)).expect_err("not the same major");
        assert!(reason.contains("PostgreSQL 16"), "{reason}");
    }

    #[test]
    fn relative_directories_of_the_path_are_skipped() {
        let path = OsString::from("bin:/usr/bin::/bin");
        assert_eq!(
            directories_of(&path),
            [PathBuf::from("/usr/bin"), PathBuf::from("/bin")]
        );
    }
}
