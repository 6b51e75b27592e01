//! Reading JSON from a client strictly: what is unknown is refused, and every fault has its place.

use serde::{Deserializer, de::DeserializeOwned};
use serde_ignored::Path;
use serde_path_to_error::Segment;

use super::faults::{expectation, pointer};
use crate::problem::{Code, FieldError};

/// Where the faults of a body stand.
const BODY: &str = "/body";

/// Reads a request's body.
///
/// All fields that are not known are told, and the first other fault: after it, nothing can be read.
/// Within an enum that is tagged or untagged serde keeps neither places nor unknown fields.
///
/// # Errors
/// The faults, with pointers below `/body`.
pub fn read_body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Vec<FieldError>> {
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(vec![no_object()]);
    }
    let bytes = without_empty_fractions(bytes);
    let mut reader = serde_json::Deserializer::from_slice(&bytes);
    let value = read(&mut reader)?;
    reader.end().map_err(|error| vec![unreadable(&error)])?;
    Ok(value)
}

/// The text with blanks for fractions that are nought: `5.0` is a whole number to JSON Schema, and not to serde.
fn without_empty_fractions(bytes: &[u8]) -> Vec<u8> {
    let mut text = bytes.to_vec();
    let mut is_in_string = false;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            b'\\' if is_in_string => at += 1,
            b'"' => is_in_string = !is_in_string,
            b'.' if !is_in_string => {
                let noughts = text[at + 1..].iter().take_while(|byte| **byte == b'0').count();
                let end = at + 1 + noughts;
                let goes_on = matches!(text.get(end), Some(b'0'..=b'9' | b'.' | b'e' | b'E'));
                if noughts > 0 && !goes_on && ends_in_whole_number(&text[..at]) {
                    text[at..end].fill(b' ');
                }
            }
            _ => {}
        }
        at += 1;
    }
    text
}

/// Whether a text ends in digits that begin a value.
fn ends_in_whole_number(text: &[u8]) -> bool {
    let digits = text.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let before = &text[..text.len() - digits];
    let before = before.strip_suffix(b"-").unwrap_or(before);
    digits > 0
        && matches!(
            before.last(),
            None | Some(b' ' | b'\t' | b'\r' | b'\n' | b':' | b'[' | b',')
        )
}

/// Reads what became of a body, as [`read_body`] does.
///
/// # Errors
/// The faults, with pointers below `/body`.
pub fn read_value<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, Vec<FieldError>> {
    match value.is_array() {
        true => Err(vec![no_object()]),
        false => read(value),
    }
}

/// What is wrong with an array: serde would take the fields from it by their places.
fn no_object() -> FieldError {
    invalid(BODY.to_owned(), "must be an object".to_owned())
}

/// What is wrong with a body that is not JSON, or not of its form at a place that is not known.
pub fn unreadable(error: &serde_json::Error) -> FieldError {
    let place = format!("line {}, column {}", error.line(), error.column());
    let detail = match error.is_data() {
        true => format!("does not have the form that is documented, at {place}"),
        false => format!("is not JSON, at {place}"),
    };
    invalid(BODY.to_owned(), detail)
}

fn read<'de, T: DeserializeOwned>(
    reader: impl Deserializer<'de, Error = serde_json::Error>,
) -> Result<T, Vec<FieldError>> {
    let mut faults = Vec::new();
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(reader, &mut track);
    let read = serde_ignored::deserialize(tracked, |path| {
        faults.push(FieldError {
            pointer: unknown(&path),
            code: "unknown_field".to_owned(),
            detail: "is not known here".to_owned(),
        });
    });
    match read {
        Ok(value) if faults.is_empty() => return Ok(value),
        Ok(_) => {}
        Err(error) if error.is_data() => faults.push(misplaced(&error, &track.path())),
        // Whatever was read before is not worth telling of a text that is not JSON.
        Err(error) => return Err(vec![unreadable(&error)]),
    }
    faults.truncate(100);
    Err(faults)
}

/// What serde found wrong, at its place.
fn misplaced(error: &serde_json::Error, path: &serde_path_to_error::Path) -> FieldError {
    let place = path.iter().fold(BODY.to_owned(), |place, segment| match segment {
        Segment::Seq { index } => pointer(&place, &index.to_string()),
        Segment::Map { key } => pointer(&place, key),
        Segment::Enum { .. } | Segment::Unknown => place,
    });
    let message = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    let message = message.strip_suffix(&position).unwrap_or(&message);
    match named(message) {
        Some((code, field)) => FieldError {
            code: code.to_owned(),
            ..invalid(pointer(&place, field), expectation(message))
        },
        None => invalid(place, expectation(message)),
    }
}

/// The field that serde names in words only: it is not on the path.
pub fn named(message: &str) -> Option<(&'static str, &str)> {
    let field = |start| message.strip_prefix(start)?.strip_suffix('`');
    field("missing field `")
        .map(|field| ("missing_field", field))
        .or_else(|| field("duplicate field `").map(|field| ("duplicate_field", field)))
}

