//! Bodies at the edges of what a schema allows, and beyond them.

use serde_json::{Map, Value, json};

use crate::{resolved, text};

/// A change of one place of a body: another value there, or none.
pub(super) struct Change {
    /// Pointer into the body.
    pub(super) at: String,
    /// What stands there then.
    pub(super) value: Option<Value>,
}

impl Change {
    /// The body with this change.
    pub(super) fn of(&self, body: &Value) -> Value {
        let mut changed = body.clone();
        let Some((parent, name)) = self.at.rsplit_once('/') else {
            return self.value.clone().unwrap_or_default();
        };
        let parent = changed.pointer_mut(parent).expect("the place is there");
        match (parent, &self.value) {
            (Value::Array(items), Some(value)) => items[0] = value.clone(),
            (Value::Object(fields), Some(value)) => drop(fields.insert(name.to_owned(), value.clone())),
            (Value::Object(fields), None) => drop(fields.remove(name)),
            (parent, _) => panic!("{parent} has no places"),
        }
        changed
    }
}

/// The schema of what is there where something is: without null, and without the name.
fn own<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let schema = resolved(document, schema);
    let choices = schema["oneOf"].as_array().into_iter().flatten();
    let mut choices = choices.filter(|choice| choice["type"] != "null");
    choices.next().map_or(schema, |choice| resolved(document, choice))
}

/// The one type of a schema but null.
fn kind(schema: &Value) -> &str {
    let named = |kind: &Value| kind.as_str().filter(|kind| *kind != "null").is_some();
    match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find(|kind| named(kind)).and_then(Value::as_str),
        kind => kind.as_str(),
    }
    .unwrap_or_default()
}

fn number(schema: &Value, name: &str) -> Option<usize> {
    schema[name]
        .as_u64()
        .map(|number| usize::try_from(number).expect("it is small"))
}

/// A value with everything that a schema knows, made from its examples.
pub(super) fn sample(document: &Value, schema: &Value) -> Value {
    let example = [schema, resolved(document, schema), own(document, schema)].map(|schema| &schema["example"]);
    let example = example
        .into_iter()
        .find(|example| !example.is_null() && **example != json!([]));
    let schema = own(document, schema);
    let of = |schema| sample(document, schema);
    match (kind(schema), example) {
        ("object", _) if schema["properties"].is_object() => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            fields.map(|(name, schema)| (name.clone(), of(schema))).collect()
        }
        ("object", _) => json!({"en-GB": of(&schema["additionalProperties"])}),
        ("array", None) => json!([of(&schema["items"])]),
        (_, Some(example)) => example.clone(),
        ("string", None) => match (text(schema, "format"), &schema["enum"]) {
            (_, Value::Array(values)) => values[0].clone(),
            ("uuid", _) => json!("01a2097f-1116-77af-986c-a21b1d5b17f6"),
            ("date", _) => json!("2026-11-23"),
            ("uri", _) => json!("https://www.example.org/page"),
            ("date-time", _) => json!("2027-11-23T09:00:00Z"),
            _ => json!("a".repeat(number(schema, "minLength").unwrap_or(1))),
        },
        ("integer" | "number", None) => schema.get("minimum").cloned().unwrap_or(json!(1)),
        ("boolean", None) => json!(true),
        (kind, None) => panic!("{kind:?} has no sample: {schema}"),
    }
}

/// Every change to a place and to what is inside it.
pub(super) fn changes(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<Change>) {
    let schema = own(document, schema);
    let mut values = vec![
        json!(null),
        json!(true),
        json!(7),
        json!(-1.5),
        json!("text"),
        json!([]),
        json!({}),
    ];
    match kind(schema) {
        "string" => values.extend(
            strings(schema, value.as_str().unwrap_or_default())
                .into_iter()
                .map(Value::from),
        ),
        "integer" | "number" => values.extend(numbers(schema)),
        "array" => values.extend(arrays(schema, value)),
        _ => {}
    }
    found.extend(values.into_iter().map(|value| Change {
        at: at.to_owned(),
        value: Some(value),
    }));
    match value {
        Value::Array(items) => {
            changes(document, &schema["items"], &items[0], &format!("{at}/0"), found);
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                let inner = format!("{at}/{name}");
                found.push(Change {
                    at: inner.clone(),
                    value: None,
                });
                let schema = schema["properties"]
                    .get(name)
                    .unwrap_or(&schema["additionalProperties"]);
                changes(document, schema, value, &inner, found);
            }
            if schema["propertyNames"].is_object() {
                found.extend(maps(schema, &fields["en-GB"]).map(|value| Change {
                    at: at.to_owned(),
                    value: Some(value),
                }));
            }
        }
        _ => {}
    }
}

