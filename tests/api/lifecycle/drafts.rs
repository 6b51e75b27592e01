//! Making and changing drafts.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{app, is_whole, shown, topic, versions};
use crate::support::{
    app::NOW,
    content::Content,
    editor::{Editor, faults},
};

const ABSENT: &str = "01a2097f-1116-77af-986c-a21b1d5b17f6";

#[test]
fn a_draft_is_made_and_read_and_listed() {
    let app = app();
    let editor = Editor::of(&app);
    let answer = editor.try_create("topics", &topic("Größe & Maß"));
    let id = answer.json()["id"].as_str().expect("it has an id").to_owned();
    let plain = Uuid::parse_str(&id).expect("it is a UUID").simple().to_string();
    let language = json!({
        "locale": "en-GB",
        "title": "Größe & Maß",
        "slug": "grosse-mass",
        "status": "draft",
        "published_version": null,
        "has_unpublished_changes": false,
        "published_at": null,
        "publish_at": null,
        "scheduled_version": null,
        "unpublish_at": null,
        "next_review_due_on": null,
    });
    let expected = json!({
        "id": id,
        "version": 1,
        "archived_at": null,
        "languages": [language],
        "content": {"texts": {"en-GB": {"slug": "grosse-mass", "name": "Größe & Maß", "description": null}}},
        "created_at": NOW,
        "updated_at": NOW,
    });
    assert_eq!((answer.status, answer.json()), (201, expected));
    assert_eq!(answer.header("location"), format!("/v1/admin/topics/{id}"));
    assert_eq!(answer.header("etag"), format!("\"{plain}.1\""));
    assert_eq!(answer.header("cache-control"), "no-store");

    let read = editor.request("GET", answer.header("location")).send();
    assert_eq!(
        (read.status, &read.body, read.header("etag")),
        (200, &answer.body, answer.header("etag"))
    );
    let list = editor
        .request("GET", "/v1/admin/topics?include_total=true")
        .send()
        .json();
    let mut summary = answer.json();
    summary.as_object_mut().expect("it is an object").remove("content");
    assert_eq!((&list["items"], &list["total"]), (&json!([summary]), &json!(1)));
    assert_eq!(shown(&app), [""; 0]);
    is_whole(&app);
}

#[test]
fn lists_are_filtered_by_language_status_and_words() {
    let app = app();
    let editor = Editor::of(&app);
    editor.create("topics", &topic("Neck pain"));
    editor.create("topics", &topic("Back pain")).step("publish");
    editor
        .create("topics", &json!({"texts": {"fr": {"name": "Douleur"}}}))
        .step("archive");
    let later = json!({"publish_at": "2027-01-01T00:00:00Z"});
    editor
        .create("topics", &topic("Headache"))
        .step_with("schedule", &later);
    for (query, found) in [
        ("", 4),
        ("?title=PAIN", 2),
        ("?title=%25", 0),
        ("?locale=fr", 1),
        ("?status=draft", 1),
        ("?status=published", 1),
        ("?status=published&title=neck", 0),
        ("?status=scheduled", 1),
        ("?status=archived", 1),
    ] {
        let list = editor.request("GET", &format!("/v1/admin/topics{query}")).send().json();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(found), "{query}");
    }
    for query in [
        "?status=gone",
        "?title=",
        "?locale=english",
        "?locale=EN-gb",
        "?limit=0",
        "?colour=red",
    ] {
        let answer = editor.request("GET", &format!("/v1/admin/topics{query}")).send();
        assert_eq!(answer.status, 400, "{query}");
    }
}

#[test]
fn moments_and_ids_have_the_form_that_is_documented() {
    let app = app();
    let editor = Editor::of(&app);
    let draft = editor.create("topics", &topic("Back pain"));
    for moment in ["2027-05-01T09:00Z", "2027-05-01 09:00:00Z", "2027-05-01T09:00:00Z[UTC]"] {
        let refused = draft.try_step_with("schedule", &json!({"publish_at": moment}));
        let problem = refused.problem(400, "invalid_body");
        assert_eq!(problem["errors"][0]["pointer"], "/body/publish_at", "{moment}");
    }
    let id = draft.document["id"].as_str().expect("it has an id");
    let plain = id.replace('-', "");
    let service = json!({"kind": "test", "texts": {}, "topics": [id, plain]});
    let refused = editor.request("POST", "/v1/admin/services").json(&service).send();
    let problem = refused.problem(400, "invalid_body");
    assert_eq!(problem["errors"][0]["pointer"], "/body/topics/1");
    let path = format!("/v1/admin/topics/{plain}");
    editor.request("GET", &path).send().problem(404, "not_found");
}

