//! A PostgreSQL server of Vertebra's own, for running without any setting.
//!
//! The server is found among the installed ones, or else downloaded once, and runs as a child of this process
//! on a data directory that this process alone holds. It listens on a Unix socket inside that directory, which
//! only its owner can enter; where the directory's path is too long for a socket it listens on the loopback
//! address with a password. It syncs to disk like any other server, for what is written here is meant to stay.
//!
//! Rules: a start works after any end of the last run, be it `kill -9` of this process, of the server or of
//! both. The server never outlives this process on Linux, and on other systems only until the next start. This
//! module must never touch a server that it did not start, nor a directory that it did not make.

pub mod account;
pub mod binaries;
mod cluster;
mod database;
pub mod download;
mod error;
pub mod leftovers;
pub mod place;
pub mod process;
pub mod running;
mod server;

use std::path::{Path, PathBuf};

use binaries::Binaries;
pub use error::EmbeddedError;
use place::Place;
use server::Server;

/// What can be chosen about the private PostgreSQL.
#[derive(Debug, Clone, Default)]
pub struct EmbeddedSettings {
    /// The directory of the database (`VERTEBRA_DATA_DIR`); without it, the account's usual place for data.
    pub data_dir: Option<PathBuf>,
    /// The directory of the programs `postgres` and `initdb` (`PG_BIN_DIR`); without it, they are searched for.
    pub bin_dir: Option<PathBuf>,
    /// The address of the archive to download when no server is installed, in place of the pinned release.
    pub download_url: Option<String>,
}

/// A running private PostgreSQL; it stops when the value is dropped.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    // Before the place: the lock must outlive the server.
    server: Server,
    place: Place,
    binaries: Binaries,
    overrides: Vec<(String, String)>,
    url: String,
}

impl EmbeddedPostgres {
    /// Starts the server, creating its data directory and its database where they are missing.
    ///
    /// Call it from the main thread: on Linux the server is told to stop when the thread that started it ends.
    pub fn start(settings: &EmbeddedSettings) -> Result<Self, EmbeddedError> {
        Self::start_with(settings, &[])
    }

    /// Starts the server with PostgreSQL settings, as names and values, that go before the usual ones.
    pub fn start_with(settings: &EmbeddedSettings, overrides: &[(&str, &str)]) -> Result<Self, EmbeddedError> {
        let place = Place::take(settings.data_dir.as_deref())?;
        let search = binaries::Search::of_machine(settings);
        let binaries = search.find(place.major()?, place.account())?;
        cluster::create_if_missing(&place, &binaries)?;
        leftovers::clear(&place)?;
        let server = Server::start(&place, &binaries, overrides)?;
        database::create_if_missing(&server.url("postgres"), "vertebra")?;
        log::info!(
            "Private PostgreSQL {} runs on {}",
            binaries.major(),
            place.dir().display()
        );
        let url = server.url("vertebra");
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Ok(Self {
            server,
            place,
            binaries,
            overrides: overrides.iter().map(own).collect(),
            url,
        })
    }

    /// Starts the server again where it has ended by itself, and says whether it had.
    ///
    /// Call it from the thread that started it. Where the server listens on the loopback address
    /// its URL changes.
    pub fn revive(&mut self) -> Result<bool, EmbeddedError> {
        if self.server.is_running() {
            return Ok(false);
        }
        leftovers::clear(&self.place)?;
        let borrowed = self
            .overrides
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let overrides: Vec<(&str, &str)> = borrowed.collect();
        self.server = Server::start(&self.place, &self.binaries, &overrides)?;
        self.url = self.server.url("vertebra");
        Ok(true)
    }

    /// The URL of the database; it may hold a password, so it belongs in no log.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The directory of the database.
    pub fn data_dir(&self) -> &Path {
        self.place.dir()
    }

    /// Stops the server and waits for it; dropping the value does the same and logs an error.
    pub fn stop(mut self) -> Result<(), EmbeddedError> {
        self.server.stop()
    }
}
