//! What a change of one schema keyword means for the set of values that the schema allows.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// How the values that are allowed have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// Fewer are: what was sent may be refused.
    Narrower,
    /// More are: what is answered may surprise.
    Wider,
    /// Others are, or nobody can tell.
    Other,
}

/// Keywords of which more allows more.
const MOST: [&str; 5] = ["maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties"];

/// Keywords of which less allows more.
const LEAST: [&str; 5] = ["minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties"];

/// Keywords whose values cannot be compared with each other, only be there or not.
const RULES: [&str; 7] = [
    "format",
    "items",
    "multipleOf",
    "not",
    "pattern",
    "propertyNames",
    "uniqueItems",
];

/// Those of them that `schema` follows where both sides have them.
const FOLLOWED: [&str; 2] = ["items", "propertyNames"];

/// Keywords that `schema` follows itself, and those that only describe.
const ELSEWHERE: [&str; 18] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "default",
    "deprecated",
    "description",
    "enum",
    "example",
    "examples",
    "externalDocs",
    "oneOf",
    "properties",
    "readOnly",
    "required",
    "title",
    "type",
];

/// Most letters of a value that is told.
const MOST_SHOWN: usize = 60;

/// Every change between two schemas that their own keywords make, without null and what is inside.
pub(super) fn changes(old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<(Change, String)> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let bounds = names
        .iter()
        .filter_map(|name| keyword(name, old.get(*name), new.get(*name)));
    [types(old, new), values(old, new)]
        .into_iter()
        .flatten()
        .chain(bounds)
        .collect()
}

fn keyword(name: &str, old: Option<&Value>, new: Option<&Value>) -> Option<(Change, String)> {
    if old == new || ELSEWHERE.contains(&name) || name.starts_with("x-") {
        return None;
    }
    let change = if MOST.contains(&name) {
        bound(old, new, |old, new| new < old)
    } else if LEAST.contains(&name) {
        bound(old, new, |old, new| new > old)
    } else if RULES.contains(&name) {
        match (old, new) {
            (None, Some(_)) => Change::Narrower,
            (Some(_), None) => Change::Wider,
            _ if FOLLOWED.contains(&name) => return None,
            _ => Change::Other,
        }
    } else {
        // Whoever first uses another keyword decides here what it means.
        Change::Other
    };
    let is_long = [old, new]
        .into_iter()
        .flatten()
        .any(|value| value.to_string().len() > MOST_SHOWN);
    let text = match is_long {
        true => format!("has another {name}"),
        false => format!("has the {name} {} instead of {}", shown(new), shown(old)),
    };
    Some((change, text))
}

fn shown(value: Option<&Value>) -> String {
    match value {
        Some(value) => format!("`{value}`"),
        None => "none".to_owned(),
    }
}

fn bound(old: Option<&Value>, new: Option<&Value>, is_narrower: fn(f64, f64) -> bool) -> Change {
    match (old.and_then(Value::as_f64), new.and_then(Value::as_f64)) {
        (None, Some(_)) => Change::Narrower,
        (Some(_), None) => Change::Wider,
        (Some(old), Some(new)) if is_narrower(old, new) => Change::Narrower,
        (Some(_), Some(_)) => Change::Wider,
        (None, None) => Change::Other,
    }
}

/// The change between two sets, each empty where everything is allowed.
fn sets<T: Ord>(old: &BTreeSet<T>, new: &BTreeSet<T>, is_in: impl Fn(&T, &BTreeSet<T>) -> bool) -> Option<Change> {
    let is_within = |inner: &BTreeSet<T>, outer: &BTreeSet<T>| {
        outer.is_empty() || (!inner.is_empty() && inner.iter().all(|value| is_in(value, outer)))
    };
    match (is_within(old, new), is_within(new, old)) {
        (true, true) => None,
        (true, false) => Some(Change::Wider),
        (false, true) => Some(Change::Narrower),
        (false, false) => Some(Change::Other),
    }
}

/// The types of a schema without null; none where it allows all.
pub(super) fn types_of(schema: &Map<String, Value>) -> BTreeSet<&str> {
    let given = match schema.get("type") {
        Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(one)) => BTreeSet::from([one.as_str()]),
        _ => BTreeSet::new(),
    };
    given.into_iter().filter(|of| *of != "null").collect()
}

fn types(old: &Map<String, Value>, new: &Map<String, Value>) -> Option<(Change, String)> {
    let (old, new) = (types_of(old), types_of(new));
    let is_in =
        |of: &&str, types: &BTreeSet<&str>| types.contains(of) || (*of == "integer" && types.contains("number"));
    let shown = |types: &BTreeSet<&str>| match types.is_empty() {
        true => "anything".to_owned(),
        false => types.iter().copied().collect::<Vec<_>>().join(" or "),
    };
    let change = sets(&old, &new, is_in)?;
    Some((change, format!("is {} instead of {}", shown(&new), shown(&old))))
}

/// The values that a closed set has, written as JSON and without null; none where the set is open.
fn values_of(schema: &Map<String, Value>) -> BTreeSet<String> {
    let closed = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    let values = closed.chain(schema.get("const"));
    values.filter(|value| !value.is_null()).map(Value::to_string).collect()
}

