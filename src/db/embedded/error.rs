//! What can go wrong with the private PostgreSQL.

use std::io;
use std::path::{Path, PathBuf};

/// Why the private PostgreSQL did not start or stop, as a sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// There is no directory to keep the database in.
    #[error(
        "there is no home directory to keep the database in: set HOME, or name a directory with VERTEBRA_DATA_DIR, or use a server of your own with DATABASE_URL"
    )]
    NoHome,
    /// The named data directory holds files of something else.
    #[error("{0} holds files that are not Vertebra's: let VERTEBRA_DATA_DIR name a new or an empty directory")]
    Occupied(PathBuf),
    /// Another process works on the same data directory.
    #[error(
        "{} is in use by {holder}: stop that process, or let VERTEBRA_DATA_DIR name another directory, or use a server of your own with DATABASE_URL", .dir.display()
    )]
    Held {
        /// The data directory.
        dir: PathBuf,
        /// The process that holds it, in words.
        holder: String,
    },
    /// PostgreSQL refuses to run as root and no other account can be used.
    #[error(
        "PostgreSQL does not run as root, and {0}: run as an ordinary user, or create the account postgres, or use a server of your own with DATABASE_URL"
    )]
    NoAccount(String),
    /// The account that runs the server cannot reach a directory it needs.
    #[error(
        "{path} cannot be reached by the account {account}, which runs PostgreSQL because root may not: let VERTEBRA_DATA_DIR name a directory outside of private ones such as /root", path = .path.display()
    )]
    Unreachable {
        /// The directory.
        path: PathBuf,
        /// The account's name.
        account: String,
    },
    /// `PG_BIN_DIR` does not name a usable server.
    #[error(
        "PG_BIN_DIR is {}, but {reason}: let it name the directory that holds the programs postgres and initdb, or unset it", .dir.display()
    )]
    WrongBinDir {
        /// What `PG_BIN_DIR` says.
        dir: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// No usable server was found, and none could be downloaded.
    #[error(
        "no PostgreSQL server was found{wanted}. Looked in: {looked}. The download: {download}.\nWhat to do:\n  Debian, Ubuntu: apt-get install {debian}\n  macOS: brew install {homebrew}\n  Docker: install the package in the image, or run the image postgres and set DATABASE_URL\n  elsewhere: set PG_BIN_DIR to the directory that holds postgres and initdb\nOr set DATABASE_URL to use a server that already runs."
    )]
    NotFound {
        /// Which version is needed, in words, or nothing.
        wanted: String,
        /// The places, and what was wrong with each.
        looked: String,
        /// Why the download did not help.
        download: String,
        /// The Debian package to install.
        debian: String,
        /// The Homebrew formula to install.
        homebrew: String,
    },
    /// The server could not be downloaded.
    #[error("{url} could not be downloaded: {reason}")]
    Download {
        /// The address.
        url: String,
        /// What went wrong.
        reason: String,
    },
    /// The data directory's content is not a database cluster.
    #[error(
        "{0} is not the data of a PostgreSQL server: move it away to start with an empty database, or let VERTEBRA_DATA_DIR name another directory"
    )]
    NotACluster(PathBuf),
    /// A program of PostgreSQL failed.
    #[error("{program} failed: {output}")]
    Program {
        /// The program.
        program: String,
        /// What it said last.
        output: String,
    },
    /// The server did not come up.
    #[error("PostgreSQL did not start ({reason}); the end of {}:\n{tail}", .log.display())]
    NotStarted {
        /// What happened.
        reason: String,
        /// The server's log.
        log: PathBuf,
        /// The last lines of the log.
        tail: String,
    },
    /// Another process holds the data directory, and its server is not there.
    #[error(
        "the PostgreSQL in {0} is in use by another process but accepts no connections: wait until that process has started or ended, then try again"
    )]
    NotReady(PathBuf),
    /// A server process ignores the request to stop.
    #[error("PostgreSQL (process {0}) does not stop: end that process, then start again")]
    NotStopped(i32),
    /// The server answers, but the database could not be made ready.
    #[error("the private PostgreSQL runs, but its database could not be made ready: {0}")]
    Database(String),
    /// The data directory could not be made.
    #[error(
        "the private PostgreSQL cannot keep its data in {}: {source}. Let VERTEBRA_DATA_DIR name a directory that can be written to, or use a server of your own with DATABASE_URL", .dir.display()
    )]
    NotMade {
        /// The data directory.
        dir: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file or directory could not be worked on.
    #[error("cannot {action} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which path.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl EmbeddedError {
    /// Returns a function that turns a system error into one that names the action and the path.
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }
}
