//! What is wrong with something that a client sent, place by place.
//!
//! Every fault of a request is worded here, whether a reader, a validator or a check found it. The
//! words say what is allowed and never repeat what was sent.

use std::borrow::Cow;

use validator::{ValidationError, ValidationErrors, ValidationErrorsKind};

use super::InvalidValue;
use crate::problem::FieldError;

/// The name under which a validator keeps what is wrong with a thing as a whole.
pub const WHOLE: &str = "__all__";

/// As many faults as one answer tells.
const MOST_FAULTS: usize = 100;

/// A longer part of a pointer is cut: a client's own key may be of any length.
const LONGEST_PART: usize = 60;

/// A longer pointer is cut.
const LONGEST_POINTER: usize = 400;

/// A fault that a check found; the words are fit for a client.
pub fn fault(code: &'static str, detail: impl Into<Cow<'static, str>>) -> ValidationError {
    ValidationError::new(code).with_message(detail.into())
}

/// Adds a fault under a field, whatever its name came from.
pub fn add(errors: &mut ValidationErrors, field: impl Into<Cow<'static, str>>, found: ValidationError) {
    let place = errors.errors_mut().entry(field.into());
    if let ValidationErrorsKind::Field(faults) = place.or_insert_with(|| ValidationErrorsKind::Field(Vec::new())) {
        faults.push(found);
    }
}

/// The pointer to a part of what a pointer names (RFC 6901).
pub fn pointer(base: &str, part: &str) -> String {
    let part = cut(part, LONGEST_PART);
    let whole = format!("{base}/{}", part.replace('~', "~0").replace('/', "~1"));
    cut(&whole, LONGEST_POINTER).into_owned()
}

/// All that a validator found, in a stable order, with pointers below this one.
pub fn field_errors(errors: &ValidationErrors, base: &str) -> Vec<FieldError> {
    let mut found = Vec::new();
    collect(errors, base, &mut found);
    found.truncate(MOST_FAULTS);
    found
}

fn collect(errors: &ValidationErrors, base: &str, found: &mut Vec<FieldError>) {
    let mut fields: Vec<_> = errors.errors().iter().collect();
    fields.sort_unstable_by_key(|(name, _)| *name);
    for (name, kind) in fields {
        let place = match name.as_ref() {
            WHOLE => base.to_owned(),
            name => pointer(base, name),
        };
        match kind {
            ValidationErrorsKind::Field(faults) => found.extend(faults.iter().map(|fault| FieldError {
                pointer: place.clone(),
                code: fault.code.clone().into_owned(),
                detail: detail(fault),
            })),
            ValidationErrorsKind::Struct(inner) => collect(inner, &place, found),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    collect(inner, &pointer(&place, &index.to_string()), found);
                }
            }
        }
    }
}

/// What a validator's fault means for a client.
pub fn detail(fault: &ValidationError) -> String {
    if let Some(message) = &fault.message {
        return message.clone().into_owned();
    }
    let bound = |name: &str| fault.params.get(name).map(ToString::to_string);
    let counted = match fault.params.get("value") {
        _ if fault.code != "length" => "",
        Some(serde_json::Value::Array(_) | serde_json::Value::Object(_)) => " entries",
        _ => " characters",
    };
    match (bound("min"), bound("max").or_else(|| bound("equal"))) {
        (Some(least), Some(most)) => format!("must be from {least} to {most}{counted}"),
        (Some(least), None) => format!("must be at least {least}{counted}"),
        (None, Some(most)) => format!("must be at most {most}{counted}"),
        (None, None) => "is not valid here".to_owned(),
    }
}

impl From<InvalidValue> for ValidationError {
    fn from(InvalidValue(why): InvalidValue) -> Self {
        fault("invalid_content", why)
    }
}

/// What serde says of a wrong value, without its own terms and the value.
pub fn expectation(message: &str) -> String {
    const WRONG: [&str; 4] = [
        "invalid type: ",
        "invalid value: ",
        "invalid length ",
        "unknown variant ",
    ];
    let expected = WRONG
        .iter()
        .any(|start| message.starts_with(start))
        .then(|| message.rsplit_once(", expected "))
        .flatten();
    match expected {
        Some((_, expected)) => format!("must be {}", for_client(expected)),
        // Our own types word their faults like this; other crates' repeat what was sent.
        None if message.starts_with("must ") || message.starts_with("may ") => message.to_owned(),
        None if message.starts_with("missing field ") => "is missing".to_owned(),
        None if message.starts_with("duplicate field ") => "may be given only once".to_owned(),
        None => "does not have the form that is documented".to_owned(),
    }
}

