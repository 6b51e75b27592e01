//! The OpenAPI documents: that they are committed as they are, complete, and true to the server.

#![expect(clippy::expect_used, reason = "a test fails by panicking, and so do its helpers")]

mod admin;
mod bodies;
mod coverage;
mod descriptions;
mod examples;
mod forms;
mod parameters;

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;
use vertebra::{
    app::{admin_document, public_document},
    articles::wire::ArticleSummary,
    openapi,
};

/// The only schema whose properties may be missing: a client says which it wants.
const SPARSE: &str = "SparseArticleSummary";

/// The public document.
fn document() -> Value {
    json_of(&public_document())
}

/// Both documents.
fn documents() -> [Value; 2] {
    [json_of(&public_document()), json_of(&admin_document())]
}

fn json_of(document: &OpenApi) -> Value {
    serde_json::to_value(document).expect("the document is JSON")
}

fn object(value: &Value) -> &Map<String, Value> {
    value
        .as_object()
        .unwrap_or_else(|| panic!("an object is expected: {value}"))
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// Every operation with its path and method.
fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    object(&document["paths"]).iter().flat_map(|(path, item)| {
        object(item)
            .iter()
            .map(move |(method, operation)| (format!("{method} {path}"), operation))
    })
}

/// What a value is or points to in the document.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document
            .pointer(reference.trim_start_matches('#'))
            .unwrap_or_else(|| panic!("{reference} points to nothing")),
        None => value,
    }
}

