//! The OpenAPI document: collected from the handlers, then given what holds for all of them.
//!
//! A handler declares what is its own: path, parameters, the answer. Headers and errors that every
//! public read has are added here, so that none is forgotten and none is written twice.

use utoipa::openapi::{
    Components, Content, ContentBuilder, Header, HeaderBuilder, InfoBuilder, LicenseBuilder, ObjectBuilder, OpenApi,
    OpenApiBuilder, Ref, RefOr, Response, ResponseBuilder, Schema, ServerBuilder, Type,
    path::{Operation, Parameter, ParameterBuilder, ParameterIn},
    tag::TagBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use crate::{
    http::envelope::PROBLEM_JSON,
    problem::{Code, FieldError, ProblemDocument},
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
    for (name, codes) in ERRORS {
        components
            .responses
            .insert(name.to_owned(), RefOr::T(error_response(codes)));
    }
    components
        .responses
        .insert("NotModified".to_owned(), RefOr::T(not_modified()));
    components.responses.insert("Error".to_owned(), RefOr::T(any_error()));
    for (path, item) in &mut document.paths.paths {
        if let Some(operation) = &mut item.get {
            complete_read(path, operation);
        }
    }
    document
}

/// The errors of public reads that clients meet, by the name of the response.
const ERRORS: [(&str, &[Code]); 4] = [
    (
        "BadRequest",
        &[
            Code::InvalidParameter,
            Code::UnknownParameter,
            Code::InvalidCursor,
            Code::InvalidText,
        ],
    ),
    ("NotFound", &[Code::NotFound]),
    ("InternalError", &[Code::Internal]),
    ("Unavailable", &[Code::DatabaseUnavailable, Code::Overloaded]),
];

fn complete_read(path: &str, operation: &mut Operation) {
    if let Some(id) = &mut operation.operation_id {
        *id = camel_case(id);
    }
    let names_a_thing = path.contains('{');
    let parameters = operation.parameters.get_or_insert_with(Vec::new);
    parameters.push(header_parameter(
        "Accept-Language",
        "Languages that the reader prefers (RFC 9110); the clinic's own where none of them is published.",
        "en-GB, en;q=0.8",
    ));
    parameters.push(header_parameter(
        "If-None-Match",
        "The `ETag` of a kept answer; 304 means that it is still true.",
        "\"x1yZ9\"",
    ));
    let responses = &mut operation.responses.responses;
    if let Some(RefOr::T(success)) = responses.get_mut("200") {
        add_success_headers(success);
    }
    let mut reference = |status: &str, name: &str| {
        responses.insert(status.to_owned(), RefOr::Ref(Ref::from_response_name(name)));
    };
    reference("304", "NotModified");
    reference("400", "BadRequest");
    reference("500", "InternalError");
    reference("503", "Unavailable");
    reference("default", "Error");
    if names_a_thing {
        responses.insert("308".to_owned(), RefOr::T(moved()));
        responses.insert("404".to_owned(), RefOr::Ref(Ref::from_response_name("NotFound")));
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

fn header_parameter(name: &str, description: &str, example: &str) -> RefOr<Parameter> {
    let parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(utoipa::openapi::Required::False)
        .description(Some(description))
        .schema(Some(text(1000)))
        .example(Some(example.into()))
        .build();
    RefOr::T(parameter)
}

fn text(max_length: usize) -> Schema {
    Schema::Object(
        ObjectBuilder::new()
            .schema_type(Type::String)
            .max_length(Some(max_length))
            .build(),
    )
}

fn header(description: &str) -> Header {
    HeaderBuilder::new()
        .description(Some(description))
        .schema(Some(text(8000)))
        .build()
}

const REQUEST_ID: (&str, &str) = (
    "X-Request-Id",
    "Names the request in the server's log; the client's own where it sent a sane one.",
);

const VALIDATORS: [(&str, &str); 4] = [
    ("ETag", "Strong entity tag of this answer in this encoding."),
    ("Cache-Control", "How long the answer may be kept."),
    ("Vary", "Request headers that the answer depends on."),
    REQUEST_ID,
];

fn add_success_headers(response: &mut Response) {
    let language = ("Content-Language", "Language of the content.");
    for (name, description) in VALIDATORS.into_iter().chain([language]) {
        response.headers.insert(name.to_owned(), RefOr::T(header(description)));
    }
    let is_page = response.content.values().any(|content| match content {
        RefOr::T(Content {
            schema: Some(RefOr::Ref(schema)),
            ..
        }) => schema.ref_location.ends_with("Page"),
        _ => false,
    });
    if is_page {
        let link = header("Address of the next page with `rel=\"next\"` (RFC 8288); absent on the last page.");
        response.headers.insert("Link".to_owned(), RefOr::T(link));
    }
}

fn not_modified() -> Response {
    let headers = VALIDATORS.map(|(name, description)| (name, header(description)));
    headers
        .into_iter()
        .fold(
            ResponseBuilder::new().description("The kept answer is still true; there is no body."),
            |response, (name, header)| response.header(name, header),
        )
        .build()
}

fn moved() -> Response {
    ResponseBuilder::new()
        .description("The slug has changed; `Location` has the present address.")
        .header("Location", header("The present address."))
        .header("Cache-Control", header("How long the answer may be kept."))
        .header(REQUEST_ID.0, header(REQUEST_ID.1))
        .build()
}

fn error_response(codes: &[Code]) -> Response {
    let titles: Vec<String> = codes
        .iter()
        .map(|code| format!("`{}`: {}", code.as_str(), code.title()))
        .collect();
    let mut response = problem_response(&format!("{}.", titles.join("; ")));
    if codes.iter().any(|code| code.status().as_u16() == 503) {
        let seconds = header("Seconds to wait before trying again.");
        response.headers.insert("Retry-After".to_owned(), RefOr::T(seconds));
    }
    response
}

fn any_error() -> Response {
    problem_response("Any other error, such as a request that is too large or malformed.")
}

fn problem_response(description: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem")));
    ResponseBuilder::new()
        .description(description)
        .content(PROBLEM_JSON, content.build())
        .header("Cache-Control", header("Errors are not kept: `no-store`."))
        .header(REQUEST_ID.0, header(REQUEST_ID.1))
        .build()
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
