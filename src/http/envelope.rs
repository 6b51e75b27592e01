//! The outermost layer round every request: its id, its log line, and the form of its errors.
//!
//! Whatever went wrong further in leaves here as a problem document. Headers that
//! every answer carries are set here, because inner layers do not see every answer.

use std::{
    cell::Cell,
    fmt,
    time::{Duration, Instant},
};

use actix_web::{
    Error, HttpMessage, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use log::Level;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::{
    cors::Allowance,
    deprecation::{Deprecations, Notice},
    limits::{Left, RATE_LIMIT},
    request_id::{self, REQUEST_ID},
    state::State,
};
use crate::problem::{Code, Problem, ProblemDocument};

/// The media type of every error.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Set on every answer that does not set them itself.
pub(super) const DEFAULT_HEADERS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    (header::CACHE_CONTROL, "no-store"),
];

/// What RFC 3986 allows nowhere in a path.
const NOT_OF_A_REFERENCE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Whether requests are counted and logged for everyone to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// They are: the public's.
    Recorded,
    /// They are not: a supervisor asks every few seconds.
    Quiet,
}

impl Access {
    fn level(self) -> Level {
        match self {
            Self::Recorded => Level::Info,
            Self::Quiet => Level::Debug,
        }
    }
}

/// Wraps a request and its answer.
pub async fn envelope(
    access: Access,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let method = request.method().clone();
    let state = request.app_data::<Data<State>>().cloned();
    let exchange = Exchange::of(&request, state.as_ref());
    // Routes are registered for GET; the answer to HEAD loses its body where it is written out.
    if method == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let call = next.call(request);
    request_id::scope(exchange.id.clone(), async move {
        let answer = match call.await {
            Ok(response) => Ok(exchange.present(response.map_into_boxed_body())),
            Err(error) => Err(exchange.last_resort(&error)),
        };
        let (operation, status) = match &answer {
            Ok(response) => (response.request().match_name().unwrap_or("none"), response.status()),
            Err(last_resort) => ("none", last_resort.status_code()),
        };
        let answered = Answered {
            method: &method,
            path: &exchange.path,
            operation,
            status,
            took: started.elapsed(),
        };
        answered.record(access, state.as_ref().map(|state| &***state));
        Ok(answer?)
    })
    .await
}

/// A request that was answered, for the log and the metrics.
pub(super) struct Answered<'a> {
    pub(super) method: &'a Method,
    pub(super) path: &'a str,
    pub(super) operation: &'a str,
    pub(super) status: StatusCode,
    pub(super) took: Duration,
}

impl Answered<'_> {
    /// Writes its line and counts it.
    pub(super) fn record(&self, access: Access, state: Option<&State>) {
        let Self { method, path, .. } = self;
        let (status, millis) = (self.status.as_u16(), self.took.as_secs_f64() * 1e3);
        log::log!(target: "vertebra::access", access.level(), "{method} {path} {status} {millis:.1} ms");
        if let (Access::Recorded, Some(state)) = (access, state) {
            state.metrics.answered(self.operation, status, self.took);
        }
    }
}

/// What every answer to a request needs of the request.
struct Exchange {
    id: String,
    path: String,
    allowance: Option<Allowance>,
    notice: Option<Notice>,
}

/// The path as the log and errors have it: a preview's secret is in neither.
fn shown(path: &str) -> &str {
    const PREVIEWS: &str = "/v1/preview";
    // As the router reads it.
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    match decoded.strip_prefix(PREVIEWS) {
        Some(rest) if rest.starts_with('/') => PREVIEWS,
        _ => path,
    }
}

impl Exchange {
    fn of(request: &ServiceRequest, state: Option<&Data<State>>) -> Self {
        let origins = state.map(|state| &state.settings.cors_origins);
        Self {
            id: request_id::of(request.headers()),
            path: shown(request.uri().path()).to_owned(),
            allowance: origins.map(|origins| Allowance::of(origins, request.headers())),
            notice: request
                .app_data::<Data<Deprecations>>()
                .and_then(|deprecations| deprecations.notice(request.match_info().as_str(), request.method())),
        }
    }

