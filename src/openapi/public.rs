//! The document of the public API.

use utoipa::openapi::{OpenApi, Ref, RefOr, link::Link, path::Operation};

use super::{
    Head,
    answers::{REQUEST_HEADERS, add_headers, add_success_headers, add_unkept_headers},
    examples::{self, Examples},
    operation::{Takes, has_page, may_find_nothing, refer, successes},
};

const DESCRIPTION: &str = "A clinic's content for its patient-facing apps: articles, clinic information, \
services and testimonials.\n\n\
Every list but that of related articles comes in pages: follow `next_cursor`, or the `Link` header, until it is null. Every answer to a \
read of public content has a strong `ETag`: send it back in `If-None-Match` and an unchanged answer costs a 304 \
without a body. The language is chosen by `Accept-Language`. Unknown parameters are refused. Every error is a problem document (RFC 9457) \
whose `code` is stable. Reads are not counted: where there are too many at once, 503 says in `Retry-After` when to come \
again. What patients send is counted by address, and `RateLimit` says what is left. New properties and new values of \
open sets may be added at any time.";

const TAGS: [(&str, &str); 6] = [
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
    ("previews", "Drafts, shown to whoever holds a link that an editor made."),
];

/// The document without what the handlers declare.
pub fn base() -> OpenApi {
    // Whoever asks may read: said aloud, so that no tool takes it for an omission.
    super::base(&Head {
        title: "Vertebra",
        description: DESCRIPTION,
        audience: "external-public",
        tags: &TAGS,
    })
    .security(Some([]))
    .build()
}

/// Adds to the collected document what holds for every operation.
pub fn complete(mut document: OpenApi) -> OpenApi {
    document = super::complete(document, &Examples::read(examples::PUBLIC), complete_operation);
    link_items(&mut document);
    document
}

fn complete_operation(path: &str, operation: &mut Operation) {
    let takes = Takes::of(operation);
    // A handler that names `Cache-Control` says itself how its answer may be kept.
    let is_unkept = successes(operation).any(|(_, success)| success.headers.contains_key("Cache-Control"));
    takes.declare_errors(operation);
    if takes.is_write() || is_unkept {
        complete_unkept(path, operation, &takes);
    } else {
        complete_read(path, operation);
    }
}

fn complete_unkept(path: &str, operation: &mut Operation, takes: &Takes) {
    for (_, success) in successes(operation) {
        add_unkept_headers(success);
        if takes.is_write() {
            add_headers(success, ["RateLimit"]);
        }
        if takes.is_repeatable() {
            add_headers(success, ["Idempotency-Replayed"]);
        }
    }
    if takes.is_write() {
        refer(operation, "429", "TooManyRequests");
    }
    if takes.is_repeatable() {
        // Patients change no document, so nothing stands in their way but the same request.
        refer(operation, "409", "InProgress");
    }
    if may_find_nothing(path, operation) {
        refer(operation, "404", "NotFound");
    }
}

fn complete_read(path: &str, operation: &mut Operation) {
    let parameters = operation.parameters.get_or_insert_with(Vec::new);
    parameters
        .extend(REQUEST_HEADERS.map(|(name, ..)| RefOr::Ref(Ref::new(format!("#/components/parameters/{name}")))));
    let mut not_modified = "NotModified";
    for (_, success) in successes(operation) {
        let is_page = has_page(success);
        add_success_headers(success, is_page);
        if is_page {
            not_modified = "NotModifiedPage";
        }
    }
    refer(operation, "304", not_modified);
    if path.contains('{') {
        refer(operation, "308", "Moved");
    }
    if may_find_nothing(path, operation) {
        refer(operation, "404", "NotFound");
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
