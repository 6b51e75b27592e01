//! The database goes away and comes back, and the application stays: on a PostgreSQL of the test's own.

use std::{fs, path::PathBuf, thread, time::Instant};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::json;
use tokio::runtime::Runtime;
use tokio_postgres::NoTls;
use vertebra::{
    access::Scope,
    clock::Clock,
    db::{
        embedded::{EmbeddedPostgres, EmbeddedSettings},
        migrations,
    },
    demo,
};

use crate::support::{
    app::{NOW, TestApp},
    place::new_place,
    poll, refusal,
};

/// A PostgreSQL that can be stopped and started again; its data goes with it.
struct Server {
    dir: PathBuf,
    running: Option<EmbeddedPostgres>,
    is_frozen: bool,
}

impl Server {
    fn start() -> Self {
        let mut server = Self {
            dir: new_place(),
            running: None,
            is_frozen: false,
        };
        server.start_again();
        server
    }

    fn start_again(&mut self) {
        let settings = EmbeddedSettings {
            data_dir: Some(self.dir.clone()),
            ..EmbeddedSettings::default()
        };
        self.running = Some(EmbeddedPostgres::start(&settings).expect("the server starts"));
    }

    fn url(&self) -> &str {
        self.running.as_ref().expect("it runs").url()
    }

    fn stop(&mut self) {
        let running = self.running.take().expect("it runs");
        running.stop().expect("it stops");
    }

    /// The server's process and all that it has started.
    fn processes(&self) -> Vec<Pid> {
        let text = fs::read_to_string(self.dir.join("data/postmaster.pid")).expect("it runs");
        let postmaster = text.lines().next().expect("a first line");
        let is_child = |pid: &i32| {
            // The parent comes after the name in parentheses and the state.
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            let rest = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
            rest.split(' ').nth(1) == Some(postmaster)
        };
        let entries = fs::read_dir("/proc").expect("this is Linux").flatten();
        let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        let postmaster = postmaster.parse().expect("a process id");
        let children = pids.filter(is_child);
        [postmaster].into_iter().chain(children).map(Pid::from_raw).collect()
    }

    /// Stops all its processes where they are, the one that starts others first.
    fn freeze(&mut self) {
        self.is_frozen = true;
        for pid in self.processes() {
            let _ = kill(pid, Signal::SIGSTOP);
        }
    }

