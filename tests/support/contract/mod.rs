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
use utoipa::openapi::OpenApi;

use super::client::Answer;

static PUBLIC: LazyLock<Document> = LazyLock::new(|| Document::new("public", &vertebra::app::public_document()));

static ADMIN: LazyLock<Document> = LazyLock::new(|| Document::new("admin", &vertebra::app::admin_document()));

static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// What may be answered under `default`: faults of the request itself, found before any operation is asked.
const BY_DEFAULT: [u16; 5] = [408, 413, 414, 415, 431];

/// A document, and its paths as the router reads them.
struct Document {
    name: &'static str,
    content: Value,
    paths: Vec<(ResourceDef, String)>,
}

impl Document {
    fn new(name: &'static str, document: &OpenApi) -> Self {
        let mut paths: Vec<&String> = document.paths.paths.keys().collect();
        // A path that is spelled out goes before one with a place for anything.
        paths.sort_by_key(|path| path.matches('{').count());
        let paths = paths
            .into_iter()
            .map(|path| (ResourceDef::new(path.as_str()), path.clone()));
        Self {
            name,
            paths: paths.collect(),
            content: serde_json::to_value(document).expect("the document is JSON"),
        }
    }

    fn operation(&self, method: &str, path: &str) -> Option<&Value> {
        let (_, path) = self.paths.iter().find(|(known, _)| known.is_match(path))?;
        self.content["paths"][path].get(method.to_ascii_lowercase())
    }
}

/// Checks an answer to a path and method that a document has.
pub(crate) fn check(method: &str, path: &str, answer: &Answer) {
    let path = path.split('?').next().expect("there is a first part");
    let asked = if method == "HEAD" { "GET" } else { method };
    let Document { name, content, .. } = of(path);
    let Some(operation) = of(path).operation(asked, path) else {
        return;
    };
    let place = format!("{method} {path} {}", answer.status);
    let (key, declared) = declared(content, operation, answer.status)
        .unwrap_or_else(|| panic!("{place} is not declared: {}", String::from_utf8_lossy(&answer.body)));
    headers::check(&place, content, declared, answer);
    if method == "HEAD" {
        assert!(answer.body.is_empty(), "{place} has a body");
        return;
    }
    let media_type = check_body(&place, content, declared, answer);
    seen::record(&[
        name,
        operation["operationId"].as_str().unwrap_or_default(),
        &key,
        media_type.unwrap_or("-"),
        &answer.status.to_string(),
    ]);
}

/// The document that speaks of a path.
pub(crate) fn document(path: &str) -> &'static Value {
    &of(path).content
}

fn of(path: &str) -> &'static Document {
    match path.starts_with("/v1/admin/") {
        true => &ADMIN,
        false => &PUBLIC,
    }
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

/// Checks a value against a schema, which may refer to the document's components.
fn check_value(place: &str, document: &Value, schema: &Value, value: &Value) {
    let faults: Vec<String> = validator(document, schema)
        .iter_errors(value)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{place} breaks its schema:\n{}", faults.join("\n"));
}

fn validator(document: &Value, schema: &Value) -> Arc<Validator> {
    let text = schema.to_string();
    let refers = text.contains("\"$ref\"");
    let owner = if refers {
        document["info"]["title"].as_str().unwrap_or_default()
    } else {
        ""
    };
    let mut validators = VALIDATORS.lock().expect("no test panics while it holds this");
    let made = validators.entry(format!("{owner} {text}")).or_insert_with(|| {
        let options = jsonschema::draft202012::options().should_validate_formats(true);
        let mut whole = match refers {
            true => json!({"allOf": [schema], "components": document["components"]}),
            false => schema.clone(),
        };
        know_values(&mut whole);
        Arc::new(options.build(&whole).expect("the schema is valid"))
    });
    made.clone()
}

/// Allows no value of an open set but those that the document knows: readers may meet more, the server sends none.
fn know_values(schema: &mut Value) {
    if let Value::Object(part) = schema {
        if let Some(known) = part.get("x-extensible-enum").cloned() {
            let null = part["type"].is_array().then_some(Value::Null);
            let known = known.as_array().into_iter().flatten().cloned().chain(null);
            part.insert("enum".to_owned(), known.collect());
        }
        part.values_mut().for_each(know_values);
    } else if let Value::Array(parts) = schema {
        parts.iter_mut().for_each(know_values);
    }
}
