//! What the operator sees on the second listener, and that the public does not.

use serde_json::json;

use crate::support::{
    app::TestApp,
    client::{Answer, Request},
    gate::Gate,
};

/// A request to the second listener.
fn ops(app: &TestApp, method: &str, path: &str) -> Answer {
    Request::new(app.running().ops_address, method, path).send()
}

const PATHS: [&str; 3] = ["/livez", "/readyz", "/metrics"];

#[test]
fn a_well_process_is_alive_and_ready() {
    let app = TestApp::start();
    let live = app.get_ops("/livez");
    assert_eq!((live.status, live.json()), (200, json!({"status": "ok"})));
    let ready = app.get_ops("/readyz");
    let all_well = json!({
        "status": "ok",
        "database_reachable": true,
        "migrations_current": true,
        "draining": false,
    });
    assert_eq!((ready.status, ready.json()), (200, all_well));
    for answer in [live, ready] {
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

#[test]
fn a_database_of_another_version_is_not_ready() {
    let app = TestApp::start();
    app.sql(
        "delete from __diesel_schema_migrations where version = (select max(version) from __diesel_schema_migrations)",
    );
    let ready = app.get_ops("/readyz");
    let state = json!({
        "status": "not ready",
        "database_reachable": true,
        "migrations_current": false,
        "draining": false,
    });
    assert_eq!((ready.status, ready.json()), (503, state));
    assert_eq!(app.get_ops("/livez").status, 200);
}

#[test]
fn head_is_get_without_the_body_here_too() {
    let app = TestApp::start();
    for path in ["/livez", "/readyz", "/nowhere"] {
        let [get, head] = ["GET", "HEAD"].map(|method| ops(&app, method, path));
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        for name in ["content-type", "content-length", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {path}");
        }
    }
    assert_eq!(ops(&app, "HEAD", "/metrics").status, 200);
}

#[test]
fn what_is_not_here_is_a_problem() {
    let app = TestApp::start();
    for path in [
        "/",
        "/nowhere",
        "/v1/clinic",
        "/v1/openapi.json",
        "/docs",
        "/livez/",
        "/test/panic",
    ] {
        let problem = ops(&app, "GET", path).problem(404, "not_found");
        assert_eq!(problem["instance"], path);
        let detail = problem["detail"].as_str().expect("it is said");
        assert!(PATHS.iter().all(|path| detail.contains(path)), "{detail}");
    }
    for path in PATHS {
        let answer = ops(&app, "POST", path);
        answer.problem(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS");
    }
}

#[test]
fn the_public_does_not_reach_the_operators_paths() {
    let app = TestApp::start();
    for path in PATHS {
        for method in ["GET", "HEAD", "POST", "OPTIONS"] {
            let answer = app.request(method, path).send();
            assert_eq!(answer.status, 404, "{method} {path}");
        }
        app.get(path).problem(404, "not_found");
    }
}

/// The value of one series.
fn value(metrics: &str, series: &str) -> Option<f64> {
    let line = metrics
        .lines()
        .find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.map(|value| value.parse().expect("it is a number"))
}

#[track_caller]
fn check(metrics: &str, series: &str, expected: f64) {
    assert_eq!(value(metrics, series), Some(expected), "{series} in:\n{metrics}");
}

#[test]
fn requests_are_counted_by_operation_and_status() {
    let app = TestApp::with_demo();
    for _ in 0..3 {
        app.get("/v1/services");
    }
    app.get("/v1/services?limit=0");
    app.get("/v1/services/nothing");
    app.get("/nowhere");
    app.get("/test/panic");
    app.get_ops("/livez");
    let metrics = app.get_ops("/metrics");
    assert_eq!(
        metrics.header("content-type"),
        "text/plain; version=0.0.4; charset=utf-8"
    );
    assert_eq!(metrics.header("cache-control"), "no-store");
    let metrics = metrics.text();
    for (operation, status, count) in [
        ("list_services", 200, 3.0),
        ("list_services", 400, 1.0),
        ("get_service", 404, 1.0),
        ("none", 404, 1.0),
        ("none", 500, 1.0),
    ] {
        let series = format!("vertebra_requests_total{{operation=\"{operation}\",status=\"{status}\"}}");
        check(metrics, &series, count);
    }
    check(
        metrics,
        "vertebra_request_duration_seconds_count{operation=\"list_services\"}",
        4.0,
    );
    let all = "vertebra_request_duration_seconds_bucket{operation=\"list_services\",le=\"+Inf\"}";
    check(metrics, all, 4.0);
    assert!(
        value(
            metrics,
            "vertebra_request_duration_seconds_sum{operation=\"list_services\"}"
        ) > Some(0.0)
    );
    assert!(
        !metrics.contains("livez"),
        "the operator's own requests are not counted"
    );
}

#[test]
fn cache_and_pool_are_told() {
    let app = TestApp::with_demo();
    app.wait_for_head();
    for _ in 0..3 {
        app.get("/v1/services");
    }
    app.get("/v1/clinic");
    let metrics = app.get_ops("/metrics");
    let metrics = metrics.text();
    check(metrics, "vertebra_cache_misses_total", 2.0);
    check(metrics, "vertebra_cache_hits_total", 2.0);
    assert!(value(metrics, "vertebra_cache_bytes") > Some(1000.0));
    let open = value(metrics, "vertebra_database_connections");
    assert!((Some(1.0)..=Some(8.0)).contains(&open), "{open:?}");
    assert_eq!(value(metrics, "vertebra_database_connections_idle"), open);
    for series in [
        "vertebra_requests_total",
        "vertebra_request_duration_seconds",
        "vertebra_cache_hits_total",
    ] {
        assert!(metrics.contains(&format!("# HELP {series} ")), "{series}");
        assert!(metrics.contains(&format!("# TYPE {series} ")), "{series}");
    }
}

#[test]
fn the_change_log_is_followed() {
    let app = TestApp::with_demo();
    app.wait_for_head();
    let position = || value(app.get_ops("/metrics").text(), "vertebra_change_log_position");
    let before = position().expect("it is told");
    assert!(before > 0.0);
    app.sql("update change_head set seq = seq + 5");
    app.wait_for_head();
    assert_eq!(position(), Some(before + 5.0));
}

#[test]
fn requests_in_flight_are_told() {
    let app = TestApp::start();
    let gate = Gate::named("requests_in_flight_are_told");
    let in_flight = || value(app.get_ops("/metrics").text(), "vertebra_requests_in_flight");
    std::thread::scope(|threads| {
        let waiting = threads.spawn(|| app.get("/test/wait/requests_in_flight_are_told"));
        app.block_on(gate.arrival());
        assert_eq!(in_flight(), Some(1.0));
        gate.let_one_pass();
        assert_eq!(waiting.join().expect("it is answered").status, 200);
    });
    assert_eq!(in_flight(), Some(0.0));
}
