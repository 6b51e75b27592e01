//! The migrations and what they leave behind: proven both ways, named, described, and known to the program.

#![expect(clippy::expect_used, reason = "a test fails by panicking, and so do its helpers")]

mod migrations;
mod names;
mod schema;
#[path = "../support"]
mod support {
    pub(crate) mod cluster;
    pub(crate) mod database;
}

use std::{fs, path::PathBuf};

use support::database::{TestDatabase, create_database};
use tokio_postgres::{Client, NoTls};

/// Relations of ours in a query over `pg_class c`: those of diesel begin with two underscores.
const OURS: &str = r"c.relnamespace = 'public'::regnamespace and c.relname !~ '^__diesel'";

/// A migration as its two files say it.
struct Migration {
    name: String,
    up: String,
    down: String,
}

/// Every migration, the oldest first.
fn all_migrations() -> Vec<Migration> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut folders: Vec<PathBuf> = fs::read_dir(folder)
        .expect("there are migrations")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
        .iter()
        .map(|path| Migration {
            name: path.display().to_string(),
            up: fs::read_to_string(path.join("up.sql")).expect("it goes up"),
            down: fs::read_to_string(path.join("down.sql")).expect("it goes down"),
        })
        .collect()
}

/// A database in which nothing has been run.
async fn create_empty_database() -> TestDatabase {
    let database = create_database().await;
    execute(&database, "drop schema public cascade; create schema public").await;
    database
}

async fn connect(database: &TestDatabase) -> Client {
    let (client, connection) = tokio_postgres::connect(database.url(), NoTls)
        .await
        .expect("the database answers");
    tokio::spawn(connection);
    client
}

async fn execute(database: &TestDatabase, sql: &str) {
    connect(database)
        .await
        .batch_execute(sql)
        .await
        .expect("the statements run");
}

/// The rows of a query whose columns are all text.
async fn texts<const COLUMNS: usize>(database: &TestDatabase, sql: &str) -> Vec<[String; COLUMNS]> {
    let rows = connect(database).await.query(sql, &[]).await.expect("the query runs");
    rows.iter()
        .map(|row| std::array::from_fn(|column| row.get(column)))
        .collect()
}
