//! PostgreSQL: how we reach it, bring it up to date and read from it.
//!
//! A request never waits for the database longer than its deadline, and never learns more from a
//! failure than that the database is away.

pub mod connect;
pub mod copy;
pub mod embedded;
mod error;
pub mod locales;
pub mod lookup;
pub mod migrations;
pub mod position;
pub mod schema;
pub(crate) mod task;
pub mod views;

use std::{sync::Arc, time::Duration};

use diesel::QueryResult;
use diesel_async::{
    AnsiTransactionManager, AsyncPgConnection, TransactionManager,
    pooled_connection::{
        AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
        deadpool::{Object, Pool},
    },
};
use futures_util::FutureExt;
use tokio::{runtime::Handle, time::Instant};

pub use self::error::DbError;
use self::{connect::Connector, position::Position, task::AbortOnDrop};

/// Longest wait for a look at the change log, however long a request may wait.
pub const LOOK: Duration = Duration::from_secs(1);

/// The pool of connections, the deadline that every read keeps, and how the change log stands.
#[derive(Clone)]
pub struct Database {
    pool: Pool<AsyncPgConnection>,
    deadline: Duration,
    position: Arc<Position>,
}

impl Database {
    /// Makes the pool; connections open when they are needed.
    ///
    /// Call it on the main runtime: connections live on the runtime that opened them, and the
    /// worker threads have runtimes of their own that may stop first.
    pub fn new(connector: Connector, pool_size: usize, deadline: Duration) -> Result<Self, DbError> {
        let runtime = Handle::current();
        let mut config = ManagerConfig::default();
        config.recycling_method = RecyclingMethod::Fast;
        config.custom_setup = Box::new(move |_| {
            let (runtime, connector) = (runtime.clone(), connector.clone());
            async move {
                let mut opened = AbortOnDrop(runtime.spawn(async move { connector.open().await }));
                (&mut opened.0)
                    .await
                    .map_err(|error| diesel::ConnectionError::BadConnection(error.to_string()))?
            }
            .boxed()
        });
        let manager = AsyncDieselConnectionManager::new_with_config("", config);
        let pool = Pool::builder(manager)
            .max_size(pool_size)
            .build()
            .map_err(|error| DbError::Unavailable(error.to_string()))?;
        Ok(Self {
            pool,
            deadline,
            position: Arc::new(Position::unknown()),
        })
    }

    /// Where the change log stands, as far as is known.
    pub fn position(&self) -> &Position {
        &self.position
    }

    /// Looks on a connection of the pool where the change log stands.
    pub async fn look(&self) -> Result<(), DbError> {
        let asked = self.position.now();
        let head = tokio::time::timeout(LOOK, self.read(async |c| position::load(c).await)).await;
        match head.unwrap_or(Err(DbError::TimedOut)) {
            Ok(head) => self.position.saw(asked, head),
            Err(error) => {
                self.position.missed(asked);
                return Err(error);
            }
        }
        Ok(())
    }

    /// Connections of the pool: open ones, and those of them that are idle.
    pub fn connections(&self) -> (usize, usize) {
        let status = self.pool.status();
        (status.size, status.available)
    }

    /// Runs reads on one connection before the deadline.
    ///
    /// A connection that turns out to have died since its last use is replaced once, so that a
    /// restart of the database costs no request.
    pub async fn read<T>(&self, work: impl AsyncFn(&mut AsyncPgConnection) -> QueryResult<T>) -> Result<T, DbError> {
        let until = Instant::now() + self.deadline;
        let first = self.try_read(&work, until).await;
        match first {
            Err(DbError::ConnectionLost(_)) => self.try_read(&work, until).await,
            other => other,
        }
    }

    /// Reads the rows of a page and, where it is asked for, the number of all rows.
    pub async fn read_page<T>(
        &self,
        with_total: bool,
        rows: impl AsyncFn(&mut AsyncPgConnection) -> QueryResult<Vec<T>>,
        count: impl AsyncFn(&mut AsyncPgConnection) -> QueryResult<i64>,
    ) -> Result<(Vec<T>, Option<i64>), DbError> {
        self.read(async |connection| {
            let rows = rows(connection).await?;
            let total = match with_total {
                true => Some(count(connection).await?),
                false => None,
            };
            Ok((rows, total))
        })
        .await
    }

    /// Runs writes in one transaction and ends it as they say.
    ///
    /// The caller must not be cancelled: a transaction that is cut leaves its locks to the next user of
    /// the connection.
    pub async fn write<T, E: From<DbError>>(
        &self,
        work: impl AsyncFnOnce(&mut AsyncPgConnection) -> Result<Ending<T>, E>,
    ) -> Result<T, E> {
        let mut transaction = self.begin().await?;
        match work(transaction.connection()?).await {
            Ok(Ending::Commit(value)) => {
                transaction.commit().await?;
                Ok(value)
            }
            Ok(Ending::Undo(value)) => {
                transaction.undo().await?;
                Ok(value)
            }
            Err(refusal) => {
                // What failed is told; that nothing stays of it is the database's promise in any case.
                let _ = transaction.undo().await;
                Err(refusal)
            }
        }
    }

