//! Making public rows anew: what changes, what stays, and who hears of it.

use serde_json::{Value, json};
use uuid::Uuid;
use vertebra::{
    app::KINDS,
    changes::Actor,
    config::WebAddress,
    db::{Database, connect::Connector, migrations::DEADLINE},
    editing::{
        Kind,
        rebuild::{Outcome, Viewpoint, Which, candidates, rebuild},
    },
    problem::Problem,
    services::wire::ServiceIn,
};

use crate::support::{
    app::{NOW, TestApp},
    content::{Content, english},
    editor::Editor,
};

const LATER: &str = "2026-12-01T08:00:00Z";

const SERVICES: &[Kind] = &[Kind::of::<ServiceIn>()];

fn app() -> TestApp {
    let app = TestApp::start();
    Content::of(&app).clinic(&["cy"]);
    app
}

/// A service with a section in each language.
fn service(name: &str, locales: &[&str]) -> Value {
    let text = |locale: &&str| {
        let section =
            json!({"title": "Signs", "body": {"format": "markdown", "source": format!("*Pain* in {locale}")}});
        let text = json!({"name": format!("{name} {locale}"), "summary": "What it is.", "sections": [section]});
        ((*locale).to_owned(), text)
    };
    let texts: serde_json::Map<String, Value> = locales.iter().map(text).collect();
    json!({"kind": "condition", "codes": [{"system": "ICD-10", "code": "A"}], "texts": texts})
}

/// Makes content anew, as of a later moment, and says what became of which document.
fn rebuild_all(app: &TestApp, kinds: &[Kind], which: Which) -> Vec<(Uuid, Outcome)> {
    let actor = Actor {
        name: "rebuilder",
        request_id: None,
        now: LATER.parse().expect("the moment is valid"),
    };
    let site: WebAddress = "http://localhost".parse().expect("the address is valid");
    let viewpoint = Viewpoint {
        default_locale: &english(),
        site: &site,
    };
    let outcomes = app.block_on(async {
        let connector = Connector::new(app.database_url(), DEADLINE).expect("the address is valid");
        let database = Database::new(connector, 1, DEADLINE)?;
        let mut outcomes = Vec::new();
        for kind in kinds {
            for id in candidates(&database, kind, which).await? {
                outcomes.push((id, rebuild(&database, kind, &actor, id, &viewpoint).await?));
            }
        }
        Ok::<_, Problem>(outcomes)
    });
    outcomes.expect("all can be made anew")
}

/// Has the stored sections in a language made by older rules, as this HTML.
fn made_before(app: &TestApp, locale: &str, html: Option<&str>) {
    let html = html.map_or("it ->> 'body_html'".to_owned(), |html| format!("'{html}'"));
    app.sql(&format!(
        "update service_texts set sections = (
             select jsonb_agg(it || jsonb_build_object('body_html', {html}, 'sanitiser_version', 0))
             from jsonb_array_elements(sections) it)
         where locale = '{locale}'"
    ));
}

fn steps(app: &TestApp) -> Vec<(String, String, Option<String>, i64)> {
    let rows = app.rows("select actor, action, locale, version from changes where actor = 'rebuilder' order by seq");
    rows.iter()
        .map(|row| (row.get(0), row.get(1), row.get(2), row.get(3)))
        .collect()
}

#[test]
fn what_other_rules_made_is_made_anew_and_apps_hear_of_it() {
    let app = app();
    let editor = Editor::of(&app);
    let mut draft = editor.create("services", &service("Sciatica", &["en-GB", "cy"]));
    draft.step("publish");
    app.wait_for_head();
    let address = format!("/v1/services/{}", draft.id);
    let shown = app.get(&address).json();
    made_before(&app, "en-GB", Some("<p onclick=x>Pain</p>"));

    let id: Uuid = draft.id.parse().expect("it is an id");
    assert_eq!(rebuild_all(&app, SERVICES, Which::Outdated), [(id, Outcome::Changed)]);
    app.wait_for_head();
    let again = app.get(&address).json();
    assert_eq!(again["sections"], shown["sections"]);
    assert_eq!(again["updated_at"], LATER);
    let step = (
        "rebuilder".to_owned(),
        "updated".to_owned(),
        Some("en-GB".to_owned()),
        3,
    );
    assert_eq!(steps(&app), std::slice::from_ref(&step));

    let stale = draft.try_step("publish");
    stale.problem(412, "precondition_failed");
    let now = editor.request("GET", &format!("/v1/admin/services/{id}")).send().json();
    assert_eq!(now["languages"][0]["has_unpublished_changes"], false);
    assert_eq!(rebuild_all(&app, SERVICES, Which::Outdated), []);
    assert_eq!(rebuild_all(&app, SERVICES, Which::All), [(id, Outcome::Unchanged)]);
    assert_eq!(steps(&app), [step]);
}

