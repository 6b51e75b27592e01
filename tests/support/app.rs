//! The application as the program starts it, on a database of its own and a free port.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use jiff::Timestamp;
use tokio::{runtime::Runtime, task::JoinHandle};
use tokio_postgres::{Client, NoTls, Row};
use vertebra::{
    access::{
        Scope, Secret,
        store::{NewKey, insert_key},
    },
    app::{self, FurtherRoutes, Parts, Running, StartError},
    changes::Actor,
    clock::Clock,
    config::Settings,
    db::{connect::Connector, migrations::DEADLINE},
};

use super::{
    client::{Answer, Request},
    database::{TestDatabase, create_database},
    log, poll,
};

/// The moment at which the tests' clocks stand.
pub(crate) const NOW: &str = "2026-11-23T12:00:00Z";

/// A running application, stopped with the value.
pub(crate) struct TestApp {
    running: Running,
    database: Option<TestDatabase>,
    url: String,
    now: Arc<Mutex<Timestamp>>,
    // Last, so that it is dropped after all that runs on it.
    runtime: Runtime,
}

/// An application that stops at a signal.
pub(crate) struct Stopping {
    stopped: JoinHandle<std::io::Result<()>>,
    _database: Option<TestDatabase>,
    // Last, so that it is dropped after all that runs on it.
    runtime: Runtime,
}

impl Stopping {
    /// Whether it has stopped.
    pub(crate) fn is_over(&self) -> bool {
        self.stopped.is_finished()
    }

    /// Waits until it has stopped, and says how that went.
    pub(crate) fn outcome(self) -> std::io::Result<()> {
        self.runtime.block_on(self.stopped).expect("it does not panic")
    }
}

/// Chooses what differs from the ordinary application.
pub(crate) struct Builder {
    settings: HashMap<String, String>,
    now: Timestamp,
    database_url: Option<String>,
    further_routes: FurtherRoutes,
}

impl Builder {
    /// Sets a variable of the environment.
    pub(crate) fn set(mut self, variable: &str, value: &str) -> Self {
        self.settings.insert(variable.to_owned(), value.to_owned());
        self
    }

    /// Sets the clock.
    pub(crate) fn at(mut self, now: &str) -> Self {
        self.now = now.parse().expect("the moment is valid");
        self
    }

    /// Uses a database that the test has made.
    pub(crate) fn on(mut self, database_url: &str) -> Self {
        self.database_url = Some(database_url.to_owned());
        self
    }

    /// Mounts these routes instead of those that behave badly.
    pub(crate) fn with_routes(mut self, further_routes: FurtherRoutes) -> Self {
        self.further_routes = further_routes;
        self
    }

    /// Starts the application.
    pub(crate) fn start(self) -> TestApp {
        self.try_start().expect("the application starts")
    }

    /// Starts the application, or says why it does not.
    pub(crate) fn try_start(self) -> Result<TestApp, StartError> {
        log::capture();
        let runtime = Runtime::new().expect("a runtime can be made");
        let database = match &self.database_url {
            Some(_) => None,
            None => Some(runtime.block_on(create_database())),
        };
        let own = database.as_ref().map(|database| database.url().to_owned());
        let url = self.database_url.or(own).expect("there is a database");
        let settings = Settings::read(|name| self.settings.get(name).cloned()).expect("the settings are valid");
        let now = Arc::new(Mutex::new(self.now));
        let source = now.clone();
        let clock = Clock::reading(move || *source.lock().expect("no test panics while it holds this"));
        let running = runtime.block_on(app::start(Parts {
            settings,
            database_url: url.clone(),
            clock,
            further_routes: self.further_routes,
        }))?;
        Ok(TestApp {
            running,
            database,
            url,
            now,
            runtime,
        })
    }
}

/// Handlers that behave badly, to see how the shared layers treat them.
mod routes {
    use actix_web::{HttpResponse, get, post, web::Path};
    use utoipa_actix_web::service_config::ServiceConfig;

    use vertebra::{http::write::WriteRequest, problem::Problem};

    use super::super::gate::Gate;

    pub(super) fn configure(config: &mut ServiceConfig) {
        config.map(|config| config.service(panics).service(takes_json).service(waits));
    }

