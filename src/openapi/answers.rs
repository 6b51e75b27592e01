//! The headers and answers that many operations share, each declared once.

use serde_json::Value;
use utoipa::openapi::{
    Components, ContentBuilder, Header, HeaderBuilder, ObjectBuilder, Ref, RefOr, Required, Response, ResponseBuilder,
    Type,
    example::ExampleBuilder,
    extensions::Extensions,
    path::{Parameter, ParameterBuilder, ParameterIn},
    schema::{KnownFormat, SchemaFormat},
};

use super::examples::Examples;
use crate::{
    articles::citation::CitationFormat,
    http::{
        envelope::PROBLEM_JSON,
        guard::MOST_VALUE_BYTES,
        kept::{CACHE_CONTROL, VARY},
    },
    problem::Code,
};

/// Adds them to the components.
pub(super) fn add(components: &mut Components, examples: &Examples) {
    let responses = &mut components.responses;
    for (name, codes) in ERRORS {
        responses.insert(name.to_owned(), RefOr::T(error_response(codes, examples)));
    }
    responses.insert("NotModified".to_owned(), RefOr::T(not_modified(&[])));
    responses.insert("NotModifiedPage".to_owned(), RefOr::T(not_modified(&["Link"])));
    responses.insert("Moved".to_owned(), RefOr::T(moved()));
    responses.insert("Error".to_owned(), RefOr::T(any_error(examples)));
    for (name, description, example) in REQUEST_HEADERS {
        let parameter = header_parameter(name, description, example);
        components.parameters.insert(name.to_owned(), RefOr::T(parameter));
    }
    for (name, description, example) in RESPONSE_HEADERS {
        let header = response_header(name, description, example);
        components.headers.insert(name.to_owned(), RefOr::T(header));
    }
}

/// The errors that clients meet, by the name of the response, and the codes that it stands for.
const ERRORS: [(&str, &[Code]); 16] = [
    (
        "BadRequest",
        &[
            Code::InvalidParameter,
            Code::UnknownParameter,
            Code::InvalidHeader,
            Code::InvalidText,
        ],
    ),
    (
        "BadPageRequest",
        &[
            Code::InvalidParameter,
            Code::UnknownParameter,
            Code::InvalidCursor,
            Code::InvalidHeader,
            Code::InvalidText,
        ],
    ),
    (
        "BadWrite",
        &[
            Code::InvalidBody,
            Code::InvalidParameter,
            Code::UnknownParameter,
            Code::InvalidHeader,
            Code::InvalidText,
        ],
    ),
    (
        "Unauthorized",
        &[Code::KeyRequired, Code::KeyInvalid, Code::KeyRevoked, Code::KeyExpired],
    ),
    ("Forbidden", &[Code::MissingScope]),
    ("NotFound", &[Code::NotFound]),
    (
        "Conflict",
        &[
            Code::Conflict,
            Code::SlugTaken,
            Code::ConsentMissing,
            Code::RequestInProgress,
        ],
    ),
    ("InProgress", &[Code::RequestInProgress]),
    ("PreconditionFailed", &[Code::PreconditionFailed]),
    ("PayloadTooLarge", &[Code::PayloadTooLarge]),
    ("UnsupportedMediaType", &[Code::UnsupportedMediaType]),
    ("Unprocessable", &[Code::InvalidContent, Code::IdempotencyKeyReused]),
    ("PreconditionRequired", &[Code::PreconditionRequired]),
    ("TooManyRequests", &[Code::TooManyRequests]),
    ("InternalError", &[Code::Internal]),
    ("Unavailable", &[Code::DatabaseUnavailable, Code::Overloaded]),
];

/// Request headers that every read takes: name, description, example.
pub(super) const REQUEST_HEADERS: [(&str, &str, &str); 2] = [
    (
        "Accept-Language",
        "Languages that the reader prefers (RFC 9110); the clinic's own where none of them is published.",
        "en-GB, en;q=0.8",
    ),
    (
        "If-None-Match",
        "The `ETag` of a kept answer; 304 means that it is still true.",
        "\"otbTaMQE8rYN_OGj\"",
    ),
];

/// What a header may hold at all: no control characters but tabs.
const FIELD_VALUE: &str = r"^[^\x00-\x08\x0a-\x1f\x7f]*$";

