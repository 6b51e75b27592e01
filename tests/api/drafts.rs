//! What is not published cannot be seen anywhere, and looks like what never was.

use serde_json::{Value, json};
use uuid::Uuid;
use vertebra::services::wire::ServiceKind::{Condition, Treatment};

use crate::support::{
    app::TestApp,
    client::Answer,
    content::{Content, NewArticle, article, article_text, citation, literature},
    editor::{Draft, Editor},
    list::with,
};

/// Stands in every name, slug and text of what is hidden; nothing that is shown has it.
const HIDDEN: &str = "hidden";

/// Where content is read, for an id or slug in each place of `{}`.
const DETAILS: [&str; 7] = [
    "/v1/articles/{}",
    "/v1/articles/{}/related",
    "/v1/articles/{}/citation",
    "/v1/articles/{}/citation?format=ris",
    "/v1/services/{}",
    "/v1/testimonials/{}",
    "/v1/locations/{}",
];

/// A published and a hidden thing of each kind, the published ones pointing to the hidden ones.
struct Clinic {
    app: TestApp,
    hidden: Vec<Uuid>,
}

fn clinic() -> Clinic {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&[]);
    let topics = ["shown", HIDDEN].map(|name| content.topic(name));
    let conditions = ["shown", HIDDEN].map(|name| content.service(name, Condition, &topics, &[]));
    let treatment = content.service("shown-treatment", Treatment, &topics, &conditions);
    let hidden_treatment = content.service("hidden-treatment", Treatment, &topics, &conditions);
    let about = |new: NewArticle| NewArticle {
        topics: topics.to_vec(),
        services: vec![conditions[0], conditions[1], treatment, hidden_treatment],
        ..new
    };
    content.article(&about(literature("shown-work", citation("11", "shown", "Ng"))));
    content.article(&about(article("shown-guide", "2026-01-01T00:00:00Z")));
    let hidden_work = content.article(&about(literature("hidden-work", citation("12", HIDDEN, "Hidden"))));
    let hidden_guide = content.article(&about(article("hidden-guide", "2026-01-01T00:00:00Z")));
    content.testimonial("shown", "2026-01-01T00:00:00Z", Some(conditions[1]));
    let testimonial = content.testimonial(HIDDEN, "2026-01-01T00:00:00Z", Some(conditions[0]));
    app.sql(&format!(
        "update testimonials set service_id = '{hidden_treatment}' where slug = 'shown'"
    ));
    let hidden = vec![
        topics[1],
        conditions[1],
        hidden_treatment,
        hidden_work,
        hidden_guide,
        testimonial,
    ];
    Clinic { app, hidden }
}

/// Gives every text of a hidden thing a status.
fn hide(app: &TestApp, status: &str) {
    for table in ["topic_texts", "service_texts", "article_texts"] {
        app.sql(&format!(
            "update {table} set status = '{status}' where slug like 'hidden%'"
        ));
    }
}

const LISTS: [&str; 6] = [
    "articles",
    "services",
    "testimonials",
    "topics",
    "journals",
    "locations",
];

const SHOWN: [&str; 6] = [
    "/v1/articles/shown-work",
    "/v1/articles/shown-work/related?limit=20",
    "/v1/services/shown",
    "/v1/services/shown-treatment",
    "/v1/testimonials/shown",
    "/v1/clinic",
];

/// Lists of what belongs to something hidden.
fn lists_of_hidden(names: &[String]) -> Vec<String> {
    let filters = [
        ("articles", "topic"),
        ("articles", "service"),
        ("articles", "journal"),
        ("services", "topic"),
        ("testimonials", "service"),
        ("testimonials", "condition"),
    ];
    let named = |(list, filter)| names.iter().map(move |name| format!("/v1/{list}?{filter}={name}"));
    let of_works = ["pmid=12", "author=Hidden"].map(|filter| format!("/v1/articles?{filter}"));
    filters.into_iter().flat_map(named).chain(of_works).collect()
}

#[test]
fn texts_that_are_not_published_are_nowhere() {
    for status in ["draft", "archived"] {
        let Clinic { app, hidden } = clinic();
        hide(&app, status);
        app.sql("update testimonials set status = 'withdrawn' where slug = 'hidden'");
        nothing_hidden_shows(&app, &hidden);
        the_counts_leave_it_out(&app);
    }
}