    #[get("/test/wait/{gate}")]
    async fn waits(gate: Path<String>) -> HttpResponse {
        Gate::named(&gate).pass().await;
        HttpResponse::Ok().json("done")
    }

    #[get("/test/panic")]
    async fn panics() -> HttpResponse {
        panic!("a secret of the inside")
    }

    #[derive(serde::Deserialize)]
    struct Numbers {
        numbers: Vec<u8>,
    }

    #[post("/test/json")]
    async fn takes_json(request: WriteRequest) -> Result<HttpResponse, Problem> {
        let body: Numbers = request.read()?;
        Ok(HttpResponse::Ok().json(body.numbers.len()))
    }
}

/// A table that nobody else writes to.
pub(crate) struct TableLock<'a> {
    app: &'a TestApp,
    client: Client,
}

impl TableLock<'_> {
    /// Lets the others write.
    pub(crate) fn let_go(self) {
        let ended = self.client.batch_execute("commit");
        self.app.block_on(ended).expect("the lock goes");
    }
}

/// The constraint that a statement breaks; empty where it is another fault.
fn constraint_of(error: &tokio_postgres::Error) -> String {
    let constraint = error.as_db_error().and_then(|error| error.constraint());
    constraint.unwrap_or_default().to_owned()
}

impl TestApp {
    /// Starts the ordinary application on an empty database.
    pub(crate) fn start() -> Self {
        Self::builder().start()
    }

    /// Starts the application on a database with the demonstration clinic.
    pub(crate) fn with_demo() -> Self {
        Self::start().and_demo()
    }

    /// Loads the demonstration clinic.
    pub(crate) fn and_demo(self) -> Self {
        let clock = Clock::fixed(NOW.parse().expect("the moment is valid"));
        let loaded = self.block_on(vertebra::demo::load(&self.url, &clock));
        loaded.expect("the demonstration clinic loads");
        self
    }

    /// An application to be changed before it starts.
    pub(crate) fn builder() -> Builder {
        let anywhere = |name: &str| (name.to_owned(), "127.0.0.1:0".to_owned());
        Builder {
            settings: HashMap::from([anywhere("VERTEBRA_BIND"), anywhere("VERTEBRA_OPS_BIND")]),
            now: NOW.parse().expect("the moment is valid"),
            database_url: None,
            further_routes: FurtherRoutes {
                public: routes::configure,
                admin: |_| {},
            },
        }
    }

    /// Leaves the application to stop at a signal, as the program does.
    pub(crate) fn until(self, signal: impl Future<Output = ()> + Send + 'static) -> Stopping {
        let stopped = self.runtime.spawn(self.running.until(signal));
        Stopping {
            stopped,
            _database: self.database,
            runtime: self.runtime,
        }
    }

    /// The running application.
    pub(crate) fn running(&self) -> &Running {
        &self.running
    }

    /// Address of its database.
    pub(crate) fn database_url(&self) -> &str {
        &self.url
    }

    /// Waits for work that needs the application's runtime.
    pub(crate) fn block_on<F: Future>(&self, work: F) -> F::Output {
        self.runtime.block_on(work)
    }

    /// Moves the clock.
    pub(crate) fn set_clock(&self, now: &str) {
        *self.now.lock().expect("no test panics while it holds this") = now.parse().expect("the moment is valid");
    }

    /// Changes the database behind the application's back.
    pub(crate) fn sql(&self, sql: &str) {
        self.with_client(async |client| client.batch_execute(sql).await.expect("the statement runs"));
    }

    /// Tries to change the database behind the application's back, and says which constraint refuses it.
    pub(crate) fn try_sql(&self, sql: &str) -> Result<(), String> {
        self.with_client(async |client| client.batch_execute(sql).await.map_err(|error| constraint_of(&error)))
    }