fn header_parameter(name: &str, description: &str, example: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(text(MOST_VALUE_BYTES, FIELD_VALUE)))
        .example(Some(example.into()))
        .build()
}

fn text(max_length: usize, pattern: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .max_length(Some(max_length))
        .pattern(Some(pattern))
}

/// Every response header: name, description, example.
const RESPONSE_HEADERS: [(&str, &str, &str); 17] = [
    (
        "Accept-Encoding",
        "Encodings of a request body that are taken; there where the body came in another.",
        "identity",
    ),
    (
        "Access-Control-Allow-Origin",
        "Which web pages may read the answer (Fetch): `*`, or the `Origin` of the request where it is one of those \
         that the operator lists, and nothing for any other.",
        "*",
    ),
    (
        "Age",
        "Seconds since the answer was last known to be true (RFC 9111): few, save while the server's database is away.",
        "0",
    ),
    (
        "Cache-Control",
        "How long the answer may be kept; errors are not kept.",
        CACHE_CONTROL,
    ),
    (
        "Content-Disposition",
        "Name for the file when it is saved.",
        "inline; filename=\"a-slug.ris\"",
    ),
    ("Content-Language", "Language of the content, a BCP 47 tag.", "en-GB"),
    (
        "Deprecation",
        "Since when the operation should not be used: `@` and the seconds since 1970 (RFC 9745).",
        "@1793491200",
    ),
    (
        "ETag",
        "Strong entity tag of this answer in this encoding, for `If-None-Match`.",
        "\"otbTaMQE8rYN_OGj\"",
    ),
    (
        "Idempotency-Replayed",
        "`true` where this is the answer that the request got before; absent where it was carried out now.",
        "true",
    ),
    (
        "Link",
        "Address of the next page of a list with `rel=\"next\"` (RFC 8288); absent on the last page.",
        "</v1/topics?limit=1&cursor=WzddI>; rel=\"next\"",
    ),
    (
        "Location",
        "The present address.",
        "/v1/services/vertebral-augmentation",
    ),
    (
        "RateLimit",
        "What the client's address has left of a limit: `r` requests at once, and all of them again in `t` seconds \
         (draft-ietf-httpapi-ratelimit-headers). There where the request was counted: what patients send, and keys \
         that were not good before.",
        "\"submissions\";r=4;t=3600",
    ),
    ("Retry-After", "Seconds to wait before trying again.", "1"),
    (
        "Sunset",
        "From when the operation may be gone, a date of HTTP (RFC 8594).",
        "Sat, 01 May 2027 00:00:00 GMT",
    ),
    ("Vary", "Request headers that the answer depends on.", VARY),
    (
        "WWW-Authenticate",
        "How to prove oneself (RFC 6750): what is wrong with the key, or which scope it lacks.",
        "Bearer realm=\"vertebra\"",
    ),
    (
        "X-Request-Id",
        "Names the request in the server's log; the client's own where it sent a sane one.",
        "01a20980-bc47-755a-bb90-6846054b2f9f",
    ),
];

/// Headers that an answer may lack though it declares them; their descriptions say when.
const SOMETIMES: [&str; 5] = [
    "Accept-Encoding",
    "Access-Control-Allow-Origin",
    "Idempotency-Replayed",
    "Link",
    "RateLimit",
];

/// The headers that every answer has.
const COMMON: [&str; 3] = ["Access-Control-Allow-Origin", "Cache-Control", "X-Request-Id"];

/// Those that an answer has besides which a client may keep.
const KEPT: [&str; 4] = ["Age", "Content-Language", "ETag", "Vary"];

