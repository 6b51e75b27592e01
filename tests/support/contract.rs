//! Holds an answer against the API's documents, the public one or the editors': its status, its media type, its headers, its schema.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use actix_router::ResourceDef;
use jsonschema::Validator;
use serde_json::{Value, json};

use super::client::Answer;

static PUBLIC: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(vertebra::app::public_document()).expect("the document is JSON"));

static ADMIN: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(vertebra::app::admin_document()).expect("the document is JSON"));

static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Headers that an answer may leave out although they are declared.
const SOMETIMES: [&str; 1] = ["Link"];

/// Checks an answer; a path or method that the document does not have must have been refused.
pub(crate) fn check(method: &str, path: &str, answer: &Answer) {
    let path = path.split('?').next().expect("there is a first part");
    let method = if method == "HEAD" { "GET" } else { method };
    let document = document(path);
    let Some(operation) = operation(document, method, path) else {
        return;
    };
    let status = answer.status.to_string();
    let responses = &operation["responses"];
    let declared = match &responses[&status] {
        Value::Null => &responses["default"],
        declared => declared,
    };
    let declared = resolve(document, declared);
    assert!(
        declared.is_object(),
        "{method} {path} answers {status}, which is not declared"
    );
    check_headers(&format!("{method} {path} {status}"), declared, answer);
    if !answer.body.is_empty() {
        check_body(&format!("{method} {path} {status}"), document, declared, answer);
    }
}

/// The document that speaks of a path.
pub(crate) fn document(path: &str) -> &'static Value {
    match path.starts_with("/v1/admin/") {
        true => &ADMIN,
        false => &PUBLIC,
    }
}

fn operation(document: &'static Value, method: &str, path: &str) -> Option<&'static Value> {
    let paths = document["paths"].as_object()?;
    let mut matching: Vec<_> = paths
        .iter()
        .filter(|(known, _)| ResourceDef::new(known.as_str()).is_match(path))
        .collect();
    // A path that is spelled out goes before one with a place for anything.
    matching.sort_by_key(|(known, _)| known.matches('{').count());
    matching.first()?.1.get(method.to_ascii_lowercase())
}

fn resolve(document: &'static Value, value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => document
            .pointer(&reference[1..])
            .expect("the reference leads somewhere"),
        None => value,
    }
}

fn check_headers(place: &str, declared: &Value, answer: &Answer) {
    let headers = declared["headers"].as_object();
    for name in headers.into_iter().flat_map(|headers| headers.keys()) {
        let may_be_absent = SOMETIMES.contains(&name.as_str());
        assert!(
            may_be_absent || answer.headers.contains_key(name),
            "{place} lacks {name}"
        );
    }
}

fn check_body(place: &str, document: &'static Value, declared: &'static Value, answer: &Answer) {
    let content_type = answer.header("content-type");
    let media_type = content_type.split(';').next().expect("there is a first part");
    let content = &declared["content"][media_type];
    assert!(content.is_object(), "{place} is {media_type}, which is not declared");
    if !media_type.ends_with("json") || !answer.header("content-encoding").is_empty() {
        return;
    }
    let body = answer.json();
    let validator = validator(document, &content["schema"]);
    let faults: Vec<String> = validator
        .iter_errors(&body)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{place} breaks its schema:\n{}", faults.join("\n"));
}

fn validator(document: &Value, schema: &Value) -> Arc<Validator> {
    let mut validators = VALIDATORS.lock().expect("no test panics while it holds this");
    let made = validators
        .entry(format!("{} {schema}", document["info"]["title"]))
        .or_insert_with(|| {
            let mut whole = json!({"allOf": [schema], "components": document["components"]});
            know_values(&mut whole);
            let options = jsonschema::draft202012::options().should_validate_formats(true);
            Arc::new(options.build(&whole).expect("the schema is valid"))
        });
    made.clone()
}

/// Allows no value of an open set but those that the document knows: readers may meet more, the server sends none.
fn know_values(schema: &mut Value) {
    if let Value::Object(part) = schema {
        if let Some(known) = part.get("x-extensible-enum").cloned() {
            let is_nullable = part["type"].is_array();
            let null = is_nullable.then_some(Value::Null);
            let known = known.as_array().into_iter().flatten().cloned().chain(null);
            part.insert("enum".to_owned(), known.collect());
        }
        part.values_mut().for_each(know_values);
    } else if let Value::Array(parts) = schema {
        parts.iter_mut().for_each(know_values);
    }
}