    /// Gives an answer its common headers and, where it is an error, its document.
    fn present(&self, mut response: ServiceResponse) -> ServiceResponse {
        let error = response.response().error();
        let problem = match error.and_then(|error| error.as_error::<Problem>()) {
            Some(problem) => Some(self.document(problem)),
            None if is_bare_error(&response) => {
                let problem = Problem::from_status(response.status());
                Some(self.document(&match error {
                    Some(error) => problem.caused_by(error),
                    None => problem,
                }))
            }
            None => None,
        };
        if let Some((document, headers)) = problem {
            set_problem_headers(response.headers_mut(), headers);
            response = response.map_body(|_, _| body_of(&document));
        }
        self.set_common_headers(response.headers_mut());
        let left = response.request().extensions().get::<Left>().cloned();
        if let Some(Left(said)) = left {
            response.headers_mut().insert(RATE_LIMIT, said);
        }
        response
    }

    /// The answer where the layers further in left nothing to put one into; it keeps the headers
    /// that they put on the error, such as those for browsers.
    fn last_resort(&self, error: &Error) -> LastResort {
        let mut response = error.error_response();
        let (document, headers) = match error.as_error::<Problem>() {
            Some(problem) => self.document(problem),
            None => self.document(&Problem::from_status(response.status()).caused_by(error)),
        };
        set_problem_headers(response.headers_mut(), headers);
        self.set_common_headers(response.headers_mut());
        LastResort {
            status: response.status(),
            response: Cell::new(Some(response.set_body(body_of(&document)))),
            detail: document.detail,
        }
    }

    /// The document of a problem and the headers that go with it; its cause goes to the log here.
    fn document(&self, problem: &Problem) -> (ProblemDocument, Vec<(HeaderName, HeaderValue)>) {
        match problem.cause() {
            Some(cause) if problem.code() == Code::Internal => log::error!("{}: {cause}", problem.code().as_str()),
            Some(cause) => log::warn!("{}: {cause}", problem.code().as_str()),
            None => {}
        }
        // The parser takes more characters in an address than a reference may have.
        let instance = utf8_percent_encode(&self.path, NOT_OF_A_REFERENCE).to_string();
        (problem.document(Some(&instance), &self.id), problem.headers().to_vec())
    }

    fn set_common_headers(&self, headers: &mut HeaderMap) {
        if let Some(notice) = &self.notice {
            // A page of a list has a Link of its own.
            for (name, value) in notice.iter() {
                headers.append(name.clone(), value.clone());
            }
        }
        set_common_headers(headers, &self.id, self.allowance.as_ref());
    }
}

/// Gives an answer what every answer has.
pub(super) fn set_common_headers(headers: &mut HeaderMap, id: &str, allowance: Option<&Allowance>) {
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    if let Some(allowance) = allowance {
        allowance.say(headers);
    }
    for (name, value) in DEFAULT_HEADERS {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

/// The document for a request that the HTTP parser refused and no application saw.
pub fn refused_by_parser(status: u16, request_id: &str) -> String {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let document = Problem::from_status(status).document(None, request_id);
    serde_json::to_string(&document).unwrap_or_default()
}

/// Whether a library answered with a status and words of its own.
fn is_bare_error(response: &ServiceResponse) -> bool {
    let is_error = response.status().is_client_error() || response.status().is_server_error();
    let content_type = response.headers().get(header::CONTENT_TYPE);
    is_error && content_type.is_none_or(|kind| kind != "application/json")
}

fn set_problem_headers(headers: &mut HeaderMap, own: Vec<(HeaderName, HeaderValue)>) {
    for (name, value) in own {
        headers.insert(name, value);
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
}

fn body_of(document: &ProblemDocument) -> BoxBody {
    BoxBody::new(serde_json::to_vec(document).unwrap_or_default())
}

/// An answer that travels as an error, as there is no request left to answer by.
struct LastResort {
    status: StatusCode,
    detail: String,
    response: Cell<Option<HttpResponse>>,
}

impl fmt::Debug for LastResort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl fmt::Display for LastResort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl ResponseError for LastResort {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        self.response.take().unwrap_or_else(|| HttpResponse::new(self.status))
    }
}
