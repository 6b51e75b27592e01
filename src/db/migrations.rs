//! Bringing the database up to date.

use std::time::Duration;

use diesel::{
    ExpressionMethods, QueryDsl, QueryResult,
    migration::{Migration, MigrationSource},
    pg::Pg,
};
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connect::{AddressError, Connector};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!();

/// How long opening a connection may take outside a request.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// Names our migrations among the advisory locks of a database; an arbitrary number of our own.
const LOCK: i64 = 7_316_552_914_011_874_913;

/// Why the database could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The address cannot be used.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// No connection can be had.
    #[error("cannot connect to the database: {0}")]
    Connect(#[from] diesel::ConnectionError),
    /// Another process holds the lock for too long.
    #[error("cannot take the migration lock within a minute; is another migration running? {0}")]
    Lock(diesel::result::Error),
    /// A migration failed; it was rolled back.
    #[error("a migration failed: {0}")]
    Failed(String),
}

/// Runs what has not been run yet and says how many that were; starters take turns.
pub async fn run(url: &str) -> Result<usize, MigrationError> {
    let connector = Connector::new(url, DEADLINE)?;
    let mut connection = connector.open_unlimited().await?;
    connection
        .batch_execute(&format!(
            "set lock_timeout = '60s'; select pg_advisory_lock({LOCK}); set lock_timeout = 0"
        ))
        .await
        .map_err(MigrationError::Lock)?;
    let mut harness = AsyncMigrationHarness::new(connection);
    // The lock goes with the connection, so that no path can forget it.
    harness
        .run_pending_migrations(MIGRATIONS)
        .map(|done| done.len())
        .map_err(|error| MigrationError::Failed(error.to_string()))
}

/// Undoes every migration, the newest first.
pub async fn revert_all(url: &str) -> Result<usize, MigrationError> {
    let connector = Connector::new(url, DEADLINE)?;
    let mut harness = AsyncMigrationHarness::new(connector.open_unlimited().await?);
    harness
        .revert_all_migrations(MIGRATIONS)
        .map(|done| done.len())
        .map_err(|error| MigrationError::Failed(error.to_string()))
}

/// Whether every migration of this program has been run.
pub async fn are_current(connection: &mut AsyncPgConnection) -> QueryResult<bool> {
    let ours: Vec<Box<dyn Migration<Pg>>> = MIGRATIONS.migrations().unwrap_or_default();
    let versions: Vec<String> = ours.iter().map(|m| m.name().version().to_string()).collect();
    let wanted = versions.len();
    let done: i64 = schema_migrations::table
        .filter(schema_migrations::version.eq_any(versions))
        .count()
        .get_result(connection)
        .await?;
    Ok(usize::try_from(done) == Ok(wanted))
}

diesel::table! {
    /// What diesel has recorded of migrations that were run.
    #[sql_name = "__diesel_schema_migrations"]
    schema_migrations (version) {
        /// Version of a migration.
        version -> Text,
    }
}
