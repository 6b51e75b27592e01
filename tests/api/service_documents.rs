//! Services as editors write them: from the draft to the public, and back.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    app::TestApp,
    content::Content,
    editor::{Draft, Editor, faults},
};

fn app() -> TestApp {
    let app = TestApp::start();
    Content::of(&app).clinic(&[]);
    app
}

/// A service of a kind with an English text.
fn service(kind: &str, name: &str) -> Value {
    json!({"kind": kind, "texts": {"en-GB": {"name": name, "summary": format!("What {name} is.")}}})
}

fn with(mut service: Value, field: &str, value: Value) -> Value {
    service[field] = value;
    service
}

/// Reads the public address as soon as the instance knows of all that was written.
fn public(app: &TestApp, path: &str) -> crate::support::client::Answer {
    app.wait_for_head();
    app.get(path)
}

fn names(list: &Value) -> Vec<&str> {
    let items = list.as_array().expect("it is a list").iter();
    items.filter_map(|item| item["name"].as_str()).collect()
}

fn full(topic: Uuid) -> Value {
    json!({
        "kind": "condition",
        "codes": [{"system": "ICD-10", "code": "M54.3"}],
        "topics": [topic],
        "texts": {"en-GB": {
            "name": "Sciatica",
            "summary": "Pain along a nerve.",
            "sections": [
                {"title": "Signs", "body": {"format": "markdown", "source": "A *sharp* [pain](https://example.org)."}},
                {"title": "Causes", "body": {"format": "html", "source": "<p class=\"x\">A disc</p>"}},
            ],
            "review": {
                "reviewed_by": "Dr A. Reviewer",
                "last_reviewed_on": "2026-11-20",
                "next_review_due_on": "2027-11-20",
            },
        }},
    })
}

#[test]
fn a_service_goes_from_a_draft_to_the_public_and_back() {
    let app = app();
    let topic = Content::of(&app).topic("nerves");
    let editor = Editor::of(&app);
    let mut draft = editor.create("services", &full(topic));
    let content = &draft.document["content"];
    assert_eq!(content["texts"]["en-GB"]["slug"], "sciatica");
    assert_eq!(content["treats"], json!([]));
    assert_eq!(content["codes"][0]["display"], Value::Null);
    assert_eq!(draft.document["languages"][0]["next_review_due_on"], "2027-11-20");
    let never = public(&app, "/v1/services/never");
    public(&app, "/v1/services/sciatica").is_missing_like(&never);

    draft.step("publish");
    let shown = public(&app, "/v1/services/sciatica").json();
    assert_eq!(
        shown["sections"],
        json!([
            {
                "title": "Signs",
                "body_html": "<p>A <em>sharp</em> <a href=\"https://example.org\" rel=\"noopener noreferrer\">pain</a>.</p>",
                "body_text": "A sharp pain.",
            },
            {"title": "Causes", "body_html": "<p>A disc</p>", "body_text": "A disc"},
        ])
    );
    assert_eq!(shown["topics"][0]["slug"], "nerves");
    assert_eq!(
        shown["codes"],
        json!([{"system": "ICD-10", "code": "M54.3", "display": null}])
    );
    assert_eq!(
        (&shown["reviewed_by"], &shown["overdue"]),
        (&json!("Dr A. Reviewer"), &json!(false))
    );

    draft.patch(&json!({"topics": null, "codes": [], "texts": {"en-GB": {"slug": "nerve-pain", "review": null}}}));
    assert_eq!(
        public(&app, "/v1/services/sciatica").json(),
        shown,
        "an edit is not public"
    );
    draft.step("publish");
    assert_eq!(
        public(&app, "/v1/services/sciatica").header("location"),
        "/v1/services/nerve-pain"
    );
    let changed = app.get("/v1/services/nerve-pain").json();
    assert_eq!((&changed["topics"], &changed["codes"]), (&json!([]), &json!([])));
    assert_eq!(
        (&changed["last_reviewed_on"], &changed["overdue"]),
        (&Value::Null, &json!(false))
    );

    for (away, back) in [("unpublish", None), ("archive", Some("restore"))] {
        draft.step(away);
        for address in ["sciatica", "nerve-pain", &draft.id] {
            public(&app, &format!("/v1/services/{address}")).is_missing_like(&never);
        }
        assert_eq!(app.get("/v1/services").json()["items"], json!([]));
        back.into_iter().for_each(|step| draft.step(step));
        draft.step("publish");
        assert_eq!(public(&app, "/v1/services/nerve-pain").status, 200);
    }
}