/// A kind of value in JSON's terms.
fn for_client(expected: &str) -> Cow<'_, str> {
    let whole_number = |least: i64, most: u64| Cow::Owned(format!("a whole number from {least} to {most}"));
    match expected {
        "i16" => whole_number(i16::MIN.into(), i16::MAX.unsigned_abs().into()),
        "i32" => whole_number(i32::MIN.into(), i32::MAX.unsigned_abs().into()),
        "u8" => whole_number(0, u8::MAX.into()),
        "u16" => whole_number(0, u16::MAX.into()),
        "u32" => whole_number(0, u32::MAX.into()),
        "i8" | "i64" | "u64" | "usize" | "isize" => "a whole number".into(),
        "f32" | "f64" => "a number".into(),
        "a map" => "an object".into(),
        "a sequence" => "an array".into(),
        "a borrowed string" | "string" => "a string".into(),
        "variant identifier" | "string or map" => "one of the values that are documented".into(),
        _ if expected.starts_with("struct ") => "an object".into(),
        _ => expected.into(),
    }
}

fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use validator::Validate;

    use super::{MOST_FAULTS, expectation, fault, field_errors, pointer};

    #[derive(serde::Serialize, Validate)]
    struct Outer {
        #[validate(length(min = 1, max = 3))]
        name: String,
        #[validate(length(max = 1))]
        tags: Vec<u8>,
        #[validate(range(min = 1, max = 5, message = "must be 1 to 5"))]
        rating: u8,
        #[validate(nested)]
        inner: Vec<Inner>,
    }

    #[derive(serde::Serialize, Validate)]
    #[validate(schema(function = whole, skip_on_field_errors = false))]
    struct Inner {
        #[validate(range(min = 1))]
        count: u8,
    }

    fn whole(inner: &Inner) -> Result<(), validator::ValidationError> {
        match inner.count {
            0 => Err(fault("odd", "must be odd")),
            _ => Ok(()),
        }
    }

    #[test]
    fn points_to_every_fault_in_a_stable_order_and_repeats_no_value() {
        let sent = Outer {
            name: "canary".to_owned(),
            tags: vec![77, 78],
            rating: 99,
            inner: (0..12)
                .map(|i| Inner {
                    count: u8::from(i != 2 && i != 10),
                })
                .collect(),
        };
        let found = field_errors(&sent.validate().unwrap_err(), "/body");
        let told: Vec<_> = found
            .iter()
            .map(|error| (error.pointer.as_str(), error.code.as_str(), error.detail.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("/body/inner/2", "odd", "must be odd"),
                ("/body/inner/2/count", "range", "must be at least 1"),
                ("/body/inner/10", "odd", "must be odd"),
                ("/body/inner/10/count", "range", "must be at least 1"),
                ("/body/name", "length", "must be from 1 to 3 characters"),
                ("/body/rating", "range", "must be 1 to 5"),
                ("/body/tags", "length", "must be at most 1 entries"),
            ]
        );
    }

    #[test]
    fn tells_no_more_than_an_answer_holds() {
        let inner = (0..500).map(|_| Inner { count: 0 }).collect();
        let sent = Outer {
            name: "a".to_owned(),
            tags: Vec::new(),
            rating: 1,
            inner,
        };
        assert_eq!(field_errors(&sent.validate().unwrap_err(), "").len(), MOST_FAULTS);
    }

    #[test]
    fn escapes_and_shortens_pointers() {
        assert_eq!(pointer("/body", "a/b~c"), "/body/a~1b~0c");
        assert_eq!(pointer("", &"ü".repeat(70)), format!("/{}…", "ü".repeat(60)));
    }

    #[test]
    fn says_what_is_expected_and_not_what_was_given() {
        for (message, told) in [
            (
                "unknown variant `x, expected y`, expected one of `a`, `b`",
                "must be one of `a`, `b`",
            ),
            ("must be short", "must be short"),
            (
                "invalid type: string \"canary\", expected u16",
                "must be a whole number from 0 to 65535",
            ),
            ("invalid type: null, expected struct ArticleIn", "must be an object"),
            ("invalid type: map, expected a string", "must be a string"),
            ("missing field `title`", "is missing"),
            ("duplicate field `title`", "may be given only once"),
            (
                "failed to parse \"canary, expected date\"",
                "does not have the form that is documented",
            ),
        ] {
            assert_eq!(expectation(message), told);
        }
    }
}
