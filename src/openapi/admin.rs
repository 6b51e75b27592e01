//! The document of the editors' side.

use utoipa::openapi::{
    OpenApi,
    path::Operation,
    security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};

use super::{ErrorResponse, answers::add_admin_headers, has_page, refer, successes};
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
const ERRORS: [ErrorResponse; 7] = [
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
        "Unauthorized",
        &[Code::KeyRequired, Code::KeyInvalid, Code::KeyRevoked, Code::KeyExpired],
    ),
    ("Forbidden", &[Code::MissingScope]),
    ("NotFound", &[Code::NotFound]),
    ("TooManyRequests", &[Code::TooManyRequests]),
    ("InternalError", &[Code::Internal]),
    ("Unavailable", &[Code::DatabaseUnavailable, Code::Overloaded]),
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
    if let Some(components) = &mut document.components {
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
    for (_, success) in successes(operation) {
        let is_page = has_page(success);
        add_admin_headers(success, is_page);
    }
    for (status, name) in [
        ("400", "BadRequest"),
        ("401", "Unauthorized"),
        ("403", "Forbidden"),
        ("429", "TooManyRequests"),
        ("500", "InternalError"),
        ("503", "Unavailable"),
    ] {
        refer(operation, status, name);
    }
    if path.contains('{') {
        refer(operation, "404", "NotFound");
    }
}
