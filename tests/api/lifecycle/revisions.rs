//! Every version can be listed, read, compared and taken up again.

use serde_json::{Value, json};

use super::{app, is_whole, shown, topic};
use crate::support::{
    app::NOW,
    editor::{Draft, Editor},
};

/// A topic with four versions: created, updated, published, updated.
fn edited<'a>(editor: &'a Editor<'a>) -> Draft<'a> {
    let mut draft = editor.create("topics", &topic("Spine"));
    draft.patch(&json!({"texts": {"en-GB": {"description": "All of it."}, "fr": {"name": "Rachis"}}}));
    draft.step("publish");
    draft.patch(&json!({"texts": {"en-GB": {"name": "The spine", "description": null}}}));
    draft
}

#[test]
fn versions_are_listed_and_read() {
    let app = app();
    let editor = Editor::of(&app);
    let draft = edited(&editor);
    let get = |path: &str| editor.request("GET", &format!("{}{path}", draft.path)).send();
    let list = get("/revisions?include_total=true").json();
    let items = list["items"].as_array().expect("there is a list");
    let told: Vec<_> = items.iter().map(|item| (&item["version"], &item["action"])).collect();
    assert_eq!(
        json!(told),
        json!([[4, "updated"], [3, "published"], [2, "updated"], [1, "created"]])
    );
    assert_eq!((&list["total"], &items[0]["created_at"]), (&json!(4), &json!(NOW)));
    let page = get("/revisions?limit=3").json();
    let cursor = page["next_cursor"].as_str().expect("there is more");
    let rest = get(&format!("/revisions?limit=3&cursor={cursor}")).json();
    assert_eq!(rest["items"], json!([items[3]]));

    let first = get("/revisions/1").json();
    let text = json!({"slug": "spine", "name": "Spine", "description": null});
    assert_eq!(first["content"], json!({"texts": {"en-GB": text}}));
    assert_eq!((&first["version"], &first["actor"]), (&json!(1), &items[3]["actor"]));
    assert_eq!(get("/revisions/4").json()["content"], draft.document["content"]);
    for version in ["0", "5", "-1", "x", "9007199254740993"] {
        get(&format!("/revisions/{version}")).problem(404, "not_found");
    }
}

#[test]
fn the_patch_between_two_versions_makes_one_of_the_other() {
    let app = app();
    let editor = Editor::of(&app);
    let draft = edited(&editor);
    let get = |path: &str| editor.request("GET", &format!("{}{path}", draft.path)).send();
    let content = |version: i64| get(&format!("/revisions/{version}")).json()["content"].clone();
    for (from, to) in [(1, 4), (4, 1), (2, 3), (1, 2), (3, 3)] {
        let answer = get(&format!("/compare?from={from}&to={to}"));
        assert_eq!(answer.header("content-type"), "application/json-patch+json");
        let patch: json_patch::Patch = serde_json::from_slice(&answer.body).expect("it is a patch");
        let mut made: Value = content(from);
        json_patch::patch(&mut made, &patch).expect("it can be applied");
        assert_eq!(made, content(to), "{from} to {to}");
        assert_eq!(patch.is_empty(), content(from) == content(to));
    }
    for (query, status) in [
        ("from=1&to=9", 404),
        ("from=1", 400),
        ("from=0&to=1", 400),
        ("from=1&to=2&x=1", 400),
    ] {
        assert_eq!(get(&format!("/compare?{query}")).status, status, "{query}");
    }
    let answer = get("/compare?from=1");
    let problem = answer.problem(400, "invalid_parameter");
    let fault = &problem["errors"][0];
    assert_eq!(
        (&fault["pointer"], &fault["detail"]),
        (&json!("/query/to"), &json!("is missing"))
    );
}

#[test]
fn an_older_version_is_taken_up_as_a_new_one() {
    let app = app();
    let editor = Editor::of(&app);
    let mut draft = edited(&editor);
    draft.step("revisions/1/restore");
    let first = editor
        .request("GET", &format!("{}/revisions/1", draft.path))
        .send()
        .json();
    assert_eq!(draft.document["content"], first["content"]);
    assert_eq!(draft.document["version"], 5);
    assert_eq!(shown(&app), ["Spine"], "the public sees what it saw");
    let before = draft.etag.clone();
    draft.step("revisions/5/restore");
    assert_eq!(draft.etag, before, "the same content again is no version");
    draft.try_step("revisions/9/restore").problem(404, "not_found");
    is_whole(&app);
}

#[test]
fn a_version_whose_slug_went_to_something_else_cannot_be_taken_up() {
    let app = app();
    let editor = Editor::of(&app);
    let mut draft = editor.create("topics", &topic("Spine"));
    draft.patch(&json!({"texts": {"en-GB": {"slug": "back"}}}));
    editor.create("topics", &topic("Spine"));
    draft.try_step("revisions/1/restore").problem(409, "slug_taken");
    is_whole(&app);
}
