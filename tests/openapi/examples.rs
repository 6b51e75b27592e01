//! Examples: that they are there, true to their schemas, and no longer than they must be.

use serde_json::{Value, json};
use vertebra::app::{admin_document, public_document};

use super::{documents, object, operations, parts, resolved, text, validator};

#[test]
fn every_body_has_an_example() {
    documents().iter().for_each(check_that_every_body_has_an_example);
}

fn check_that_every_body_has_an_example(document: &Value) {
    for (name, operation) in operations(document) {
        let responses = object(&operation["responses"]).iter();
        let successes = responses.filter(|(status, _)| status.starts_with('2'));
        let bodies = successes.map(|(_, success)| success).chain([&operation["requestBody"]]);
        for (media_type, content) in bodies.filter_map(|body| body["content"].as_object()).flatten() {
            assert!(
                content.get("example").is_some(),
                "{name} has no example of {media_type}"
            );
        }
    }
}

#[test]
fn what_must_be_given_has_an_example() {
    for document in documents() {
        for (name, operation) in operations(&document) {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let parameters = parameters.map(|parameter| resolved(&document, parameter));
            for parameter in parameters.filter(|parameter| parameter["required"] == true) {
                assert!(parameter.get("example").is_some(), "{name}: {parameter}");
            }
        }
    }
}

/// Codes that only an editor meets, of answers that the public document has too.
const EDITORS: [&str; 3] = ["conflict", "consent_missing", "slug_taken"];

#[test]
fn every_problem_has_an_example() {
    for document in documents() {
        let is_public = text(&document["info"], "title") == "Vertebra";
        for (name, response) in object(&document["components"]["responses"]) {
            let examples = &response["content"]["application/problem+json"]["examples"];
            let description = text(response, "description");
            for part in description.split("; ") {
                let Some((code, _)) = part.strip_prefix('`').and_then(|part| part.split_once("`: ")) else {
                    continue;
                };
                let example = &examples[code]["value"];
                let is_unmet = is_public && EDITORS.contains(&code);
                assert!(is_unmet || example["code"] == code, "{name}: {code} has no example");
            }
        }
    }
}

/// Whoever reads a document loads all of it.
#[test]
fn the_documents_stay_small() {
    for (document, most) in [(public_document(), 350_000), (admin_document(), 1_200_000)] {
        let size = document.to_pretty_json().expect("the document is JSON").len();
        assert!(size <= most, "{} has {size} bytes", document.info.title);
    }
}

#[test]
fn every_example_is_valid() {
    documents().iter().for_each(check_that_every_example_is_valid);
}

fn check_that_every_example_is_valid(document: &Value) {
    let mut checked = 0;
    let mut check = |place: &str, schema: &Value, example: &Value| {
        let errors: Vec<String> = validator(document, schema)
            .iter_errors(example)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{place}: {errors:#?}");
        checked += 1;
    };
    for (place, part) in parts(document) {
        let Some(example) = part.get("example").filter(|_| !place.ends_with("/properties")) else {
            continue;
        };
        let own = json!(part);
        check(&place, part.get("schema").unwrap_or(&own), example);
    }
    for (place, part) in parts(document) {
        for (name, example) in part.get("examples").and_then(Value::as_object).into_iter().flatten() {
            check(&format!("{place} {name}"), &part["schema"], &example["value"]);
        }
    }
    assert!(checked > 60, "only {checked} examples were found");
}
