//! Many rows at once, with PostgreSQL's COPY: what fills a whole database, and no request.
//!
//! diesel has no COPY for asynchronous connections, so this speaks through the driver.

use std::pin::Pin;

use tokio_postgres::{Client, binary_copy::BinaryCopyInWriter, types::ToSql};

use super::{
    connect::{Connector, OpenError},
    task::AbortOnDrop,
};

/// One transaction that loads rows; nothing of it stays unless it is committed.
pub struct Load {
    client: Client,
    _driver: AbortOnDrop<()>,
}

impl Load {
    /// Opens a connection without the limits of a request and begins the transaction.
    pub async fn begin(connector: &Connector) -> Result<Self, OpenError> {
        let (client, connection) = connector.open_raw().await?;
        let driver = tokio::spawn(async move {
            if let Err(error) = connection.await {
                log::debug!("The connection that loaded rows has ended: {error}");
            }
        });
        client.batch_execute("begin").await?;
        Ok(Self {
            client,
            _driver: AbortOnDrop(driver),
        })
    }

    /// Asks a question that is answered with yes or no.
    pub async fn asks(&self, question: &str) -> Result<bool, OpenError> {
        Ok(self.client.query_one(question, &[]).await?.try_get(0)?)
    }

    /// Runs statements without parameters.
    pub async fn execute(&self, statements: &str) -> Result<(), OpenError> {
        Ok(self.client.batch_execute(statements).await?)
    }

    /// Begins to copy rows into these columns of a table, such as `topics (id, created_at)`.
    pub async fn copy_into(&self, target: &str) -> Result<Rows, OpenError> {
        let (table, columns) = target.split_once(' ').unwrap_or((target, "*"));
        let columns = columns.trim_matches(['(', ')']);
        let described = self.client.prepare(&format!("select {columns} from {table}")).await?;
        let types: Vec<_> = described
            .columns()
            .iter()
            .map(|column| column.type_().clone())
            .collect();
        let sink = self
            .client
            .copy_in(&format!("copy {target} from stdin (format binary)"))
            .await?;
        Ok(Rows(Box::pin(BinaryCopyInWriter::new(sink, &types))))
    }

    /// Ends the transaction so that what was loaded stays.
    pub async fn commit(&self) -> Result<(), OpenError> {
        self.execute("commit").await
    }
}

/// The rows of one table on their way.
pub struct Rows(Pin<Box<BinaryCopyInWriter>>);

impl Rows {
    /// Writes a row: as many values as there are columns.
    pub async fn write(&mut self, values: &[&(dyn ToSql + Sync)]) -> Result<(), OpenError> {
        Ok(self.0.as_mut().write(values).await?)
    }

    /// Ends the copy; without it nothing of the rows stays.
    pub async fn finish(mut self) -> Result<(), OpenError> {
        self.0.as_mut().finish().await?;
        Ok(())
    }
}
