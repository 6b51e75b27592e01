//! Small documents made for what the committed ones do not have: recursion, choices, open sets, versions, sunsets.

use serde_json::{Value, json};

use super::mutations::{check, differences};

/// A document with one operation that answers a schema and takes the same as its body.
fn document(schemas: Value, request: Value, answer: Value) -> Value {
    let content = |schema: Value| json!({"application/json": {"schema": schema}});
    let operation = json!({
        "operationId": "act",
        "requestBody": {"content": content(request)},
        "responses": {"200": {"description": "", "content": content(answer)}},
    });
    json!({"paths": {"/v1/act": {"post": operation}}, "components": {"schemas": schemas}})
}

/// A document of which only what is answered matters.
fn answers(schema: Value) -> Value {
    document(
        json!({"A": schema}),
        json!({}),
        json!({"$ref": "#/components/schemas/A"}),
    )
}

/// A document of which only what is taken matters.
fn takes(schema: Value) -> Value {
    document(
        json!({"A": schema}),
        json!({"$ref": "#/components/schemas/A"}),
        json!({}),
    )
}

#[test]
fn schemas_that_hold_themselves_are_followed_once() {
    let tree = |value: &str| {
        let nullable = json!({"oneOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]});
        let list = json!({"type": "array", "items": {"$ref": "#/components/schemas/A"}});
        answers(json!({"type": "object", "properties": {"up": nullable, "down": list, "value": {"type": value}}}))
    };
    check(differences(&tree("string"), &tree("string")), []);
    check(
        differences(&tree("string"), &tree("integer")),
        ["breaks - `A`: `value` is integer instead of string (`POST /v1/act`)."],
    );
}

#[test]
fn one_form_of_null_is_as_good_as_the_other() {
    let choice = json!({"properties": {"a": {"oneOf": [{"type": "string"}, {"type": "null"}]}}});
    let types = json!({"properties": {"a": {"type": ["string", "null"]}}});
    let never = json!({"properties": {"a": {"type": "string"}}});
    check(differences(&answers(choice.clone()), &answers(types.clone())), []);
    check(
        differences(&answers(choice.clone()), &answers(never.clone())),
        ["adds - `A`: `a` is never null any more (`POST /v1/act`)."],
    );
    check(
        differences(&takes(types), &takes(never)),
        ["breaks - `A`: `a` may not be null any more (`POST /v1/act`)."],
    );
}

#[test]
fn a_value_more_breaks_a_closed_set_of_answers_and_no_open_one() {
    let closed = |values: Value| answers(json!({"type": "string", "enum": values}));
    let open = |values: Value| answers(json!({"type": "string", "x-extensible-enum": values}));
    check(
        differences(&closed(json!(["a"])), &closed(json!(["a", "b"]))),
        ["breaks - `A`: may be `b` too (`POST /v1/act`)."],
    );
    check(differences(&closed(json!(["a", "b"])), &closed(json!(["a"]))), []);
    check(
        differences(&open(json!(["a"])), &open(json!(["a", "b"]))),
        ["adds - `A`: may be `b` too (`POST /v1/act`)."],
    );
    check(
        differences(&closed(json!(["a"])), &open(json!(["a"]))),
        ["breaks - `A`: may be any value, no longer one of a closed set (`POST /v1/act`)."],
    );
    let taken = |values: Value| takes(json!({"type": "string", "enum": values}));
    check(
        differences(&taken(json!(["a"])), &taken(json!(["a", "b"]))),
        ["adds - `A`: may be `b` too (`POST /v1/act`)."],
    );
}

#[test]
fn choices_and_what_schemas_add_to_each_other_are_followed() {
    let choice = |kinds: Value| takes(json!({"oneOf": kinds}));
    let (text, number) = (json!({"type": "string", "maxLength": 5}), json!({"type": "integer"}));
    check(
        differences(&choice(json!([text, number])), &choice(json!([text]))),
        ["breaks - `A`: may not be integer any more (`POST /v1/act`)."],
    );
    let shorter = json!({"type": "string", "maxLength": 4});
    check(
        differences(&choice(json!([text, number])), &choice(json!([number, shorter]))),
        ["breaks - `A`: has the maxLength `4` instead of `5` (`POST /v1/act`)."],
    );
    let parts = json!({"allOf": [{"properties": {"a": text}}, {"required": ["a"]}]});
    let whole = json!({"properties": {"a": text}, "required": ["a"]});
    check(differences(&answers(parts.clone()), &answers(whole)), []);
    check(
        differences(&answers(parts), &answers(json!({"properties": {"a": text}}))),
        ["breaks - `A`: `a` may be missing now (`POST /v1/act`)."],
    );
}

#[test]
fn other_properties_are_compared_as_they_travel() {
    let open = json!({"type": "object", "properties": {}});
    let closed = json!({"type": "object", "properties": {}, "additionalProperties": false});
    let map = |of: &str| json!({"type": "object", "additionalProperties": {"type": of}});
    check(differences(&answers(closed.clone()), &answers(open.clone())), []);
    check(
        differences(&takes(open), &takes(closed)),
        ["breaks - `A`: takes no other properties any more (`POST /v1/act`)."],
    );
    check(
        differences(&answers(map("integer")), &answers(map("number"))),
        ["breaks - `A`: `*` is number instead of integer (`POST /v1/act`)."],
    );
}

/// A document with these operations that read, by path.
fn reads(operations: &[(&str, Value)]) -> Value {
    let paths = operations
        .iter()
        .map(|(path, operation)| ((*path).to_owned(), json!({"get": operation})));
    json!({"paths": paths.collect::<serde_json::Map<String, Value>>()})
}

fn read(id: &str) -> Value {
    json!({"operationId": id, "responses": {"200": {"description": ""}, "404": {"description": ""}}})
}

#[test]
fn an_operation_may_go_on_the_day_that_it_named() {
    let ending = |sunset: &str| {
        let mut operation = read("getA");
        operation["deprecated"] = json!(true);
        operation["x-deprecated"] = json!({"since": "2026-11-01", "sunset": sunset});
        reads(&[("/v1/a", operation)])
    };
    let nothing = reads(&[]);
    check(
        differences(&ending("2027-01-01"), &nothing),
        ["ends - `getA`: is gone, as was said: `GET /v1/a`."],
    );
    check(
        differences(&ending("2027-01-02"), &nothing),
        ["breaks - `getA`: is gone before its sunset on 2027-01-02: `GET /v1/a`."],
    );
    check(
        differences(&reads(&[("/v1/a", read("getA"))]), &ending("2027-05-01")),
        ["adds - `getA`: is deprecated and goes on 2027-05-01 (`GET /v1/a`)."],
    );
    check(
        differences(&ending("2027-05-01"), &ending("2027-04-01")),
        ["breaks - `getA`: goes on 2027-04-01 and not on 2027-05-01, as was said (`GET /v1/a`)."],
    );
    check(differences(&ending("2027-05-01"), &ending("2027-06-01")), []);
    check(
        differences(&ending("2027-05-01"), &reads(&[("/v1/a", read("getA"))])),
        [],
    );
}

#[test]
fn a_new_version_is_compared_with_the_one_before() {
    let mut next = read("getAInVersion2");
    next["responses"] = json!({"200": {"description": ""}});
    let old = reads(&[("/v1/a", read("getA"))]);
    let new = reads(&[
        ("/v1/a", read("getA")),
        ("/v2/a", next.clone()),
        ("/v2/b", read("getB")),
    ]);
    check(
        differences(&old, &new),
        [
            "adds - `getAInVersion2`: is new: `GET /v2/a`.",
            "moves - `getAInVersion2`: `404` is answered no more (`GET /v2/a`).",
            "adds - `getB`: is new: `GET /v2/b`.",
        ],
    );
    // A second version that is there already has clients of its own.
    let old = reads(&[("/v1/a", read("getA")), ("/v2/b", read("getB"))]);
    check(
        differences(&old, &new),
        ["adds - `getAInVersion2`: is new: `GET /v2/a`."],
    );
}