#[test]
fn a_testimonial_is_public_only_while_it_is_published() {
    for status in ["submitted", "in_review", "rejected", "withdrawn", "erased"] {
        let app = TestApp::start();
        let content = Content::of(&app);
        content.clinic(&[]);
        let id = content.testimonial(HIDDEN, "2026-01-01T00:00:00Z", None);
        app.sql(&format!("update testimonials set status = '{status}'"));
        let list = app.get("/v1/testimonials?include_total=true").json();
        assert_eq!(list, json!({"items": [], "next_cursor": null, "total": 0}), "{status}");
        for name in [HIDDEN.to_owned(), id.to_string()] {
            let missing = app.get("/v1/testimonials/never");
            app.get(&format!("/v1/testimonials/{name}")).is_missing_like(&missing);
        }
    }
}

#[test]
fn a_clinic_without_a_published_text_looks_like_none() {
    let empty = TestApp::start();
    let missing = empty.get("/v1/clinic");
    for status in ["draft", "archived"] {
        let app = TestApp::start();
        Content::of(&app).clinic(&[]);
        app.sql(&format!("update clinic_texts set status = '{status}'"));
        app.get("/v1/clinic").is_missing_like(&missing);
    }
}

fn nothing_hidden_shows(app: &TestApp, hidden: &[Uuid]) {
    let lists = LISTS.map(|list| format!("/v1/{list}"));
    for address in lists.iter().map(String::as_str).chain(SHOWN) {
        says_nothing(address, &app.get(address), hidden);
    }
    let names = [HIDDEN, "hidden-work", "hidden-guide", "hidden-treatment"].map(String::from);
    let names: Vec<String> = names.into_iter().chain(hidden.iter().map(Uuid::to_string)).collect();
    for list in lists_of_hidden(&names) {
        let page = app.get(&with(&list, "include_total=true")).json();
        assert_eq!(page, json!({"items": [], "next_cursor": null, "total": 0}), "{list}");
    }
    for detail in DETAILS {
        let missing = app.get(&detail.replace("{}", "never"));
        for name in &names {
            app.get(&detail.replace("{}", name)).is_missing_like(&missing);
        }
    }
}

#[track_caller]
fn says_nothing(address: &str, answer: &Answer, hidden: &[Uuid]) {
    assert_eq!(answer.status, 200, "{address}");
    let text = answer.text().to_lowercase();
    assert!(!text.contains(HIDDEN), "{address}: {text}");
    for id in hidden {
        assert!(!text.contains(&id.to_string()), "{address}: {text}");
    }
}

fn the_counts_leave_it_out(app: &TestApp) {
    let total = |list: &str| app.get(&format!("/v1/{list}?include_total=true&limit=1")).json()["total"].clone();
    let counts = LISTS.map(total);
    assert_eq!(counts, [2, 2, 1, 1, 1, 0].map(Value::from));
    assert_eq!(app.get("/v1/topics").json()["items"][0]["article_count"], 2);
    assert_eq!(app.get("/v1/journals").json()["items"][0]["article_count"], 1);
    let related = app.get("/v1/articles/shown-work/related").json();
    assert_eq!(related["items"].as_array().map(Vec::len), Some(1));
}

/// How an editor leaves a thing that the public must not see in English.
#[derive(Debug, Clone, Copy)]
enum State {
    Draft,
    Edited,
    Scheduled,
    Unpublished,
    UnpublishedUnderAnotherSlug,
    Archived,
    Restored,
    OnlyFrench,
}

impl State {
    const ALL: [Self; 8] = [
        Self::Draft,
        Self::Edited,
        Self::Scheduled,
        Self::Unpublished,
        Self::UnpublishedUnderAnotherSlug,
        Self::Archived,
        Self::Restored,
        Self::OnlyFrench,
    ];

    /// Brings a draft there.
    fn bring(self, draft: &mut Draft<'_>) {
        let under = |slug: &str| json!({"texts": {"en-GB": {"slug": slug}}});
        match self {
            Self::Draft => {}
            Self::Edited => draft.patch(&under("hidden-edited")),
            Self::Scheduled => draft.step_with("schedule", &json!({"publish_at": "2027-01-01T00:00:00Z"})),
            Self::Unpublished => steps(draft, &["publish", "unpublish"]),
            Self::UnpublishedUnderAnotherSlug => {
                draft.step("publish");
                draft.patch(&under("hidden-edited"));
                steps(draft, &["publish", "unpublish"]);
            }
            Self::Archived => steps(draft, &["publish", "archive"]),
            Self::Restored => steps(draft, &["publish", "archive", "restore"]),
            Self::OnlyFrench => draft.step_with("publish", &json!({"locales": ["fr"]})),
        }
    }
}

