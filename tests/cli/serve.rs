//! Serving: what is said at the start, the log, and the end.

use std::net::{TcpListener, TcpStream};

use nix::sys::signal::Signal;
use serde_json::Value;

use crate::{
    database::{TestDatabase, create_database},
    program::{Program, Serving, get},
};

pub(crate) fn database() -> TestDatabase {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    runtime.block_on(create_database())
}

/// The address in the line of this name.
pub(crate) fn address(serving: &mut Serving, name: &str) -> String {
    let line = serving.line(&format!("{name} "));
    let (_, rest) = line.split_once("http://").expect("there is an address");
    let end = rest.find('/').expect("there is a path");
    rest[..end].to_owned()
}

#[test]
fn serving_answers_and_ends_well_when_it_is_asked_to() {
    let database = database();
    for (command, signal) in [(&["serve"][..], Signal::SIGTERM), (&[], Signal::SIGINT)] {
        let program = Program::new().set("DATABASE_URL", database.url());
        let mut serving = program.set("VERTEBRA_DRAIN_MS", "1").start(command);
        let api = address(&mut serving, "API");
        let health = address(&mut serving, "Health");
        serving.line("the PostgreSQL that DATABASE_URL names");
        let (status, body) = get(&api, "/v1/articles", "");
        assert_eq!((status, body.starts_with("{\"items\":[]")), (200, true), "{body}");
        assert_eq!(get(&api, "/docs", "").0, 200);
        assert_eq!(get(&health, "/readyz", "").0, 200);
        let (code, lines) = serving.end(signal);
        assert_eq!(code, Some(0), "{lines:#?}");
        assert!(lines.iter().any(|line| line.contains("Asked to stop")), "{lines:#?}");
        assert!(lines.last().is_some_and(|line| line.contains("Stopped")), "{lines:#?}");
        assert!(TcpStream::connect(&api).is_err());
    }
}

#[test]
fn without_settings_there_is_a_clinic() {
    let mut serving = Program::new().set("VERTEBRA_DRAIN_MS", "1").start(&[]);
    let api = address(&mut serving, "API");
    serving.line("private PostgreSQL in ");
    let (status, body) = get(&api, "/v1/clinic", "");
    let clinic: Value = serde_json::from_str(&body).expect("it is JSON");
    assert_eq!((status, &clinic["is_demonstration"]), (200, &Value::Bool(true)));
    let (code, lines) = serving.end(Signal::SIGTERM);
    assert_eq!(code, Some(0), "{lines:#?}");
    assert!(
        lines.iter().any(|line| line.contains("The database was empty")),
        "{lines:#?}"
    );
}

#[test]
fn demo_is_loaded_into_a_named_database_only_where_that_is_set() {
    let database = database();
    for (demo, status) in [("auto", 404), ("never", 404), ("always", 200), ("always", 200)] {
        let program = Program::new().set("DATABASE_URL", database.url());
        let mut serving = program.set("VERTEBRA_DEMO", demo).start(&["serve"]);
        let api = address(&mut serving, "API");
        assert_eq!(get(&api, "/v1/clinic", "").0, status, "{demo}");
    }
}

#[test]
fn log_lines_for_machines_are_json_with_the_requests_id_and_without_its_query() {
    let database = database();
    let program = Program::new()
        .set("DATABASE_URL", database.url())
        .set("VERTEBRA_LOG_FORMAT", "json")
        .set("VERTEBRA_DRAIN_MS", "1");
    let mut serving = program.start(&["serve"]);
    let api = address(&mut serving, "API");
    get(&api, "/v1/articles?author=Private-Name", "x-request-id: the-one\r\n");
    get(
        &api,
        "/v1/articles/%22%0a?author=Private-Name",
        "x-request-id: the-other\r\n",
    );
    let (code, lines) = serving.end(Signal::SIGTERM);
    assert_eq!(code, Some(0));
    let lines: Vec<Value> = lines
        .iter()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    for line in &lines {
        for name in ["time", "level", "target", "message"] {
            assert!(line[name].is_string(), "{name} of {line}");
        }
        assert!(!line.to_string().contains("Private-Name"), "{line}");
    }
    for (id, start) in [
        ("the-one", "GET /v1/articles 200 "),
        ("the-other", "GET /v1/articles/%22%0a 400 "),
    ] {
        let line = lines
            .iter()
            .find(|line| line["request_id"] == id)
            .expect("there is a line");
        assert_eq!(line["target"], "vertebra::access");
        assert!(
            line["message"].as_str().is_some_and(|text| text.starts_with(start)),
            "{line}"
        );
    }
    assert!(lines.iter().any(|line| line["request_id"].is_null()));
}

#[test]
fn log_lines_for_people_have_the_requests_id_and_not_its_query() {
    let database = database();
    let program = Program::new()
        .set("DATABASE_URL", database.url())
        .set("VERTEBRA_DRAIN_MS", "1");
    let mut serving = program.start(&["serve"]);
    let api = address(&mut serving, "API");
    get(&api, "/v1/articles?author=Private-Name", "x-request-id: the-one\r\n");
    let line = serving.line("request_id=the-one");
    assert!(line.contains(" INFO  GET /v1/articles 200 "), "{line}");
    let (_, lines) = serving.end(Signal::SIGTERM);
    assert!(!lines.concat().contains("Private-Name"), "{lines:#?}");
}

#[test]
fn a_port_in_use_is_said_in_a_sentence() {
    let database = database();
    let taken = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let taken = (taken.local_addr().expect("it is bound").to_string(), taken);
    for variable in ["VERTEBRA_BIND", "VERTEBRA_OPS_BIND"] {
        let program = Program::new()
            .set("DATABASE_URL", database.url())
            .set(variable, &taken.0);
        let outcome = program.run(&["serve"]);
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        let line = outcome.err.lines().last().expect("it is said why");
        let start = format!("vertebra: cannot listen on {}, which {variable} sets: ", taken.0);
        assert!(line.starts_with(&start), "{line}");
        assert!(!line.contains("panicked"), "{line}");
    }
}
