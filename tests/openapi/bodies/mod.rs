//! Request bodies: that the server takes what the documents allow of them, and nothing more.
//!
//! From each schema values are made at the edges of what it allows, and beyond them, one place at a time.
//! What the schema forbids must be refused, and what it allows must be taken, but where a check knows more
//! than a schema can say; those places are listed.

mod edges;

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::Value;
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

use self::edges::{agreeing, changes, sample};
use super::{operations, text, validator};

/// What a check knows that no schema can say: the ends of its words.
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