fn invalid(pointer: String, detail: String) -> FieldError {
    FieldError {
        pointer,
        code: Code::InvalidBody.as_str().to_owned(),
        detail,
    }
}

fn unknown(path: &Path<'_>) -> String {
    match path {
        Path::Root => BODY.to_owned(),
        Path::Seq { parent, index } => pointer(&unknown(parent), &index.to_string()),
        Path::Map { parent, key } => pointer(&unknown(parent), key),
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => unknown(parent),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::json;
    use uuid::Uuid;

    use super::{read_body, read_value, without_empty_fractions};
    use crate::problem::FieldError;

    #[test]
    fn a_whole_number_may_have_a_fraction_of_noughts() {
        for (text, read) in [
            ("[5.0, -3.00]", "[5  , -3   ]"),
            (
                "[5.5, 5.01, 5.0e1, 5., 5.0.0, 1e5.0, .0]",
                "[5.5, 5.01, 5.0e1, 5., 5.0.0, 1e5.0, .0]",
            ),
            (
                r#"{"a.0": "1.0 \" 2.0", "b": 1.0}"#,
                r#"{"a.0": "1.0 \" 2.0", "b": 1  }"#,
            ),
        ] {
            assert_eq!(without_empty_fractions(text.as_bytes()), read.as_bytes());
        }
    }

    #[derive(Debug, Deserialize)]
    struct Outer {
        #[expect(dead_code, reason = "only whether it can be read is tested")]
        title: String,
        #[expect(dead_code, reason = "only whether it can be read is tested")]
        texts: BTreeMap<String, Option<Inner>>,
        #[expect(dead_code, reason = "only whether it can be read is tested")]
        #[serde(default)]
        topic: Option<Uuid>,
    }

    #[derive(Debug, Deserialize)]
    struct Inner {
        #[expect(dead_code, reason = "only whether it can be read is tested")]
        pages: Vec<u8>,
    }

    fn faults(body: &str) -> Vec<(String, String, String)> {
        let told = |error: FieldError| (error.pointer, error.code, error.detail);
        let faults = read_body::<Outer>(body.as_bytes()).unwrap_err();
        faults.into_iter().map(told).collect()
    }

    fn one(pointer: &str, code: &str, detail: &str) -> Vec<(String, String, String)> {
        vec![(pointer.to_owned(), code.to_owned(), detail.to_owned())]
    }

    #[test]
    fn reads_what_is_documented() {
        assert!(read_body::<Outer>(br#"{"title": "a", "texts": {"en-GB": {"pages": [1]}}}"#).is_ok());
        assert!(read_value::<Outer>(json!({"title": "a", "texts": {}})).is_ok());
    }

    #[test]
    fn tells_all_unknown_fields_and_the_first_other_fault() {
        let body = r#"{"x": 1, "texts": {"en-GB": {"a/b": 2, "pages": [1, 2, "canary"]}}, "y": 3}"#;
        let unknown = ("unknown_field".to_owned(), "is not known here".to_owned());
        let at = |pointer: &str| (pointer.to_owned(), unknown.0.clone(), unknown.1.clone());
        assert_eq!(
            faults(body),
            [
                at("/body/x"),
                at("/body/texts/en-GB/a~1b"),
                (
                    "/body/texts/en-GB/pages/2".to_owned(),
                    "invalid_body".to_owned(),
                    "must be a whole number from 0 to 255".to_owned()
                ),
            ]
        );
        let only_unknown = r#"{"title": "a", "texts": {}, "x": {"deep": 1}, "y": 3}"#;
        assert_eq!(faults(only_unknown), [at("/body/x"), at("/body/y")]);
    }

    #[test]
    fn names_the_place_of_each_kind_of_fault() {
        assert_eq!(
            faults(r#"{"texts": {}}"#),
            one("/body/title", "missing_field", "is missing")
        );
        assert_eq!(
            faults(r#"{"title": "a", "title": "b", "texts": {}}"#),
            one("/body/title", "duplicate_field", "may be given only once")
        );
        assert_eq!(
            faults(r#"{"title": "a", "texts": {}, "topic": "canary"}"#),
            one(
                "/body/topic",
                "invalid_body",
                "does not have the form that is documented"
            )
        );
        assert_eq!(faults("[]"), one("/body", "invalid_body", "must be an object"));
        for body in [
            "",
            "{",
            "{\"title\": \"a\", \"x\": 1, nonsense",
            "{\"title\": \"a\", \"texts\": {}} x",
        ] {
            let found = faults(body);
            assert!(
                found.len() == 1 && found[0].2.starts_with("is not JSON, at line 1"),
                "{found:?}"
            );
        }
        let found = read_value::<Outer>(json!({"title": 1, "texts": {}})).unwrap_err();
        assert_eq!(
            (found[0].pointer.as_str(), found[0].detail.as_str()),
            ("/body/title", "must be a string")
        );
    }
}
