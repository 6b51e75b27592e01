//! The same document in the words of OpenAPI 3.0, for generators that read no other.
//!
//! It says the same and nothing more; what 3.0 has no words for is left out:
//! - null stands beside a type as `nullable`; a thing or null is the thing in `allOf` with its type and
//!   `nullable`, the only form that 3.0 has for it and generators read; read strictly, it still refuses
//!   null, so no example stands beside it;
//! - where the values of a map may be null, their type has the null: in a map no other form is read;
//! - examples of bodies and objects are dropped: generators warn of them, and they may hold such a null;
//! - what stands beside a reference is dropped, as 3.0 ignores it and linters refuse it;
//! - `propertyNames` is dropped, and a constant is an enum of one value;
//! - the licence has an address instead of an identifier.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::schemas::PLACE;

/// Where the licences are that the identifier names.
const LICENCES: &str = "https://spdx.org/licenses/";

/// What the head of the document says besides.
const FOR_GENERATORS: &str = "This is the document in OpenAPI 3.0, for generators of clients that read no 3.1. It is \
not for validators: where a thing may be null, the only form that generators read refuses null when it is read \
strictly. Hold answers to the document in OpenAPI 3.1.";

/// The document in OpenAPI 3.0.
pub(super) fn render(mut document: Value) -> Value {
    document["openapi"] = json!("3.0.3");
    if let Some(description) = document["info"]["description"].as_str() {
        document["info"]["description"] = json!(format!("{description}\n\n{FOR_GENERATORS}"));
    }
    if let Some(license) = document["info"]["license"].as_object_mut() {
        license.remove("identifier");
        license.insert("url".to_owned(), json!(LICENCES));
    }
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        null_in_maps(schemas);
        schemas.values_mut().for_each(schema);
        let types = types_of(schemas);
        schemas.values_mut().for_each(|schema| type_beside_null(schema, &types));
    }
    schemas_within(&mut document);
    document
}

/// Moves the null from the values of a map into their type.
fn null_in_maps(schemas: &mut Map<String, Value>) {
    let values = schemas
        .values_mut()
        .filter_map(|schema| schema.get_mut("additionalProperties"));
    let mut nullable = Vec::new();
    for values in values.filter(|values| values["oneOf"][1]["type"] == "null") {
        *values = values["oneOf"][0].take();
        nullable.extend(values["$ref"].as_str().map(str::to_owned));
    }
    for reference in nullable {
        let named = reference.strip_prefix(PLACE).and_then(|name| schemas.get_mut(name));
        if let Some(Value::Object(named)) = named {
            named.insert("nullable".to_owned(), json!(true));
        }
    }
}

/// The type of each schema, by what refers to it.
fn types_of(schemas: &Map<String, Value>) -> HashMap<String, Value> {
    let typed = schemas
        .iter()
        .filter_map(|(name, schema)| Some((name, schema.get("type")?)));
    typed.map(|(name, of)| (format!("{PLACE}{name}"), of.clone())).collect()
}

/// Repeats the type of a thing that may be null: without one, `nullable` means nothing.
fn type_beside_null(schema: &mut Value, types: &HashMap<String, Value>) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for property in properties.into_iter().flat_map(Map::values_mut) {
        let reference = property["allOf"][0]["$ref"].as_str();
        if let Some(of) = reference.and_then(|reference| types.get(reference)) {
            property["type"] = of.clone();
        }
    }
}

