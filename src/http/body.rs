//! Request bodies that cannot be read.

use actix_web::{Error, HttpRequest, error::JsonPayloadError};

use super::connection::is_body_timeout;
use crate::problem::{Code, FieldError, Problem};

/// The problem of a JSON body, in our own words and not logged: the parser's repeat what was sent.
pub fn unreadable_json(error: JsonPayloadError, _: &HttpRequest) -> Error {
    let problem = match &error {
        JsonPayloadError::ContentType => {
            Problem::new(Code::UnsupportedMediaType, "The request body must be application/json.")
        }
        JsonPayloadError::Overflow { limit } | JsonPayloadError::OverflowKnownLength { limit, .. } => Problem::new(
            Code::PayloadTooLarge,
            format!("The request body may have {limit} bytes."),
        ),
        JsonPayloadError::Payload(cause) if is_body_timeout(cause) => {
            Problem::new(Code::RequestTimeout, "The request body did not arrive in time.")
        }
        JsonPayloadError::Deserialize(cause) => not_understood(cause),
        _ => Problem::new(Code::BadRequest, "The request body did not arrive as a whole."),
    };
    problem.into()
}

fn not_understood(cause: &serde_json::Error) -> Problem {
    let fault = if cause.is_data() {
        "does not have the form that is documented"
    } else {
        "is not JSON"
    };
    let place = format!("line {}, column {}", cause.line(), cause.column());
    Problem::new(Code::BadRequest, format!("The request body {fault}, at {place}.")).with_error(FieldError {
        pointer: "/body".to_owned(),
        code: Code::BadRequest.as_str().to_owned(),
        detail: format!("{fault}, at {place}"),
    })
}