#[test]
fn a_slug_that_is_made_is_numbered_and_one_that_is_given_must_be_free() {
    let app = app();
    let editor = Editor::of(&app);
    let slug = |document: &Value| document["content"]["texts"]["en-GB"]["slug"].clone();
    for expected in ["spine", "spine-2", "spine-3"] {
        assert_eq!(slug(&editor.create("topics", &topic("Spine")).document), expected);
    }
    let given = |locale: &str| json!({"texts": {locale: {"name": "Other", "slug": "spine-2"}}});
    let taken = faults(&editor.try_create("topics", &given("en-GB")), 409, "slug_taken");
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].0, "/body/texts/en-GB/slug");
    let french = editor.create("topics", &given("fr"));
    assert_eq!(french.document["content"]["texts"]["fr"]["slug"], "spine-2");
    let mut other = editor.create("topics", &topic("Other"));
    let taken = other.try_patch(&json!({"texts": {"en-GB": {"slug": "spine"}}}));
    assert_eq!(faults(&taken, 409, "slug_taken")[0].0, "/body/texts/en-GB/slug");
    other.patch(&json!({"texts": {"en-GB": {"name": "Another", "slug": "other"}}}));
    other.patch(&json!({"texts": {"en-GB": {"slug": null}}}));
    assert_eq!(slug(&other.document), "another");
    let emoji = editor.create("topics", &topic("😀"));
    assert_eq!(slug(&emoji.document), "topic");
}

#[test]
fn what_has_not_its_form_is_refused_at_its_place() {
    let app = app();
    let editor = Editor::of(&app);
    let told = |body: &Value| faults(&editor.try_create("topics", body), 400, "invalid_body");
    let at = |pointer: &str, detail: &str| vec![(pointer.to_owned(), detail.to_owned())];
    assert_eq!(told(&json!({})), at("/body/texts", "is missing"));
    assert_eq!(
        told(&json!({"texts": {"en-GB": {}}})),
        at("/body/texts/en-GB/name", "is missing")
    );
    assert_eq!(
        told(&json!({"texts": {"en-GB": {"name": 7}}})),
        at("/body/texts/en-GB/name", "must be a string")
    );
    assert_eq!(told(&json!([])), at("/body", "must be an object"));
    let mut unknown = topic("Spine");
    unknown["colour"] = json!("red");
    unknown["texts"]["en-GB"]["size"] = json!(1);
    let places: Vec<String> = told(&unknown).into_iter().map(|(pointer, _)| pointer).collect();
    assert_eq!(places, ["/body/texts/en-GB/size", "/body/colour"]);
    let request = editor.request("POST", "/v1/admin/topics");
    let broken = request.header("content-type", "application/json").body("{").send();
    assert_eq!(faults(&broken, 400, "invalid_body")[0].0, "/body");
    let request = editor.request("POST", "/v1/admin/topics");
    let text = request.header("content-type", "text/plain").body("{}").send();
    text.problem(415, "unsupported_media_type");
    for path in [
        format!("/v1/admin/topics/{ABSENT}"),
        "/v1/admin/topics/spine".to_owned(),
    ] {
        editor.request("GET", &path).send().problem(404, "not_found");
    }
    let clinic = Content::of(&app).topic("other");
    let wrong_kind = format!("/v1/admin/articles/{clinic}");
    editor.request("GET", &wrong_kind).send().problem(404, "not_found");
}

#[test]
fn all_that_breaks_a_rule_is_told_at_once_and_not_repeated() {
    let app = app();
    let editor = Editor::of(&app);
    let wrong = json!({"texts": {
        "english": {"name": "canary\n"},
        "en-GB": {"name": "", "slug": "Canary", "description": " canary"},
    }});
    let answer = editor.try_create("topics", &wrong);
    let faults = faults(&answer, 422, "invalid_content");
    let places: Vec<&str> = faults.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(
        places,
        [
            "/body/texts/en-GB/description",
            "/body/texts/en-GB/name",
            "/body/texts/en-GB/slug",
            "/body/texts/english",
            "/body/texts/english/name",
        ]
    );
    assert!(!answer.text().to_lowercase().contains("canary"), "{}", answer.text());
    assert_eq!(
        editor.request("GET", "/v1/admin/topics").send().json()["items"],
        json!([])
    );
}

