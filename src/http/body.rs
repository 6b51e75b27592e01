//! Request bodies: what may be sent, and what is answered to one that cannot be read.

use actix_web::{
    Error,
    error::PayloadError,
    http::{
        Method,
        header::{self, HeaderMap},
    },
};
use serde::de::DeserializeOwned;

use super::connection::is_body_timeout;
use crate::{
    problem::{Code, FieldError, Problem},
    values,
};

/// Reads a JSON body; every unknown field is named.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    values::json::read_body(body).map_err(malformed)
}

/// The problem of a body with these faults.
pub fn malformed(faults: Vec<FieldError>) -> Problem {
    let problem = Problem::new(
        Code::InvalidBody,
        "The request body does not have the form that is documented.",
    );
    faults.into_iter().fold(problem, Problem::with_error)
}

/// Refuses a body that does not say that it is JSON; a patch may also say that it is a merge patch.
pub(super) fn check_media_type(method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = given.and_then(|given| given.split(';').next()).map(str::trim);
    let is_taken = |essence: &str| {
        essence.eq_ignore_ascii_case("application/json")
            || (method == Method::PATCH && essence.eq_ignore_ascii_case("application/merge-patch+json"))
    };
    match essence.is_some_and(is_taken) {
        true => Ok(()),
        false => Err(Problem::new(
            Code::UnsupportedMediaType,
            "The request body must be application/json.",
        )),
    }
}

/// The problem of a body that did not come whole.
pub(super) fn incomplete(error: &Error) -> Problem {
    match error.as_error::<PayloadError>() {
        Some(PayloadError::Overflow) => Problem::new(Code::PayloadTooLarge, "The request body is too large."),
        Some(cause) if is_body_timeout(cause) => {
            Problem::new(Code::RequestTimeout, "The request body did not arrive in time.")
        }
        _ => Problem::new(Code::BadRequest, "The request body did not arrive as a whole."),
    }
}
