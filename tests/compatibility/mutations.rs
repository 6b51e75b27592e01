//! Changes to the committed documents, one at a time, and exactly what is found of each.

use std::collections::BTreeSet;

use jiff::civil::date;
use serde_json::{Value, json};

use super::{
    DOCUMENTS, committed,
    compare::{Standing, Weight, compare},
    policy::line,
};

const TOPICS: &str = "/paths/~1v1~1topics/get";
const TOPIC: &str = "/components/schemas/Topic";
const NEW_TOPIC: &str = "/paths/~1v1~1admin~1topics/post";
const TOPIC_TEXT: &str = "/components/schemas/TopicTextIn";

/// What is found between a committed document and the same after a change, each with its weight.
fn found(name: &str, change: impl FnOnce(&mut Value)) -> BTreeSet<String> {
    let old = committed(name);
    let mut new = old.clone();
    change(&mut new);
    differences(&old, &new)
}

/// What is found between two documents.
pub(super) fn differences(old: &Value, new: &Value) -> BTreeSet<String> {
    let findings = compare(old, new, date(2027, 1, 1));
    let told = findings.iter().map(|(finding, operations)| {
        let weight = match (finding.weight, finding.standing) {
            (Weight::Breaking, Standing::Present) => "breaks",
            (Weight::Breaking, Standing::AfterSunset) => "ends",
            (Weight::Breaking, Standing::NewVersion) => "moves",
            (Weight::Additive, _) => "adds",
        };
        format!("{weight} {}", line(finding, operations))
    });
    told.collect()
}

fn at<'v>(document: &'v mut Value, pointer: &str) -> &'v mut Value {
    document
        .pointer_mut(pointer)
        .unwrap_or_else(|| panic!("{pointer} is not there"))
}

/// Sets a value in the document, or takes it away where it is null.
fn set(pointer: &'static str, value: Value) -> impl FnOnce(&mut Value) {
    move |document| {
        let (parent, name) = pointer.rsplit_once('/').expect("it is below something");
        let name = name.replace("~1", "/");
        let parent = at(document, parent).as_object_mut().expect("an object");
        match value.is_null() {
            true => drop(
                parent
                    .shift_remove(&name)
                    .unwrap_or_else(|| panic!("{pointer} is not there")),
            ),
            false => drop(parent.insert(name, value)),
        }
    }
}

/// Adds to a list or removes from it.
fn relist(pointer: &'static str, change: impl FnOnce(&mut Vec<Value>)) -> impl FnOnce(&mut Value) {
    move |document| change(at(document, pointer).as_array_mut().expect("a list"))
}

