//! Says of what clients send that nothing else may be in it, as unknown properties are refused.
//!
//! What they receive stays open: properties are added there without notice.

use std::collections::HashSet;

use serde_json::Value;
use utoipa::openapi::{OpenApi, RefOr, Schema, schema::AdditionalProperties};

use super::{operation::operations_of, schemas::PLACE, unused::references};

/// Closes the schemas that only clients write.
pub(super) fn close(document: &mut OpenApi) {
    let (mut sent, mut received) = (Vec::new(), Vec::new());
    for operation in document.paths.paths.values_mut().flat_map(operations_of) {
        sent.push(serde_json::to_value(&operation.request_body).unwrap_or_default());
        received.push(serde_json::to_value(&operation.responses).unwrap_or_default());
    }
    let Some(components) = &mut document.components else {
        return;
    };
    let all = serde_json::to_value(&components.schemas).unwrap_or_default();
    received.push(serde_json::to_value(&components.responses).unwrap_or_default());
    let (sent, received) = (reached(sent, &all), reached(received, &all));
    for name in sent.difference(&received) {
        if let Some(RefOr::T(Schema::Object(object))) = components.schemas.get_mut(name)
            && !object.properties.is_empty()
            && object.additional_properties.is_none()
        {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        }
    }
}

/// The names of the schemas that these values refer to, and that those refer to in turn.
fn reached(mut waiting: Vec<Value>, all: &Value) -> HashSet<String> {
    let mut names = HashSet::new();
    while let Some(value) = waiting.pop() {
        let mut found = HashSet::new();
        references(&value, &mut found);
        for name in found.iter().filter_map(|reference| reference.strip_prefix(PLACE)) {
            if names.insert(name.to_owned()) {
                waiting.push(all[name].clone());
            }
        }
    }
    names
}