#[test]
fn what_comes_out_as_it_was_is_no_step_and_does_not_look_newer() {
    let app = app();
    let editor = Editor::of(&app);
    let mut draft = editor.create("services", &service("Sciatica", &["en-GB"]));
    draft.step("publish");
    made_before(&app, "en-GB", None);
    app.wait_for_head();
    let shown = app.get("/v1/services/sciatica-en-gb");
    let id: Uuid = draft.id.parse().expect("it is an id");
    assert_eq!(rebuild_all(&app, SERVICES, Which::Outdated), [(id, Outcome::Unchanged)]);
    assert_eq!(rebuild_all(&app, SERVICES, Which::Outdated), []);
    assert_eq!(steps(&app), []);
    // A copy that another instance may have kept is still the same.
    Content::of(&app).topic("any");
    app.wait_for_head();
    let again = app.get("/v1/services/sciatica-en-gb");
    assert_eq!(
        (again.header("etag"), again.text()),
        (shown.header("etag"), shown.text())
    );
    assert_eq!(shown.json()["updated_at"], NOW);
    draft.step("publish");
}

#[test]
fn drafts_and_newer_words_stay_out_of_it() {
    let app = app();
    let editor = Editor::of(&app);
    let mut edited = editor.create("services", &service("Sciatica", &["en-GB", "cy"]));
    edited.step("publish");
    edited.patch(&json!({"codes": [], "texts": {"en-GB": {"name": "Another name"}}}));
    editor.create("services", &service("Draft", &["en-GB"]));
    let mut archived = editor.create("services", &service("Archived", &["en-GB"]));
    archived.step("publish");
    archived.step("archive");
    made_before(&app, "en-GB", Some("old"));
    let id: Uuid = edited.id.parse().expect("it is an id");
    assert_eq!(rebuild_all(&app, SERVICES, Which::All), [(id, Outcome::Changed)]);
    app.wait_for_head();
    let shown = app.get("/v1/services/sciatica-en-gb").json();
    assert_eq!(
        (&shown["name"], &shown["codes"][0]["code"]),
        (&json!("Sciatica en-GB"), &json!("A"))
    );
    assert_eq!(app.get("/v1/services?include_total=true").json()["total"], 1);
}

#[test]
fn each_language_keeps_its_version_and_the_facts_keep_theirs() {
    let app = app();
    let editor = Editor::of(&app);
    let mut draft = editor.create("services", &service("Sciatica", &["en-GB", "cy"]));
    draft.step("publish");
    draft.patch(&json!({"codes": [{"system": "ICD-10", "code": "B"}], "texts": {"cy": {"summary": "Newer."}}}));
    draft.step_with("publish", &json!({"locales": ["en-GB"]}));
    draft.step_with("unpublish", &json!({"locales": ["en-GB"]}));
    draft.patch(&json!({"codes": []}));
    app.wait_for_head();
    let address = format!("/v1/services/{}", draft.id);
    let shown = app.get(&address).json();
    assert_eq!(
        (&shown["summary"], &shown["codes"][0]["code"]),
        (&json!("What it is."), &json!("B"))
    );

    let id: Uuid = draft.id.parse().expect("it is an id");
    assert_eq!(rebuild_all(&app, SERVICES, Which::All), [(id, Outcome::Unchanged)]);
    made_before(&app, "cy", Some("old"));
    assert_eq!(rebuild_all(&app, SERVICES, Which::Outdated), [(id, Outcome::Changed)]);
    app.wait_for_head();
    let mut again = app.get(&address).json();
    again["updated_at"] = shown["updated_at"].clone();
    assert_eq!(again, shown);
}

#[test]
fn every_kind_of_content_comes_out_as_it_was() {
    let app = TestApp::with_demo();
    let count = |sql: &str| app.rows(sql)[0].get::<_, i64>(0);
    let public =
        count("select count(distinct document_id) from document_languages where published_version is not null");
    let changes = count("select seq from change_head");
    let outcomes = rebuild_all(&app, KINDS, Which::All);
    assert_eq!(i64::try_from(outcomes.len()), Ok(public));
    let differ: Vec<_> = outcomes
        .iter()
        .filter(|(_, outcome)| *outcome != Outcome::Unchanged)
        .collect();
    assert_eq!(differ, [] as [&(Uuid, Outcome); 0]);
    assert_eq!(count("select seq from change_head"), changes);
}

#[test]
fn the_body_of_an_article_is_made_anew() {
    let app = app();
    let editor = Editor::of(&app);
    let body = json!({"format": "markdown", "source": "*Words*"});
    let text = json!({"title": "Guide", "summary": "What it is about.", "body": body});
    let mut article = editor.create("articles", &json!({"kind": "guide", "texts": {"en-GB": text}}));
    article.step("publish");
    app.sql("update article_texts set body_html = 'old', body_text = 'old', sanitiser_version = 0");
    let id: Uuid = article.id.parse().expect("it is an id");
    assert_eq!(rebuild_all(&app, KINDS, Which::Outdated), [(id, Outcome::Changed)]);
    app.wait_for_head();
    assert_eq!(
        app.get("/v1/articles/guide").json()["body_html"],
        "<p><em>Words</em></p>"
    );
    assert_eq!(rebuild_all(&app, KINDS, Which::Outdated), []);
}