fn steps(draft: &mut Draft<'_>, steps: &[&str]) {
    for step in steps {
        draft.step(step);
    }
}

/// A clinic in two languages with a work and a guide, and what an editor could write besides.
fn library() -> (TestApp, Value) {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&["fr"]);
    let topic = content.topic("shown");
    let service = content.service("shown", Condition, &[topic], &[]);
    let about = |new: NewArticle| NewArticle {
        topics: vec![topic],
        services: vec![service],
        ..new
    };
    content.article(&about(literature("shown-work", citation("11", "shown", "Ng"))));
    content.article(&about(article("shown-guide", "2026-01-01T00:00:00Z")));
    let mut hidden = about(literature("hidden-work", citation("12", HIDDEN, "Hidden")));
    hidden.texts.push(article_text("fr", "hidden-fr"));
    let hidden = serde_json::to_value(hidden.content()).expect("it is JSON");
    (app, hidden)
}

/// An answer with the ids in it numbered, as each database has its own.
fn with_numbered_ids(answer: &Answer) -> String {
    let mut ids: Vec<&str> = Vec::new();
    let text = answer.text();
    let parts: Vec<&str> = text.split('"').collect();
    let numbered = parts.iter().map(|part| match Uuid::parse_str(part) {
        Ok(_) => {
            let known = ids.iter().position(|id| id == part);
            let number = known.unwrap_or_else(|| {
                ids.push(part);
                ids.len() - 1
            });
            format!("id {number}")
        }
        Err(_) => (*part).to_owned(),
    });
    numbered.collect::<Vec<_>>().join("\"")
}

#[test]
fn an_article_that_is_not_public_looks_like_one_that_never_was_whatever_brought_it_there() {
    let (without, _) = library();
    let names = ["hidden-work", "hidden-edited"].map(String::from);
    let lists = LISTS.map(|list| format!("/v1/{list}?include_total=true"));
    let of_works = ["pmid=12", "author=Hidden", "journal=hidden"].map(|filter| format!("/v1/articles?{filter}"));
    let shown = ["shown-work", "shown-work/related", "shown-work/citation", "shown-guide"];
    let shown = shown.map(|address| format!("/v1/articles/{address}"));
    let same: Vec<String> = lists.into_iter().chain(of_works).chain(shown).collect();
    for state in State::ALL {
        let (app, hidden) = library();
        let editor = Editor::of(&app);
        let mut draft = editor.create("articles", &hidden);
        state.bring(&mut draft);
        app.wait_for_head();
        for address in &same {
            let [here, there] = [&app, &without].map(|app| app.get(address));
            assert_eq!(
                with_numbered_ids(&here),
                with_numbered_ids(&there),
                "{state:?}: {address}"
            );
        }
        let id = match state {
            // It is there by its id, in the language that it has.
            State::OnlyFrench => None,
            _ => Some(draft.id.clone()),
        };
        for name in names.iter().chain(&id) {
            for detail in &DETAILS[..4] {
                let address = detail.replace("{}", name);
                app.get(&address).is_missing_like(&without.get(&address));
            }
        }
    }
}

#[test]
fn a_translation_that_is_not_published_does_not_show() {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&["fr", "cy"]);
    let mut new = article("shown", "2026-01-01T00:00:00Z");
    new.texts.push(article_text("fr", "hidden-fr"));
    let id = content.article(&new);
    app.sql(
        "update article_texts set status = 'draft' where locale = 'fr';
         update clinic_texts set status = 'draft' where locale = 'cy'",
    );
    let read = |path: &str, language: &str| app.request("GET", path).header("Accept-Language", language).send();
    let by_id = read(&format!("/v1/articles/{id}"), "fr");
    assert_eq!(
        (by_id.header("content-language"), by_id.json()["slug"].as_str()),
        ("en-GB", Some("shown"))
    );
    let list = read("/v1/articles?include_total=true", "fr").json();
    assert_eq!(list, json!({"items": [], "next_cursor": null, "total": 0}));
    let missing = read("/v1/articles/never", "fr");
    read("/v1/articles/hidden-fr", "fr").is_missing_like(&missing);
    let clinic = read("/v1/clinic", "cy");
    assert_eq!(
        (clinic.header("content-language"), &clinic.json()["locales"]),
        ("en-GB", &json!(["en-GB", "fr"]))
    );
}