/// Every object inside a value, with its place.
fn objects<'a>(value: &'a Value, place: &str, found: &mut Vec<(String, &'a Map<String, Value>)>) {
    match value {
        Value::Object(map) => {
            found.push((place.to_owned(), map));
            for (name, inner) in map {
                objects(inner, &format!("{place}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                objects(inner, &format!("{place}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Every object of the document that is no part of an example.
fn parts(document: &Value) -> Vec<(String, &Map<String, Value>)> {
    let mut found = Vec::new();
    objects(document, "", &mut found);
    found.retain(|(place, _)| !place.contains("/example") || place.ends_with("/properties/example"));
    found
}

#[test]
fn the_committed_documents_are_what_the_handlers_say() {
    for (name, document) in [("public", public_document()), ("admin", admin_document())] {
        let [newer, older] = openapi::forms(&document);
        check_committed(&format!("{name}.json"), &newer);
        check_committed(&format!("{name}-3.0.json"), &older);
    }
}

#[track_caller]
fn check_committed(name: &str, document: &Value) {
    let path = format!("{}/openapi/{name}", env!("CARGO_MANIFEST_DIR"));
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let generated = serde_json::to_string_pretty(document).expect("the document is JSON") + "\n";
    let differs = committed
        .lines()
        .zip(generated.lines())
        .position(|(old, new)| old != new)
        .map_or(committed.lines().count(), |line| line + 1);
    assert!(
        committed == generated,
        "openapi/{name} is not what the handlers say, from line {differs} on: \
         run `cargo run -- openapi` and commit what it writes"
    );
}

#[test]
fn every_operation_is_described() {
    documents().iter().for_each(check_that_every_operation_is_described);
}

fn check_that_every_operation_is_described(document: &Value) {
    let tags: Vec<&str> = document["tags"]
        .as_array()
        .expect("there are tags")
        .iter()
        .map(|tag| {
            assert_ne!(text(tag, "description"), "", "{tag}");
            text(tag, "name")
        })
        .collect();
    let mut ids = HashSet::new();
    for (name, operation) in operations(document) {
        let id = text(operation, "operationId");
        let is_camel_case =
            id.starts_with(|c: char| c.is_ascii_lowercase()) && id.chars().all(|c| c.is_ascii_alphanumeric());
        assert!(is_camel_case, "{name} has the operationId {id:?}");
        assert!(ids.insert(id.to_owned()), "{id} is there twice");
        let summary = text(operation, "summary");
        assert!(
            (1..=80).contains(&summary.len()) && !summary.ends_with('.'),
            "{name}: {summary}"
        );
        let description = text(operation, "description");
        // An editor's operation says more than which key it needs.
        let words = description.split("Needs a key with").next().unwrap_or_default().trim();
        assert!(words.ends_with('.'), "{name}: {description}");
        let own_tags = operation["tags"].as_array().map(Vec::as_slice).unwrap_or_default();
        assert!(
            matches!(own_tags, [Value::String(tag)] if tags.contains(&tag.as_str())),
            "{name} has the tags {own_tags:?}"
        );
    }
    assert!(!ids.is_empty());
}

#[test]
fn every_parameter_is_described_and_bounded() {
    documents()
        .iter()
        .for_each(check_that_every_parameter_is_described_and_bounded);
}

fn check_that_every_parameter_is_described_and_bounded(document: &Value) {
    for (name, operation) in operations(document) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let parameter = resolved(document, parameter);
            let name = format!("{name}: {}", text(parameter, "name"));
            assert_ne!(text(parameter, "description"), "", "{name}");
            let schema = resolved(document, &parameter["schema"]);
            let bound = match text(schema, "type") {
                "array" => "maxItems",
                "integer" => "maximum",
                "boolean" => continue,
                _ if schema.get("enum").is_some() => continue,
                _ if ["uuid", "date"].contains(&text(schema, "format")) => continue,
                _ => "maxLength",
            };
            assert!(schema[bound].is_number(), "{name} has no {bound}");
        }
    }
}

/// What a patient sends is answered without anything to keep.
#[test]
fn every_public_write_declares_the_answers_of_its_kind() {
    let document = document();
    let mut writes = operations(&document)
        .filter(|(name, _)| name.starts_with("post "))
        .peekable();
    assert!(writes.peek().is_some());
    for (name, operation) in writes {
        let responses = object(&operation["responses"]);
        let declared: BTreeSet<&str> = responses.keys().map(String::as_str).collect();
        let errors = ["400", "409", "413", "415", "422", "429", "500", "503", "default"];
        assert!(
            errors.iter().all(|status| declared.contains(status)),
            "{name}: {declared:?}"
        );
        let (_, success) = responses
            .iter()
            .find(|(status, _)| status.starts_with('2'))
            .expect("it can succeed");
        assert!(
            success["headers"]["ETag"].is_null() && success["headers"]["Cache-Control"].is_object(),
            "{name}"
        );
    }
}

/// The answers and their headers, by what the operation reads.
#[test]
fn every_read_declares_the_answers_of_its_kind() {
    let document = document();
    // What is not kept says so itself.
    let is_kept = |operation: &Value| {
        let headers = &operation["responses"]["200"]["headers"];
        headers["ETag"].is_object()
    };
    let names: Vec<String> = operations(&document)
        .filter(|(_, operation)| !is_kept(operation))
        .map(|(name, _)| name)
        .collect();
    assert!(
        names
            .iter()
            .all(|name| !name.starts_with("get ") || name.contains("/preview/")),
        "{names:?}"
    );
    for (name, operation) in operations(&document).filter(|(_, operation)| is_kept(operation)) {
        let responses = object(&operation["responses"]);
        let success = &responses["200"];
        let contents = object(&success["content"]);
        let is_page = contents
            .values()
            .any(|content| text(&content["schema"], "$ref").ends_with("Page"));
        let names_a_thing = name.contains('{');
        let mut expected = BTreeSet::from(["200", "304", "400", "500", "503", "default"]);
        if names_a_thing {
            expected.insert("308");
        }
        if names_a_thing || name == "get /v1/clinic" {
            expected.insert("404");
        }
        let declared: BTreeSet<&str> = responses.keys().map(String::as_str).collect();
        assert_eq!(declared, expected, "{name}");

        let kept = ["Cache-Control", "Content-Language", "ETag", "Vary", "X-Request-Id"];
        for (status, response) in responses {
            let response = resolved(&document, response);
            let headers = &response["headers"];
            let needed: &[&str] = match status.as_str() {
                "200" | "304" => &kept,
                "308" => &["Location", "Cache-Control", "Vary", "X-Request-Id"],
                "503" => &["Retry-After", "Cache-Control", "X-Request-Id"],
                _ => &["Cache-Control", "X-Request-Id"],
            };
            for header in needed {
                let header = resolved(&document, &headers[header]);
                assert_ne!(text(header, "description"), "", "{name} {status}");
            }
            assert_ne!(text(response, "description"), "", "{name} {status}");
            let is_error = status.starts_with(['4', '5']) || status == "default";
            if is_error {
                let problem = &response["content"]["application/problem+json"];
                assert_eq!(
                    text(&problem["schema"], "$ref"),
                    "#/components/schemas/Problem",
                    "{name} {status}"
                );
                assert!(!object(&problem["examples"]).is_empty(), "{name} {status}");
            }
        }
        assert_eq!(success["headers"]["Link"].is_object(), is_page, "{name}");
    }
}

#[test]
fn every_property_is_described_and_always_there() {
    documents()
        .iter()
        .for_each(check_that_every_property_is_described_and_always_there);
}

fn check_that_every_property_is_described_and_always_there(document: &Value) {
    let answered = answered(document);
    for (name, schema) in object(&document["components"]["schemas"]) {
        assert_ne!(text(schema, "description"), "", "{name}");
        let Some(properties) = schema["properties"].as_object() else {
            continue;
        };
        let required: HashSet<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for (property, schema) in properties {
            assert_ne!(text(schema, "description"), "", "{name}.{property}");
            // What a client sends may leave out what is optional.
            // RFC 6902 has no value where something is removed, and CSL-JSON nothing that is not known.
            let may_be_absent = name == SPARSE
                || (name == "PatchOperation" && property == "value")
                || ["CslItem", "CslName", "CslDate"].contains(&name.as_str());
            if !may_be_absent && answered.contains(name.as_str()) {
                assert!(
                    required.contains(property.as_str()),
                    "{name}.{property} is not required"
                );
            }
        }
    }
}

/// The names of the schemas that answers have.
fn answered(document: &Value) -> HashSet<&str> {
    let schemas = &document["components"]["schemas"];
    let mut waiting: Vec<&Value> = operations(document)
        .map(|(_, operation)| &operation["responses"])
        .collect();
    waiting.push(&document["components"]["responses"]);
    let mut names = HashSet::new();
    while let Some(part) = waiting.pop() {
        let mut found = Vec::new();
        objects(part, "", &mut found);
        for reference in found.iter().filter_map(|(_, part)| part.get("$ref")?.as_str()) {
            if let Some(name) = reference.strip_prefix("#/components/schemas/")
                && names.insert(name)
            {
                waiting.push(&schemas[name]);
            }
        }
    }
    names
}

/// What spoils generated clients: types without a name, unions that are one type, lists without an end.
#[test]
fn schemas_have_the_form_that_generators_read() {
    documents()
        .iter()
        .for_each(check_that_schemas_have_the_form_that_generators_read);
}

fn check_that_schemas_have_the_form_that_generators_read(document: &Value) {
    for (place, part) in parts(document) {
        if let Some(properties) = part.get("properties").filter(|_| part.contains_key("type")) {
            assert!(properties.is_object());
            let depth = place.matches('/').count();
            assert!(
                place.starts_with("/components/schemas/") && depth == 3,
                "{place} is an object without a name"
            );
        }
        assert!(!part.contains_key("allOf") && !part.contains_key("anyOf"), "{place}");
        if let Some(choice) = part.get("oneOf") {
            let references = choice.as_array().into_iter().flatten();
            let named: Vec<&Value> = references.filter(|item| item.get("$ref").is_some()).collect();
            let of_named = named.iter().all(|item| {
                let item = resolved(document, item);
                item["type"] == "object" || item.get("enum").is_some()
            });
            assert!(named.len() == 1 && of_named, "{place} is a choice of {choice}");
        }
        let is = |kind: &str| match part.get("type") {
            Some(Value::String(of)) => of == kind,
            Some(Value::Array(of)) => of.contains(&json!(kind)),
            _ => false,
        };
        let has = |name: &str| part.contains_key(name);
        assert!(!is("array") || has("maxItems"), "{place} has no maxItems");
        assert!(
            !is("string") || has("maxLength") || has("enum"),
            "{place} has no maxLength"
        );
        assert!(
            !is("string") || has("pattern") || has("format") || has("enum"),
            "{place} has no form"
        );
        assert!(
            !is("integer") || (has("format") && has("minimum") && has("maximum")),
            "{place} has no bounds"
        );
    }
}

/// Whether a pattern means the same to ECMAScript, Python, Java, Go, Swift and .NET.
fn is_portable(pattern: &str) -> bool {
    let has = |part: &str| pattern.contains(part);
    let has_groups_of_some = has("(?");
    let has_classes_of_some = has("\\p") || has("\\P") || has("\\u") || has("\\w") || has("\\d") || has("\\b");
    pattern.starts_with('^') && pattern.ends_with('$') && !has_groups_of_some && !has_classes_of_some
}

#[test]
fn every_pattern_is_one_for_all_languages() {
    let mut seen = 0;
    for document in documents() {
        for (place, part) in parts(&document) {
            if let Some(pattern) = part.get("pattern").and_then(Value::as_str) {
                assert!(is_portable(pattern), "{place}: {pattern}");
                seen += 1;
            }
        }
    }
    assert!(seen > 0);
}

#[test]
fn every_answer_says_which_pages_may_read_it() {
    for document in documents() {
        for (name, operation) in operations(&document) {
            for (status, response) in object(&operation["responses"]) {
                let origin = &resolved(&document, response)["headers"]["Access-Control-Allow-Origin"];
                assert!(origin.is_object(), "{name} {status}");
            }
        }
    }
}

#[test]
fn every_reference_points_to_something_and_all_components_are_used() {
    documents()
        .iter()
        .for_each(check_that_every_reference_points_to_something_and_all_components_are_used);
}

fn check_that_every_reference_points_to_something_and_all_components_are_used(document: &Value) {
    let mut found = Vec::new();
    objects(document, "", &mut found);
    let mut used = HashSet::new();
    for (_, part) in found {
        if let Some(Value::String(reference)) = part.get("$ref") {
            let part = json!(part);
            resolved(document, &part);
            used.insert(reference.clone());
        }
    }
    for (kind, components) in object(&document["components"]) {
        // Those are named by operations without a reference.
        if kind == "securitySchemes" {
            continue;
        }
        for name in object(components).keys() {
            let place = format!("#/components/{kind}/{name}");
            assert!(used.contains(&place), "{place} is not used");
        }
    }
}

/// A schema of the document that can stand alone.
fn validator(document: &Value, schema: &Value) -> jsonschema::Validator {
    let mut alone = schema.clone();
    alone["components"] = document["components"].clone();
    alone["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    jsonschema::options()
        .should_validate_formats(true)
        .build(&alone)
        .unwrap_or_else(|error| panic!("{schema} is no schema: {error}"))
}

#[test]
fn sparse_articles_have_the_properties_that_can_be_asked_for() {
    let document = document();
    let schemas = &document["components"]["schemas"];
    let names = |schema: &str| -> Vec<&str> {
        let properties = object(&schemas[schema]["properties"]);
        properties.keys().map(String::as_str).collect()
    };
    assert_eq!(names("ArticleSummary"), ArticleSummary::FIELDS);
    assert_eq!(names(SPARSE), ArticleSummary::FIELDS);
    assert!(schemas[SPARSE].get("required").is_none());
    assert_eq!(schemas["ArticleField"]["enum"], json!(ArticleSummary::FIELDS));
    let filter = parameters::of(&document, "listArticles");
    let most = filter["fields"]["maxItems"].as_u64();
    assert!(most.is_some_and(|most| most >= ArticleSummary::FIELDS.len() as u64));
}