pub(super) fn response_header(name: &str, description: &str, example: &str) -> Header {
    let schema = match name {
        "Access-Control-Allow-Origin" => text(300, r"^(\*|[a-z]+://[!-~]+)$"),
        "Age" => ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
            .minimum(Some(0))
            .maximum(Some(86_400)),
        "ETag" => text(100, r#"^"[!#-~]+"$"#),
        "Location" => ObjectBuilder::new()
            .schema_type(Type::String)
            .max_length(Some(2_000))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::UriReference))),
        "RateLimit" => text(100, r#"^"[a-z]+";r=[0-9]+;t=[0-9]+$"#),
        "Retry-After" => ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
            .minimum(Some(1))
            .maximum(Some(86_400)),
        "X-Request-Id" => text(128, "^[A-Za-z0-9._:-]+$"),
        _ => text(10_000, "^[ -~]+$"),
    };
    let example = example
        .parse::<u32>()
        .map_or_else(|_| Value::from(example), Value::from);
    // The library has no field for it.
    let required = Extensions::from_iter([("required", !SOMETIMES.contains(&name))]);
    HeaderBuilder::new()
        .description(Some(description))
        .schema(Some(schema.build()))
        .example(Some(example))
        .extensions(Some(required))
        .build()
}

pub(super) fn add_headers<'a>(response: &mut Response, names: impl IntoIterator<Item = &'a str>) {
    for name in names {
        let reference = Ref::new(format!("#/components/headers/{name}"));
        response.headers.insert(name.to_owned(), RefOr::Ref(reference));
    }
}

/// Adds the headers of an answer that nobody keeps; those that its handler names become the shared ones.
pub(super) fn add_unkept_headers(response: &mut Response) {
    let own: Vec<String> = response.headers.keys().cloned().collect();
    add_headers(response, own.iter().map(String::as_str));
    add_headers(response, COMMON);
}

/// Adds the headers of a successful answer.
pub(super) fn add_success_headers(response: &mut Response, is_page: bool) {
    add_headers(response, COMMON);
    add_headers(response, KEPT);
    if is_page {
        add_headers(response, ["Link"]);
    }
    if response.content.contains_key(CitationFormat::Ris.content_type()) {
        add_headers(response, ["Content-Disposition"]);
    }
}

fn not_modified(further: &[&str]) -> Response {
    let mut response = Response::new("The kept answer is still true; there is no body.");
    add_headers(&mut response, COMMON);
    add_headers(&mut response, KEPT);
    add_headers(&mut response, further.iter().copied());
    response
}

fn moved() -> Response {
    let mut response = Response::new("The slug has changed; `Location` has the present address.");
    add_headers(&mut response, COMMON);
    add_headers(&mut response, ["Location", "Vary"]);
    response
}

/// Headers that only errors with certain codes have.
const ERROR_HEADERS: [(&str, &[Code]); 4] = [
    ("Accept-Encoding", &[Code::UnsupportedMediaType]),
    ("ETag", &[Code::PreconditionFailed]),
    (
        "Retry-After",
        &[Code::DatabaseUnavailable, Code::Overloaded, Code::TooManyRequests],
    ),
    (
        "WWW-Authenticate",
        &[
            Code::KeyRequired,
            Code::KeyInvalid,
            Code::KeyRevoked,
            Code::KeyExpired,
            Code::MissingScope,
        ],
    ),
];

fn error_response(codes: &[Code], examples: &Examples) -> Response {
    let titles: Vec<String> = codes
        .iter()
        .map(|code| format!("`{}`: {}", code.as_str(), code.title()))
        .collect();
    let mut response = problem_response(&format!("{}.", titles.join("; ")), codes, examples);
    for (header, of) in ERROR_HEADERS {
        if codes.iter().all(|code| of.contains(code)) {
            add_headers(&mut response, [header]);
        }
    }
    response
}

fn any_error(examples: &Examples) -> Response {
    let mut response = problem_response(
        "Any other error, such as a request that is too large or malformed.",
        &[Code::RequestTimeout, Code::UriTooLong, Code::HeadersTooLarge],
        examples,
    );
    add_headers(&mut response, ["Accept-Encoding"]);
    response
}

/// An answer with a problem document, and an example of each of these codes that was met.
fn problem_response(description: &str, codes: &[Code], examples: &Examples) -> Response {
    let examples = codes.iter().filter_map(|code| {
        let example = ExampleBuilder::new()
            .summary(code.title())
            .value(Some(examples.problem(*code)?.clone()));
        Some((code.as_str(), example.build()))
    });
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .examples_from_iter(examples);
    let mut response = ResponseBuilder::new()
        .description(description)
        .content(PROBLEM_JSON, content.build())
        .build();
    add_headers(&mut response, COMMON);
    add_headers(&mut response, ["RateLimit"]);
    response
}
