//! More requests than can be answered, and stopping while some are being answered.

use std::net::{SocketAddr, TcpStream};

use serde_json::json;
use tokio::sync::oneshot;

use crate::support::{
    app::{Stopping, TestApp},
    client::Request,
    gate::Gate,
    poll, refusal,
};

#[test]
fn one_request_too_many_is_refused_at_once() {
    let app = TestApp::builder().set("VERTEBRA_MAX_IN_FLIGHT", "1").start();
    let gate = Gate::named("one_request_too_many");
    std::thread::scope(|threads| {
        let waiting = threads.spawn(|| app.get("/test/wait/one_request_too_many"));
        app.block_on(gate.arrival());
        for path in ["/v1/articles", "/nowhere", "/docs"] {
            let answer = app.request("GET", path).header("origin", "https://a.example").send();
            refusal::check(&answer, Some(path), (503, "overloaded"), &[]);
            assert_eq!(answer.header("retry-after"), "1");
            assert_eq!(answer.header("access-control-allow-origin"), "*");
            assert!(answer.header("access-control-expose-headers").contains("retry-after"));
        }
        assert_eq!(app.get_ops("/livez").status, 200, "the operator is not shut out");
        assert_eq!(app.get_ops("/readyz").status, 200);
        gate.let_one_pass();
        assert_eq!(waiting.join().expect("it is answered").status, 200);
    });
    for _ in 0..3 {
        assert_eq!(app.get("/v1/articles").status, 200);
    }
}

#[test]
fn what_is_refused_or_fails_makes_room_again() {
    let app = TestApp::builder().set("VERTEBRA_MAX_IN_FLIGHT", "1").start();
    for path in [
        "/test/panic",
        "/nowhere",
        "/v1/articles?limit=0",
        "/v1/articles/%00",
        "/v1/articles",
    ] {
        for _ in 0..2 {
            assert_ne!(app.get(path).status, 503, "{path}");
        }
    }
}

/// An application that was told to stop while a request waits at a gate.
struct Stopped {
    api: SocketAddr,
    ops: SocketAddr,
    stopping: Stopping,
    waiting: std::thread::JoinHandle<u16>,
}

fn stop_while_waiting(gate: &str, drain_ms: &str) -> Stopped {
    let app = TestApp::builder().set("VERTEBRA_DRAIN_MS", drain_ms).start();
    let (api, ops) = (app.running().address, app.running().ops_address);
    let path = format!("/test/wait/{gate}");
    let waiting = std::thread::spawn(move || Request::new(api, "GET", &path).send().status);
    app.block_on(Gate::named(gate).arrival());
    let (stop, stopped) = oneshot::channel();
    let stopping = app.until(async { stopped.await.expect("it is told to stop") });
    stop.send(()).expect("it listens");
    Stopped {
        api,
        ops,
        stopping,
        waiting,
    }
}

#[test]
fn a_request_in_flight_is_finished_before_the_end() {
    let stopped = stop_while_waiting("finished_before_the_end", "1");
    poll::until("the listeners are closed", || {
        [stopped.api, stopped.ops]
            .iter()
            .all(|address| TcpStream::connect(address).is_err())
    });
    assert!(!stopped.stopping.is_over(), "it waits for the request");
    assert!(!stopped.waiting.is_finished());
    Gate::named("finished_before_the_end").let_one_pass();
    assert_eq!(stopped.waiting.join().expect("it is answered"), 200);
    stopped.stopping.outcome().expect("it stops well");
}

#[test]
fn a_draining_process_is_not_ready_and_still_answers() {
    let stopped = stop_while_waiting("draining_process", "3600000");
    let readiness = || Request::new(stopped.ops, "GET", "/readyz").send();
    poll::until("it is not ready", || readiness().status == 503);
    let state = json!({
        "status": "not ready",
        "database_reachable": true,
        "migrations_current": true,
        "draining": true,
    });
    assert_eq!(readiness().json(), state);
    assert_eq!(Request::new(stopped.ops, "GET", "/livez").send().status, 200);
    assert_eq!(Request::new(stopped.api, "GET", "/v1/articles").send().status, 200);
    Gate::named("draining_process").let_one_pass();
    assert_eq!(stopped.waiting.join().expect("it is answered"), 200);
    assert!(!stopped.stopping.is_over(), "its time to drain is not over");
}
