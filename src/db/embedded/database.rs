//! The one database of a private server.

use std::time::Duration;

use tokio_postgres::NoTls;

use super::EmbeddedError;

const PATIENCE: Duration = Duration::from_secs(30);

/// Creates a database where it is missing; `url` is that of a database which exists.
pub(super) fn create_if_missing(url: &str, name: &str) -> Result<(), EmbeddedError> {
    // A thread of its own: the caller may or may not be inside a runtime, and blocks either way.
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|error| error.to_string())?;
            runtime.block_on(async {
                tokio::time::timeout(PATIENCE, create(url, name))
                    .await
                    .map_err(|_| format!("no answer in {} seconds", PATIENCE.as_secs()))?
                    .map_err(|error| describe(&error))
            })
        });
        worker
            .join()
            .unwrap_or_else(|_| Err("the thread that asked has panicked".to_owned()))
    })
    .map_err(EmbeddedError::Database)
}

async fn create(url: &str, name: &str) -> Result<(), tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    let connection = tokio::spawn(connection);
    let found = client
        .query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])
        .await?;
    if found.is_none() {
        client.batch_execute(&format!("CREATE DATABASE \"{name}\"")).await?;
    }
    drop(client);
    let _ = connection.await;
    Ok(())
}

/// tokio-postgres keeps what the server said in the error's source.
fn describe(error: &tokio_postgres::Error) -> String {
    error
        .as_db_error()
        .map_or_else(|| error.to_string(), ToString::to_string)
}
