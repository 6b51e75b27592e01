//! The OpenAPI documents, the public one and the editors': collected from the handlers, then given
//! what holds for all of them.
//!
//! A handler declares what is its own: path, parameters, the answer. Headers and errors that every
//! operation of a document has are added here, so that none is forgotten and none is written twice.

pub mod admin;
mod answers;
mod examples;
pub mod public;
mod schemas;
mod unused;

use utoipa::openapi::{
    Components, Content, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem, Ref, RefOr, Response,
    ServerBuilder, path::Operation, tag::TagBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use crate::{
    problem::{Code, FieldError, ProblemDocument},
    values::IdOrSlug,
};

/// An error response: its name and the codes that it stands for.
type ErrorResponse = (&'static str, &'static [Code]);

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
    errors: &[ErrorResponse],
    example_path: &str,
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
    answers::add(components, errors, example_path);
    for (path, item) in &mut document.paths.paths {
        for operation in operations_of(item) {
            if let Some(id) = &mut operation.operation_id {
                *id = camel_case(id);
            }
            complete_operation(path, operation);
            let responses = &mut operation.responses.responses;
            responses.insert("default".to_owned(), RefOr::Ref(Ref::from_response_name("Error")));
        }
    }
    schemas::tidy(&mut document);
    examples::add(&mut document);
    unused::remove(&mut document);
    document
}

/// The operations of a path.
fn operations_of(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let methods = [
        &mut item.get,
        &mut item.post,
        &mut item.put,
        &mut item.patch,
        &mut item.delete,
    ];
    methods.into_iter().filter_map(Option::as_mut)
}

/// The answers of an operation that are no errors.
fn successes(operation: &mut Operation) -> impl Iterator<Item = (&str, &mut Response)> {
    let responses = operation.responses.responses.iter_mut();
    responses.filter_map(|(status, response)| match response {
        RefOr::T(response) if status.starts_with('2') => Some((status.as_str(), response)),
        _ => None,
    })
}

/// Gives an operation a response that is declared once for all.
fn refer(operation: &mut Operation, status: &str, name: &str) {
    let reference = RefOr::Ref(Ref::from_response_name(name));
    operation.responses.responses.insert(status.to_owned(), reference);
}

/// Whether the answer is a page of a list.
fn has_page(response: &Response) -> bool {
    response.content.values().any(|content| match content {
        RefOr::T(Content {
            schema: Some(RefOr::Ref(schema)),
            ..
        }) => schema.ref_location.ends_with("Page"),
        _ => false,
    })
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
