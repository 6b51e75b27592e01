//! Following the log: where it stands, known within moments of every commit.
//!
//! A notification is only a hint that is lost while the connection is away, so the head is read
//! after every LISTEN and every second besides. Where the connection that listens does not answer,
//! one of the pool is asked, so that it takes both to be lost for the log to be out of sight.

use std::{future::poll_fn, time::Duration};

use tokio::time;
use tokio_postgres::{AsyncMessage, Client};

use crate::db::{
    Database,
    connect::{Connector, OpenError},
    position::Head,
    task::AbortOnDrop,
};

const POLL: Duration = Duration::from_secs(1);
const RECONNECT: Duration = Duration::from_millis(500);

/// Follows the log until it is dropped; the connector's deadline is how long it waits for an answer.
pub async fn follow(connector: Connector, database: Database) {
    loop {
        if let Err(error) = listen(&connector, &database).await {
            log::warn!("The change log cannot be followed at the moment: {error}");
        }
        if let Err(error) = database.look().await {
            log::debug!("The change log cannot be read at the moment: {error}");
        }
        time::sleep(RECONNECT).await;
    }
}

/// Listens on one connection until it ends.
async fn listen(connector: &Connector, database: &Database) -> Result<(), OpenError> {
    let (client, mut connection) = connector.open_raw().await?;
    let (hint, mut hints) = tokio::sync::mpsc::channel::<()>(1);
    let mut driver = AbortOnDrop(tokio::spawn(async move {
        loop {
            match poll_fn(|context| connection.poll_message(context)).await {
                // A hint that finds one waiting is not needed.
                Some(Ok(AsyncMessage::Notification(_))) => drop(hint.try_send(())),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error),
                None => return Ok(()),
            }
        }
    }));
    connector.in_time(client.batch_execute("listen changes")).await?;
    let position = database.position();
    loop {
        let asked = position.now();
        position.saw(asked, connector.in_time(read_head(&client)).await?);
        tokio::select! {
            hint = hints.recv() => if hint.is_none() {
                return Ok((&mut driver.0).await.unwrap_or(Ok(()))?);
            },
            () = time::sleep(POLL) => {}
        }
    }
}

async fn read_head(client: &Client) -> Result<Head, tokio_postgres::Error> {
    let row = client.query_one("select epoch, seq from change_head", &[]).await?;
    Ok(Head {
        epoch: row.try_get(0)?,
        seq: row.try_get(1)?,
    })
}
