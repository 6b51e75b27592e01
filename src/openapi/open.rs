//! Sets of values that may grow, as readers see them.
//!
//! A writer must know which values are taken, so what is sent has a closed enum. A reader must not fail
//! on a value that came later, so what is answered has a text, with the values that are known so far in
//! `x-extensible-enum` and, where they are few, in its description.

use std::collections::HashSet;

use serde_json::Value;
use utoipa::openapi::{Object, ObjectBuilder, OpenApi, Type, extensions::ExtensionsBuilder};

use super::unused::references;

/// Where the known values of an open set stand.
const KNOWN_VALUES: &str = "x-extensible-enum";

/// The most values that a description repeats.
const MOST_TOLD: usize = 16;

/// Characters of the longest value that there will ever be.
const LONGEST_VALUE: usize = 50;

/// The names of the schemas that answers have.
pub(super) fn answered(document: &OpenApi) -> HashSet<String> {
    let document = serde_json::to_value(document).unwrap_or_default();
    let mut waiting = HashSet::new();
    references(&document["components"]["responses"], &mut waiting);
    for operation in document["paths"]
        .as_object()
        .into_iter()
        .flat_map(|paths| paths.values())
    {
        for method in operation.as_object().into_iter().flat_map(|methods| methods.values()) {
            references(&method["responses"], &mut waiting);
        }
    }
    let mut found = HashSet::new();
    while let Some(reference) = waiting.iter().next().cloned() {
        waiting.remove(&reference);
        let part = document
            .pointer(reference.trim_start_matches('#'))
            .unwrap_or(&Value::Null);
        if found.insert(reference) {
            references(part, &mut waiting);
        }
    }
    let names = found
        .iter()
        .filter_map(|reference| reference.strip_prefix(super::schemas::PLACE));
    names.map(str::to_owned).collect()
}

/// The text that stands for a value of the set; `words` say what it is where they are not empty.
pub(super) fn opened(set: &Object, words: String) -> Object {
    let values: Vec<Value> = set
        .enum_values
        .iter()
        .flatten()
        .filter(|value| !value.is_null())
        .cloned()
        .collect();
    let words = match words.is_empty() {
        true => set.description.clone().unwrap_or_default(),
        false => words,
    };
    let told = match values.len() {
        0..=MOST_TOLD => {
            let named: Vec<String> = values
                .iter()
                .filter_map(Value::as_str)
                .map(|value| format!("`{value}`"))
                .collect();
            format!("One of {}; more may come.", named.join(", "))
        }
        _ => "More may come.".to_owned(),
    };
    let extensions = ExtensionsBuilder::new().add(KNOWN_VALUES, values.as_slice());
    let mut opened = ObjectBuilder::new()
        .schema_type(Type::String)
        .max_length(Some(LONGEST_VALUE))
        .description(Some(format!("{words} {told}")))
        .extensions(Some(extensions.build()))
        .build();
    opened.example = values.into_iter().next();
    opened
}
