//! Bringing documents to the public, and taking them out of it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use uuid::Uuid;

use super::{app, is_whole, seen_now, shown, topic};
use crate::support::{
    app::{NOW, TestApp},
    editor::{Draft, Editor, faults},
    poll,
};

const LATER: &str = "2026-11-24T12:00:00Z";

/// How the first language of a document stands.
fn stands(draft: &Draft<'_>) -> (Value, Value, Value) {
    let language = &draft.document["languages"][0];
    let part = |name: &str| language[name].clone();
    (
        part("status"),
        part("published_version"),
        part("has_unpublished_changes"),
    )
}

#[test]
fn what_is_published_stays_as_it_was_until_it_is_published_again() {
    let app = app();
    let editor = Editor::of(&app);
    let mut draft = editor.create("topics", &topic("Spine"));
    draft.step("publish");
    assert_eq!(stands(&draft), (json!("published"), json!(1), json!(false)));
    assert_eq!(shown(&app), ["Spine"]);
    app.set_clock(LATER);
    draft.patch(&json!({"texts": {"en-GB": {"name": "The spine"}}}));
    assert_eq!(stands(&draft), (json!("published"), json!(1), json!(true)));
    assert_eq!(shown(&app), ["Spine"]);
    draft.step("publish");
    assert_eq!(stands(&draft), (json!("published"), json!(3), json!(false)));
    assert_eq!(draft.document["languages"][0]["published_at"], NOW);
    assert_eq!(shown(&app), ["The spine"]);
    draft.step("unpublish");
    assert_eq!(stands(&draft), (json!("draft"), json!(null), json!(false)));
    assert_eq!(shown(&app), [""; 0]);
    is_whole(&app);
}

#[test]
fn what_is_archived_is_gone_until_it_is_restored_as_a_draft() {
    let app = app();
    let editor = Editor::of(&app);
    let mut draft = editor.create("topics", &topic("Spine"));
    draft.step("publish");
    draft.try_step("restore").problem(409, "conflict");
    draft.step("archive");
    assert_eq!(draft.document["archived_at"], NOW);
    assert_eq!(stands(&draft), (json!("archived"), json!(null), json!(false)));
    assert_eq!(shown(&app), [""; 0]);
    let schedule = json!({"publish_at": LATER});
    let refused = [
        draft.try_step("archive"),
        draft.try_step("publish"),
        draft.try_step_with("schedule", &schedule),
        draft.try_step("revisions/1/restore"),
        draft.try_patch(&json!({"texts": {"en-GB": {"name": "The spine"}}})),
    ];
    for answer in refused {
        let problem = answer.problem(409, "conflict");
        assert_eq!(problem["detail"], "It is archived; restore it first.");
    }
    draft.step("restore");
    assert_eq!(stands(&draft), (json!("draft"), json!(null), json!(false)));
    assert_eq!(shown(&app), [""; 0]);
    draft.step("publish");
    assert_eq!(shown(&app), ["Spine"]);
    is_whole(&app);
}

#[test]
fn each_language_is_published_by_itself() {
    let app = app();
    let editor = Editor::of(&app);
    let both = json!({"texts": {"en-GB": {"name": "Spine"}, "fr": {"name": "Rachis"}}});
    let mut draft = editor.create("topics", &both);
    let french = || {
        app.wait_for_head();
        let answer = app.request("GET", "/v1/topics").header("accept-language", "fr").send();
        answer.json()["items"].clone()
    };
    draft.step_with("publish", &json!({"locales": ["fr"]}));
    let status = |draft: &Draft<'_>| [0, 1].map(|place| draft.document["languages"][place]["status"].clone());
    assert_eq!(status(&draft), ["draft", "published"]);
    assert_eq!(
        (shown(&app), french()[0]["name"].clone()),
        (Vec::new(), json!("Rachis"))
    );
    draft.step("publish");
    draft.step_with("unpublish", &json!({"locales": ["fr"]}));
    assert_eq!(status(&draft), ["published", "draft"]);
    assert_eq!((shown(&app), french()), (vec!["Spine".to_owned()], json!([])));
    let unknown = draft.try_step_with("publish", &json!({"locales": ["en-GB", "cy"]}));
    assert_eq!(faults(&unknown, 422, "invalid_content")[0].0, "/body/locales/1");
    let unread = draft.try_step_with("publish", &json!({"locale": "en-GB"}));
    assert_eq!(faults(&unread, 400, "invalid_body")[0].0, "/body/locale");
    draft.patch(&json!({"texts": {"en-GB": null}}));
    assert_eq!(
        shown(&app),
        ["Spine"],
        "a language that is taken out of a draft stays public"
    );
    draft.step("publish");
    assert_eq!(
        (shown(&app), french()[0]["name"].clone()),
        (Vec::new(), json!("Rachis"))
    );
    is_whole(&app);
}

#[test]
fn every_step_is_in_the_log_under_the_request_that_took_it() {
    let app = app();
    let editor = Editor::of(&app);
    let send = |method: &str, path: &str, body: Option<Value>, etag: &str, id: &str| {
        let request = editor.request(method, path).header("x-request-id", id);
        let request = if etag.is_empty() {
            request
        } else {
            request.header("if-match", etag)
        };
        let answer = match body {
            Some(body) => request.json(&body).send(),
            None => request.send(),
        };
        assert!(answer.status < 300, "{}", answer.text());
        answer
    };
    let made = send("POST", "/v1/admin/topics", Some(topic("Spine")), "", "request-1");
    let path = made.header("location").to_owned();
    let later = json!({"publish_at": LATER});
    let mut etag = made.header("etag").to_owned();
    for (number, (method, step, body)) in (2..).zip([
        ("PATCH", "", Some(json!({"texts": {"en-GB": {"name": "The spine"}}}))),
        ("POST", "/schedule", Some(later)),
        ("POST", "/publish", None),
        ("POST", "/unpublish", None),
        ("POST", "/archive", None),
        ("POST", "/restore", None),
        ("POST", "/revisions/1/restore", None),
    ]) {
        let id = format!("request-{number}");
        let answer = send(method, &format!("{path}{step}"), body, &etag, &id);
        etag = answer.header("etag").to_owned();
    }
    let id: Uuid = made.json()["id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("it has an id");
    let rows = app.rows(&format!(
        "select version, action, request_id from changes where entity_id = '{id}' order by seq"
    ));
    let steps: Vec<(i64, String, String)> = rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
    let actions = [
        "created",
        "updated",
        "scheduled",
        "published",
        "unpublished",
        "archived",
        "restored",
        "restored",
    ];
    let expected = (1..)
        .zip(actions)
        .map(|(number, action)| (number, action.to_owned(), format!("request-{number}")));
    assert_eq!(steps, expected.collect::<Vec<_>>());
    is_whole(&app);
}

#[test]
fn a_publication_is_seen_within_a_second() {
    let app = app();
    let editor = Editor::of(&app);
    assert_eq!(shown(&app), [""; 0]);
    let mut draft = editor.create("topics", &topic("Spine"));
    draft.step("publish");
    let answered = Instant::now();
    poll::until("the topic is public", || seen_now(&app) == ["Spine"]);
    assert!(answered.elapsed() < Duration::from_secs(1), "{:?}", answered.elapsed());
}

#[test]
fn a_second_instance_sees_it_too() {
    let app = app();
    let second = TestApp::builder().on(app.database_url()).start();
    assert_eq!(shown(&second), [""; 0]);
    Editor::of(&app).create("topics", &topic("Spine")).step("publish");
    assert_eq!(shown(&second), ["Spine"]);
}