    fn thaw(&mut self) {
        self.is_frozen = false;
        for pid in self.processes() {
            let _ = kill(pid, Signal::SIGCONT);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.is_frozen {
            self.thaw();
        }
        self.running = None;
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// The demonstration clinic on a server, with one answer kept and one database that is waited for shortly.
fn start(server: &Server) -> TestApp {
    let builder = TestApp::builder().set("VERTEBRA_DATABASE_TIMEOUT_MS", "500");
    let app = builder.on(server.url()).start();
    app.block_on(async {
        migrations::run(server.url()).await.expect("the migrations run");
        let clock = Clock::fixed(NOW.parse().expect("the moment is valid"));
        demo::load(server.url(), &clock).await.expect("the clinic loads");
    });
    app.wait_for_head();
    assert_eq!(app.get(KEPT).status, 200);
    check_well(&app);
    app
}

const KEPT: &str = "/v1/clinic";

/// Far above the half second that the application waits: only what hangs takes so long.
const SOON: u64 = 5;

fn check_well(app: &TestApp) {
    let ready = app.get_ops("/readyz");
    assert_eq!(
        (ready.status, ready.json()["database_reachable"].as_bool()),
        (200, Some(true))
    );
}

#[track_caller]
fn check_away(app: &TestApp) {
    for _ in 0..3 {
        let begun = Instant::now();
        let path = "/v1/services";
        let answer = app.request("GET", path).header("origin", "https://a.example").send();
        assert!(begun.elapsed().as_secs() < SOON, "{:?}", begun.elapsed());
        refusal::check(&answer, Some(path), (503, "database_unavailable"), &[]);
        assert_eq!(answer.header("retry-after"), "1");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
    }
    let begun = Instant::now();
    let ready = app.get_ops("/readyz");
    assert!(begun.elapsed().as_secs() < SOON, "{:?}", begun.elapsed());
    let state = json!({
        "status": "not ready",
        "database_reachable": false,
        "migrations_current": false,
        "draining": false,
    });
    assert_eq!((ready.status, ready.json()), (503, state));
    assert_eq!(app.get_ops("/livez").status, 200);
    assert_eq!(app.get_ops("/metrics").status, 200);
    for _ in 0..2 {
        assert_eq!(app.get(KEPT).status, 200, "what is kept is still given");
    }
    app.get("/v1/services?limit=0").problem(400, "invalid_parameter");
}

#[track_caller]
fn check_recovery(app: &TestApp) {
    poll::until("the database is reached again", || {
        app.get("/v1/services").status == 200
    });
    // Every connection that the pool still has is a good one, or is replaced unseen.
    for path in [
        "/v1/articles",
        "/v1/testimonials",
        "/v1/topics",
        "/v1/locations",
        "/v1/journals",
    ] {
        assert_eq!(app.get(path).status, 200, "{path}");
    }
    check_well(app);
}

#[test]
fn the_editors_side_is_closed_while_no_key_can_be_looked_up() {
    let mut server = Server::start();
    let app = start(&server);
    let (path, key) = ("/v1/admin/changes", app.key(&[Scope::AuditRead]));
    let ask = |key: &str| app.request("GET", path).key(key).send();
    assert_eq!(ask(&key).status, 200);
    server.stop();
    refusal::check(&ask(&key), Some(path), (503, "database_unavailable"), &[]);
    ask("vtb_mistyped").problem(401, "key_invalid");
    server.start_again();
    assert_eq!(ask(&key).status, 200);
}

#[test]
fn a_restart_of_the_database_needs_none_of_the_application() {
    let mut server = Server::start();
    let app = start(&server);
    server.stop();
    check_away(&app);
    server.start_again();
    check_recovery(&app);
    app.wait_for_head();
    app.sql("update change_head set seq = seq + 1");
    app.wait_for_head();
}

#[test]
fn a_restart_between_two_requests_costs_none() {
    let mut server = Server::start();
    let app = start(&server);
    assert_eq!(app.get("/v1/topics").status, 200);
    server.stop();
    server.start_again();
    for path in ["/v1/services", "/v1/articles", "/v1/testimonials"] {
        assert_eq!(app.get(path).status, 200, "{path}");
    }
}

#[test]
fn a_connection_that_is_cut_under_a_request_costs_none() {
    let app = TestApp::builder().set("VERTEBRA_DATABASE_TIMEOUT_MS", "30000").start();
    assert_eq!(app.get("/v1/topics").status, 200);
    let (client, connection) = app
        .block_on(tokio_postgres::connect(app.database_url(), NoTls))
        .expect("the database answers");
    thread::spawn(move || Runtime::new().expect("a runtime can be made").block_on(connection));
    let run = |sql| app.block_on(client.batch_execute(sql)).expect("it runs");
    run("begin; lock table services");
    thread::scope(|threads| {
        let waiting = threads.spawn(|| app.get("/v1/services"));
        // The case keeps the order: PostgreSQL would be free to cut first and to look then.
        let cut = "select 1 from pg_stat_activity where datname = current_database() and \
             case when wait_event_type = 'Lock' and application_name = 'vertebra' \
             then pg_terminate_backend(pid) else false end";
        poll::until("its connection is cut", || {
            let rows = app.block_on(client.query(cut, &[])).expect("it runs");
            !rows.is_empty()
        });
        run("commit");
        assert_eq!(waiting.join().expect("it is answered").status, 200);
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_database_that_hangs_is_not_waited_for() {
    let mut server = Server::start();
    let app = start(&server);
    server.freeze();
    check_away(&app);
    server.thaw();
    check_recovery(&app);
    app.wait_for_head();
}
