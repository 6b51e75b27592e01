//! The one error that leaves the program: a problem document (RFC 9457).
//!
//! A code is a public promise: add freely, never repurpose. Only what a client can act on is in
//! the document; the cause goes to the log, once, with the request id.

use std::{any::Any, fmt};

use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue},
    },
};
use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// Declares the codes: each with its status and its title on one line.
macro_rules! codes {
    ($($variant:ident $code:literal $status:literal $title:literal,)+) => {
        /// What went wrong, as a stable code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code {
            $(#[doc = $title] $variant,)+
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The code as clients read it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The HTTP status that goes with the code.
            pub fn status(self) -> StatusCode {
                let status: u16 = match self { $(Self::$variant => $status,)+ };
                StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }

            /// The same short words for every occurrence.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }
        }
    };
}

codes! {
    BadRequest            "bad_request"            400 "The request cannot be understood",
    InvalidParameter      "invalid_parameter"      400 "A parameter is not valid",
    UnknownParameter      "unknown_parameter"      400 "A parameter is not known",
    InvalidCursor         "invalid_cursor"         400 "The cursor is not valid here",
    InvalidText           "invalid_text"           400 "The address holds text that is not allowed",
    InvalidBody           "invalid_body"           400 "The request body does not have the form that is documented",
    InvalidHeader         "invalid_header"         400 "A header is not valid",
    KeyRequired           "key_required"           401 "A key is needed here",
    KeyInvalid            "key_invalid"            401 "The key is not valid",
    KeyRevoked            "key_revoked"            401 "The key was revoked",
    KeyExpired            "key_expired"            401 "The key has expired",
    MissingScope          "missing_scope"          403 "The key may not do this",
    NotFound              "not_found"              404 "There is nothing here",
    MethodNotAllowed      "method_not_allowed"     405 "The method is not allowed here",
    RequestTimeout        "request_timeout"        408 "The request did not arrive in time",
    Conflict              "conflict"               409 "The present state does not allow this",
    SlugTaken             "slug_taken"             409 "The slug belongs to something else",
    ConsentMissing        "consent_missing"        409 "The patient's consent does not allow this",
    RequestInProgress     "request_in_progress"    409 "The same request is being carried out",
    PreconditionFailed    "precondition_failed"    412 "It has changed since it was read",
    PayloadTooLarge       "payload_too_large"      413 "The request body is too large",
    UriTooLong            "uri_too_long"           414 "The address is too long",
    UnsupportedMediaType  "unsupported_media_type" 415 "The request body is in a form that is not taken",
    InvalidContent        "invalid_content"        422 "The content breaks a rule",
    IdempotencyKeyReused  "idempotency_key_reused" 422 "The idempotency key belongs to another request",
    PreconditionRequired  "precondition_required"  428 "The write must say which version it changes",
    TooManyRequests       "too_many_requests"      429 "Too many requests came from this address",
    HeadersTooLarge       "headers_too_large"      431 "The request headers are too large",
    Internal              "internal"               500 "Something went wrong on our side",
    DatabaseUnavailable   "database_unavailable"   503 "The database is not reachable",
    Overloaded            "overloaded"             503 "Too many requests are being answered",
}

// Written by hand: the derived schema does not see names that come from a macro.
impl PartialSchema for Code {
    fn schema() -> RefOr<Schema> {
        set_of(
            "What went wrong, as a stable code.",
            Self::ALL.iter().map(|code| code.as_str()),
        )
    }
}

impl ToSchema for Code {}

/// The codes of a problem that a part of the request can have, too.
const CODES_OF_PARTS: [Code; 14] = [
    Code::InvalidParameter,
    Code::UnknownParameter,
    Code::InvalidCursor,
    Code::InvalidText,
    Code::InvalidBody,
    Code::InvalidHeader,
    Code::KeyRequired,
    Code::KeyInvalid,
    Code::KeyRevoked,
    Code::KeyExpired,
    Code::MissingScope,
    Code::Conflict,
    Code::SlugTaken,
    Code::InvalidContent,
];

/// The codes that only a part of a request has: each with what it says.
pub const FIELD_CODES: [(&str, &str); 11] = [
    ("missing_field", "The field must be there"),
    ("unknown_field", "The field is not known here"),
    ("duplicate_field", "The field may be given only once"),
    ("length", "The text or the list is too short or too long"),
    ("range", "The number is too small or too large"),
    ("element_not_allowed", "The HTML has an element that is not allowed"),
    ("script_not_allowed", "The HTML has a script"),
    ("heading_level", "The headings skip a level or begin too high"),
    ("unsafe_address", "A link or an image has an address that is not safe"),
    ("alt_text", "An image has no text in its place"),
    ("empty_link", "A link has no text"),
];

/// What is wrong with a part of a request, as a stable code.
#[derive(Debug)]
pub struct FieldCode;

impl PartialSchema for FieldCode {
    fn schema() -> RefOr<Schema> {
        let shared = CODES_OF_PARTS.iter().map(|code| code.as_str());
        let own = FIELD_CODES.iter().map(|(code, _)| *code);
        set_of(
            "What is wrong with a part of a request, as a stable code.",
            shared.chain(own),
        )
    }
}

impl ToSchema for FieldCode {}

fn set_of(description: &str, codes: impl Iterator<Item = &'static str>) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .enum_values(Some(codes))
        .into()
}

/// Most faults that one answer names.
const MOST_FAULTS: usize = 100;

