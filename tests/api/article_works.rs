//! The works that articles present, and the journals that they share, as editors write them.

use serde_json::{Value, json};

use crate::support::{
    app::TestApp,
    client::Answer,
    content::Content,
    editor::{Editor, faults},
};

/// An application with a clinic that speaks English and French.
pub(crate) fn app() -> TestApp {
    let app = TestApp::start();
    Content::of(&app).clinic(&["fr"]);
    app
}

/// Reads a public address as soon as the instance knows of all that was written.
pub(crate) fn public(app: &TestApp, path: &str) -> Answer {
    app.wait_for_head();
    app.get(path)
}

/// A guide with an English text.
pub(crate) fn guide(title: &str) -> Value {
    json!({"kind": "guide", "texts": {"en-GB": {"title": title, "summary": format!("Summary of {title}.")}}})
}

/// A literature article on a work in a journal.
pub(crate) fn work(title: &str, pmid: &str, journal: Value) -> Value {
    let mut work = guide(title);
    work["kind"] = json!("literature");
    work["citation"] = json!({
        "pmid": pmid,
        "title": format!("Work {pmid}."),
        "journal": journal,
        "publication_date": {"year": 2020, "month": 2, "day": 29},
        "authors": [{"family": "Ng", "initials": "A"}],
    });
    work
}

#[test]
fn a_literature_article_needs_a_work_and_a_date_agrees_with_its_precision() {
    let app = app();
    let editor = Editor::of(&app);
    let mut bare = guide("Bare");
    bare["kind"] = json!("literature");
    let told = faults(&editor.try_create("articles", &bare), 422, "invalid_content");
    assert_eq!(told[0].0, "/body/citation");
    for (date, pointer) in [
        (json!({"year": 2020, "day": 1}), "day"),
        (
            json!({"year": 2020, "month": 2, "precision": "season", "raw": "2020 Winter"}),
            "month",
        ),
        (json!({"year": 2020, "precision": "season"}), "raw"),
        (json!({"year": 2020, "precision": "day"}), "precision"),
        (json!({"year": 10000}), "year"),
    ] {
        let mut dated = work("Dated", "11", json!({"title": "Bone"}));
        dated["citation"]["publication_date"] = date;
        let told = faults(&editor.try_create("articles", &dated), 422, "invalid_content");
        assert_eq!(told[0].0, format!("/body/citation/publication_date/{pointer}"));
    }
}

#[test]
fn a_date_without_words_gets_those_of_medline() {
    let app = app();
    let editor = Editor::of(&app);
    editor
        .create("articles", &work("Dated", "11", json!({"title": "Bone"})))
        .step("publish");
    let date = public(&app, "/v1/articles/dated").json()["citation"]["publication_date"].clone();
    assert_eq!(
        date,
        json!({"year": 2020, "month": 2, "day": 29, "precision": "day", "raw": "2020 Feb 29"})
    );
}

#[test]
fn two_articles_cannot_present_the_same_work() {
    let app = app();
    let editor = Editor::of(&app);
    let bone = || json!({"title": "Bone"});
    let mut first = editor.create("articles", &work("First", "11", bone()));
    let refused = |answer: &Answer| {
        let told = faults(answer, 409, "conflict");
        assert_eq!(
            told[0],
            (
                "/body/citation/pmid".to_owned(),
                "PMID is that of the work in another article".to_owned()
            )
        );
        assert_eq!(
            answer.json()["detail"],
            "This PMID is that of the work in another article."
        );
    };
    refused(&editor.try_create("articles", &work("Second", "11", bone())));
    let mut second = editor.create("articles", &work("Second", "12", bone()));
    refused(&second.try_patch(&json!({"citation": {"pmid": "11"}})));
    // While an article is public its edits are not: two may then wish for the same.
    second.step("publish");
    second.patch(&json!({"citation": {"pmid": "13"}}));
    first.patch(&json!({"citation": {"pmid": "13"}}));
    refused(&second.try_step("publish"));
    assert_eq!(public(&app, "/v1/articles/second").json()["citation"]["pmid"], "12");
}

#[test]
fn the_words_of_a_journal_are_those_of_the_last_publication() {
    let app = app();
    let editor = Editor::of(&app);
    let mut first = editor.create(
        "articles",
        &work("First", "11", json!({"title": "Bone", "issn": "1534-6277"})),
    );
    first.step("publish");
    let shown = public(&app, "/v1/articles/first").json();
    let journals = app.get("/v1/journals").json();
    app.set_clock("2026-11-24T12:00:00Z");
    let journal = json!({"title": "The Bone", "iso_abbreviation": "Bone J", "issn": "1534-6277"});
    let mut second = editor.create("articles", &work("Second", "12", journal));
    assert_eq!(
        public(&app, "/v1/articles/first").json(),
        shown,
        "the words of a draft are nowhere"
    );
    assert_eq!(app.get("/v1/journals").json(), journals);
    second.step("publish");
    let follows = public(&app, "/v1/articles/first").json();
    let journal = &follows["citation"]["journal"];
    assert_eq!(journal["id"], shown["citation"]["journal"]["id"]);
    assert_eq!(
        [
            &journal["slug"],
            &journal["title"],
            &journal["iso_abbreviation"],
            &journal["issn"]
        ],
        ["bone", "The Bone", "Bone J", "1534-6277"]
    );
    assert_eq!(
        follows["citation"]["formatted"],
        "Ng A. Work 11. Bone J. 2020 Feb 29. PMID: 11."
    );
    assert_eq!(follows["updated_at"], "2026-11-24T12:00:00Z");
    // By the slug; what it does not say of the journal stays.
    let mut third = editor.create(
        "articles",
        &work("Third", "13", json!({"slug": "bone", "title": "The Bone"})),
    );
    third.step("publish");
    let journals = public(&app, "/v1/journals").json();
    assert_eq!(journals["items"][0]["article_count"], 3);
    assert_eq!(journals["items"][0]["iso_abbreviation"], "Bone J");
}