    /// Runs a statement while a transaction with another is open, and says how it ends after that is committed.
    pub(crate) fn race(&self, first: &str, second: &str) -> Result<(), String> {
        self.with_client(async |one| {
            one.batch_execute(&format!("begin; {first}")).await.expect("it runs");
            let (two, connection) = tokio_postgres::connect(&self.url, NoTls).await.expect("it answers");
            tokio::spawn(connection);
            let waits = tokio::spawn({
                let second = second.to_owned();
                async move { two.batch_execute(&second).await }
            });
            let blocked =
                "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
            while !waits.is_finished() && one.query(blocked, &[]).await.expect("it runs").is_empty() {
                tokio::task::yield_now().await;
            }
            one.batch_execute("commit").await.expect("the first one stays");
            let ended = waits.await.expect("it does not panic");
            ended.map_err(|error| constraint_of(&error))
        })
    }

    /// Locks a table against everybody who writes.
    pub(crate) fn lock(&self, table: &str) -> TableLock<'_> {
        let (client, connection) = self
            .block_on(tokio_postgres::connect(&self.url, NoTls))
            .expect("it answers");
        self.runtime.spawn(connection);
        let lock = format!("begin; lock table {table} in exclusive mode");
        self.block_on(client.batch_execute(&lock)).expect("it is locked");
        TableLock { app: self, client }
    }

    /// Whether somebody waits for a lock in the database.
    pub(crate) fn has_waiting(&self) -> bool {
        let waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        !self.rows(waiting).is_empty()
    }

    /// Reads the database behind the application's back.
    pub(crate) fn rows(&self, sql: &str) -> Vec<Row> {
        self.with_client(async |client| client.query(sql, &[]).await.expect("the query runs"))
    }

    fn with_client<T>(&self, work: impl AsyncFnOnce(&Client) -> T) -> T {
        self.block_on(async {
            let (client, connection) = tokio_postgres::connect(&self.url, NoTls).await.expect("it answers");
            let driver = tokio::spawn(connection);
            let result = work(&client).await;
            drop(client);
            let ended = driver.await.expect("the connection ends");
            ended.expect("the connection ends well");
            result
        })
    }

    /// Makes a key with these scopes, and gives its text.
    pub(crate) fn key(&self, scopes: &[Scope]) -> String {
        self.key_until(scopes, None)
    }

    /// Makes a key that ends at a moment.
    pub(crate) fn key_until(&self, scopes: &[Scope], expires_at: Option<&str>) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let new = NewKey {
            name: format!("Key {}", COUNT.fetch_add(1, Ordering::Relaxed)),
            scopes: scopes.to_vec(),
            expires_at: expires_at.map(|end| end.parse().expect("the moment is valid")),
        };
        self.key_by("test", &new)
    }

    /// Makes a key in somebody's name, and gives its text.
    pub(crate) fn key_by(&self, name: &str, new: &NewKey) -> String {
        let actor = Actor {
            name,
            request_id: None,
            now: NOW.parse().expect("the moment is valid"),
        };
        let secret = Secret::generate().expect("the system has random numbers");
        self.block_on(async {
            let connector = Connector::new(&self.url, DEADLINE).expect("the address is valid");
            let mut connection = connector.open_unlimited().await.expect("the database answers");
            let made = insert_key(&mut connection, &actor, new, &secret).await;
            made.expect("the key is made")
        });
        secret.reveal().to_owned()
    }

    /// The present value of a metric that has no labels.
    pub(crate) fn metric(&self, name: &str) -> i64 {
        let metrics = self.get_ops("/metrics");
        let value = metrics.text().lines().find_map(|line| line.strip_prefix(name));
        let value = value.expect("there is such a metric").trim();
        value.parse().expect("it is a whole number")
    }

    /// Waits until the application knows where its database's change log stands.
    pub(crate) fn wait_for_head(&self) {
        let seq: i64 = self.rows("select seq from change_head")[0].get(0);
        poll::until("the change log's position is known", || {
            self.metric("vertebra_change_log_position") == seq
        });
    }

    /// A request to the API.
    pub(crate) fn request(&self, method: &str, path: &str) -> Request {
        Request::new(self.running.address, method, path)
    }

    /// Gets a path of the API; the answer is held against the document.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.request("GET", path).send()
    }

    /// Gets a path of the second listener.
    pub(crate) fn get_ops(&self, path: &str) -> Answer {
        Request::new(self.running.ops_address, "GET", path).send()
    }
}
