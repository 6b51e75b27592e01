//! The OpenAPI documents, the public one and the editors': collected from the handlers, then given
//! what holds for all of them.
//!
//! A handler declares what is its own: path, parameters, the answer. Headers and errors that every
//! operation of a document has are added here, so that none is forgotten and none is written twice.

pub mod admin;
mod answers;
mod examples;
mod operation;
mod order;
pub mod public;
mod schemas;
mod unused;

use utoipa::openapi::{
    Components, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, ServerBuilder, path::Operation, tag::TagBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use self::{
    examples::Examples,
    operation::{leave_out_null, operations_of, share_request_headers},
};
use crate::{
    problem::{FieldError, ProblemDocument},
    values::IdOrSlug,
};

/// What is the same at the head of both documents.
fn base(title: &str, description: &str, tags: &[(&str, &str)]) -> OpenApiBuilder {
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
                .license(Some(license.build())),
        )
        .servers(Some([ServerBuilder::new()
            .url("/")
            .description(Some("The server that this document came from."))
            .build()]))
        .tags(Some(tags))
}

/// Adds what both documents have, and to each operation what `complete_operation` adds.
fn complete(
    mut document: OpenApi,
    example_path: &str,
    examples: &Examples,
    complete_operation: impl Fn(&str, &mut Operation),
) -> OpenApi {
    let components = document.components.get_or_insert_with(Components::new);
    for (name, schema) in [
        ("Problem".into(), ProblemDocument::schema()),
        (FieldError::name(), FieldError::schema()),
        // Parameters in a path refer to it, and what they refer to is not collected.
        (IdOrSlug::name(), IdOrSlug::schema()),
    ] {
        components.schemas.insert(name.into_owned(), schema);
    }
    answers::add(components, example_path);
    for (path, item) in &mut document.paths.paths {
        for operation in operations_of(item) {
            if let Some(id) = &mut operation.operation_id {
                *id = camel_case(id);
            }
            leave_out_null(operation);
            complete_operation(path, operation);
        }
    }
    share_request_headers(&mut document);
    schemas::tidy(&mut document);
    examples.add_to(&mut document);
    unused::remove(&mut document);
    order::arrange(&mut document);
    document
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
    use super::camel_case;

    #[test]
    fn names_operations_as_methods() {
        assert_eq!(camel_case("list_related_articles"), "listRelatedArticles");
        assert_eq!(camel_case("get"), "get");
    }
}
