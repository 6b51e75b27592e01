//! The document of the editors' side.

use serde_json::Value;
use utoipa::openapi::{
    OpenApi, RefOr,
    extensions::Extensions,
    path::Operation,
    security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};

use super::{
    Head,
    answers::{add_headers, add_unkept_headers, response_header},
    examples::{self, Examples},
    operation::{Takes, has_page, may_find_nothing, refer, successes},
};
use crate::{
    access::Scope,
    http::admin::{REQUIRED_SCOPES, SECURITY_SCHEME},
};

const DESCRIPTION: &str = "The editors' side of a clinic's content: everything that changes what the public API shows, \
and who may do so.\n\n\
Every operation needs a key in `Authorization: Bearer vtb_...`; `x-required-scopes` says which scopes the key must \
have. Every list \
comes in pages: follow `next_cursor`, or the `Link` header, until it is null. Unknown parameters and unknown \
properties of a body are refused. Every error is a problem document (RFC 9457) whose `code` is stable. No answer may \
be kept by a cache. New properties and new values of open sets may be added at any time.";

const TAGS: [(&str, &str); 9] = [
    ("clinic", "The clinic itself and its places."),
    ("services", "Conditions, treatments and tests."),
    ("articles", "Articles with their citations."),
    ("topics", "The subjects that group articles and services."),
    (
        "testimonials",
        "What patients wrote, from its submission to its withdrawal.",
    ),
    ("reviews", "Texts that are due for a clinical review."),
    ("previews", "Links that show one draft as the public will see it."),
    ("keys", "The keys that open this API."),
    ("audit", "Who changed what and when."),
];

/// Response headers that mean something else here than in the public document: name, description, example.
const HEADERS: [(&str, &str, &str); 5] = [
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
    (
        "RateLimit",
        "What the client's address has left of the limit on wrong keys: `r` attempts at once, and all of them again in \
         `t` seconds (draft-ietf-httpapi-ratelimit-headers). There where the attempt was counted: with a key that was \
         not good before.",
        "\"attempts\";r=4;t=36",
    ),
];

/// The document without what the handlers declare.
pub fn base() -> OpenApi {
    super::base(&Head {
        title: "Vertebra for editors",
        description: DESCRIPTION,
        audience: "company-internal",
        tags: &TAGS,
    })
    .security(Some([any_key()]))
    .build()
}

fn any_key() -> SecurityRequirement {
    SecurityRequirement::new(SECURITY_SCHEME, [""; 0])
}

/// Adds to the collected document what holds for every operation.
pub fn complete(document: OpenApi) -> OpenApi {
    let mut document = super::complete(document, &Examples::read(examples::ADMIN), complete_operation);
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

/// Moves the scopes that a handler declares to where OpenAPI has room for them, and tells readers.
fn name_scopes(operation: &mut Operation) {
    let declared = serde_json::to_value(&operation.security).unwrap_or_default();
    let scopes = &declared[0][SECURITY_SCHEME];
    let names: Vec<String> = scopes
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(|name| format!("`{name}`"))
        .collect();
    let needs = match names.as_slice() {
        [name] => format!("Needs a key with the scope {name}."),
        names => format!("Needs a key with the scopes {}.", names.join(", ")),
    };
    let told = operation.description.take().map(|words| format!("{words}\n\n{needs}"));
    operation.description = Some(told.unwrap_or(needs));
    let asked = (REQUIRED_SCOPES, scopes.clone());
    operation
        .extensions
        .get_or_insert_default()
        .merge(Extensions::from_iter([asked]));
    operation.security = Some(vec![any_key()]);
}

fn complete_operation(path: &str, operation: &mut Operation) {
    name_scopes(operation);
    let takes = Takes::of(operation);
    let makes = operation
        .operation_id
        .as_deref()
        .is_some_and(|id| id.starts_with("create"));
    for (status, success) in successes(operation) {
        let is_new = status == "201" && makes;
        let is_page = has_page(success);
        add_unkept_headers(success);
        add_headers(success, ["RateLimit"]);
        for (header, is_there) in [
            ("ETag", takes.is_conditional() || is_new),
            ("Idempotency-Replayed", takes.is_repeatable()),
            ("Link", is_page),
            ("Location", is_new),
        ] {
            if is_there {
                add_headers(success, [header]);
            }
        }
    }
    takes.declare_errors(operation);
    refer(operation, "401", "Unauthorized");
    refer(operation, "403", "Forbidden");
    refer(operation, "429", "TooManyRequests");
    if may_find_nothing(path, operation) {
        refer(operation, "404", "NotFound");
    }
}
