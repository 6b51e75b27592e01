//! Gives parameters, request bodies and answers the examples that were recorded from the demonstration clinic.
//!
//! The files are written by a test that walks through every operation (`tests/api/examples`), and the same test holds
//! the server's answers to them. What no file has stays without an example, which another test tells of.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::openapi::{
    Content, OpenApi, RefOr, Schema,
    path::{Operation, Parameter, ParameterBuilder},
    schema::ArrayItems,
};

use super::operation::{operations_of, successes};
use crate::problem::Code;

/// What was recorded of the public API.
pub(super) const PUBLIC: &str = include_str!("../../openapi/examples/public.json");

/// What was recorded of the editors' side.
pub(super) const ADMIN: &str = include_str!("../../openapi/examples/admin.json");

/// What was recorded of one document.
#[derive(Default, Deserialize)]
pub(super) struct Examples {
    /// By operationId.
    operations: BTreeMap<String, Example>,
    /// By code.
    problems: BTreeMap<String, Value>,
}

/// How an operation was called, and what it answered.
#[derive(Deserialize)]
struct Example {
    parameters: Map<String, Value>,
    request: Option<Value>,
    /// By media type.
    response: BTreeMap<String, Value>,
}

impl Examples {
    /// Reads a file; one that cannot be read has no examples.
    pub(super) fn read(file: &str) -> Self {
        serde_json::from_str(file).unwrap_or_default()
    }

    /// How the server refuses with this code; none where no walk meets it.
    pub(super) fn problem(&self, code: Code) -> Option<&Value> {
        self.problems.get(code.as_str())
    }

    /// Gives every operation its examples.
    pub(super) fn add_to(&self, document: &mut OpenApi) {
        for operation in document.paths.paths.values_mut().flat_map(operations_of) {
            let id = operation.operation_id.as_deref().unwrap_or_default();
            if let Some(example) = self.operations.get(id) {
                example.add_to(operation);
            }
        }
    }
}

impl Example {
    fn add_to(&self, operation: &mut Operation) {
        for parameter in operation.parameters.iter_mut().flatten() {
            if let RefOr::T(parameter) = parameter {
                self.add_to_parameter(parameter);
            }
        }
        if let Some(RefOr::T(body)) = &mut operation.request_body {
            for content in body.content.values_mut() {
                set(content, self.request.as_ref());
            }
        }
        for (_, success) in successes(operation) {
            for (media_type, content) in &mut success.content {
                // A media type may be declared with its charset.
                let media_type = media_type.split(';').next().unwrap_or_default();
                set(content, self.response.get(media_type));
            }
        }
    }

    /// A parameter has the example of the call or none: that of its type would be of another thing.
    fn add_to_parameter(&self, parameter: &mut Parameter) {
        let example = self.parameters.get(&parameter.name).cloned();
        *parameter = ParameterBuilder::from(parameter.clone()).example(example).build();
        match &mut parameter.schema {
            Some(RefOr::T(Schema::Object(object))) => object.example = None,
            Some(RefOr::T(Schema::Array(array))) => {
                if let ArrayItems::RefOrSchema(items) = &mut array.items
                    && let RefOr::T(Schema::Object(items)) = items.as_mut()
                {
                    items.example = None;
                }
            }
            _ => {}
        }
    }
}

fn set(content: &mut RefOr<Content>, example: Option<&Value>) {
    if let RefOr::T(content) = content {
        content.example = example.cloned();
    }
}