/// Finds the schemas of parameters, bodies and headers.
fn schemas_within(part: &mut Value) {
    match part {
        Value::Object(map) => {
            for (name, inner) in map {
                match name.as_str() {
                    "schema" => schema(inner),
                    "schemas" | "example" | "examples" => {}
                    "content" => contents(inner),
                    _ => schemas_within(inner),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(schemas_within),
        _ => {}
    }
}

/// Bodies by their media type.
fn contents(contents: &mut Value) {
    for content in contents.as_object_mut().into_iter().flat_map(Map::values_mut) {
        if let Some(content) = content.as_object_mut() {
            content.retain(|name, _| !["example", "examples"].contains(&name.as_str()));
        }
        schemas_within(content);
    }
}

fn schema(schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else {
        return;
    };
    if map.contains_key("$ref") {
        map.retain(|name, _| name == "$ref");
        return;
    }
    null_beside_type(map);
    thing_or_null(map);
    older_words(map);
    schemas_inside(map);
}

fn schemas_inside(map: &mut Map<String, Value>) {
    for (name, inner) in map {
        match (name.as_str(), inner) {
            ("items" | "additionalProperties", inner) => schema(inner),
            ("properties", Value::Object(properties)) => properties.values_mut().for_each(schema),
            ("oneOf" | "anyOf" | "allOf", Value::Array(items)) => items.iter_mut().for_each(schema),
            _ => {}
        }
    }
}

/// `type: [string, "null"]`
fn null_beside_type(map: &mut Map<String, Value>) {
    let Some(Value::Array(types)) = map.get("type") else {
        return;
    };
    let of = types.iter().find(|of| *of != "null").cloned();
    if types.contains(&json!("null")) {
        map.insert("nullable".to_owned(), json!(true));
    }
    map.insert("type".to_owned(), of.unwrap_or_default());
}

/// `oneOf: [{$ref}, {type: "null"}]`
fn thing_or_null(map: &mut Map<String, Value>) {
    let Some(Value::Array(choice)) = map.get_mut("oneOf") else {
        return;
    };
    let before = choice.len();
    choice.retain(|item| item["type"] != "null");
    if choice.len() < before {
        map.insert("nullable".to_owned(), json!(true));
        map.shift_remove("example");
        if let Some(things) = map.shift_remove("oneOf") {
            map.insert("allOf".to_owned(), things);
        }
    }
}

fn older_words(map: &mut Map<String, Value>) {
    map.shift_remove("propertyNames");
    if map.contains_key("properties") {
        map.shift_remove("example");
    }
    if let Some(value) = map.shift_remove("const") {
        map.insert("enum".to_owned(), json!([value]));
    }
    if let Some(Value::Array(examples)) = map.shift_remove("examples") {
        map.extend(examples.into_iter().next().map(|first| ("example".to_owned(), first)));
    }
    for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if let Some(value) = map.get(exclusive).filter(|value| value.is_number()).cloned() {
            map.insert(bound.to_owned(), value);
            map.insert(exclusive.to_owned(), json!(true));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{render, schema};

    fn rendered(mut given: Value) -> Value {
        schema(&mut given);
        given
    }

    #[test]
    fn null_becomes_a_word() {
        assert_eq!(
            rendered(json!({"type": ["string", "null"], "maxLength": 5})),
            json!({"type": "string", "maxLength": 5, "nullable": true})
        );
        let choice = json!([{"$ref": "#/a"}, {"type": "null"}]);
        assert_eq!(
            rendered(json!({"oneOf": choice, "description": "A."})),
            json!({"allOf": [{"$ref": "#/a"}], "description": "A.", "nullable": true})
        );
        let of_two = json!({"oneOf": [{"$ref": "#/a"}, {"$ref": "#/b"}]});
        assert_eq!(rendered(of_two.clone()), of_two);
    }

    #[test]
    fn a_reference_stands_alone_wherever_it_is() {
        let reference = json!({"$ref": "#/a", "description": "A."});
        let alone = json!({"$ref": "#/a"});
        assert_eq!(
            rendered(json!({"type": "object", "properties": {"type": reference}, "additionalProperties": reference})),
            json!({"type": "object", "properties": {"type": alone}, "additionalProperties": alone})
        );
        assert_eq!(rendered(json!({"items": reference})), json!({"items": alone}));
    }

    #[test]
    fn newer_words_become_older_ones() {
        assert_eq!(rendered(json!({"const": "a"})), json!({"enum": ["a"]}));
        assert_eq!(rendered(json!({"examples": [1, 2]})), json!({"example": 1}));
        assert_eq!(
            rendered(json!({"exclusiveMinimum": 0, "propertyNames": {}})),
            json!({"minimum": 0, "exclusiveMinimum": true})
        );
        // Properties may be called like words.
        let named = json!({"properties": {"examples": {"type": "array"}, "const": {"type": "string"}}});
        assert_eq!(rendered(named.clone()), named);
    }

    #[test]
    fn a_whole_document_is_rendered() {
        let nullable = || json!({"type": ["integer", "null"]});
        let place = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let or_null = |name| json!({"oneOf": [place(name), {"type": "null"}]});
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "A", "version": "1", "license": {"name": "MIT", "identifier": "MIT"}},
            "paths": {"/a": {"get": {
                "parameters": [{"name": "a", "in": "query", "required": false, "schema": nullable()}],
                "responses": {"200": {"description": "A.", "content": {"application/json": {
                    "schema": nullable(), "example": 1
                }}}}
            }}},
            "components": {"schemas": {
                "A": nullable(),
                "Thing": {"type": "object"},
                "Holder": {"type": "object", "properties": {"thing": or_null("Thing")}},
                "Words": {"type": "object"},
                "Map": {"type": "object", "additionalProperties": or_null("Words")},
            }},
        });
        let document = render(document);
        let older = json!({"type": "integer", "nullable": true});
        let operation = &document["paths"]["/a"]["get"];
        let content = &operation["responses"]["200"]["content"]["application/json"];
        for found in [
            &operation["parameters"][0]["schema"],
            &content["schema"],
            &document["components"]["schemas"]["A"],
        ] {
            assert_eq!(*found, older);
        }
        assert_eq!(content.get("example"), None);
        let schemas = &document["components"]["schemas"];
        assert_eq!(
            schemas["Holder"]["properties"]["thing"],
            json!({"nullable": true, "allOf": [place("Thing")], "type": "object"})
        );
        assert_eq!(schemas["Map"]["additionalProperties"], place("Words"));
        assert_eq!(schemas["Words"], json!({"type": "object", "nullable": true}));
        assert_eq!(document["openapi"], "3.0.3");
        assert_eq!(
            document["info"]["license"],
            json!({"name": "MIT", "url": "https://spdx.org/licenses/"})
        );
    }
}
