//! Requests that are refused for what they are or for what there is.

use serde_json::{Value, json};

use super::{Operation, World, declaring, operations};
use crate::support::{contract, raw::Raw};

/// One byte more than the longest body that an editor may send.
const TOO_LARGE: usize = 4 * 1024 * 1024 + 1;

#[test]
fn an_unknown_parameter_is_refused_everywhere() {
    let world = World::empty();
    for operation in declaring("400") {
        let call = world.call(&operation).query("no_such_parameter=1");
        call.gets(&world.app, 400, &["unknown_parameter"]);
    }
}

#[test]
fn what_is_not_there_is_not_found_anywhere() {
    let world = World::empty();
    for operation in declaring("404") {
        world.call(&operation).gets(&world.app, 404, &["not_found"]);
    }
}

#[test]
fn a_stale_version_is_refused_everywhere() {
    let world = World::with_demo();
    for operation in declaring("412") {
        let call = world.call(&operation).header("if-match", "\"stale\"");
        call.gets(&world.app, 412, &["precondition_failed"]);
    }
}

#[test]
fn a_write_without_a_version_is_refused_everywhere() {
    let world = World::empty();
    for operation in declaring("428") {
        let call = world.call(&operation).without("if-match");
        call.gets(&world.app, 428, &["precondition_required"]);
    }
}

#[test]
fn a_body_that_is_too_large_is_refused_everywhere_before_it_comes() {
    let world = World::empty();
    let server = world.app.running().address;
    for operation in declaring("413") {
        let call = world.call(&operation);
        let headers = call.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
        let head = format!(
            "{} {} HTTP/1.1\r\nhost: {server}\r\ncontent-length: {TOO_LARGE}\r\n{}\r\n",
            call.method,
            call.path,
            headers.collect::<String>()
        );
        let answer = Raw::connect(server).send(head).answer();
        contract::check(&call.method, &call.path, &answer);
        answer.problem(413, "payload_too_large");
    }
}

#[test]
fn a_body_that_is_no_json_is_refused_everywhere() {
    let world = World::empty();
    for operation in declaring("415") {
        let call = world.call(&operation).header("content-type", "text/plain");
        call.gets(&world.app, 415, &["unsupported_media_type"]);
    }
}

#[test]
fn what_no_operation_takes_is_refused_everywhere() {
    let world = World::empty();
    for operation in operations() {
        let call = world.call(&operation).query(&"a".repeat(9_000));
        call.gets(&world.app, 414, &["uri_too_long"]);
        let call = world.call(&operation).header("x-anything", &"a".repeat(33_000));
        call.gets(&world.app, 431, &["headers_too_large"]);
        let call = world.call(&operation).header("content-encoding", "gzip");
        let answer = call.gets(&world.app, 415, &["unsupported_media_type"]);
        assert_eq!(answer.header("accept-encoding"), "identity");
    }
}

#[test]
fn an_idempotency_key_that_was_used_is_refused_everywhere() {
    let world = World::empty();
    let key = "01a2097f-1116-77af-986c-a21b1d5b17f6";
    for (first, status) in [(world.named(true, "createTopic"), 201), (world.submission(), 202)] {
        let first = first.header("idempotency-key", key);
        first.gets(&world.app, status, &[]);
    }
    let takes_key = |operation: &Operation| operation.takes("Idempotency-Key");
    for operation in declaring("422").into_iter().filter(takes_key) {
        let mut call = world.call(&operation).header("idempotency-key", key);
        // The same request but for blanks is another one.
        call.body = call.body.map(|body| body + " ");
        call.gets(&world.app, 422, &["idempotency_key_reused"]);
    }
}

/// A change that breaks a rule of this kind of content.
fn breaking(collection: &str) -> Value {
    match collection {
        "clinic" | "locations" => json!({"name": ""}),
        "testimonials" => json!({"quote": ""}),
        "articles" => json!({"texts": {"en-GB": {"title": ""}}}),
        "services" | "topics" => json!({"texts": {"en-GB": {"name": ""}}}),
        other => panic!("{other} needs a change that breaks a rule"),
    }
}

#[test]
fn a_change_that_breaks_a_rule_is_refused_everywhere() {
    let world = World::with_demo();
    for operation in declaring("422").iter().filter(|operation| operation.method == "PATCH") {
        let call = world.call(operation).body(&breaking(operation.collection()));
        call.gets(&world.app, 422, &["invalid_content"]);
    }
}

#[test]
fn what_is_archived_is_not_changed_anywhere() {
    let world = World::with_demo();
    let operations = operations();
    for update in declaring("409").iter().filter(|operation| operation.method == "PATCH") {
        let archives = |operation: &&Operation| operation.path == format!("{}/archive", update.path);
        let archive = operations.iter().find(archives).expect("it can be archived");
        world.call(archive).gets(&world.app, 200, &[]);
        world.call(update).gets(&world.app, 409, &["conflict"]);
    }
}