#[track_caller]
pub(super) fn check<const N: usize>(found: BTreeSet<String>, expected: [&str; N]) {
    let expected: BTreeSet<String> = expected.iter().map(|line| (*line).to_owned()).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_document_is_compatible_with_itself() {
    for name in DOCUMENTS {
        check(found(name, |_| ()), []);
    }
}

#[test]
fn words_and_examples_may_change() {
    let change = |document: &mut Value| {
        *at(document, &format!("{TOPICS}/summary")) = json!("Other words.");
        *at(document, &format!("{TOPIC}/description")) = json!("Other words.");
        at(document, &format!("{TOPIC}/properties/slug"))["example"] = json!("other");
        document["info"]["version"] = json!("9.9.9");
    };
    check(found("public.json", change), []);
}

#[test]
fn operations_that_change_or_go_are_found() {
    let found = |change: &mut dyn FnMut(&mut Value)| found("public.json", |document| change(document));
    let mut paths = |document: &mut Value| {
        drop(
            document["paths"]
                .as_object_mut()
                .map(|paths| paths.shift_remove("/v1/topics")),
        )
    };
    check(found(&mut paths), ["breaks - `listTopics`: is gone: `GET /v1/topics`."]);
    let mut id = |document: &mut Value| at(document, TOPICS)["operationId"] = json!("listSubjects");
    check(
        found(&mut id),
        [
            "breaks - `listSubjects`: was called `listTopics`: its operationId is a method's name in clients (`GET /v1/topics`).",
        ],
    );
    let mut tag = |document: &mut Value| at(document, TOPICS)["tags"] = json!(["subjects"]);
    check(
        found(&mut tag),
        [
            "breaks - `listTopics`: is under the tag \"subjects\" instead of \"topics\", a service's name in clients (`GET /v1/topics`).",
        ],
    );
    let mut key = |document: &mut Value| at(document, TOPICS)["security"] = json!([{"api_key": []}]);
    check(
        found(&mut key),
        ["breaks - `listTopics`: does not open with no key any more (`GET /v1/topics`)."],
    );
    let mut server = |document: &mut Value| document["servers"] = json!([{"url": "/api"}]);
    check(found(&mut server), ["breaks - `servers`: `/` is gone."]);
}

#[test]
fn scopes_that_are_asked_for_besides_are_found() {
    let change = set(
        "/paths/~1v1~1admin~1topics/post/x-required-scopes",
        json!(["content:write", "keys"]),
    );
    check(
        found("admin.json", change),
        ["breaks - `createTopic`: asks for the scope `keys` too (`POST /v1/admin/topics`)."],
    );
    check(
        found("admin.json", |document| {
            document["components"]["securitySchemes"]["api_key"]["scheme"] = json!("basic");
        }),
        ["breaks - `securitySchemes`: `api_key` has another scheme: \"basic\"."],
    );
}

#[test]
fn parameters_are_compared_as_what_clients_send() {
    let parameter = |name: &'static str, change: fn(&mut Value)| {
        move |document: &mut Value| {
            let given = at(document, &format!("{TOPICS}/parameters"))
                .as_array_mut()
                .expect("a list");
            let known = given
                .iter_mut()
                .find(|given| given["name"] == name)
                .expect("there is such a parameter");
            change(known);
        }
    };
    let found = |change: &dyn Fn(&mut Value)| found("public.json", |document| change(document));
    check(
        found(&parameter("limit", |limit| limit["schema"]["maximum"] = json!(50))),
        ["breaks - `listTopics`: `query limit` has the maximum `50` instead of `100` (`GET /v1/topics`)."],
    );
    check(
        found(&parameter("limit", |limit| limit["schema"]["maximum"] = json!(200))),
        ["adds - `listTopics`: `query limit` has the maximum `200` instead of `100` (`GET /v1/topics`)."],
    );
    check(
        found(&parameter("limit", |limit| limit["schema"]["default"] = json!(10))),
        ["breaks - `listTopics`: `query limit` has the default `10` instead of `20` (`GET /v1/topics`)."],
    );
    // There is no null in an address.
    check(
        found(&parameter("limit", |limit| {
            limit["schema"]["type"] = json!(["integer", "null"])
        })),
        [],
    );
    check(
        found(&parameter("limit", |limit| limit["required"] = json!(true))),
        ["breaks - `listTopics`: `query limit` is required now (`GET /v1/topics`)."],
    );
    check(
        found(&parameter("limit", |limit| limit["name"] = json!("size"))),
        [
            "breaks - `listTopics`: `query limit` is gone (`GET /v1/topics`).",
            "adds - `listTopics`: `query size` is new (`GET /v1/topics`).",
        ],
    );
    let more = |document: &mut Value| {
        let given = at(document, &format!("{TOPICS}/parameters"))
            .as_array_mut()
            .expect("a list");
        given.push(json!({"name": "of", "in": "query", "required": true, "schema": {"type": "string"}}));
    };
    check(
        found(&more),
        ["breaks - `listTopics`: `query of` is new and required (`GET /v1/topics`)."],
    );
}

#[test]
fn answers_must_keep_what_they_promise() {
    let gone = |document: &mut Value| {
        set("/components/schemas/Topic/properties/name", Value::Null)(document);
        at(document, &format!("{TOPIC}/required"))
            .as_array_mut()
            .expect("a list")
            .retain(|name| name != "name");
    };
    check(
        found("public.json", gone),
        ["breaks - `Topic`: `name` is gone (`GET /v1/preview/{token}` and 1 more)."],
    );
    let optional = relist("/components/schemas/Topic/required", |required| {
        required.retain(|name| name != "name")
    });
    check(
        found("public.json", optional),
        ["breaks - `Topic`: `name` may be missing now (`GET /v1/preview/{token}` and 1 more)."],
    );
    let null = set(
        "/components/schemas/Topic/properties/name/type",
        json!(["string", "null"]),
    );
    check(
        found("public.json", null),
        ["breaks - `Topic`: `name` may be null now (`GET /v1/preview/{token}` and 1 more)."],
    );
    let count = set(
        "/components/schemas/Topic/properties/article_count/type",
        json!("number"),
    );
    check(
        found("public.json", count),
        ["breaks - `Topic`: `article_count` is number instead of integer (`GET /v1/preview/{token}` and 1 more)."],
    );
    let less = set("/components/schemas/Topic/properties/name/maxLength", json!(100));
    check(found("public.json", less), []);
    let more = set("/components/schemas/Topic/properties/extra", json!({"type": "string"}));
    check(
        found("public.json", more),
        ["adds - `Topic`: `extra` is new (`GET /v1/preview/{token}` and 1 more)."],
    );
}

