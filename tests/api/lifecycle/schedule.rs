//! What is scheduled is carried out at its moment, once, by whichever instance comes first.

use serde_json::{Value, json};

use super::{app, is_whole, seen_now, shown, topic};
use crate::support::{
    app::{NOW, TestApp},
    content::Content,
    editor::{Draft, Editor, faults},
    poll,
};

const SOON: &str = "2026-11-23T12:00:01Z";
const LATER: &str = "2026-11-23T12:00:02Z";

/// The steps that are in the log of a document, each with who took it.
fn steps(app: &TestApp, draft: &Draft<'_>) -> Vec<String> {
    let rows = app.rows(&format!(
        "select action || case actor when 'schedule' then ' by schedule' else '' end
         from changes where entity_id = '{}' order by seq",
        draft.id
    ));
    rows.iter().map(|row| row.get(0)).collect()
}

fn language(editor: &Editor<'_>, draft: &Draft<'_>) -> Value {
    editor.request("GET", &draft.path).send().json()["languages"][0].clone()
}

#[test]
fn the_version_that_was_scheduled_becomes_public_and_leaves_again() {
    let app = app();
    let editor = Editor::of(&app);
    let mut draft = editor.create("topics", &topic("Spine"));
    draft.step_with("schedule", &json!({"publish_at": SOON, "unpublish_at": LATER}));
    let scheduled = &draft.document["languages"][0];
    assert_eq!(
        ["status", "publish_at", "scheduled_version", "unpublish_at"].map(|name| scheduled[name].clone()),
        [json!("scheduled"), json!(SOON), json!(1), json!(LATER)]
    );
    draft.patch(&topic("Edited after"));
    assert_eq!(shown(&app), [""; 0]);
    app.set_clock(SOON);
    poll::until("it is public", || seen_now(&app) == ["Spine"]);
    let standing = language(&editor, &draft);
    assert_eq!(
        [
            "status",
            "published_version",
            "published_at",
            "publish_at",
            "has_unpublished_changes"
        ]
        .map(|name| standing[name].clone()),
        [json!("published"), json!(1), json!(SOON), json!(null), json!(true)]
    );
    app.set_clock(LATER);
    poll::until("it is no longer public", || seen_now(&app).is_empty());
    let standing = language(&editor, &draft);
    assert_eq!(
        (&standing["status"], &standing["unpublish_at"]),
        (&json!("draft"), &json!(null))
    );
    assert_eq!(
        steps(&app, &draft),
        [
            "created",
            "scheduled",
            "updated",
            "published by schedule",
            "unpublished by schedule"
        ]
    );
    is_whole(&app);
}

#[test]
fn what_fell_due_while_nothing_ran_is_made_up_for() {
    let app = app();
    let editor = Editor::of(&app);
    let mut draft = editor.create("topics", &topic("Spine"));
    draft.step_with("schedule", &json!({"publish_at": SOON}));
    // The clock of the first one stands before the moment for ever.
    let later = TestApp::builder()
        .on(app.database_url())
        .at("2026-12-01T00:00:00Z")
        .start();
    poll::until("it is public", || seen_now(&later) == ["Spine"]);
    assert_eq!(steps(&app, &draft), ["created", "scheduled", "published by schedule"]);
}

#[test]
fn of_two_instances_one_does_it() {
    let app = app();
    let second = TestApp::builder().on(app.database_url()).start();
    let editor = Editor::of(&app);
    let mut drafts: Vec<_> = (0..10)
        .map(|number| editor.create("topics", &topic(&format!("Spine {number}"))))
        .collect();
    for draft in &mut drafts {
        draft.step_with("schedule", &json!({"publish_at": SOON}));
    }
    for instance in [&app, &second] {
        instance.set_clock(SOON);
    }
    poll::until("all are public", || seen_now(&app).len() == 10);
    for draft in &drafts {
        assert_eq!(steps(&app, draft), ["created", "scheduled", "published by schedule"]);
    }
    is_whole(&app);
}

