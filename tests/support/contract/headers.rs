//! Headers: those that are declared are there and have their form, and there are no others.

use serde_json::Value;

use super::{check_value, resolve};
use crate::support::client::Answer;

/// Headers of HTTP itself, of browsers' safety and of CORS: they belong to every answer and to none in particular.
const COMMON: [&str; 15] = [
    "access-control-allow-origin",
    "access-control-expose-headers",
    "connection",
    "content-encoding",
    "content-length",
    "content-security-policy",
    "content-type",
    "cross-origin-resource-policy",
    "date",
    "keep-alive",
    "referrer-policy",
    "transfer-encoding",
    "vary",
    "x-content-type-options",
    "x-frame-options",
];

/// Checks the headers of an answer.
pub(super) fn check(place: &str, document: &'static Value, declared: &'static Value, answer: &Answer) {
    let headers = declared["headers"].as_object();
    let declared = || headers.into_iter().flatten();
    for (name, header) in declared() {
        let header = resolve(document, header);
        let values: Vec<_> = answer.headers.get_all(name.as_str()).iter().collect();
        let is_needed = header["required"] == true;
        assert!(!is_needed || !values.is_empty(), "{place} lacks {name}");
        assert!(values.len() < 2, "{place} has {name} {} times", values.len());
        for value in values {
            let text = value.to_str().expect("the header is text");
            let value = value_of(text, &header["schema"]);
            check_value(&format!("{place} {name}: {text}"), document, &header["schema"], &value);
        }
    }
    for name in answer.headers.keys() {
        let is_known = COMMON.contains(&name.as_str()) || declared().any(|(known, _)| name == known.as_str());
        assert!(is_known, "{place} has {name}, which is not declared");
    }
}

/// The value of a header as its schema speaks of it.
fn value_of(text: &str, schema: &Value) -> Value {
    match schema["type"] == "integer" {
        true => text.parse::<i64>().map_or_else(|_| text.into(), Value::from),
        false => text.into(),
    }
}
