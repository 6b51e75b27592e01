//! What the public reads: kept answers, old addresses, heads without bodies, and the links between operations.

use super::{Operation, World, declaring, operations};
use crate::support::{client::Answer, contract, raw::Raw};

#[test]
fn a_kept_answer_costs_nothing_anywhere() {
    let world = World::with_demo();
    for operation in declaring("304") {
        let answer = world.call(&operation).gets(&world.app, 200, &[]);
        let again = world.call(&operation).header("if-none-match", answer.header("etag"));
        again.gets(&world.app, 304, &[]);
    }
}

#[test]
fn an_old_slug_leads_on_everywhere() {
    let mut world = World::with_demo();
    for (collection, entity_type) in [
        ("articles", "article"),
        ("locations", "location"),
        ("services", "service"),
        ("testimonials", "testimonial"),
    ] {
        let id = &world.things[&(true, collection)];
        world.app.sql(&format!(
            "insert into retired_slugs select '{entity_type}', locale, 'old', '{id}', now() from clinic_texts limit 1"
        ));
        world.things.insert((false, collection), "old".to_owned());
    }
    for operation in declaring("308") {
        world.call(&operation).gets(&world.app, 308, &[]);
    }
}

#[test]
fn a_head_has_the_headers_of_the_answer_and_no_body_anywhere() {
    let world = World::with_demo();
    let server = world.app.running().address;
    for operation in operations().iter().filter(|operation| operation.method == "GET") {
        let call = world.call(operation);
        let headers = call.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
        let head = format!(
            "HEAD {} HTTP/1.1\r\nhost: {server}\r\n{}\r\n",
            call.path,
            headers.collect::<String>()
        );
        let path = call.path.clone();
        let whole = call.gets(&world.app, 200, &[]);
        let mut raw = Raw::connect(server);
        // Twice on one connection: a body would stand where the second answer begins.
        for _ in 0..2 {
            let answer = raw.send(&head).head();
            contract::check("HEAD", &path, &answer);
            assert_eq!(answer.status, 200, "{path}");
            for name in ["content-length", "content-type", "etag", "link"] {
                assert_eq!(answer.header(name), whole.header(name), "{name} of {path}");
            }
        }
    }
}

/// The links that an operation's success declares.
fn links(operation: &Operation) -> impl Iterator<Item = &'static serde_json::Value> {
    let links = operation.declared["responses"]["200"]["links"].as_object();
    links.into_iter().flat_map(|links| links.values())
}

/// What a link takes out of an answer.
fn given(answer: &Answer, expression: &str) -> String {
    if let Some(name) = expression.strip_prefix("$response.header.") {
        return answer.header(name).to_owned();
    }
    let pointer = expression.strip_prefix("$response.body#").unwrap_or("/no pointer");
    match answer.json().pointer(pointer) {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(serde_json::Value::Number(number)) => number.to_string(),
        other => panic!("{expression} is {other:?} in {}", answer.text()),
    }
}

#[test]
fn every_link_leads_to_what_it_says() {
    let world = World::with_demo();
    let mut followed = 0;
    for operation in operations() {
        for link in links(&operation) {
            let answer = world.call(&operation).gets(&world.app, 200, &[]);
            let id = link["operationId"].as_str().expect("it names an operation");
            let mut targets = operations().into_iter();
            let target = targets.find(|target| target.is_admin() == operation.is_admin() && target.id() == id);
            let target = target.unwrap_or_else(|| panic!("{id} is no operation"));
            let mut call = world.call(&target);
            call.path = target.path.to_owned();
            for (name, value) in link["parameters"].as_object().expect("it gives parameters") {
                let given = match value.as_str().unwrap_or_default() {
                    "$request.path.id" => world.things[&(true, operation.collection())].clone(),
                    expression => given(&answer, expression),
                };
                match name.as_str() {
                    "If-Match" => call = call.header("if-match", &given),
                    name => call.path = call.path.replace(&format!("{{{name}}}"), &given),
                }
            }
            if target.takes("dry_run") {
                call = call.query("dry_run=true");
            }
            let path = call.path.clone();
            let status = call.send(&world.app).status;
            // A step may not be due; that it leads to nothing, or to another version, is what a link must not do.
            assert!(matches!(status, 200 | 201 | 409 | 422), "{id} {path}: {status}");
            followed += 1;
        }
    }
    assert!(followed >= 4, "only {followed} links were followed");
}
