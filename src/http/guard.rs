//! The innermost layer before routing: refuses what no handler should see, and catches a handler's panic.

use std::panic::AssertUnwindSafe;

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap, HeaderValue, RETRY_AFTER},
    middleware::Next,
    web::Data,
};
use futures_util::FutureExt;

use super::{fallback::KnownPaths, state::State};
use crate::problem::{Code, FieldError, Problem};

/// Most bytes of all header names and values; the parser itself ends at 128 KiB.
const MOST_HEADER_BYTES: usize = 32 * 1024;

/// Most bytes of the value of a header whose length the documents describe.
pub const MOST_VALUE_BYTES: usize = 8 * 1024;

/// The headers that the documents describe by their length, in the letters that people know them by.
const BOUNDED_HEADERS: [&str; 3] = ["Accept-Language", "If-Match", "If-None-Match"];

/// Most bytes of path and query together.
const MOST_URI_BYTES: usize = 8 * 1024;

/// Admits a request, or answers why not.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let admission = match request.app_data::<Data<State>>() {
        Some(state) => state.clone().into_inner().admit(),
        None => None,
    };
    if admission.is_none() {
        return Ok(request.error_response(overloaded()).map_into_left_body());
    }
    if let Err(problem) = check(&request) {
        // A method that is never taken is wrong whatever else is.
        let known = request.app_data::<Data<KnownPaths>>();
        let problem = known
            .and_then(|known| known.refuse_method(request.request()))
            .unwrap_or(problem);
        return Ok(request.error_response(problem).map_into_left_body());
    }
    // Caught here, so that the layers outside of this one add their headers to the answer.
    let called = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let response = called.map_err(|payload| Problem::panicked(&*payload))??;
    drop(admission);
    Ok(response.map_into_right_body())
}

fn overloaded() -> Problem {
    Problem::new(Code::Overloaded, "The server is busy; please try again shortly.")
        .with_header(RETRY_AFTER, HeaderValue::from_static("1"))
}

fn check(request: &ServiceRequest) -> Result<(), Problem> {
    let uri = request.uri();
    let query = uri.query().unwrap_or_default();
    if uri.path().len() + query.len() > MOST_URI_BYTES {
        return Err(Problem::new(
            Code::UriTooLong,
            format!("Path and query may have {MOST_URI_BYTES} bytes together."),
        ));
    }
    check_headers(request.headers())?;
    check_text(uri.path(), "/path")?;
    check_text(query, "/query")?;
    check_encoding(request)
}

/// Refuses headers that are too large.
pub(super) fn check_headers(headers: &HeaderMap) -> Result<(), Problem> {
    let long = headers.iter().filter(|(_, value)| value.len() > MOST_VALUE_BYTES);
    for (name, _) in long {
        if let Some(name) = BOUNDED_HEADERS
            .iter()
            .find(|bounded| name.as_str().eq_ignore_ascii_case(bounded))
        {
            let detail = format!("may have at most {MOST_VALUE_BYTES} bytes");
            return Err(Problem::header(name, detail));
        }
    }
    let header_bytes: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    if header_bytes > MOST_HEADER_BYTES {
        return Err(Problem::new(
            Code::HeadersTooLarge,
            format!("Header names and values may have {MOST_HEADER_BYTES} bytes together."),
        ));
    }
    Ok(())
}

/// Refuses text that is not UTF-8 or holds control characters once its percent signs are decoded.
fn check_text(raw: &str, pointer: &str) -> Result<(), Problem> {
    let decoded: Vec<u8> = percent_encoding::percent_decode_str(raw).collect();
    let fault = match std::str::from_utf8(&decoded) {
        Err(_) => "must be UTF-8 once its percent signs are decoded",
        Ok(text) if text.chars().any(char::is_control) => "must not hold control characters",
        Ok(_) => return Ok(()),
    };
    Err(
        Problem::new(Code::InvalidText, "The address holds text that is not allowed.").with_error(FieldError {
            pointer: pointer.to_owned(),
            code: Code::InvalidText.as_str().to_owned(),
            detail: fault.to_owned(),
        }),
    )
}

/// Bodies are taken as they are: unpacking one lets a few bytes fill the memory.
fn check_encoding(request: &ServiceRequest) -> Result<(), Problem> {
    match request.headers().get(header::CONTENT_ENCODING) {
        Some(encoding) if encoding != "identity" => Err(Problem::new(
            Code::UnsupportedMediaType,
            "A request body must be sent without Content-Encoding.",
        )
        .with_header(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"))),
        _ => Ok(()),
    }
}
