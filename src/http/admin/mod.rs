//! The guard of the editors' side: nothing below `/v1/admin` is reached without a key that may do it.
//!
//! It runs before the body is read and before a handler is chosen, for every method and path, known
//! or not. A key is looked up in the database for each request, so that a revoked one opens nothing
//! from the commit on, on every instance. What an operation asks for stands in the document; one that
//! asks for nothing there is refused, never open.

mod gate;
mod operations;
pub mod read;

use actix_web::{
    Error, HttpMessage,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{HeaderValue, WWW_AUTHENTICATE},
    },
    middleware::Next,
    web::Data,
};

pub use self::{gate::Gate, operations::Operations, read::AdminRequest};
use super::{fallback::KnownPaths, state::State};
use crate::{
    access::{Caller, Scope},
    problem::{Code, FieldError, Problem},
};

/// Where the editors' side begins.
pub const ADMIN: &str = "/v1/admin";

/// The name of the way to prove oneself in the document.
pub const SECURITY_SCHEME: &str = "api_key";

/// What an operation of the document asks for, as OpenAPI knows scopes of OAuth alone.
pub const REQUIRED_SCOPES: &str = "x-required-scopes";

/// Lets a request through that comes with a key which may do what it asks for.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    // What a path takes is no secret, and a browser asks for it without the key.
    if request.method() == Method::OPTIONS {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    match admit(&request).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            Ok(next.call(request).await?.map_into_left_body())
        }
        Err(problem) => Ok(request.error_response(problem).map_into_right_body()),
    }
}

async fn admit(request: &ServiceRequest) -> Result<Caller, Problem> {
    let (Some(state), Some(gate), Some(known)) = (
        request.app_data::<Data<State>>(),
        request.app_data::<Data<Gate>>(),
        request.app_data::<Data<KnownPaths>>(),
    ) else {
        return Err(Problem::internal("the application has no gate"));
    };
    let admitted = async {
        let caller = gate.authenticate(request, state).await?;
        // The path as the router sees it, or another operation could be asked for than the one that runs.
        let path = request.match_info().as_str();
        let wanted = gate.operations().find(path, request.method());
        let wanted = wanted.ok_or_else(|| known.refuse(path))?;
        authorize(&caller, wanted)?;
        Ok(caller)
    };
    let admitted: Result<Caller, Problem> = admitted.await;
    if let Err(problem) = &admitted {
        state.metrics.key_refused(problem.code());
    }
    admitted
}

fn authorize(caller: &Caller, wanted: &[Scope]) -> Result<(), Problem> {
    if wanted.is_empty() {
        return Err(Problem::internal("the operation asks for no scope in the document"));
    }
    match caller.lacks(wanted) {
        Some(scope) => Err(missing_scope(scope)),
        None => Ok(()),
    }
}

/// The refusal of a key that lacks a scope.
pub fn missing_scope(scope: Scope) -> Problem {
    let detail = format!("needs a key with the scope {scope}");
    refusal(
        Code::MissingScope,
        &format!("This {detail}, which the given one does not have."),
        &detail,
        &format!(", error=\"insufficient_scope\", scope=\"{scope}\""),
    )
}

/// A refusal that says how to prove oneself.
fn refusal(code: Code, detail: &str, of_header: &str, challenge: &str) -> Problem {
    let problem = Problem::new(code, detail).with_error(FieldError {
        pointer: "/headers/authorization".to_owned(),
        code: code.as_str().to_owned(),
        detail: of_header.to_owned(),
    });
    match HeaderValue::from_str(&format!("Bearer realm=\"vertebra\"{challenge}")) {
        Ok(challenge) => problem.with_header(WWW_AUTHENTICATE, challenge),
        Err(_) => problem,
    }
}
