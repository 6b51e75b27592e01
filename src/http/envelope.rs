//! The outermost layer round every request: its id, its log line, and the form of its errors.
//!
//! Whatever went wrong further in, and a panic too, leaves here as a problem document. Headers that
//! every answer carries are set here, because inner layers do not see every answer.

use std::{
    fmt,
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{
    Error, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use futures_util::FutureExt;
use log::Level;

use super::{
    request_id::{self, REQUEST_ID},
    state::State,
};
use crate::problem::{Problem, ProblemDocument};

/// The media type of every error.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Set on every answer that does not set them itself.
const DEFAULT_HEADERS: [(HeaderName, &str); 6] = [
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

/// A request that has been answered.
struct Answered<'a> {
    method: Method,
    path: &'a str,
    operation: &'a str,
    status: StatusCode,
    took: Duration,
}

impl Answered<'_> {
    fn log(&self, level: Level) {
        let (Self { method, path, .. }, status) = (self, self.status.as_u16());
        let millis = self.took.as_secs_f64() * 1e3;
        log::log!(target: "vertebra::access", level, "{method} {path} {status} {millis:.1} ms");
    }
}

/// Wraps a request of the public and its answer; it is logged and counted.
pub async fn envelope(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let state = request.app_data::<Data<State>>().map(|state| Arc::clone(state));
    let record = move |answered: Answered<'_>| {
        answered.log(Level::Info);
        if let Some(state) = state {
            let status = answered.status.as_u16();
            state.metrics.answered(answered.operation, status, answered.took);
        }
    };
    enclose(request, next, record).await
}

/// Wraps a request of the operator's; probes come every few seconds and would fill log and counts.
pub async fn ops_envelope(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    enclose(request, next, |answered| answered.log(Level::Debug)).await
}

async fn enclose(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    record: impl FnOnce(Answered<'_>),
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let id = request_id::of(request.headers());
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    // Routes are registered for GET; the answer to HEAD loses its body where it is written out.
    if method == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let call = AssertUnwindSafe(next.call(request)).catch_unwind();
    request_id::scope(id.clone(), async move {
        let answer = match call.await {
            Ok(Ok(response)) => Ok(present(response.map_into_boxed_body(), &path, &id)),
            Ok(Err(error)) => Err(LastResort::of_error(&error, &path, &id)),
            Err(payload) => Err(LastResort::new(&Problem::panicked(&*payload), &path, &id)),
        };
        let (operation, status) = match &answer {
            Ok(response) => (response.request().match_name().unwrap_or("none"), response.status()),
            Err(last_resort) => ("none", last_resort.status_code()),
        };
        record(Answered {
            method,
            path: &path,
            operation,
            status,
            took: started.elapsed(),
        });
        Ok(answer?)
    })
    .await
}

/// The document for a request that the HTTP parser refused and no application saw.
pub fn refused_by_parser(status: u16, request_id: &str) -> String {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let document = Problem::from_status(status).document(None, request_id);
    serde_json::to_string(&document).unwrap_or_default()
}

/// Gives an answer its common headers and, where it is an error, its document.
fn present(response: ServiceResponse, path: &str, id: &str) -> ServiceResponse {
    let error = response.response().error();
    let problem = match error.and_then(|error| error.as_error::<Problem>()) {
        Some(problem) => Some(document(problem, path, id)),
        None if is_error(response.status()) && !is_json(response.headers()) => {
            Some(document(&Problem::from_status(response.status()), path, id))
        }
        None => None,
    };
    let mut response = response;
    if let Some((document, headers)) = problem {
        for (name, value) in headers {
            response.headers_mut().insert(name, value);
        }
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        response = response.map_body(|_, _| body_of(&document));
    }
    set_common_headers(response.headers_mut(), id);
    response
}

fn is_error(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

/// A layer's own errors are plain text or nothing; JSON is what a handler says on purpose, as readiness does.
fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value == "application/json")
}

/// The document of a problem and the headers that go with it; its cause goes to the log here.
fn document(problem: &Problem, path: &str, id: &str) -> (ProblemDocument, Vec<(HeaderName, HeaderValue)>) {
    match problem.cause() {
        Some(cause) if problem.code().status() == StatusCode::INTERNAL_SERVER_ERROR => {
            log::error!("{}: {cause}", problem.code().as_str());
        }
        Some(cause) => log::warn!("{}: {cause}", problem.code().as_str()),
        None => {}
    }
    (problem.document(Some(path), id), problem.headers().to_vec())
}

fn body_of(document: &ProblemDocument) -> BoxBody {
    BoxBody::new(serde_json::to_vec(document).unwrap_or_default())
}

fn set_common_headers(headers: &mut HeaderMap, id: &str) {
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    for (name, value) in DEFAULT_HEADERS {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

/// The answer where the layers further in left nothing to put one into.
#[derive(Debug)]
struct LastResort {
    document: ProblemDocument,
    headers: HeaderMap,
}

impl LastResort {
    fn new(problem: &Problem, path: &str, id: &str) -> Self {
        let (document, headers) = document(problem, path, id);
        Self {
            document,
            headers: headers.into_iter().collect(),
        }
    }

    /// Keeps the headers that layers have put on the error, such as those for browsers.
    fn of_error(error: &Error, path: &str, id: &str) -> Self {
        let response = error.error_response();
        let mut last_resort = match error.as_error::<Problem>() {
            Some(problem) => Self::new(problem, path, id),
            None => Self::new(&Problem::from_status(response.status()).caused_by(error), path, id),
        };
        for (name, value) in response.headers() {
            last_resort.headers.insert(name.clone(), value.clone());
        }
        last_resort
    }
}

impl fmt::Display for LastResort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.document.detail)
    }
}

impl ResponseError for LastResort {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.document.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code()).set_body(body_of(&self.document));
        let headers = response.headers_mut();
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        set_common_headers(headers, &self.document.request_id);
        response
    }
}
