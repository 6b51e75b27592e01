//! An address that was once given out leads to the present one.

use serde_json::json;
use uuid::Uuid;
use vertebra::services::wire::ServiceKind::Condition;

use crate::support::{
    app::TestApp,
    content::{Content, article, article_text, citation, literature},
    editor::Editor,
};

fn retire(app: &TestApp, entity_type: &str, slug: &str, id: Uuid) {
    app.sql(&format!(
        "insert into retired_slugs values ('{entity_type}', 'en-GB', '{slug}', '{id}', '2026-02-01T00:00:00Z')"
    ));
}

/// Checks that an address is answered with another for good, and that something is there.
#[track_caller]
fn leads(app: &TestApp, from: &str, to: &str) {
    let answer = app.get(from);
    assert_eq!(answer.status, 308, "{from}");
    assert_eq!(answer.header("location"), to);
    assert_eq!(answer.header("vary"), "Accept-Language, Accept-Encoding");
    assert!(answer.header("cache-control").starts_with("public, "), "{from}");
    assert!(answer.body.is_empty());
    assert_eq!(app.get(to).status, 200, "{to}");
}

#[test]
fn a_retired_slug_of_an_article_leads_to_the_present_one() {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&[]);
    let work = serde_json::to_value(literature("older", citation("11", "bone", "Ng")).content());
    let editor = Editor::of(&app);
    let mut draft = editor.create("articles", &work.expect("it is JSON"));
    draft.step("publish");
    for slug in ["old", "new"] {
        draft.patch(&json!({"texts": {"en-GB": {"slug": slug}}}));
        draft.step("publish");
    }
    app.wait_for_head();
    for slug in ["old", "older"] {
        leads(&app, &format!("/v1/articles/{slug}"), "/v1/articles/new");
    }
    leads(
        &app,
        "/v1/articles/old/related?limit=7",
        "/v1/articles/new/related?limit=7",
    );
    leads(
        &app,
        "/v1/articles/old/citation?format=ris",
        "/v1/articles/new/citation?format=ris",
    );
}

#[test]
fn a_retired_slug_of_any_other_thing_leads_to_the_present_one() {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&[]);
    let things = [
        ("service", "services", content.service("new", Condition, &[], &[])),
        (
            "testimonial",
            "testimonials",
            content.testimonial("new", "2026-01-01T00:00:00Z", None),
        ),
        ("location", "locations", content.location("new", 1, false)),
    ];
    for (entity_type, path, id) in things {
        // The slug of one kind of thing says nothing of another.
        let missing = app.get(&format!("/v1/{path}/never"));
        app.get(&format!("/v1/{path}/old")).is_missing_like(&missing);
        retire(&app, entity_type, "old", id);
        // Any change: what is not there is kept too, until the log moves.
        content.topic(entity_type);
        app.wait_for_head();
        leads(&app, &format!("/v1/{path}/old"), &format!("/v1/{path}/new"));
    }
}

#[test]
fn a_retired_slug_of_something_hidden_is_not_found() {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&[]);
    let draft = content.article(&article("draft", "2026-01-01T00:00:00Z"));
    let withdrawn = content.testimonial("withdrawn", "2026-01-01T00:00:00Z", None);
    let archived = content.service("archived", Condition, &[], &[]);
    app.sql(
        "update article_texts set status = 'draft';
         update service_texts set status = 'archived';
         update testimonials set status = 'withdrawn'",
    );
    for (entity_type, path, id) in [
        ("article", "articles", draft),
        ("testimonial", "testimonials", withdrawn),
        ("service", "services", archived),
        ("article", "articles", Uuid::nil()),
    ] {
        let slug = format!("old-{}", id.simple());
        retire(&app, entity_type, &slug, id);
        let missing = app.get(&format!("/v1/{path}/never"));
        app.get(&format!("/v1/{path}/{slug}")).is_missing_like(&missing);
    }
}

#[test]
fn a_slug_that_another_thing_has_now_leads_nowhere_else() {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&[]);
    let moved = content.article(&article("moved", "2026-01-01T00:00:00Z"));
    content.article(&article("taken", "2026-01-01T00:00:00Z"));
    retire(&app, "article", "taken", moved);
    let answer = app.get("/v1/articles/taken");
    assert_eq!((answer.status, answer.json()["slug"].as_str()), (200, Some("taken")));
}

#[test]
fn a_retired_slug_leads_to_the_slug_in_the_reader_s_language() {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&["fr"]);
    let mut new = article("new", "2026-01-01T00:00:00Z");
    new.texts.push(article_text("fr", "nouveau"));
    retire(&app, "article", "old", content.article(&new));
    for (language, slug) in [("fr", "nouveau"), ("en", "new"), ("de", "new")] {
        let request = app
            .request("GET", "/v1/articles/old")
            .header("Accept-Language", language);
        assert_eq!(request.send().header("location"), format!("/v1/articles/{slug}"));
    }
}

#[test]
fn an_older_owner_of_a_slug_is_found_where_the_newer_one_is_hidden() {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&["fr"]);
    let shown = content.article(&article("shown", "2026-01-01T00:00:00Z"));
    let hidden = content.article(&article("hidden", "2026-01-01T00:00:00Z"));
    app.sql(&format!(
        "update article_texts set status = 'draft' where slug = 'hidden';
         insert into retired_slugs values ('article', 'fr', 'old', '{hidden}', '2026-03-01T00:00:00Z')"
    ));
    retire(&app, "article", "old", shown);
    leads(&app, "/v1/articles/old", "/v1/articles/shown");
}
