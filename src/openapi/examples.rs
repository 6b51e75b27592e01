//! Composes an example of each answer from the examples of its fields.
//!
//! The fields' examples are taken from the demonstration clinic.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use utoipa::openapi::{
    Content, Object, OpenApi, RefOr, Schema, Type,
    schema::{AdditionalProperties, ArrayItems, KnownFormat, SchemaFormat, SchemaType},
};

use super::{
    operation::{operations_of, successes},
    schemas::named,
};
use crate::articles::citation::{self, Citation, CitationFormat};

type Named = BTreeMap<String, RefOr<Schema>>;

/// Gives every successful answer and every request body an example.
pub(super) fn add(document: &mut OpenApi) {
    let Some(components) = &mut document.components else {
        return;
    };
    let schemas = components.schemas.clone();
    for operation in document.paths.paths.values_mut().flat_map(operations_of) {
        if let Some(RefOr::T(body)) = &mut operation.request_body {
            add_to(body.content.iter_mut(), &schemas);
        }
        for (_, success) in successes(operation) {
            add_to(success.content.iter_mut(), &schemas);
        }
    }
}

fn add_to<'a>(contents: impl Iterator<Item = (&'a String, &'a mut RefOr<Content>)>, schemas: &Named) {
    for (media_type, content) in contents {
        if let RefOr::T(content) = content {
            content.example = cited(media_type, schemas).or_else(|| answer(content, schemas));
        }
    }
}

fn answer(content: &Content, schemas: &Named) -> Option<Value> {
    content.schema.as_ref().map(|schema| compose(schema, schemas))
}

/// The composed citation in the format of this media type.
fn cited(media_type: &str, schemas: &Named) -> Option<Value> {
    let format = CitationFormat::ALL
        .into_iter()
        .find(|format| format.content_type().split(';').next() == Some(media_type))?;
    let composed = compose(schemas.get("Citation")?, schemas);
    let mut citation: Citation = serde_json::from_value(composed).ok()?;
    citation.abstract_text = None;
    let text = citation::render(&citation, format);
    match format {
        CitationFormat::Csl => serde_json::from_str(&text).ok(),
        _ => Some(Value::String(text)),
    }
}

fn compose(schema: &RefOr<Schema>, schemas: &Named) -> Value {
    match schema {
        RefOr::Ref(reference) => named(reference, schemas).map_or(Value::Null, |schema| compose(schema, schemas)),
        RefOr::T(Schema::Object(object)) => match &object.example {
            Some(example) => example.clone(),
            None if object.additional_properties.is_some() => map(object, schemas),
            None if object.properties.is_empty() => single(object),
            None => whole(object, schemas),
        },
        RefOr::T(Schema::Array(array)) => match (&array.example, &array.items) {
            (Some(example), _) => example.clone(),
            (None, ArrayItems::RefOrSchema(items)) => json!([compose(items, schemas)]),
            (None, ArrayItems::False) => json!([]),
        },
        RefOr::T(Schema::OneOf(choice)) => match (&choice.example, choice.items.first()) {
            (Some(example), _) => example.clone(),
            (None, Some(item)) => compose(item, schemas),
            (None, None) => Value::Null,
        },
        RefOr::T(_) => Value::Null,
    }
}

/// The properties that are always there, and those of the others that have an example.
fn whole(object: &Object, schemas: &Named) -> Value {
    let shown = object
        .properties
        .iter()
        .filter(|(name, schema)| object.required.contains(name) || has_example(schema));
    let composed: Map<String, Value> = shown
        .map(|(name, schema)| (name.clone(), compose(schema, schemas)))
        .collect();
    Value::Object(composed)
}

/// An object with one entry, as its names are not known beforehand.
fn map(object: &Object, schemas: &Named) -> Value {
    let name = match object.property_names.as_deref() {
        Some(Schema::Object(names)) => names.example.as_ref().and_then(Value::as_str),
        _ => None,
    };
    match object.additional_properties.as_deref() {
        Some(AdditionalProperties::RefOr(schema)) => json!({name.unwrap_or("name"): compose(schema, schemas)}),
        _ => json!({}),
    }
}

fn has_example(schema: &RefOr<Schema>) -> bool {
    match schema {
        RefOr::T(Schema::Object(object)) => object.example.is_some(),
        RefOr::T(Schema::Array(array)) => array.example.is_some(),
        _ => false,
    }
}

fn single(object: &Object) -> Value {
    match (&object.schema_type, &object.format) {
        (SchemaType::Type(Type::String), Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))) => {
            json!("01a2097f-1116-77af-986c-a21b1d5b17f6")
        }
        (SchemaType::Type(Type::String), Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))) => {
            json!("2026-11-23T09:00:00Z")
        }
        (SchemaType::Type(Type::Boolean), _) => json!(false),
        (SchemaType::Type(Type::Object), _) => json!({}),
        (SchemaType::Type(Type::String), None) => match object.enum_values.as_ref().and_then(|values| values.first()) {
            Some(first) => first.clone(),
            None => json!("text"),
        },
        _ => Value::Null,
    }
}
