//! Request bodies: that the server takes what the documents allow of them, and nothing more.
//!
//! From each schema values are made at the edges of what it allows, and beyond them, one place at a time.
//! What the schema forbids must be refused, and what it allows must be taken, but where a check knows more
//! than a schema can say; those places are listed.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use validator::Validate;
use vertebra::{
    app::{admin_document, public_document},
    articles::wire::ArticleIn,
    clinic::wire::{ClinicIn, LocationIn},
    editing::{
        Content,
        wire::{LocalesIn, PreviewIn, ScheduleIn},
    },
    keys::wire::{ApiKeyIn, ApiKeyRotationIn},
    problem::FieldError,
    services::wire::ServiceIn,
    testimonials::wire::{ConsentIn, ErasureIn, RejectionIn, TestimonialIn, TestimonialSubmission, WithdrawalIn},
    topics::wire::TopicIn,
    values::{faults::field_errors, json::read_value},
};

use super::{operations, resolved, text, validator};

/// What a check knows that no schema can say: the beginnings or ends of its words.
const BEYOND_SCHEMAS: [&str; 19] = [
    "must not be there already",
    "is there twice",
    "is there twice; a network has one page",
    "must not overlap with an entry before it",
    "must not overlap with an entry before it, nor close a date that has another entry",
    "must be given with closes",
    "must be given with opens",
    "must be one of the languages of the texts",
    "must be the name of a time zone in the IANA database, such as Europe/London",
    "must be a country's code of two letters (ISO 3166-1), such as GB",
    "must be the address of an image in the source",
    "must have words or an image",
    "image 1 needs an alt text, or to be marked as decorative",
    "is needed for an article that presents a work",
    "must be a day of the month that is given",
    "must be what the parts of the date state",
    "must have either a family name or a collective name",
    "must say where the right comes from",
    "must be the name or the initials to show",
];

/// What the server says of a body: what is wrong with it, as pointers with words.
type Check = fn(Value) -> Vec<String>;

/// A type of body.
struct Body {
    name: String,
    check: Check,
}

/// Content as editors write it, with the rules that hold between fields.
fn content<C: Content>() -> Body {
    Body {
        name: C::name().into_owned(),
        check: |value| match read_value::<C>(value) {
            Err(faults) => faults.into_iter().map(told).collect(),
            Ok(content) => {
                let faults = content
                    .validate()
                    .map_or_else(|errors| field_errors(&errors, "/body"), |()| Vec::new());
                faults.into_iter().chain(content.faults()).map(told).collect()
            }
        },
    }
}

fn told(FieldError { pointer, detail, .. }: FieldError) -> String {
    format!("{pointer}: {detail}")
}

/// A body that is read and validated.
fn validated<T: DeserializeOwned + Validate + ToSchema>() -> Body {
    Body {
        name: T::name().into_owned(),
        check: |value| match read_value::<T>(value) {
            Err(faults) => faults.into_iter().map(told).collect(),
            Ok(body) => {
                let faults = body
                    .validate()
                    .map_or_else(|errors| field_errors(&errors, "/body"), |()| Vec::new());
                faults.into_iter().map(told).collect()
            }
        },
    }
}

/// A body in which there is nothing to validate once it is read.
fn read_only<T: DeserializeOwned + ToSchema>() -> Body {
    Body {
        name: T::name().into_owned(),
        check: |value| {
            let faults = read_value::<T>(value).err().unwrap_or_default();
            faults.into_iter().map(told).collect()
        },
    }
}

/// All bodies that the server takes, but for patches: those are merged into the content and checked as a whole.
fn bodies() -> Vec<Body> {
    vec![
        validated::<ApiKeyIn>(),
        validated::<ApiKeyRotationIn>(),
        content::<ArticleIn>(),
        content::<ClinicIn>(),
        validated::<ConsentIn>(),
        read_only::<ErasureIn>(),
        validated::<LocalesIn>(),
        content::<LocationIn>(),
        validated::<PreviewIn>(),
        validated::<RejectionIn>(),
        validated::<ScheduleIn>(),
        content::<ServiceIn>(),
        content::<TestimonialIn>(),
        validated::<TestimonialSubmission>(),
        content::<TopicIn>(),
        validated::<WithdrawalIn>(),
    ]
}

/// A change of one place of a body: another value there, or none.
struct Change {
    at: String,
    value: Option<Value>,
}

impl Change {
    /// The body with this change.
    fn of(&self, body: &Value) -> Value {
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
fn sample(document: &Value, schema: &Value) -> Value {
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
fn changes(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<Change>) {
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
fn agreeing(mut value: Value) -> Value {
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

#[test]
fn the_server_takes_what_the_documents_allow_and_nothing_more() {
    let documents =
        [admin_document(), public_document()].map(|document| serde_json::to_value(document).expect("it is JSON"));
    let mut problems = Vec::new();
    for Body { name, check } in bodies() {
        let document = documents
            .iter()
            .find(|document| document["components"]["schemas"][&name].is_object());
        let document = document.unwrap_or_else(|| panic!("{name} is in no document"));
        let schema = &document["components"]["schemas"][&name];
        let body = agreeing(sample(document, schema));
        let why = check(body.clone());
        if !why.is_empty() {
            problems.push(format!("{name}: the sample is refused: {why:?} {body:#}"));
            continue;
        }
        let documented = validator(document, schema);
        let mut found = Vec::new();
        changes(document, schema, &body, "", &mut found);
        for change in found {
            let changed = change.of(&body);
            let (is_allowed, faults) = (documented.is_valid(&changed), check(changed));
            let is_beyond = |fault: &String| {
                BEYOND_SCHEMAS
                    .iter()
                    .any(|words| fault.ends_with(&format!(": {words}")))
            };
            let is_as_documented = match is_allowed {
                true => faults.iter().all(is_beyond),
                false => !faults.is_empty(),
            };
            if !is_as_documented {
                let value = change.value.map_or("nothing".to_owned(), |value| value.to_string());
                let value: String = value.chars().take(80).collect();
                problems.push(format!(
                    "{name}{}: {value}: allowed {is_allowed}, {faults:?}",
                    change.at
                ));
            }
        }
    }
    assert!(problems.is_empty(), "{}\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn every_body_is_among_them() {
    let documents =
        [admin_document(), public_document()].map(|document| serde_json::to_value(document).expect("it is JSON"));
    let mut documented = BTreeSet::new();
    for document in &documents {
        for (_, operation) in operations(document) {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let name = text(schema, "$ref").trim_start_matches("#/components/schemas/");
            if !name.is_empty() && !name.ends_with("Patch") {
                documented.insert(name.to_owned());
            }
        }
    }
    let tested: BTreeSet<String> = bodies().into_iter().map(|body| body.name).collect();
    assert_eq!(tested, documented);
}