/// Texts at the ends of what may be there, and some that few places take.
fn strings(schema: &Value, sample: &str) -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " ",
        " a",
        "a ",
        "a\u{0}b",
        "a\nb",
        "a\tb",
        "a\u{85}b",
        "A b",
        "\u{e4}",
        "-",
        "a--b",
        "1",
        "no-such-value",
        "gb",
        "2026-02-30",
        "20260131",
        "2026-01-31T09:00:00Z",
        "2026-01-31T09:00:00",
        "2026-01",
        "24:00",
        "9:30",
        "javascript:a",
        "https://",
        "http://example.org/ a",
        "//example.org",
        "a@b",
        "+44",
        "0012",
        "10.1000/",
        "english",
        "en_GB",
    ]
    .map(str::to_owned)
    .into();
    let ends = [number(schema, "minLength"), number(schema, "maxLength")];
    for length in ends
        .into_iter()
        .flatten()
        .flat_map(|end| [end.saturating_sub(1), end, end + 1])
    {
        for filler in ["a", "A", "1", "\u{e4}"] {
            texts.push(filler.repeat(length));
            let missing = length.saturating_sub(sample.chars().count());
            texts.push(format!("{sample}{}", filler.repeat(missing)));
        }
    }
    texts
}

fn numbers(schema: &Value) -> Vec<Value> {
    let ends = [&schema["minimum"], &schema["maximum"]].map(Value::as_f64);
    let around = ends.into_iter().flatten().flat_map(|end| [end - 1.0, end, end + 1.0]);
    match kind(schema) {
        #[expect(clippy::cast_possible_truncation, reason = "the ends of what is taken are small")]
        "integer" => around.map(|number| json!(number as i64)).collect(),
        _ => around.map(Value::from).collect(),
    }
}

fn arrays(schema: &Value, value: &Value) -> Vec<Value> {
    let ends = [number(schema, "minItems"), number(schema, "maxItems")];
    let lengths = ends
        .into_iter()
        .flatten()
        .flat_map(|end| [end.saturating_sub(1), end, end + 1]);
    let mut arrays: Vec<Value> = lengths
        .map(|length| Value::from(vec![value[0].clone(); length]))
        .collect();
    // Too many, and each of them wrong.
    if let (Some(most), Some(wrong)) = (number(schema, "maxItems"), with_empty_text(&value[0])) {
        arrays.push(vec![wrong; most + 1].into());
    }
    arrays
}

/// A thing with nothing in its first text.
fn with_empty_text(thing: &Value) -> Option<Value> {
    let mut thing = thing.clone();
    let text = thing.as_object_mut()?.values_mut().find(|field| field.is_string())?;
    *text = json!("");
    Some(thing)
}

/// Maps with as many languages as may be and one more, and with a tag that is none.
fn maps(schema: &Value, text: &Value) -> impl Iterator<Item = Value> {
    let tag = |number: usize| format!("a{}", char::from(b'a' + u8::try_from(number).expect("it is small")));
    let most = number(schema, "maxProperties").expect("there is an end");
    let with = |count: usize| {
        (0..count)
            .map(|number| (tag(number), text.clone()))
            .collect::<Map<_, _>>()
    };
    let wrong = json!({"english": text});
    [with(most).into(), with(most + 1).into(), wrong].into_iter()
}

/// Has the parts that depend on each other agree, which examples of single fields do not.
pub(super) fn agreeing(mut value: Value) -> Value {
    match &mut value {
        Value::Array(items) => items.iter_mut().for_each(|item| *item = agreeing(item.take())),
        Value::Object(fields) => {
            fields.values_mut().for_each(|field| *field = agreeing(field.take()));
            if fields.contains_key("source") && fields.contains_key("images") {
                fields.insert("source".to_owned(), json!("![](https://www.example.org/page)"));
            }
            for (name, fitting) in [
                ("next_review_due_on", json!("9999-12-31")),
                ("collective_name", json!(null)),
                ("precision", json!("day")),
            ] {
                if fields.contains_key(name) {
                    fields.insert(name.to_owned(), fitting);
                }
            }
        }
        _ => {}
    }
    value
}
