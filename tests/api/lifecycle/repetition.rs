//! A write that is repeated under its `Idempotency-Key` is carried out once.

use serde_json::{Value, json};

use super::{app, is_whole, topic, versions};
use crate::support::{
    client::Answer,
    editor::{Editor, faults},
};

const KEY: &str = "01a2097f-1116-77af-986c-a21b1d5b17f6";

fn create(editor: &Editor<'_>, key: &str, body: &Value) -> Answer {
    let request = editor.request("POST", "/v1/admin/topics");
    request.header("idempotency-key", key).json(body).send()
}

fn count(editor: &Editor<'_>) -> Option<usize> {
    let list = editor.request("GET", "/v1/admin/topics").send().json();
    list["items"].as_array().map(Vec::len)
}

#[test]
fn the_same_request_gets_the_first_answer_again() {
    let app = app();
    let editor = Editor::of(&app);
    let first = create(&editor, KEY, &topic("Spine"));
    assert_eq!((first.status, first.header("idempotency-replayed")), (201, ""));
    let again = create(&editor, KEY, &topic("Spine"));
    assert_eq!((again.status, &again.body), (201, &first.body));
    for name in ["etag", "location", "content-type", "cache-control"] {
        assert_eq!(again.header(name), first.header(name), "{name}");
    }
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(count(&editor), Some(1));

    let path = first.header("location");
    let publish = |body: Option<Value>| {
        let request = editor.request("POST", &format!("{path}/publish"));
        let request = request.header("if-match", first.header("etag"));
        let request = request.header("idempotency-key", "another-key-of-the-same");
        match body {
            None => request.send(),
            Some(body) => request.json(&body).send(),
        }
    };
    let published = publish(None);
    let again = publish(None);
    assert_eq!(
        (again.status, &again.body),
        (200, &published.body),
        "its version is no longer the present one"
    );
    publish(Some(json!({}))).problem(422, "idempotency_key_reused");
    assert_eq!(versions(&editor, path), 2);
    is_whole(&app);
}

#[test]
fn a_key_is_for_one_request_of_one_caller() {
    let app = app();
    let (editor, other) = (Editor::of(&app), Editor::of(&app));
    let first = create(&editor, KEY, &topic("Spine"));
    create(&editor, KEY, &topic("Other")).problem(422, "idempotency_key_reused");
    let elsewhere = editor
        .request("POST", "/v1/admin/locations")
        .header("idempotency-key", KEY);
    elsewhere.json(&json!({})).send().problem(400, "invalid_body");
    let theirs = create(&other, KEY, &topic("Spine"));
    assert_eq!((theirs.status, theirs.header("idempotency-replayed")), (201, ""));
    assert_ne!(theirs.json()["id"], first.json()["id"]);
    for key in ["short", &"x".repeat(256), "with blanks in it, sixteen"] {
        let refused = faults(&create(&editor, key, &topic("Spine")), 400, "invalid_header");
        assert_eq!(refused[0].0, "/headers/idempotency-key");
    }
    let twice = editor.request("POST", "/v1/admin/topics");
    let twice = twice
        .header("idempotency-key", KEY)
        .header("idempotency-key", "another-key-of-the-same");
    twice.json(&topic("Spine")).send().problem(400, "invalid_header");
    assert_eq!(count(&editor), Some(2));
}

#[test]
fn a_request_that_was_refused_may_be_sent_again_under_its_key() {
    let app = app();
    let editor = Editor::of(&app);
    create(&editor, KEY, &topic("")).problem(422, "invalid_content");
    assert_eq!(create(&editor, KEY, &topic("Spine")).status, 201);
    assert_eq!(count(&editor), Some(1));
}

#[test]
fn the_same_request_at_once_is_carried_out_once() {
    let app = app();
    let editor = Editor::of(&app);
    let body = topic("Spine");
    assert_eq!(count(&editor), Some(0));
    let answers: Vec<Answer> = std::thread::scope(|threads| {
        let senders: Vec<_> = (0..20).map(|_| threads.spawn(|| create(&editor, KEY, &body))).collect();
        let ended = senders.into_iter().map(|sender| sender.join().expect("it is answered"));
        ended.collect()
    });
    let (done, busy): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert!(!done.is_empty());
    assert!(done.iter().all(|answer| answer.body == done[0].body));
    for answer in busy {
        answer.problem(409, "request_in_progress");
    }
    assert_eq!(count(&editor), Some(1));
    is_whole(&app);
}

#[test]
fn an_answer_is_kept_for_a_day() {
    let app = app();
    let editor = Editor::of(&app);
    let first = create(&editor, KEY, &topic("Spine"));
    app.set_clock("2026-11-24T11:59:59Z");
    assert_eq!(create(&editor, KEY, &topic("Spine")).body, first.body);
    app.set_clock("2026-11-24T12:00:00Z");
    let anew = create(&editor, KEY, &topic("Spine"));
    assert_eq!((anew.status, anew.header("idempotency-replayed")), (201, ""));
    assert_ne!(anew.json()["id"], first.json()["id"]);
}
