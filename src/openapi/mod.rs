//! The OpenAPI documents, the public one and the editors': collected from the handlers, then given
//! what holds for all of them.
//!
//! A handler declares what is its own: path, parameters, the answer. Headers and errors that every
//! operation of a document has are added here, so that none is forgotten and none is written twice.

pub mod admin;
mod answers;
mod closed;
mod deprecation;
mod examples;
mod links;
mod open;
mod operation;
mod order;
pub mod public;
mod schemas;
mod texts;
mod three_zero;
mod trials;
mod unused;

use serde_json::Value;
use utoipa::openapi::{
    Components, ContactBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, ServerBuilder,
    extensions::Extensions, path::Operation, tag::TagBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use self::{
    examples::Examples,
    operation::{begin_with_required, leave_out_null, operations_of, share_request_headers, spell_out_lists},
};
use crate::{
    problem::{Code, FieldCode, FieldError, ProblemDocument},
    values::IdOrSlug,
};

/// What the head of a document says.
struct Head<'a> {
    title: &'a str,
    description: &'a str,
    /// For whom it is, in the words of Zalando's guidelines.
    audience: &'a str,
    /// The names of the tags and what stands under them, in the order in which a reader wants them.
    tags: &'a [(&'a str, &'a str)],
}

/// What is the same at the head of both documents.
fn base(head: &Head<'_>) -> OpenApiBuilder {
    let Head {
        title,
        description,
        audience,
        tags,
    } = *head;
    let tags = tags
        .iter()
        .map(|(name, description)| TagBuilder::new().name(*name).description(Some(*description)).build());
    let license = LicenseBuilder::new()
        .name("MIT OR Apache-2.0")
        .identifier(Some("MIT OR Apache-2.0"));
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title(title)
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(description))
                .contact(Some(
                    ContactBuilder::new().name(Some("Those who make Vertebra")).build(),
                ))
                .license(Some(license.build()))
                .extensions(Some(Extensions::from_iter([("x-audience", audience)]))),
        )
        .servers(Some([ServerBuilder::new()
            .url("/")
            .description(Some(
                "The server that this document came from, be it in production, staging or local.",
            ))
            .extensions(Some(Extensions::from_iter([("x-internal", false)])))
            .build()]))
        .tags(Some(tags))
}

/// Adds what both documents have, and to each operation what `complete_operation` adds.
fn complete(mut document: OpenApi, examples: &Examples, complete_operation: impl Fn(&str, &mut Operation)) -> OpenApi {
    let components = document.components.get_or_insert_with(Components::new);
    for (name, schema) in [
        ("Problem".into(), ProblemDocument::schema()),
        (FieldError::name(), FieldError::schema()),
        (Code::name(), Code::schema()),
        (FieldCode::name(), FieldCode::schema()),
        // Parameters in a path refer to it, and what they refer to is not collected.
        (IdOrSlug::name(), IdOrSlug::schema()),
    ] {
        components.schemas.insert(name.into_owned(), schema);
    }
    answers::add(components, examples);
    for (path, item) in &mut document.paths.paths {
        for operation in operations_of(item) {
            if let Some(id) = &mut operation.operation_id {
                *id = camel_case(id);
            }
            // Each is a sentence where it is written, and a title where it is shown.
            if let Some(summary) = &mut operation.summary {
                *summary = summary.trim_end_matches('.').to_owned();
            }
            leave_out_null(operation);
            spell_out_lists(operation);
            complete_operation(path, operation);
            begin_with_required(operation);
        }
    }
    links::link_writes(&mut document);
    share_request_headers(&mut document);
    schemas::tidy(&mut document);
    texts::bound(&mut document);
    examples.add_to(&mut document);
    trials::declare(&mut document);
    deprecation::declare(&mut document);
    closed::close(&mut document);
    unused::remove(&mut document);
    order::arrange(&mut document);
    document
}

/// A document as clients receive it, in OpenAPI 3.1 and in 3.0.
pub fn forms(document: &OpenApi) -> [Value; 2] {
    let newer = to_json(document);
    let older = three_zero::render(newer.clone());
    [newer, older]
}

/// A document as JSON, the same at every run: the library keeps extensions in no order.
fn to_json(document: &OpenApi) -> Value {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    order_extensions(&mut document);
    document
}

fn order_extensions(value: &mut Value) {
    match value {
        Value::Object(map) => {
            let mut extensions: Vec<String> = map.keys().filter(|name| name.starts_with("x-")).cloned().collect();
            extensions.sort_unstable();
            for name in extensions {
                if let Some((name, extension)) = map.shift_remove_entry(&name) {
                    map.insert(name, extension);
                }
            }
            map.values_mut().for_each(order_extensions);
        }
        Value::Array(items) => items.iter_mut().for_each(order_extensions),
        _ => {}
    }
}

/// The function's name as clients' languages write a method.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut id, word| {
        let mut letters = word.chars();
        id.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        id.push_str(letters.as_str());
        id
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{camel_case, order_extensions};

    #[test]
    fn names_operations_as_methods() {
        assert_eq!(camel_case("list_related_articles"), "listRelatedArticles");
        assert_eq!(camel_case("get"), "get");
    }

    #[test]
    fn extensions_come_last_and_by_name() {
        let mut document = json!({"a": [{"x-b": 1, "x-a": 2, "c": 3}]});
        order_extensions(&mut document);
        assert_eq!(document.to_string(), r#"{"a":[{"c":3,"x-a":2,"x-b":1}]}"#);
    }
}
