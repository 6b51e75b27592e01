//! Commands for people and scripts, beside serving: what they take, what they do, what they say.
//!
//! A command gives what it has to say and prints nothing itself: results for standard output, one text
//! that a script can read, and words for people, which go to standard error.

pub mod erase;
pub mod key;
pub mod resanitise;
mod span;
mod table;

use serde::Serialize;

use crate::{
    access::{secret::NoRandomness, store::KeyError},
    db::{
        Database, DbError,
        connect::{AddressError, Connector},
        migrations::DEADLINE,
    },
    problem::Problem,
};

/// What a command says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// The result, for programs.
    pub out: String,
    /// What people should know about it.
    pub note: String,
}

/// Why a command did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// What it was given makes no sense.
    #[error("{0}")]
    Usage(String),
    /// The database's address cannot be used.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The database cannot be reached, or a query failed.
    #[error("{0}")]
    Database(#[from] DbError),
    /// What it was given names nothing.
    #[error("{0}")]
    Missing(String),
    /// A file cannot be read or written.
    #[error("the file {0}: {1}")]
    File(String, std::io::Error),
    /// A key is not there, or cannot be changed so.
    #[error("{0}")]
    Key(#[from] KeyError),
    /// The content cannot be read or written.
    #[error("{}", .0.reason())]
    Problem(#[from] Problem),
    /// Some of it was not done; it is named before.
    #[error("{0} could not be made anew")]
    Incomplete(usize),
    /// The system is at fault.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl CommandError {
    /// The exit code that goes with it: 2 where the command was used wrongly, else 1.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            _ => 1,
        }
    }
}

/// The database, for one command.
fn open(url: &str) -> Result<Database, CommandError> {
    let connector = Connector::new(url, DEADLINE)?;
    Ok(Database::new(connector, 1, DEADLINE)?)
}

/// A result for programs.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}
