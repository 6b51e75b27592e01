//! A database of its own for every test, copied from a template that was migrated once for the run.
//!
//! A run marks itself as alive by a lock on the server. What a run without that mark has left behind is dropped
//! by the next, so a server named by `TEST_DATABASE_URL` does not fill up.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio_postgres::{Client, NoTls};

use super::cluster::{Run, cluster};

/// A database with the current schema and no rows; it is dropped with the value.
#[derive(Debug)]
pub(crate) struct TestDatabase {
    name: String,
    url: String,
}

impl TestDatabase {
    /// The URL of the database.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let name = self.name.clone();
        // A thread of its own, for the test's runtime cannot wait inside of a drop. An error is no concern of
        // the test: what stays behind is removed with the server, or by the next run.
        let _ = std::thread::spawn(move || {
            block_on(async {
                let _ = drop_database(&name).await;
            });
        })
        .join();
    }
}

async fn drop_database(name: &str) -> Result<(), tokio_postgres::Error> {
    let client = connect(cluster()).await?;
    // FORCE alone looks only ten times a second whether the test's connections are gone.
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
    for _ in 0..100 {
        if client.query(sql, &[&name]).await?.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let sql = format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");
    client.batch_execute(&sql).await
}

/// Creates a database for one test.
pub(crate) async fn create_database() -> TestDatabase {
    static TEMPLATE: OnceCell<Template> = OnceCell::const_new();
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let template = TEMPLATE.get_or_init(Template::prepare).await;
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("{}_{}_{count}", template.name, std::process::id());
    let client = connect(cluster()).await.expect("the test server answers");
    client
        .batch_execute(&format!(
            "CREATE DATABASE \"{name}\" TEMPLATE \"{}\" {}",
            template.name, template.strategy
        ))
        .await
        .expect("a database can be created");
    let url = with_database(cluster(), &name);
    TestDatabase { name, url }
}

/// The migrated database that all others are copied from.
struct Template {
    name: String,
    strategy: &'static str,
}

impl Template {
    /// Finds the run's template or makes it, and drops the databases of runs that are over.
    async fn prepare() -> Self {
        let (ready, is_ready) = tokio::sync::oneshot::channel();
        // The session holds the lock that marks the run as alive, so it must outlive the runtime of one test.
        std::thread::spawn(move || {
            block_on(async {
                let client = connect(cluster()).await.expect("the test server answers");
                let template = Self::find_or_make(&client).await;
                let _ = ready.send(template);
                std::future::pending::<()>().await;
            });
        });
        is_ready.await.expect("the template can be made")
    }

    async fn find_or_make(client: &Client) -> Self {
        let name = format!("vertebra_test_{:016x}", hash(&Run::current().key()));
        let version: i32 = scalar(client, "SELECT current_setting('server_version_num')::int").await;
        let lock = "SET lock_timeout = '120s'; SELECT pg_advisory_lock(hashtext('vertebra_test'))";
        client
            .batch_execute(lock)
            .await
            .expect("another process makes the template");
        let mark = format!("SELECT pg_advisory_lock_shared(0, hashtext('{name}'))");
        client
            .batch_execute(&mark)
            .await
            .expect("the run can be marked as alive");
        drop_abandoned(client, &name).await;
        let sql = format!("SELECT count(*) FROM pg_database WHERE datname = '{name}' AND datistemplate");
        if scalar::<i64>(client, &sql).await == 0 {
            make_template(client, &name).await;
        }
        let unlock = "SELECT pg_advisory_unlock(hashtext('vertebra_test'))";
        client.batch_execute(unlock).await.expect("the lock is held");
        Self {
            name,
            // Before 15 this was the only way, and had no name.
            strategy: if version >= 150_000 { "STRATEGY file_copy" } else { "" },
        }
    }
}

async fn make_template(client: &Client, name: &str) {
    for sql in [
        format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)"),
        format!("CREATE DATABASE \"{name}\" TEMPLATE template0"),
    ] {
        client.batch_execute(&sql).await.expect("the template can be created");
    }
    vertebra::db::migrations::run(&with_database(cluster(), name))
        .await
        .expect("the migrations run on an empty database");
    // Only now: a template that is not marked as one was left half-made.
    let sql = format!("ALTER DATABASE \"{name}\" IS_TEMPLATE true ALLOW_CONNECTIONS false");
    client.batch_execute(&sql).await.expect("the template can be marked");
}

/// Drops what runs that no process marks as alive have left on the server.
async fn drop_abandoned(client: &Client, own: &str) {
    let sql = "SELECT datname, left(datname, 30), datistemplate FROM pg_database \
        WHERE datname ~ '^vertebra_test_[0-9a-f]{16}' AND left(datname, 30) <> $1";
    let found = client.query(sql, &[&own]).await.expect("databases can be listed");
    for row in found {
        let (name, run, is_template): (&str, &str, bool) = (row.get(0), row.get(1), row.get(2));
        let lock = format!("SELECT pg_try_advisory_lock(0, hashtext('{run}'))");
        if !scalar::<bool>(client, &lock).await {
            continue;
        }
        if is_template {
            let sql = format!("ALTER DATABASE \"{name}\" IS_TEMPLATE false");
            let _ = client.batch_execute(&sql).await;
        }
        let sql = format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");
        let _ = client.batch_execute(&sql).await;
        let unlock = format!("SELECT pg_advisory_unlock(0, hashtext('{run}'))");
        let _ = client.batch_execute(&unlock).await;
    }
}

async fn scalar<T: for<'a> tokio_postgres::types::FromSql<'a>>(client: &Client, sql: &str) -> T {
    let row = client
        .query_one(sql, &[])
        .await
        .expect("a simple question has an answer");
    row.get(0)
}

async fn connect(url: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

fn block_on(work: impl Future<Output = ()>) {
    // Migrations block in place, which a runtime with one thread forbids.
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(work);
}

/// Puts another database's name into a URL such as `postgres://user@host:5432/name?sslmode=disable`.
fn with_database(url: &str, name: &str) -> String {
    let (scheme, rest) = url.split_once("://").expect("a URL that begins with postgres://");
    let (address, options) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = address.split('/').next().unwrap_or_default();
    let mark = if options.is_empty() { "" } else { "?" };
    format!("{scheme}://{authority}/{name}{mark}{options}")
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
