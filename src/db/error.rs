//! What can go wrong at the database, and what a client learns of it.

use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use diesel::result::{DatabaseErrorKind, Error};

use crate::problem::{Code, Problem};

/// A failed read or write.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// No connection can be had.
    #[error("no connection to the database: {0}")]
    Unavailable(String),
    /// The connection was lost on the way.
    #[error("the connection to the database was lost: {0}")]
    ConnectionLost(String),
    /// The database did not answer before the deadline.
    #[error("the database did not answer in time")]
    TimedOut,
    /// Everything else, which is a fault of ours.
    #[error("a query failed: {0}")]
    Query(Error),
}

impl From<Error> for DbError {
    fn from(error: Error) -> Self {
        let Error::DatabaseError(kind, information) = &error else {
            return Self::Query(error);
        };
        let message = information.message();
        match kind {
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
                Self::ConnectionLost(message.to_owned())
            }
            // The driver hands on no SQLSTATE, so these are known by their words.
            _ if message.starts_with("terminating connection")
                || message.contains("connection closed")
                || message.contains("error communicating with the server") =>
            {
                Self::ConnectionLost(message.to_owned())
            }
            _ if message.starts_with("canceling statement due to") || message == "deadlock detected" => Self::TimedOut,
            _ => Self::Query(error),
        }
    }
}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Query(error) => Self::internal(error),
            unavailable => Self::new(
                Code::DatabaseUnavailable,
                "The database cannot be reached at the moment; please try again shortly.",
            )
            .with_header(RETRY_AFTER, HeaderValue::from_static("1"))
            .caused_by(unavailable),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        DbError::from(error).into()
    }
}
