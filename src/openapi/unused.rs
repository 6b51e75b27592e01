//! Removes what is declared for all and used by none: each document has only what it needs.

use std::collections::HashSet;

use serde_json::Value;
use utoipa::openapi::{Components, OpenApi};

/// Removes components that nothing refers to, and then those that only these referred to.
pub(super) fn remove(document: &mut OpenApi) {
    while let Some(removed) = remove_once(document)
        && removed > 0
    {}
}

fn remove_once(document: &mut OpenApi) -> Option<usize> {
    let mut used = HashSet::new();
    references(&serde_json::to_value(&*document).ok()?, &mut used);
    let components = document.components.as_mut()?;
    let before = count(components);
    let is_used = |kind: &str, name: &str| used.contains(&format!("#/components/{kind}/{name}"));
    components.schemas.retain(|name, _| is_used("schemas", name));
    components.responses.retain(|name, _| is_used("responses", name));
    components.parameters.retain(|name, _| is_used("parameters", name));
    components.headers.retain(|name, _| is_used("headers", name));
    Some(before - count(components))
}

fn count(components: &Components) -> usize {
    components.schemas.len() + components.responses.len() + components.parameters.len() + components.headers.len()
}

/// Gathers what a part of a document refers to.
pub(super) fn references(value: &Value, found: &mut HashSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("$ref") {
                found.insert(reference.clone());
            }
            map.values().for_each(|inner| references(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| references(inner, found)),
        _ => {}
    }
}