fn values(old: &Map<String, Value>, new: &Map<String, Value>) -> Option<(Change, String)> {
    let (old, new) = (values_of(old), values_of(new));
    let change = sets(&old, &new, |value, values| values.contains(value))?;
    let list = |values: Vec<&String>| -> String {
        let quoted: Vec<String> = values
            .iter()
            .map(|value| format!("`{}`", value.trim_matches('"')))
            .collect();
        quoted.join(", ")
    };
    let text = match (old.is_empty(), new.is_empty()) {
        (true, _) => format!("may only be {}", list(new.iter().collect())),
        (_, true) => "may be any value, no longer one of a closed set".to_owned(),
        _ => {
            let gone = list(old.difference(&new).collect());
            let added = list(new.difference(&old).collect());
            match (gone.is_empty(), added.is_empty()) {
                (false, true) => format!("may not be {gone} any more"),
                (true, _) => format!("may be {added} too"),
                (false, false) => format!("may not be {gone} any more, but {added}"),
            }
        }
    };
    Some((change, text))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Change::*, changes};

    #[test]
    fn each_keyword_narrows_or_widens() {
        let table = [
            (
                json!({"type": "string"}),
                json!({"type": "string", "description": "x", "example": 1}),
                None,
            ),
            (json!({"type": "integer"}), json!({"type": "number"}), Some(Wider)),
            (json!({"type": "number"}), json!({"type": "integer"}), Some(Narrower)),
            (json!({"type": "string"}), json!({"type": "integer"}), Some(Other)),
            (json!({"type": "string"}), json!({"type": ["string", "null"]}), None),
            (
                json!({"type": "string"}),
                json!({"type": ["string", "integer"]}),
                Some(Wider),
            ),
            (json!({}), json!({"type": "string"}), Some(Narrower)),
            (json!({"type": "string"}), json!({}), Some(Wider)),
            (json!({"maxLength": 5}), json!({"maxLength": 4}), Some(Narrower)),
            (json!({"maxLength": 5}), json!({"maxLength": 6}), Some(Wider)),
            (json!({"maxLength": 5}), json!({}), Some(Wider)),
            (json!({}), json!({"maxItems": 5}), Some(Narrower)),
            (json!({"minimum": 1}), json!({"minimum": 2}), Some(Narrower)),
            (json!({"minimum": 1}), json!({"minimum": 0.5}), Some(Wider)),
            (json!({"minItems": 1}), json!({}), Some(Wider)),
            (json!({}), json!({"pattern": "a"}), Some(Narrower)),
            (json!({"pattern": "a"}), json!({}), Some(Wider)),
            (json!({"pattern": "a"}), json!({"pattern": "b"}), Some(Other)),
            (json!({"format": "date"}), json!({"format": "date-time"}), Some(Other)),
            (json!({"enum": ["a", "b"]}), json!({"enum": ["b", "a", null]}), None),
            (json!({"enum": ["a", "b"]}), json!({"enum": ["a"]}), Some(Narrower)),
            (json!({"enum": ["a"]}), json!({"enum": ["a", "b"]}), Some(Wider)),
            (json!({"enum": ["a"]}), json!({"enum": ["b"]}), Some(Other)),
            (json!({"enum": ["a"]}), json!({"x-extensible-enum": ["a"]}), Some(Wider)),
            (json!({"enum": ["a"]}), json!({"const": "a"}), None),
            (json!({}), json!({"enum": ["a"]}), Some(Narrower)),
            (json!({}), json!({"patternProperties": {}}), Some(Other)),
        ];
        for (old, new, expected) in table {
            let found = changes(old.as_object().expect("a schema"), new.as_object().expect("a schema"));
            let found: Vec<_> = found.into_iter().map(|(change, _)| change).collect();
            assert_eq!(found, Vec::from_iter(expected), "{old} -> {new}");
        }
    }

    #[test]
    fn each_change_is_told_in_words() {
        let told = |old: Value, new: Value| {
            let found = changes(old.as_object().expect("a schema"), new.as_object().expect("a schema"));
            found.into_iter().map(|(_, words)| words).collect::<Vec<_>>().join("; ")
        };
        assert_eq!(
            told(json!({"maxLength": 5}), json!({"maxLength": 4})),
            "has the maxLength `4` instead of `5`"
        );
        assert_eq!(
            told(json!({}), json!({"pattern": "a".repeat(60)})),
            "has another pattern"
        );
        assert_eq!(
            told(json!({}), json!({"pattern": "a"})),
            "has the pattern `\"a\"` instead of none"
        );
        assert_eq!(
            told(json!({"type": "string"}), json!({"type": ["integer", "boolean"]})),
            "is boolean or integer instead of string"
        );
        assert_eq!(
            told(json!({"enum": ["a", "b"]}), json!({"enum": ["b"]})),
            "may not be `a` any more"
        );
        assert_eq!(
            told(json!({"enum": ["a"]}), json!({"enum": ["b"]})),
            "may not be `a` any more, but `b`"
        );
        assert_eq!(
            told(json!({"enum": ["a"]}), json!({"enum": ["a", "b"]})),
            "may be `b` too"
        );
        assert_eq!(
            told(json!({"enum": [1]}), json!({"type": "integer"})),
            "is integer instead of anything; may be any value, no longer one of a closed set"
        );
    }
}
