//! A write that is only tried answers as the write would, and leaves nothing.

use serde_json::{Value, json};

use super::{app, topic};
use crate::support::{app::TestApp, editor::Editor};

/// Everything in the database, but for what counts the use of keys.
fn dump(app: &TestApp) -> Vec<String> {
    let tables = app.rows(
        "select quote_ident(table_name) from information_schema.tables
         where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'api_keys' order by 1",
    );
    let content = |table: String| {
        let sql = format!("select coalesce(string_agg(t::text, ';' order by t::text), '') from {table} t");
        format!("{table}: {}", app.rows(&sql)[0].get::<_, String>(0))
    };
    tables.into_iter().map(|row| content(row.get(0))).collect()
}

#[test]
fn every_kind_of_write_can_be_tried() {
    let app = app();
    let editor = Editor::of(&app);
    let mut draft = editor.create("topics", &topic("Spine"));
    draft.patch(&json!({"texts": {"en-GB": {"description": "All of it."}}}));
    draft.step("publish");
    let mut archived = editor.create("topics", &topic("Old"));
    archived.step("archive");
    let (path, old) = (&draft.path, &archived.path);
    let later = json!({"publish_at": "2027-01-01T00:00:00Z"});
    let none = json!({});
    let before = dump(&app);
    for (method, path, etag, body) in [
        ("POST", "/v1/admin/topics", "", &topic("Other")),
        ("PATCH", path, draft.etag.as_str(), &topic("The spine")),
        ("POST", &format!("{path}/publish"), &draft.etag, &none),
        ("POST", &format!("{path}/unpublish"), &draft.etag, &none),
        ("POST", &format!("{path}/schedule"), &draft.etag, &later),
        ("POST", &format!("{path}/archive"), &draft.etag, &none),
        ("POST", &format!("{old}/restore"), &archived.etag, &none),
        ("POST", &format!("{path}/revisions/1/restore"), &draft.etag, &none),
        ("POST", &format!("{path}/preview"), "", &none),
    ] {
        let request = editor
            .request(method, &format!("{path}?dry_run=true"))
            .header("idempotency-key", "a-key-of-sixteen-or-more");
        let request = if etag.is_empty() {
            request
        } else {
            request.header("if-match", etag)
        };
        let answer = request.json(body).send();
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        assert_eq!(answer.header("location"), "", "{path}");
        assert_eq!(answer.header("etag").is_empty(), etag.is_empty(), "{path}");
        assert_eq!(dump(&app), before, "{path}");
    }
    let tried = editor.request("PATCH", &format!("{path}?dry_run=true"));
    let tried = tried
        .header("if-match", &draft.etag)
        .json(&topic("The spine"))
        .send()
        .json();
    assert_eq!(
        (&tried["version"], &tried["content"]["texts"]["en-GB"]["name"]),
        (&json!(4), &json!("The spine"))
    );
    draft.patch(&topic("The spine"));
    assert_eq!(draft.document, tried, "what is stored is what was answered before");
}

#[test]
fn what_would_be_refused_is_refused() {
    let app = app();
    let editor = Editor::of(&app);
    let draft = editor.create("topics", &topic("Spine"));
    let before = dump(&app);
    let create = |body: &Value| {
        editor
            .request("POST", "/v1/admin/topics?dry_run=true")
            .json(body)
            .send()
    };
    create(&topic("")).problem(422, "invalid_content");
    create(&json!({"texts": {"en-GB": {"name": "Other", "slug": "spine"}}})).problem(409, "slug_taken");
    let patch = editor.request("PATCH", &format!("{}?dry_run=true", draft.path));
    patch.json(&json!({})).send().problem(428, "precondition_required");
    let unread = editor
        .request("POST", "/v1/admin/topics?dry_run=maybe")
        .json(&topic("Other"));
    unread.send().problem(400, "invalid_parameter");
    assert_eq!(dump(&app), before);
}

/// A dry run is no repetition: with the key of a write that was done it says what that write would do now.
#[test]
fn a_dry_run_gets_no_kept_answer() {
    let app = app();
    let editor = Editor::of(&app);
    let create = |query: &str| {
        editor
            .request("POST", &format!("/v1/admin/topics{query}"))
            .header("idempotency-key", "a-key-of-sixteen-or-more")
            .json(&topic("Spine"))
            .send()
    };
    assert_eq!(create("?dry_run=true").status, 200);
    assert_eq!(create("").status, 201);
    let tried = create("?dry_run=true");
    assert_eq!(tried.status, 200);
    assert_eq!(tried.json()["content"]["texts"]["en-GB"]["slug"], "spine-2");
    let again = create("");
    assert_eq!((again.status, again.header("idempotency-replayed")), (201, "true"));
}
