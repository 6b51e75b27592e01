//! A preview's link shows a draft in its public form, to whoever holds it, for a time.

use serde_json::json;

use super::{app, shown, topic};
use crate::support::{
    app::TestApp,
    client::Answer,
    editor::{Draft, Editor, faults},
};

/// The link of a preview, and the preview's id.
fn preview(editor: &Editor<'_>, draft: &Draft<'_>, wish: &serde_json::Value) -> (String, String) {
    let answer = editor
        .request("POST", &format!("{}/preview", draft.path))
        .json(wish)
        .send();
    assert_eq!(answer.status, 201, "{}", answer.text());
    let preview = answer.json();
    let text = |name: &str| preview[name].as_str().expect("it is a text").to_owned();
    assert_eq!(answer.header("location"), text("url"));
    assert_eq!(text("url"), format!("/v1/preview/{}", text("token")));
    (text("url"), text("id"))
}

/// What a client can tell of a refusal but for its address and its id.
fn words(answer: &Answer) -> String {
    let mut problem = answer.problem(404, "not_found");
    problem["instance"] = json!(null);
    problem["request_id"] = json!(null);
    problem.to_string()
}

#[test]
fn it_shows_what_publishing_will_show_and_the_public_sees_nothing() {
    let app = app();
    let editor = Editor::of(&app);
    let mut draft = editor.create("topics", &topic("Spine"));
    let (url, _) = preview(&editor, &draft, &json!({}));
    let read = || app.get(&url);
    assert_eq!(read().json()["topic"]["name"], "Spine");
    assert_eq!(shown(&app), [""; 0]);
    draft.patch(&topic("The spine"));
    let before = read();
    assert_eq!(
        (before.status, before.header("cache-control")),
        (200, "private, no-store")
    );
    assert_eq!(before.header("content-language"), "en-GB");
    assert_eq!((before.header("etag"), shown(&app)), ("", Vec::new()));
    draft.step("publish");
    shown(&app);
    let public = app.get("/v1/topics").json()["items"][0].clone();
    let others = ["article", "clinic", "location", "service", "testimonial"];
    let mut expected: serde_json::Map<_, _> = others.map(|kind| (kind.to_owned(), json!(null))).into_iter().collect();
    expected.extend([("entity_type".to_owned(), json!("topic")), ("topic".to_owned(), public)]);
    assert_eq!(before.json(), json!(expected));
    draft.patch(&topic("A newer one"));
    assert_eq!(read().json()["topic"]["name"], "A newer one");
    assert_eq!(shown(&app), ["The spine"]);
}

#[test]
fn a_language_can_be_chosen() {
    let app = app();
    let editor = Editor::of(&app);
    let both = json!({"texts": {"en-GB": {"name": "Spine"}, "fr": {"name": "Rachis"}}});
    let draft = editor.create("topics", &both);
    let (url, _) = preview(&editor, &draft, &json!({"locale": "fr"}));
    let shown = app.get(&url);
    assert_eq!(
        (shown.json()["topic"]["name"].as_str(), shown.header("content-language")),
        (Some("Rachis"), "fr")
    );
    for (wish, place) in [
        (json!({"locale": "cy"}), "/body/locale"),
        (json!({"hours": 0}), "/body/hours"),
    ] {
        let answer = editor
            .request("POST", &format!("{}/preview", draft.path))
            .json(&wish)
            .send();
        assert_eq!(faults(&answer, 422, "invalid_content")[0].0, place);
    }
}

#[test]
fn whatever_is_no_live_link_looks_the_same() {
    let app = app();
    let editor = Editor::of(&app);
    let draft = editor.create("topics", &topic("Spine"));
    let never = words(&app.get("/v1/preview/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));

    let (revoked, id) = preview(&editor, &draft, &json!({}));
    let revoke = || {
        editor
            .request("DELETE", &format!("/v1/admin/previews/{id}"))
            .send()
            .status
    };
    assert_eq!((app.get(&revoked).status, revoke()), (200, 204));
    assert_eq!(words(&app.get(&revoked)), never);

    let (expired, _) = preview(&editor, &draft, &json!({"hours": 1}));
    let (usual, _) = preview(&editor, &draft, &json!({}));
    app.set_clock("2026-11-23T12:59:59Z");
    assert_eq!(app.get(&expired).status, 200);
    app.set_clock("2026-11-23T13:00:00Z");
    assert_eq!(words(&app.get(&expired)), never);
    app.set_clock("2026-11-26T11:59:59Z");
    assert_eq!(app.get(&usual).status, 200);
    app.set_clock("2026-11-26T12:00:00Z");
    assert_eq!(words(&app.get(&usual)), never);
    for other in ["x", &"y".repeat(200), "..%2F"] {
        assert_eq!(words(&app.get(&format!("/v1/preview/{other}"))), never, "{other}");
    }
}

#[test]
fn nothing_is_stored_of_a_link_but_its_hash() {
    let app: TestApp = app();
    let editor = Editor::of(&app);
    let draft = editor.create("topics", &topic("Spine"));
    let (url, _) = preview(&editor, &draft, &json!({}));
    let token = url.rsplit('/').next().expect("there is a last part");
    let rows = app.rows("select p::text from previews p");
    assert!(!rows[0].get::<_, String>(0).contains(token));
    app.get(&url);
    assert_eq!(
        app.rows("select from revisions where document_id not in (select id from clinic)")
            .len(),
        1
    );
}