#[test]
fn a_patch_keeps_what_is_absent_and_removes_what_is_null() {
    let app = app();
    let editor = Editor::of(&app);
    let mut draft = editor.create(
        "topics",
        &json!({"texts": {"en-GB": {"name": "Spine", "description": "All of it."}, "fr": {"name": "Rachis"}}}),
    );
    draft.patch(&json!({"texts": {"en-GB": {"name": "The spine"}}}));
    let english = json!({"slug": "spine", "name": "The spine", "description": "All of it."});
    assert_eq!(draft.document["content"]["texts"]["en-GB"], english);
    draft.patch(&json!({"texts": {"en-GB": {"description": null}, "fr": null}}));
    let content = json!({"texts": {"en-GB": {"slug": "spine", "name": "The spine", "description": null}}});
    assert_eq!(
        (&draft.document["content"], &draft.document["version"]),
        (&content, &json!(3))
    );

    let before = draft.etag.clone();
    for same in [json!({}), content, json!({"texts": {"cy": null}})] {
        draft.patch(&same);
        assert_eq!((&draft.etag, versions(&editor, &draft.path)), (&before, 3), "{same}");
    }
    for (patch, place) in [
        (json!({"colour": 1}), "/body/colour"),
        (json!({"colour": null}), "/body/colour"),
        (
            json!({"texts": {"en-GB": {"shade": null}, "fr": {"name": "Rachis", "shade": null}}}),
            "/body/texts/en-GB/shade",
        ),
        (json!({"texts": null}), "/body/texts"),
        (json!({"texts": {"en-GB": {"name": null}}}), "/body/texts/en-GB/name"),
        (json!([]), "/body"),
    ] {
        let refused = faults(&draft.try_patch(&patch), 400, "invalid_body");
        assert_eq!(refused[0].0, place, "{patch}");
    }
    let refused = draft.try_patch(&json!({"texts": {"en-GB": {"name": ""}, "fr": {"name": ""}}}));
    assert_eq!(faults(&refused, 422, "invalid_content").len(), 2);
    assert_eq!(versions(&editor, &draft.path), 3);
    is_whole(&app);
}

#[test]
fn a_write_says_which_version_it_changes() {
    let app = app();
    let editor = Editor::of(&app);
    let mut draft = editor.create("topics", &topic("Spine"));
    let stale = draft.etag.clone();
    draft.patch(&json!({"texts": {"en-GB": {"name": "The spine"}}}));
    let patch = json!({"texts": {"en-GB": {"name": "Lost"}}});
    for (method, path) in [
        ("PATCH", draft.path.clone()),
        ("POST", format!("{}/publish", draft.path)),
        ("POST", format!("{}/unpublish", draft.path)),
        ("POST", format!("{}/archive", draft.path)),
        ("POST", format!("{}/restore", draft.path)),
        ("POST", format!("{}/revisions/1/restore", draft.path)),
    ] {
        let request = || match method {
            "PATCH" => editor.request(method, &path).json(&patch),
            _ => editor.request(method, &path),
        };
        request().send().problem(428, "precondition_required");
        let weak = format!("W/{}", draft.etag);
        for given in [&stale, &weak, "\"other\""] {
            let answer = request().header("if-match", given).send();
            answer.problem(412, "precondition_failed");
            assert_eq!(answer.header("etag"), draft.etag, "{path}");
        }
        let malformed = request().header("if-match", "3").send();
        assert_eq!(faults(&malformed, 400, "invalid_header")[0].0, "/headers/if-match");
    }
    assert_eq!(versions(&editor, &draft.path), 2);
    let any = editor.request("PATCH", &draft.path).header("if-match", "*");
    assert_eq!(any.json(&patch).send().status, 200);
}

#[test]
fn of_a_hundred_writes_at_once_exactly_one_wins() {
    let app = app();
    let editor = Editor::of(&app);
    let draft = editor.create("topics", &topic("Spine"));
    let patch = |number: i32| draft.try_patch(&json!({"texts": {"en-GB": {"name": format!("Spine {number}")}}}));
    let answers = std::thread::scope(|threads| {
        let racers: Vec<_> = (0..100).map(|number| threads.spawn(move || patch(number))).collect();
        let ended = racers.into_iter().map(|racer| racer.join().expect("it is answered"));
        ended.collect::<Vec<_>>()
    });
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, 99));
    for answer in lost {
        answer.problem(412, "precondition_failed");
        assert_eq!(answer.header("etag"), won[0].header("etag"));
    }
    let stored = editor.request("GET", &draft.path).send();
    assert_eq!(stored.body, won[0].body);
    assert_eq!(versions(&editor, &draft.path), 2);
    is_whole(&app);
}
