//! Following the log: where it stands, known within moments of every commit.
//!
//! A notification is only a hint that is lost while the connection is away, so the head is read
//! after every LISTEN and every few seconds besides.

use std::{future::poll_fn, time::Duration};

use tokio::{sync::watch, time};
use tokio_postgres::{AsyncMessage, Client};
use uuid::Uuid;

use crate::db::{
    connect::{Connector, OpenError},
    task::AbortOnDrop,
};

const POLL: Duration = Duration::from_secs(2);
const RECONNECT: Duration = Duration::from_millis(500);

/// Where the log stands: a position that means something within one epoch only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Head {
    /// Renewed when the database is restored from a backup.
    pub epoch: Uuid,
    /// Number of the newest change.
    pub seq: i64,
}

/// Follows the log for as long as the program runs; until it is first read the head is nothing.
pub fn follow(connector: Connector) -> watch::Receiver<Option<Head>> {
    let (sender, receiver) = watch::channel(None);
    tokio::spawn(async move {
        loop {
            if let Err(error) = listen(&connector, &sender).await {
                log::warn!("The change log cannot be followed at the moment: {error}");
            }
            if sender.is_closed() {
                return;
            }
            time::sleep(RECONNECT).await;
        }
    });
    receiver
}

/// Listens on one connection until it ends.
async fn listen(connector: &Connector, sender: &watch::Sender<Option<Head>>) -> Result<(), OpenError> {
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
    loop {
        let head = connector.in_time(read_head(&client)).await?;
        sender.send_if_modified(|known| {
            let changed = *known != Some(head);
            *known = Some(head);
            changed
        });
        tokio::select! {
            hint = hints.recv() => if hint.is_none() {
                return Ok((&mut driver.0).await.unwrap_or(Ok(()))?);
            },
            () = time::sleep(POLL) => {}
            () = sender.closed() => return Ok(()),
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
