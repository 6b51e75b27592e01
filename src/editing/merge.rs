//! Merge patches (RFC 7396) onto the content of a document.
//!
//! A null removes what is there. One at a name that the content can never have removes nothing, and would
//! be passed over: it is refused as any unknown field is, for whoever sends it has mistaken the name.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{http::body, problem::Problem, values::json::read_value};

/// The content with the patch merged into it.
pub(super) fn merge<C: DeserializeOwned>(content: &Value, patch: &Map<String, Value>) -> Result<C, Problem> {
    let mut merged = content.clone();
    json_patch::merge(&mut merged, &Value::Object(patch.clone()));
    let mut with_nulls = merged.clone();
    if keep_nulls(content, patch, &mut with_nulls) {
        check_names::<C>(with_nulls)?;
    }
    body::read(&serde_json::to_vec(&merged).map_err(Problem::internal)?)
}

/// Puts back the nulls of the patch that removed nothing, and tells whether there are any.
fn keep_nulls(before: &Value, patch: &Map<String, Value>, merged: &mut Value) -> bool {
    let Some(merged) = merged.as_object_mut() else {
        return false;
    };
    let mut kept = false;
    for (name, value) in patch {
        match (value, before.get(name)) {
            (Value::Null, None) => {
                merged.insert(name.clone(), Value::Null);
                kept = true;
            }
            (Value::Object(inner), before) => {
                if let Some(merged) = merged.get_mut(name) {
                    kept |= keep_nulls(before.unwrap_or(&Value::Null), inner, merged);
                }
            }
            _ => {}
        }
    }
    kept
}

/// Refuses names that the content does not have; whether its values are right is another question.
fn check_names<C: DeserializeOwned>(content: Value) -> Result<(), Problem> {
    let faults = read_value::<C>(content).err().unwrap_or_default();
    let unknown: Vec<_> = faults
        .into_iter()
        .filter(|fault| fault.code == "unknown_field")
        .collect();
    match unknown.is_empty() {
        true => Ok(()),
        false => Err(body::malformed(unknown)),
    }
}