#[test]
fn answers_must_keep_status_media_type_and_headers() {
    let status = set("/paths/~1v1~1topics/get/responses/304", Value::Null);
    check(
        found("public.json", status),
        ["breaks - `listTopics`: `304` is answered no more (`GET /v1/topics`)."],
    );
    let another = set(
        "/paths/~1v1~1topics/get/responses/202",
        json!({"description": "Later."}),
    );
    check(
        found("public.json", another),
        ["breaks - `listTopics`: `202` is answered now, too (`GET /v1/topics`)."],
    );
    let error = set("/paths/~1v1~1topics/get/responses/410", json!({"description": "Gone."}));
    check(
        found("public.json", error),
        ["adds - `listTopics`: `410` is declared as an error (`GET /v1/topics`)."],
    );
    let header = set("/paths/~1v1~1topics/get/responses/200/headers/ETag", Value::Null);
    check(
        found("public.json", header),
        ["breaks - `listTopics`: `200.ETag` is sent no more (`GET /v1/topics`)."],
    );
    let kind = |document: &mut Value| {
        let content = at(document, &format!("{TOPICS}/responses/200/content"));
        *content = json!({"application/hal+json": content["application/json"]});
    };
    check(
        found("public.json", kind),
        [
            "breaks - `listTopics`: `200` is never application/json any more (`GET /v1/topics`).",
            "adds - `listTopics`: `200` may be application/hal+json too (`GET /v1/topics`).",
        ],
    );
}

#[test]
fn requests_must_stay_allowed() {
    let told = |change: &dyn Fn(&mut Value)| {
        let found = found("admin.json", |document| change(document));
        // The operations that are named besides depend on how many take such a text.
        let shortened = found
            .iter()
            .map(|line| line.split(" (`").next().unwrap_or_default().to_owned());
        shortened.collect::<BTreeSet<String>>()
    };
    let text = |change: fn(&mut Value)| move |document: &mut Value| change(at(document, TOPIC_TEXT));
    check(
        told(&text(|text| text["required"] = json!(["name", "slug"]))),
        ["breaks - `TopicTextIn`: `slug` is required now"],
    );
    check(
        told(&text(|text| text["properties"]["name"]["maxLength"] = json!(100))),
        ["breaks - `TopicTextIn`: `name` has the maxLength `100` instead of `200`"],
    );
    check(
        told(&text(|text| text["properties"]["slug"]["type"] = json!("string"))),
        ["breaks - `TopicTextIn`: `slug` may not be null any more"],
    );
    check(
        told(&text(|text| text["properties"]["slug"]["pattern"] = json!("^a$"))),
        ["breaks - `TopicTextIn`: `slug` has the pattern `\"^a$\"` instead of `\"^[a-z0-9]+(-[a-z0-9]+)*$\"`"],
    );
    check(
        told(&text(|text| text["properties"]["colour"] = json!({"type": "string"}))),
        ["adds - `TopicTextIn`: `colour` is new"],
    );
    let body = |document: &mut Value| {
        let content = at(document, &format!("{NEW_TOPIC}/requestBody/content"));
        *content = json!({"application/cbor": content["application/json"]});
    };
    check(
        told(&body),
        [
            "breaks - `createTopic`: `body` may not be application/json any more",
            "adds - `createTopic`: `body` may be application/cbor too",
        ],
    );
    let values = |document: &mut Value| {
        let values = at(document, "/components/schemas/TextFormat/enum")
            .as_array_mut()
            .expect("a list");
        values.retain(|value| value != "html");
        values.push(json!("text"));
    };
    check(
        told(&values),
        ["breaks - `TextFormat`: may not be `html` any more, but `text`"],
    );
}