    /// Begins a transaction that may write, which the session itself may not.
    ///
    /// A connection that died since its last use is replaced once, as nothing was written yet.
    pub async fn begin(&self) -> Result<Transaction, DbError> {
        let until = Instant::now() + self.deadline;
        match self.try_begin(until).await {
            Err(DbError::ConnectionLost(_)) => self.try_begin(until).await,
            begun => begun,
        }
    }

    async fn try_begin(&self, until: Instant) -> Result<Transaction, DbError> {
        let connection = tokio::time::timeout_at(until, self.pool.get())
            .await
            .map_err(|_| DbError::TimedOut)?
            .map_err(|error| DbError::Unavailable(error.to_string()))?;
        let mut transaction = Transaction {
            loan: Loan(Some(connection)),
            position: self.position.clone(),
        };
        let begin = Manager::begin_transaction_sql(transaction.connection()?, "begin read write");
        tokio::time::timeout_at(until, begin)
            .await
            .map_err(|_| DbError::TimedOut)??;
        Ok(transaction)
    }

    async fn try_read<T>(
        &self,
        work: &impl AsyncFn(&mut AsyncPgConnection) -> QueryResult<T>,
        until: Instant,
    ) -> Result<T, DbError> {
        let connection = tokio::time::timeout_at(until, self.pool.get())
            .await
            .map_err(|_| DbError::TimedOut)?
            .map_err(|error| DbError::Unavailable(error.to_string()))?;
        let mut loan = Loan(Some(connection));
        let Some(connection) = loan.0.as_mut() else {
            return Err(DbError::TimedOut);
        };
        let outcome = tokio::time::timeout_at(until, of_one_state(connection, work)).await;
        let outcome = outcome.map_err(|_| DbError::TimedOut)?.map_err(DbError::from);
        if !matches!(outcome, Err(DbError::ConnectionLost(_))) {
            loan.give_back();
        }
        outcome
    }
}

/// Reads in a transaction, so that statements which follow each other show one state of the database.
async fn of_one_state<T>(
    connection: &mut AsyncPgConnection,
    work: &impl AsyncFn(&mut AsyncPgConnection) -> QueryResult<T>,
) -> QueryResult<T> {
    Manager::begin_transaction_sql(connection, "begin isolation level repeatable read").await?;
    match work(connection).await {
        Ok(read) => {
            Manager::commit_transaction(connection).await?;
            Ok(read)
        }
        Err(error) => {
            // Why the read failed is told; a connection that cannot even end it is not used again.
            let _ = Manager::rollback_transaction(connection).await;
            Err(error)
        }
    }
}

/// How a transaction ends.
#[derive(Debug)]
pub enum Ending<T> {
    /// What was written stays.
    Commit(T),
    /// Nothing of it stays.
    Undo(T),
}

type Manager = AnsiTransactionManager;

/// A transaction that may write; one that is dropped before its end takes its connection with it.
pub struct Transaction {
    loan: Loan,
    position: Arc<Position>,
}

impl Transaction {
    /// Where its statements run.
    pub fn connection(&mut self) -> Result<&mut AsyncPgConnection, DbError> {
        self.loan.0.as_deref_mut().ok_or(DbError::TimedOut)
    }

    /// Begins a part that can be undone alone.
    pub async fn begin_part(&mut self) -> Result<(), DbError> {
        Ok(Manager::begin_transaction(self.connection()?).await?)
    }

    /// Ends that part so that what it wrote stays in the transaction.
    pub async fn keep_part(&mut self) -> Result<(), DbError> {
        Ok(Manager::commit_transaction(self.connection()?).await?)
    }

    /// Ends that part so that nothing of it stays.
    pub async fn undo_part(&mut self) -> Result<(), DbError> {
        Ok(Manager::rollback_transaction(self.connection()?).await?)
    }

    /// Ends it so that what was written stays, and sees to it that this process gives nothing any more
    /// that was kept before.
    pub async fn commit(mut self) -> Result<(), DbError> {
        Manager::commit_transaction(self.connection()?).await?;
        // Only the commit gives the number. A look that fails fails nothing: what was written stays.
        let asked = self.position.now();
        match tokio::time::timeout(LOOK, position::load(self.connection()?)).await {
            Ok(Ok(head)) => {
                self.position.saw(asked, head);
                self.loan.give_back();
            }
            Ok(Err(_)) | Err(_) => self.position.moved(),
        }
        Ok(())
    }

    /// Ends it so that nothing of it stays.
    pub async fn undo(mut self) -> Result<(), DbError> {
        Manager::rollback_transaction(self.connection()?).await?;
        self.loan.give_back();
        Ok(())
    }
}

/// A connection on loan from the pool, which gets it back only once its work has ended: the query
/// of a read that was given up still runs, and would hold up whoever came next.
struct Loan(Option<Object<AsyncPgConnection>>);

impl Loan {
    fn give_back(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(Object::take(connection));
        }
    }
}
