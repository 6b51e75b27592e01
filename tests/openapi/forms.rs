//! The forms that keep generated clients readable, and apps in the field alive.

use serde_json::{Map, Value};
use vertebra::{
    app::{admin_document, public_document},
    openapi,
};

use super::{answered, documents, object, objects, parts, text};

fn schemas(document: &Value) -> &Map<String, Value> {
    object(&document["components"]["schemas"])
}

#[test]
fn every_object_and_every_enum_has_a_name() {
    for document in documents() {
        for (place, part) in parts(&document) {
            let is_object = part.get("type").is_some_and(|of| *of == "object" || of[0] == "object");
            let is_choice = part.get("enum").is_some_and(Value::is_array);
            let depth = place.matches('/').count();
            let is_named = place.starts_with("/components/schemas/") && depth == 3;
            assert!(!(is_object || is_choice) || is_named, "{place} has no name");
        }
    }
}

#[test]
fn names_differ_in_more_than_their_case() {
    for document in documents() {
        let mut names: Vec<String> = schemas(&document).keys().map(|name| name.to_lowercase()).collect();
        names.sort_unstable();
        let pair = names.windows(2).find(|pair| pair[0] == pair[1]);
        assert_eq!(pair, None);
    }
}

/// A value that came later must not break an app: what is answered is open, and says what is known.
#[test]
fn no_answer_has_a_closed_enum() {
    let mut open = 0;
    for document in documents() {
        for name in answered(&document) {
            let schema = &schemas(&document)[name];
            assert!(schema.get("enum").is_none(), "answers have the closed {name}");
            let mut found = Vec::new();
            objects(schema, name, &mut found);
            for (place, part) in found.iter().filter(|(_, part)| part.contains_key("x-extensible-enum")) {
                let known = part["x-extensible-enum"].as_array().expect("it is a list");
                assert!(known.len() > 1 && part.contains_key("maxLength"), "{place}");
                let words = part["description"].as_str().unwrap_or_default();
                assert!(words.ends_with("ore may come."), "{place}: {words}");
                open += 1;
            }
        }
    }
    assert!(open > 30, "only {open} sets are open");
}

/// What editors read is typed as exactly as what they write, and has every key.
#[test]
fn the_content_of_every_kind_is_typed() {
    let [_, admin] = documents();
    let written: Vec<&str> = schemas(&admin)
        .keys()
        .filter_map(|name| name.strip_suffix("Document"))
        .collect();
    assert_eq!(
        written,
        ["Article", "Clinic", "Location", "Service", "Testimonial", "Topic"]
    );
    for kind in written {
        for of in ["Document", "Revision"] {
            let content = &schemas(&admin)[&format!("{kind}{of}")]["properties"]["content"];
            assert_eq!(text(content, "$ref"), format!("#/components/schemas/{kind}Content"));
        }
        let properties = |suffix: &str| -> Vec<&String> {
            let schema = &schemas(&admin)[&format!("{kind}{suffix}")];
            object(&schema["properties"]).keys().collect()
        };
        assert_eq!(properties("Content"), properties("In"));
        assert_eq!(properties("Patch"), properties("In"));
    }
}

/// RFC 7396: null removes a language.
#[test]
fn a_patch_can_remove_a_language() {
    let [_, admin] = documents();
    let mut maps = 0;
    for (name, patch) in schemas(&admin).iter().filter(|(name, _)| name.ends_with("Patch")) {
        assert!(patch.get("required").is_none(), "{name}");
        if let Some(values) = patch.get("additionalProperties").filter(|values| values.is_object()) {
            assert_eq!(values["oneOf"][1]["type"], "null", "{name}");
            maps += 1;
        }
    }
    assert!(maps >= 4, "only {maps} patches hold languages");
}

/// Generators that read no 3.1 must meet no word of it.
#[test]
fn the_older_rendering_has_no_newer_word() {
    const NEWER: [&str; 12] = [
        "$defs",
        "$schema",
        "const",
        "contentEncoding",
        "dependentRequired",
        "identifier",
        "if",
        "jsonSchemaDialect",
        "patternProperties",
        "prefixItems",
        "propertyNames",
        "webhooks",
    ];
    for document in [public_document(), admin_document()] {
        let [_, older] = openapi::forms(&document);
        assert_eq!(older["openapi"], "3.0.3");
        for (place, part) in parts(&older) {
            if place.ends_with("/properties") {
                continue;
            }
            let newer = NEWER.iter().find(|word| part.contains_key(**word));
            assert_eq!(newer, None, "{place}");
            let of = part.get("type");
            assert!(of.is_none_or(|of| of.is_string() && of != "null"), "{place} is {of:?}");
            assert!(
                !part.contains_key("$ref") || part.len() == 1,
                "{place} has words beside its reference"
            );
            assert!(
                !part.get("examples").is_some_and(Value::is_array),
                "{place} has examples"
            );
            assert!(!part.get("exclusiveMinimum").is_some_and(Value::is_number), "{place}");
            let is_nullable = part.contains_key("nullable");
            assert!(
                !is_nullable || part.contains_key("type") || part.contains_key("allOf"),
                "{place}"
            );
        }
    }
}