#[test]
fn what_is_stored_of_a_section_says_by_which_rules_it_is_shown() {
    let app = app();
    let editor = Editor::of(&app);
    editor
        .create("services", &full(Content::of(&app).topic("nerves")))
        .step("publish");
    let rows = app.rows("select sections::text from service_texts");
    let stored: Value = serde_json::from_str(rows[0].get(0)).expect("it is JSON");
    assert_eq!(
        stored[1],
        json!({
            "title": "Causes",
            "format": "html",
            "source": "<p class=\"x\">A disc</p>",
            "body_html": "<p>A disc</p>",
            "body_text": "A disc",
            "sanitiser_version": vertebra::values::html::SANITISER_VERSION,
        })
    );
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let app = app();
    let topic = Content::of(&app).topic("nerves");
    let unknown = Uuid::from_u128(7);
    let wrong = json!({
        "kind": "test",
        "codes": [{"system": " ", "code": "A"}, {"system": "ICD-10", "code": "B"}, {"system": "ICD-10", "code": "B"}],
        "topics": [topic, unknown, topic],
        "treats": [unknown],
        "texts": {"en-GB": {
            "name": "",
            "slug": "No Slug",
            "summary": "a".repeat(1001),
            "sections": [{"title": "a\nb", "body": {"format": "html", "source": "<script>x</script>"}}],
            "review": {"reviewed_by": "", "last_reviewed_on": "2026-01-02", "next_review_due_on": "2026-01-01"},
        }},
    });
    let answer = Editor::of(&app).try_create("services", &wrong);
    let mut pointers: Vec<String> = faults(&answer, 422, "invalid_content")
        .into_iter()
        .map(|(at, _)| at)
        .collect();
    pointers.sort_unstable();
    pointers.dedup();
    assert_eq!(
        pointers,
        [
            "/body/codes/0/system",
            "/body/codes/2",
            "/body/texts/en-GB/name",
            "/body/texts/en-GB/review/next_review_due_on",
            "/body/texts/en-GB/review/reviewed_by",
            "/body/texts/en-GB/sections/0/body/source",
            "/body/texts/en-GB/sections/0/title",
            "/body/texts/en-GB/slug",
            "/body/texts/en-GB/summary",
            "/body/topics/1",
            "/body/topics/2",
            "/body/treats",
            "/body/treats/0",
        ]
    );
    for (field, value) in [
        ("kind", json!("cure")),
        ("topics", json!(["spine"])),
        ("colour", json!("red")),
    ] {
        let answer = Editor::of(&app).try_create("services", &with(service("test", "Scan"), field, value));
        let faults = faults(&answer, 400, "invalid_body");
        assert!(faults[0].0.starts_with(&format!("/body/{field}")), "{faults:?}");
    }
    assert_eq!(app.rows("select from documents where entity_type = 'service'").len(), 0);
}

/// A published condition and a published treatment for it.
fn treated<'a>(editor: &'a Editor<'a>) -> (Draft<'a>, Draft<'a>) {
    let mut condition = editor.create("services", &service("condition", "Sciatica"));
    condition.step("publish");
    let fusion = with(service("treatment", "Fusion"), "treats", json!([condition.id]));
    let mut treatment = editor.create("services", &fusion);
    treatment.step("publish");
    (condition, treatment)
}

