//! What the tests share: a place for a server, and a question to it.

use std::fs;
use std::path::PathBuf;

use vertebra::db::embedded::{EmbeddedPostgres, EmbeddedSettings};

use crate::place::new_place;

/// A directory of one test that goes with it.
pub(crate) struct Scratch(pub PathBuf);

impl Scratch {
    /// A place that does not exist yet.
    pub(crate) fn new() -> Self {
        Self(new_place())
    }

    /// What names the place, and nothing else.
    pub(crate) fn settings(&self) -> EmbeddedSettings {
        EmbeddedSettings {
            data_dir: Some(self.0.clone()),
            ..EmbeddedSettings::default()
        }
    }

    /// Starts a server on the place.
    pub(crate) fn start(&self) -> EmbeddedPostgres {
        EmbeddedPostgres::start(&self.settings()).expect("the server starts")
    }

    /// The process id of the server on the place.
    pub(crate) fn server_pid(&self) -> i32 {
        let text = fs::read_to_string(self.0.join("data/postmaster.pid")).expect("a server runs");
        let line = text.lines().next().expect("a first line");
        line.parse().expect("a process id")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Returns the first cell of the answer.
pub(crate) fn query(url: &str, sql: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls)
            .await
            .expect("the server accepts connections");
        let connection = tokio::spawn(connection);
        let messages = client.simple_query(sql).await.expect("the query runs");
        drop(client);
        let _ = connection.await;
        let cell = messages.iter().find_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        });
        cell.unwrap_or_default()
    })
}

/// Writes what `read_note` reads.
pub(crate) fn write_note(url: &str) {
    query(url, "CREATE TABLE notes AS SELECT 'kept'::text AS body");
}

/// Reads what `write_note` wrote.
pub(crate) fn read_note(url: &str) -> String {
    query(url, "SELECT body FROM notes")
}
