//! The life cycle of everything that editors write, told by topics, the simplest of its kinds.

mod drafts;
mod dry_run;
mod previews;
mod publication;
mod repetition;
mod revisions;
mod schedule;

use serde_json::{Value, json};

use crate::support::{app::TestApp, content::Content, editor::Editor};

/// A topic with an English text.
fn topic(name: &str) -> Value {
    json!({"texts": {"en-GB": {"name": name}}})
}

/// An application with a clinic that speaks English and French.
fn app() -> TestApp {
    let app = TestApp::start();
    Content::of(&app).clinic(&["fr"]);
    app
}

/// The names of the topics that the public sees, as soon as the instance knows of all that was written.
fn shown(app: &TestApp) -> Vec<String> {
    app.wait_for_head();
    seen_now(app)
}

/// The names of the topics that the public sees at this moment.
fn seen_now(app: &TestApp) -> Vec<String> {
    let list = app.get("/v1/topics").json();
    let items = list["items"].as_array().expect("there is a list").iter();
    items
        .filter_map(|item| item["name"].as_str().map(str::to_owned))
        .collect()
}

/// The number of versions that an editor finds of a document.
fn versions(editor: &Editor<'_>, path: &str) -> i64 {
    let page = editor.request("GET", &format!("{path}/revisions?include_total=true&limit=1"));
    page.send().json()["total"].as_i64().expect("there is a total")
}

/// Checks that the history of every document is whole: each version from 1 on has one revision and one change,
/// which tell the same.
#[track_caller]
fn is_whole(app: &TestApp) {
    let told_apart = app.rows(
        "select coalesce(r.document_id, c.entity_id)::text, coalesce(r.version, c.version)
         from revisions r
         full join (select * from changes where entity_type <> 'api_key') c
             on c.entity_id = r.document_id and c.version = r.version
         where r.document_id is null or c.id is null or r.action <> c.action or r.actor <> c.actor
             or r.created_at <> c.occurred_at",
    );
    assert!(told_apart.is_empty(), "{told_apart:?}");
    let uneven = app.rows(
        "select d.id::text from documents d join revisions r on r.document_id = d.id
         group by d.id
         having (count(*), min(r.version), max(r.version)) <> (d.version, 1, d.version)
             or (array_agg(r.content order by r.version desc))[1] <> d.content",
    );
    assert!(uneven.is_empty(), "{uneven:?}");
    let changes = app.rows("select count(*), count(distinct (entity_id, version)), max(seq) from changes");
    let [all, different, last] = [0, 1, 2].map(|column| changes[0].get::<_, i64>(column));
    assert_eq!((all, all), (different, last));
}