#[test]
fn a_schedule_can_be_taken_back() {
    let app = app();
    let editor = Editor::of(&app);
    let mut draft = editor.create("topics", &topic("Spine"));
    draft.step_with("schedule", &json!({"publish_at": SOON}));
    draft.step_with("schedule", &json!({"publish_at": null}));
    assert_eq!(draft.document["languages"][0]["status"], "draft");
    let mut archived = editor.create("topics", &topic("Old"));
    archived.step_with("schedule", &json!({"publish_at": SOON}));
    archived.step("archive");
    let mut marker = editor.create("topics", &topic("Marker"));
    marker.step_with("schedule", &json!({"publish_at": LATER}));
    app.set_clock(LATER);
    poll::until("what is still scheduled is public", || seen_now(&app) == ["Marker"]);
    assert_eq!(steps(&app, &archived), ["created", "scheduled", "archived"]);
}

#[test]
fn what_cannot_be_carried_out_is_taken_back() {
    let app = TestApp::start();
    Content::of(&app).clinic(&[]);
    let editor = Editor::of(&app);
    let place = |name: &str| {
        let address = json!({
            "street_address": "1 Test Street",
            "address_locality": "London",
            "postal_code": "W1G 9QJ",
            "address_country": "GB",
        });
        json!({"name": name, "is_primary": true, "address": address})
    };
    let mut second = editor.create("locations", &place("second"));
    second.step_with("schedule", &json!({"publish_at": SOON}));
    editor.create("locations", &place("first")).step("publish");
    app.set_clock(SOON);
    poll::until("it is given up", || {
        language(&editor, &second)["publish_at"] == Value::Null
    });
    assert_eq!(language(&editor, &second)["status"], "draft");
    assert_eq!(steps(&app, &second), ["created", "scheduled", "scheduled by schedule"]);
    is_whole(&app);
}

#[test]
fn one_that_can_never_be_carried_out_holds_up_no_other() {
    let app = app();
    let editor = Editor::of(&app);
    let in_german = |slug: &str| json!({"texts": {"en-GB": {"name": "Back"}, "de": {"name": "Rücken", "slug": slug}}});
    let mut stuck = editor.create("topics", &in_german("ruecken"));
    stuck.step_with("schedule", &json!({"locales": ["de"], "publish_at": SOON}));
    stuck.patch(&json!({"texts": {"de": {"slug": "anders"}}}));
    editor.create("topics", &in_german("ruecken")).step("publish");
    stuck.patch(&json!({"texts": {"de": null}}));
    let mut next = editor.create("topics", &topic("Neck"));
    next.step_with("schedule", &json!({"publish_at": LATER}));
    app.set_clock(LATER);
    poll::until("the other one is public", || {
        language(&editor, &next)["status"] == "published"
    });
    let languages = editor.request("GET", &stuck.path).send().json()["languages"].clone();
    assert_eq!(languages.as_array().map(Vec::len), Some(1), "{languages}");
    is_whole(&app);
}

#[test]
fn a_moment_must_be_in_the_future_and_the_end_after_the_start() {
    let app = app();
    let editor = Editor::of(&app);
    let draft = editor.create("topics", &topic("Spine"));
    for (schedule, places) in [
        (json!({"publish_at": NOW}), &["/body/publish_at"][..]),
        (
            json!({"publish_at": "2026-01-02T00:00:00Z", "unpublish_at": "2026-01-01T00:00:00Z"}),
            &["/body/publish_at", "/body/unpublish_at", "/body/unpublish_at"],
        ),
        (
            json!({"publish_at": LATER, "unpublish_at": SOON}),
            &["/body/unpublish_at"],
        ),
        (json!({"locales": ["cy"], "publish_at": LATER}), &["/body/locales/0"]),
    ] {
        let refused = faults(&draft.try_step_with("schedule", &schedule), 422, "invalid_content");
        let found: Vec<&str> = refused.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(found, places, "{schedule}");
    }
    for unread in [json!({"publish_at": "tomorrow"}), json!({"at": LATER})] {
        draft.try_step_with("schedule", &unread).problem(400, "invalid_body");
    }
}
