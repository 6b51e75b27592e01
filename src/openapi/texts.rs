//! Gives every text a length and a form where its own type names none.
//!
//! What a client writes is bounded by its type (`Line`, `Slug`, ...). What is left is bounded by what the
//! server holds every text to: an address has no control characters, as `http::guard` refuses them, and
//! what is answered has none but those of a layout, as no text is taken that has others. The patterns say
//! nothing that one of ECMAScript, Python, Java, Go, Swift and .NET reads in another way.

use utoipa::openapi::{
    Content, Object, OpenApi, RefOr, Schema, Type,
    path::{Parameter, ParameterIn},
    schema::{AdditionalProperties, ArrayItems, KnownFormat, SchemaFormat, SchemaType},
};

use super::operation::operations_of;

/// No control characters.
const IN_AN_ADDRESS: &str = r"^[^\x00-\x1f\x7f-\x9f]*$";

/// No control characters but tabs and ends of lines.
const IN_AN_ANSWER: &str = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$";

/// Bounds all texts of the document.
pub(super) fn bound(document: &mut OpenApi) {
    for operation in document.paths.paths.values_mut().flat_map(operations_of) {
        for parameter in operation.parameters.iter_mut().flatten() {
            bound_parameter(parameter);
        }
        for response in operation.responses.responses.values_mut() {
            if let RefOr::T(response) = response {
                response.content.values_mut().for_each(bound_content);
            }
        }
    }
    if let Some(components) = &mut document.components {
        components.parameters.values_mut().for_each(bound_parameter);
        for schema in components.schemas.values_mut() {
            bound_schema(schema, IN_AN_ANSWER);
        }
    }
}

fn bound_parameter(parameter: &mut RefOr<Parameter>) {
    if let RefOr::T(parameter) = parameter
        && parameter.parameter_in != ParameterIn::Header
        && let Some(schema) = &mut parameter.schema
    {
        bound_schema(schema, IN_AN_ADDRESS);
    }
}

fn bound_content(content: &mut RefOr<Content>) {
    if let RefOr::T(content) = content
        && let Some(schema) = &mut content.schema
    {
        bound_schema(schema, IN_AN_ANSWER);
    }
}

fn bound_schema(schema: &mut RefOr<Schema>, form: &str) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            bound_text(object, form);
            for property in object.properties.values_mut() {
                bound_schema(property, form);
            }
            if let Some(AdditionalProperties::RefOr(values)) = object.additional_properties.as_deref_mut() {
                bound_schema(values, form);
            }
        }
        RefOr::T(Schema::Array(array)) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                bound_schema(items, form);
            }
        }
        RefOr::T(Schema::OneOf(choice)) => {
            for item in &mut choice.items {
                bound_schema(item, form);
            }
        }
        _ => {}
    }
}

/// Most characters of what has a format, where every such text has as many at most.
fn longest(format: &KnownFormat) -> Option<usize> {
    match format {
        KnownFormat::Uuid => Some("01a2097f-10e8-741a-83cf-d6db6b582513".len()),
        KnownFormat::Date => Some("2026-01-31".len()),
        KnownFormat::DateTime => Some("2026-01-31T09:00:00.123456789+01:00".len()),
        _ => None,
    }
}

fn bound_text(object: &mut Object, form: &str) {
    let is_text = match &object.schema_type {
        SchemaType::Type(of) => *of == Type::String,
        SchemaType::Array(of) => of.contains(&Type::String),
        SchemaType::AnyValue => false,
    };
    if !is_text || object.enum_values.is_some() {
        return;
    }
    match &object.format {
        Some(SchemaFormat::KnownFormat(format)) => object.max_length = object.max_length.or(longest(format)),
        Some(SchemaFormat::Custom(_)) => {}
        None => {
            object.pattern.get_or_insert_with(|| form.to_owned());
        }
    }
}
