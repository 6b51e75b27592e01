//! The document of the editors' side.

use utoipa::openapi::{
    Content, OpenApi, Ref, RefOr, Schema,
    path::{Operation, ParameterIn},
    security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};

use super::{
    ErrorResponse,
    answers::{add_admin_headers, response_header},
    has_page, operations_of, refer, successes,
};
use crate::{access::Scope, http::admin::SECURITY_SCHEME, problem::Code};

const DESCRIPTION: &str = "The editors' side of a clinic's content: everything that changes what the public API shows, \
and who may do so.\n\n\
Every operation needs a key in `Authorization: Bearer vtb_...`; `security` says which scopes it must have. Every list \
comes in pages: follow `next_cursor`, or the `Link` header, until it is null. Unknown parameters and unknown \
properties of a body are refused. Every error is a problem document (RFC 9457) whose `code` is stable. No answer may \
be kept by a cache. New properties and new values of open sets may be added at any time.";

const TAGS: [(&str, &str); 2] = [
    ("keys", "The keys that open this API."),
    ("audit", "Who changed what and when."),
];

/// The errors that editors meet.
const ERRORS: [ErrorResponse; 14] = [
    (
        "BadRequest",
        &[
            Code::InvalidParameter,
            Code::UnknownParameter,
            Code::InvalidCursor,
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
    ("Conflict", &[Code::Conflict, Code::SlugTaken, Code::RequestInProgress]),
    ("PreconditionFailed", &[Code::PreconditionFailed]),
    ("PayloadTooLarge", &[Code::PayloadTooLarge]),
    ("UnsupportedMediaType", &[Code::UnsupportedMediaType]),
    ("Unprocessable", &[Code::InvalidContent, Code::IdempotencyKeyReused]),
    ("PreconditionRequired", &[Code::PreconditionRequired]),
    ("TooManyRequests", &[Code::TooManyRequests]),
    ("InternalError", &[Code::Internal]),
    ("Unavailable", &[Code::DatabaseUnavailable, Code::Overloaded]),
];

/// Response headers that mean something else here than in the public document: name, description, example.
const HEADERS: [(&str, &str, &str); 4] = [
    ("Cache-Control", "Nothing here may be kept.", "no-store"),
    (
        "ETag",
        "Strong entity tag of the version, for `If-Match`.",
        "\"01a2097f10e8741a83cfd6db6b582513.3\"",
    ),
    (
        "Link",
        "Address of the next page with `rel=\"next\"` (RFC 8288); absent on the last page.",
        "</v1/admin/keys?limit=1&cursor=WzddI>; rel=\"next\"",
    ),
    (
        "Location",
        "The address of what was made.",
        "/v1/admin/keys/01a2097f-10e8-741a-83cf-d6db6b582513",
    ),
];

/// The document without what the handlers declare.
pub fn base() -> OpenApi {
    let any_key = SecurityRequirement::new(SECURITY_SCHEME, [""; 0]);
    super::base("Vertebra for editors", DESCRIPTION, &TAGS)
        .security(Some([any_key]))
        .build()
}

/// Adds to the collected document what holds for every operation.
pub fn complete(document: OpenApi) -> OpenApi {
    let mut document = super::complete(document, &ERRORS, "/v1/admin/articles", complete_operation);
    share_request_headers(&mut document);
    if let Some(components) = &mut document.components {
        for (name, description, example) in HEADERS {
            let known = components.headers.get_mut(name);
            known
                .into_iter()
                .for_each(|header| *header = RefOr::T(response_header(name, description, example)));
        }
        components.add_security_scheme(SECURITY_SCHEME, security_scheme());
    }
    document
}

fn security_scheme() -> SecurityScheme {
    let scopes: Vec<String> = Scope::ALL
        .iter()
        .map(|scope| format!("- `{scope}`: {}", scope.help()))
        .collect();
    let description = format!(
        "A key, made by `vertebra key create` or with the scope `keys`. What it may do:\n{}",
        scopes.join("\n")
    );
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("vtb_")
        .description(Some(description));
    SecurityScheme::Http(scheme.build())
}

fn complete_operation(path: &str, operation: &mut Operation) {
    let takes = |name: &str| {
        let parameters = operation.parameters.iter().flatten();
        let mut taken = parameters.filter(|parameter| matches!(parameter, RefOr::T(known) if known.name == name));
        taken.next().is_some()
    };
    let (has_body, names_a_thing) = (operation.request_body.is_some(), path.contains('{'));
    let (is_conditional, is_repeatable) = (takes("If-Match"), takes("Idempotency-Key"));
    let is_write = has_body || is_conditional || is_repeatable || takes("dry_run");
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        body.content.values_mut().for_each(leave_out_null);
    }
    for (_, success) in successes(operation) {
        let is_page = has_page(success);
        add_admin_headers(success, is_page, is_conditional);
    }
    let needed = [
        ("400", if is_write { "BadWrite" } else { "BadRequest" }, true),
        ("401", "Unauthorized", true),
        ("403", "Forbidden", true),
        ("404", "NotFound", names_a_thing),
        ("409", "Conflict", is_conditional || is_repeatable),
        ("412", "PreconditionFailed", is_conditional),
        ("413", "PayloadTooLarge", has_body),
        ("415", "UnsupportedMediaType", has_body),
        ("422", "Unprocessable", has_body || is_repeatable),
        ("428", "PreconditionRequired", is_conditional),
        ("429", "TooManyRequests", true),
        ("500", "InternalError", true),
        ("503", "Unavailable", true),
    ];
    for (status, name, _) in needed.into_iter().filter(|(.., is_needed)| *is_needed) {
        refer(operation, status, name);
    }
}

/// Declares each request header once; operations refer to it.
fn share_request_headers(document: &mut OpenApi) {
    let Some(components) = &mut document.components else {
        return;
    };
    let operations = document.paths.paths.values_mut().flat_map(operations_of);
    for parameter in operations.flat_map(|operation| operation.parameters.iter_mut().flatten()) {
        let RefOr::T(given) = &*parameter else { continue };
        if given.parameter_in == ParameterIn::Header {
            let reference = Ref::new(format!("#/components/parameters/{}", given.name));
            components
                .parameters
                .insert(given.name.clone(), RefOr::T(given.clone()));
            *parameter = RefOr::Ref(reference);
        }
    }
}

/// A body that may be left out is declared as one that may be null, which it may not be.
fn leave_out_null(content: &mut RefOr<Content>) {
    if let RefOr::T(content) = content
        && let Some(RefOr::T(Schema::OneOf(choice))) = &content.schema
        && let Some(body @ RefOr::Ref(_)) = choice.items.iter().find(|item| matches!(item, RefOr::Ref(_)))
    {
        content.schema = Some(body.clone());
    }
}
