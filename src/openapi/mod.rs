//! The OpenAPI document: collected from the handlers, then given what holds for all of them.
//!
//! A handler declares what is its own: path, parameters, the answer. Headers and errors that every
//! public read has are added here, so that none is forgotten and none is written twice.

mod answers;
mod examples;
mod schemas;

use utoipa::openapi::{
    Components, Content, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Response, ServerBuilder,
    link::Link, path::Operation, tag::TagBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use self::answers::{REQUEST_HEADERS, add_success_headers};
use crate::{
    problem::{FieldError, ProblemDocument},
    values::IdOrSlug,
};

const DESCRIPTION: &str = "A clinic's content for its patient-facing apps: articles, clinic information, \
services and testimonials.\n\n\
Every list comes in pages: follow `next_cursor`, or the `Link` header, until it is null. Every answer has a \
strong `ETag`: send it back in `If-None-Match` and an unchanged answer costs a 304 without a body. The language \
is chosen by `Accept-Language`. Unknown parameters are refused. Every error is a problem document (RFC 9457) \
whose `code` is stable. New properties and new values of open sets may be added at any time.";

const TAGS: [(&str, &str); 5] = [
    (
        "clinic",
        "The clinic itself: contacts, places, opening hours, highlights and statistics.",
    ),
    (
        "services",
        "Conditions, treatments and tests, and which treatment treats which condition.",
    ),
    (
        "articles",
        "Articles with their citations, and the journals that the cited works appeared in.",
    ),
    ("topics", "The subjects that group articles and services."),
    ("testimonials", "What patients wrote about their treatment."),
];

/// The document without what the handlers declare.
pub fn base() -> OpenApi {
    let tags = TAGS.map(|(name, description)| TagBuilder::new().name(name).description(Some(description)).build());
    let license = LicenseBuilder::new()
        .name("MIT OR Apache-2.0")
        .identifier(Some("MIT OR Apache-2.0"));
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Vertebra")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(DESCRIPTION))
                .license(Some(license.build())),
        )
        .servers(Some([ServerBuilder::new()
            .url("/")
            .description(Some("The server that this document came from."))
            .build()]))
        // Whoever asks may read: said aloud, so that no tool takes it for an omission.
        .security(Some([]))
        .tags(Some(tags))
        .build()
}

/// Adds to the collected document what holds for every operation.
pub fn complete(mut document: OpenApi) -> OpenApi {
    let components = document.components.get_or_insert_with(Components::new);
    components
        .schemas
        .insert("Problem".to_owned(), ProblemDocument::schema());
    components
        .schemas
        .insert(FieldError::name().into_owned(), FieldError::schema());
    answers::add(components);
    // Parameters in a path refer to it, and what they refer to is not collected.
    components
        .schemas
        .insert(IdOrSlug::name().into_owned(), IdOrSlug::schema());
    for (path, item) in &mut document.paths.paths {
        if let Some(operation) = &mut item.get {
            complete_read(path, operation);
        }
    }
    link_items(&mut document);
    schemas::tidy(&mut document);
    examples::add(&mut document);
    document
}

fn complete_read(path: &str, operation: &mut Operation) {
    if let Some(id) = &mut operation.operation_id {
        *id = camel_case(id);
    }
    let parameters = operation.parameters.get_or_insert_with(Vec::new);
    parameters
        .extend(REQUEST_HEADERS.map(|(name, ..)| RefOr::Ref(Ref::new(format!("#/components/parameters/{name}")))));
    let responses = &mut operation.responses.responses;
    let mut is_page = false;
    if let Some(RefOr::T(success)) = responses.get_mut("200") {
        is_page = has_page(success);
        add_success_headers(success, is_page);
    }
    let mut reference = |status: &str, name: &str| {
        responses.insert(status.to_owned(), RefOr::Ref(Ref::from_response_name(name)));
    };
    reference("304", "NotModified");
    reference("400", "BadRequest");
    reference("500", "InternalError");
    reference("503", "Unavailable");
    reference("default", "Error");
    let names_a_thing = path.contains('{');
    if names_a_thing {
        reference("308", "Moved");
    }
    if names_a_thing || !is_page {
        reference("404", "NotFound");
    }
}

/// Links each list to the operation that gets one of its items whole.
fn link_items(document: &mut OpenApi) {
    let paths = &mut document.paths.paths;
    let details: Vec<(String, String)> = paths
        .iter()
        .filter_map(|(path, item)| {
            let list = path.strip_suffix("/{id_or_slug}")?;
            Some((list.to_owned(), item.get.as_ref()?.operation_id.clone()?))
        })
        .collect();
    for (list, detail) in details {
        let list = paths.get_mut(&list).and_then(|item| item.get.as_mut());
        if let Some(RefOr::T(success)) = list.and_then(|list| list.responses.responses.get_mut("200")) {
            let link = Link::builder()
                .operation_id(&detail)
                .parameter("id_or_slug", "$response.body#/items/0/slug")
                .description("The first item whole; each item has its slug.");
            success.links.insert(detail, RefOr::T(link.build()));
        }
    }
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