/// The document that a client receives with every error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Problem, example = json!({"code": "not_found"}))]
pub struct ProblemDocument {
    /// Identifies the kind of problem and leads to what is said of it: `/docs/errors#` and the code.
    #[serde(rename = "type")]
    #[schema(format = UriReference, max_length = 200, example = "/docs/errors#not_found")]
    pub kind: String,
    /// The same short words for every problem of this kind.
    #[schema(max_length = 200, example = "There is nothing here")]
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, example = 404)]
    pub status: u16,
    /// What happened in this case and what to do about it.
    #[schema(max_length = 2000, example = "No article has this id or slug.")]
    pub detail: String,
    /// The path of the request; null where it could not be read.
    #[schema(required, format = UriReference, max_length = 70000, example = "/v1/articles/unknown")]
    pub instance: Option<String>,
    /// Stable code to decide by.
    #[schema(value_type = Code)]
    pub code: String,
    /// Names this request in the server's log.
    #[schema(
        max_length = 128,
        pattern = "^[A-Za-z0-9._:-]+$",
        example = "0193576b-5d3c-7c3c-8a5e-0d2b8a7c1f10"
    )]
    pub request_id: String,
    /// Which parts of the request are at fault; empty where none in particular is.
    #[schema(max_items = 100)]
    pub errors: Vec<FieldError>,
}

/// One part of a request that is at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the request seen as `{"path", "query", "headers", "body"}`.
    #[schema(max_length = 500, pattern = "^(/([^~/]|~[01])*)*$", example = "/query/limit")]
    pub pointer: String,
    /// Stable code to decide by.
    #[schema(value_type = FieldCode)]
    pub code: String,
    /// What is wrong with it and what is allowed.
    #[schema(max_length = 2000, example = "must be a whole number from 1 to 100")]
    pub detail: String,
}

impl FieldError {
    /// A field of the body that breaks a rule.
    pub fn invalid_content(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            code: Code::InvalidContent.as_str().to_owned(),
            detail: detail.into(),
        }
    }
}

/// As many faults as one answer tells.
const MOST_ERRORS: usize = 100;

/// An error on its way to a client.
#[derive(Debug)]
pub struct Problem {
    code: Code,
    detail: String,
    errors: Vec<FieldError>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<String>,
}

impl Problem {
    /// A problem of this kind; the detail is read by the client.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            headers: Vec::new(),
            cause: None,
        }
    }

    /// A fault of ours: the cause is logged and not told.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::new(
            Code::Internal,
            "The fault has been logged under this request id; please try again.",
        )
        .caused_by(cause)
    }

    /// A fault of ours that ended in a panic with this payload.
    pub fn panicked(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().copied();
        let owned = payload.downcast_ref::<String>().map(String::as_str);
        Self::internal(format!("panic: {}", text.or(owned).unwrap_or("of an unknown kind")))
    }

    /// Content that breaks rules, all of which are told at once.
    pub fn invalid_content(faults: Vec<FieldError>) -> Self {
        let detail = "Some fields break a rule; each is listed under `errors`.";
        faults
            .into_iter()
            .take(MOST_FAULTS)
            .fold(Self::new(Code::InvalidContent, detail), Self::with_error)
    }

    /// One query parameter is at fault.
    pub fn query_parameter(code: Code, name: &str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self::new(code, format!("The parameter `{name}`: {detail}.")).with_error(FieldError {
            pointer: format!("/query/{}", name.replace('~', "~0").replace('/', "~1")),
            code: code.as_str().to_owned(),
            detail,
        })
    }

    /// One header is at fault.
    pub fn header(name: &str, detail: impl Into<String>) -> Self {
        let (code, detail) = (Code::InvalidHeader, detail.into());
        Self::new(code, format!("The header {name} {detail}.")).with_error(FieldError {
            pointer: format!("/headers/{}", name.to_ascii_lowercase()),
            code: code.as_str().to_owned(),
            detail,
        })
    }

    /// The problem that stands for a bare status which some layer answered.
    pub fn from_status(status: StatusCode) -> Self {
        let code = Code::ALL
            .iter()
            .copied()
            .find(|code| code.status() == status)
            .unwrap_or(if status.is_server_error() {
                Code::Internal
            } else {
                Code::BadRequest
            });
        Self::new(code, format!("{}.", code.title()))
    }

    /// Adds a part of the request that is at fault; beyond the most that an answer tells, it is left out.
    pub fn with_error(mut self, error: FieldError) -> Self {
        if self.errors.len() < MOST_ERRORS {
            self.errors.push(error);
        }
        self
    }

    /// Adds a header to the answer.
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Keeps the cause for the log.
    pub fn caused_by(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// Whether it is the request that is at fault, so that the same again would fail again.
    pub fn is_refusal(&self) -> bool {
        self.code.status().is_client_error()
    }

    /// What the client reads.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// What goes to the log and not to the client.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// What whoever runs the program should know: the cause, or else what the client is told.
    pub fn reason(&self) -> &str {
        self.cause().unwrap_or(&self.detail)
    }

    /// The headers that the answer carries.
    pub fn headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.headers
    }

    /// The document for the client.
    pub fn document(&self, instance: Option<&str>, request_id: &str) -> ProblemDocument {
        ProblemDocument {
            kind: format!("/docs/errors#{}", self.code.as_str()),
            title: self.code.title().to_owned(),
            status: self.code.status().as_u16(),
            detail: self.detail.clone(),
            instance: instance.map(str::to_owned),
            code: self.code.as_str().to_owned(),
            request_id: request_id.to_owned(),
            errors: self.errors.clone(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.detail)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    /// The status alone: the outermost middleware, which knows the request, writes the document.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.code.status())
    }
}
