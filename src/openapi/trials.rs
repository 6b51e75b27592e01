//! What a dry run answers where the write makes something: the same body, of which nothing is stored.

use serde_json::Value;
use utoipa::openapi::{Content, OpenApi, RefOr, Response};

use super::operation::{Takes, operations_of, successes};

const DESCRIPTION: &str = "What would be made, where `dry_run=true` asks for it: nothing is stored, so nothing has the id \
that is shown, and what would be secret is null.";

/// Headers that only something stored has.
const OF_WHAT_IS_STORED: [&str; 3] = ["ETag", "Idempotency-Replayed", "Location"];

/// Properties that are null in such an answer.
const SECRETS: [&str; 4] = ["secret", "token", "url", "withdrawal_token"];

/// Declares the answer at every write that makes something and can be tried.
pub(super) fn declare(document: &mut OpenApi) {
    for operation in document.paths.paths.values_mut().flat_map(operations_of) {
        if !Takes::of(operation).can_be_tried() {
            continue;
        }
        let made = successes(operation).find(|(status, _)| matches!(*status, "201" | "202"));
        if let Some(trial) = made.map(|(_, made)| trial_of(made)) {
            operation.responses.responses.insert("200".to_owned(), RefOr::T(trial));
        }
    }
}

fn trial_of(made: &Response) -> Response {
    let mut trial = made.clone();
    trial.description = DESCRIPTION.to_owned();
    trial.links.clear();
    trial
        .headers
        .retain(|name, _| !OF_WHAT_IS_STORED.contains(&name.as_str()));
    for content in trial.content.values_mut() {
        if let RefOr::T(Content {
            example: Some(Value::Object(example)),
            ..
        }) = content
        {
            let secrets = example.iter_mut().filter(|(name, _)| SECRETS.contains(&name.as_str()));
            secrets.for_each(|(_, secret)| *secret = Value::Null);
        }
    }
    trial
}
