//! Holds an answer against the API's documents, the public one or the editors': its status, its headers, its media
//! type, its schema. What held is written down for the report in tests/openapi/coverage.rs.

mod headers;
mod seen;

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

/// What may be answered under `default`: faults of the request itself, found before any operation is asked.
const BY_DEFAULT: [u16; 5] = [408, 413, 414, 415, 431];

/// Checks an answer; a path or method that the document does not have must have been refused.
pub(crate) fn check(method: &str, path: &str, answer: &Answer) {
    let path = path.split('?').next().expect("there is a first part");
    let document = document(path);
    let asked = if method == "HEAD" { "GET" } else { method };
    let Some(operation) = operation(document, asked, path) else {
        return;
    };
    let place = format!("{method} {path} {}", answer.status);
    let (key, declared) = declared(document, operation, answer.status)
        .unwrap_or_else(|| panic!("{place} is not declared: {}", String::from_utf8_lossy(&answer.body)));
    headers::check(&place, document, declared, answer);
    if method == "HEAD" {
        assert!(answer.body.is_empty(), "{place} has a body");
        return;
    }
    let media_type = check_body(&place, document, declared, answer);
    seen::record(&[
        if path.starts_with("/v1/admin/") {
            "admin"
        } else {
            "public"
        },
        operation["operationId"].as_str().unwrap_or_default(),
        &key,
        media_type.unwrap_or("-"),
        &answer.status.to_string(),
    ]);
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

/// What is declared of a status, and under which name.
fn declared(document: &'static Value, operation: &'static Value, status: u16) -> Option<(String, &'static Value)> {
    let responses = &operation["responses"];
    let names = [status.to_string(), "default".to_owned()];
    let name = names.into_iter().find(|name| responses[name].is_object())?;
    let is_right = name != "default" || BY_DEFAULT.contains(&status);
    let declared = resolve(document, &responses[&name]);
    is_right.then_some((name, declared))
}

/// What a value is or points to in a document.
pub(crate) fn resolve(document: &'static Value, value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => document
            .pointer(&reference[1..])
            .expect("the reference leads somewhere"),
        None => value,
    }
}

/// Checks the body and gives its media type; an answer that declares content has a body, any other has none.
fn check_body<'a>(
    place: &str,
    document: &'static Value,
    declared: &'static Value,
    answer: &'a Answer,
) -> Option<&'a str> {
    let Some(contents) = declared["content"].as_object().filter(|contents| !contents.is_empty()) else {
        assert!(answer.body.is_empty(), "{place} has a body, which is not declared");
        return None;
    };
    assert!(!answer.body.is_empty(), "{place} has no body");
    let content_type = answer.header("content-type");
    let media_type = content_type.split(';').next().expect("there is a first part");
    let content = contents.get(media_type);
    let content = content.unwrap_or_else(|| panic!("{place} is {content_type:?}, which is not declared"));
    if media_type.ends_with("json") && answer.header("content-encoding").is_empty() {
        check_value(place, document, &content["schema"], &answer.json());
    }
    Some(media_type)
}

/// Checks a value against a schema of a document.
fn check_value(place: &str, document: &Value, schema: &Value, value: &Value) {
    let faults: Vec<String> = validator(document, schema)
        .iter_errors(value)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{place} breaks its schema:\n{}", faults.join("\n"));
}

fn validator(document: &Value, schema: &Value) -> Arc<Validator> {
    let mut validators = VALIDATORS.lock().expect("no test panics while it holds this");
    let made = validators
        .entry(format!("{} {schema}", document["info"]["title"]))
        .or_insert_with(|| {
            let whole = json!({"allOf": [schema], "components": document["components"]});
            let options = jsonschema::draft202012::options().should_validate_formats(true);
            Arc::new(options.build(&whole).expect("the schema is valid"))
        });
    made.clone()
}