#[test]
fn only_a_condition_is_treated() {
    let app = app();
    let editor = Editor::of(&app);
    let (mut condition, mut treatment) = treated(&editor);
    let test = editor.create("services", &service("test", "Scan"));
    let refused = treatment.try_patch(&json!({"treats": [condition.id, test.id, treatment.id]}));
    let detail = "must be the id of a condition".to_owned();
    assert_eq!(
        faults(&refused, 422, "invalid_content"),
        [1, 2].map(|i| (format!("/body/treats/{i}"), detail.clone()))
    );

    condition.patch(&json!({"kind": "test"}));
    let (pointer, why) = faults(&condition.try_step("publish"), 409, "conflict").remove(0);
    assert_eq!(pointer, "/body/kind");
    assert!(why.contains("only a condition is treated"), "{why}");
    assert_eq!(
        names(&public(&app, "/v1/services/fusion").json()["treats"]),
        ["Sciatica"]
    );

    treatment.patch(&json!({"kind": "test", "treats": []}));
    treatment.step("publish");
    condition.step("publish");
    assert_eq!(public(&app, "/v1/services/sciatica").json()["kind"], "test");
}

#[test]
fn nothing_shows_of_a_treatment_or_a_condition_that_is_no_longer_public_or_not_yet() {
    let app = app();
    let editor = Editor::of(&app);
    let mut condition = editor.create("services", &service("condition", "Sciatica"));
    let fusion = with(service("treatment", "Fusion"), "treats", json!([condition.id]));
    let mut treatment = editor.create("services", &fusion);
    let treats = || names(&public(&app, "/v1/services/fusion").json()["treats"]).len();
    let treated_by = || names(&public(&app, "/v1/services/sciatica").json()["treated_by"]).len();

    treatment.step("publish");
    assert_eq!(treats(), 0);
    condition.step("publish");
    assert_eq!((treats(), treated_by()), (1, 1));
    treatment.step("unpublish");
    assert_eq!(treated_by(), 0);
    treatment.step("publish");
    condition.step("archive");
    assert_eq!(treats(), 0);
    let list = app.get("/v1/services?include_total=true").json();
    assert_eq!(
        (&list["total"], &list["items"][0]["name"]),
        (&json!(1), &json!("Fusion"))
    );
}

#[test]
fn a_review_is_overdue_once_its_day_is_over() {
    let app = app();
    let editor = Editor::of(&app);
    let mut draft = editor.create("services", &full(Content::of(&app).topic("nerves")));
    draft.patch(&json!({"texts": {"en-GB": {"review": {"next_review_due_on": "2026-11-23"}}}}));
    draft.step("publish");
    let before = public(&app, "/v1/services/sciatica");
    assert_eq!(before.json()["overdue"], false);
    app.set_clock("2026-11-23T23:59:59Z");
    assert_eq!(app.get("/v1/services/sciatica").body, before.body);
    app.set_clock("2026-11-24T00:00:00Z");
    let after = app.get("/v1/services/sciatica");
    assert_eq!(after.json()["overdue"], true);
    assert_ne!(after.header("etag"), before.header("etag"));
}

#[test]
fn a_preview_shows_what_a_publication_will() {
    let app = app();
    let editor = Editor::of(&app);
    let (_, mut treatment) = treated(&editor);
    treatment.patch(&json!({"texts": {"en-GB": {"name": "Spinal fusion"}}}));
    let path = format!("/v1/admin/services/{}/preview", treatment.id);
    let link = editor.request("POST", &path).send().json();
    let mut preview = app.get(link["url"].as_str().expect("there is an address")).json()["service"].take();
    assert_eq!(preview["name"], "Spinal fusion");
    assert_eq!(public(&app, "/v1/services/fusion").json()["name"], "Fusion");
    treatment.step("publish");
    let shown = public(&app, "/v1/services/fusion").json();
    preview["updated_at"] = shown["updated_at"].clone();
    assert_eq!(preview, shown);
}
