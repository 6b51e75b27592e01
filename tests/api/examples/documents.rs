//! An editor enters content of the demonstration into an empty clinic, one document of each kind, and takes every step
//! with it.

use serde_json::{Value, json};

use super::walk::{Known, Walk};
use crate::support::client::Answer;

/// A kind of document, as operations and addresses call it, and one that the demonstration has of it.
struct Kind {
    one: &'static str,
    many: &'static str,
    collection: &'static str,
    title: &'static str,
    /// What the editor forgets at first: a pointer into the content.
    forgotten: &'static str,
    locales: &'static [&'static str],
}

const KINDS: [Kind; 4] = [
    Kind {
        one: "Topic",
        many: "Topics",
        collection: "topics",
        title: "Disc problems",
        forgotten: "/texts/en-GB/description",
        locales: &["en-GB"],
    },
    Kind {
        one: "Location",
        many: "Locations",
        collection: "locations",
        title: "London Spine Unit, Harley Street",
        forgotten: "/address/formatted",
        locales: &[],
    },
    Kind {
        one: "Service",
        many: "Services",
        collection: "services",
        title: "Degenerate lumbar disc",
        forgotten: "/topics",
        locales: &["en-GB"],
    },
    Kind {
        one: "Article",
        many: "Articles",
        collection: "articles",
        title: "Systematic literature review of imaging features of spinal degeneration in asymptomatic populations",
        forgotten: "/services",
        locales: &["en-GB"],
    },
];

/// Enters everything.
pub(super) fn walk(walk: &mut Walk) {
    clinic(walk);
    let [.., mut article] = KINDS.map(|kind| enter(walk, &kind));
    review(walk, &mut article);
}

/// Takes out what the editor forgets, and gives the patch that adds it.
pub(super) fn forget(content: &mut Value, pointer: &str) -> Value {
    let (parent, name) = pointer.rsplit_once('/').expect("it is a pointer");
    let parent = content.pointer_mut(parent).and_then(Value::as_object_mut);
    let forgotten = parent.expect("there is a parent").shift_remove(name);
    let forgotten = forgotten.expect("the demonstration has it");
    pointer
        .rsplit('/')
        .filter(|name| !name.is_empty())
        .fold(forgotten, |patch, name| json!({name: patch}))
}

fn clinic(walk: &mut Walk) {
    let mut content = walk.clinic_content();
    let patch = forget(&mut content, "/founded_year");
    let mut known = Known::of(&walk.make("createClinic", json!({}), content));
    let none = || json!({});
    walk.step_at("updateClinic", none(), &mut known, Some(patch));
    walk.look("getClinic", none());
    walk.make("previewClinic", none(), json!({"locale": "en-GB", "hours": 72}));
    walk.look("compareClinicRevisions", json!({"from": 1, "to": 2}));
    walk.look("listClinicRevisions", json!({"limit": 2}));
    walk.look("getClinicRevision", json!({"version": 1}));
    for version in [1, 2] {
        let version = json!({"version": version});
        walk.step_at("restoreClinicRevision", version, &mut known, None);
    }
    let locales = Some(json!({"locales": ["en-GB"]}));
    walk.step_at("scheduleClinic", none(), &mut known, Some(schedule(&["en-GB"])));
    walk.step_at("publishClinic", none(), &mut known, locales.clone());
    walk.step_at("unpublishClinic", none(), &mut known, locales.clone());
    walk.step_at("publishClinic", none(), &mut known, locales);
}

fn enter(walk: &mut Walk, kind: &Kind) -> Known {
    let (there, mut content) = walk.content(kind.collection, kind.title);
    let patch = forget(&mut content, kind.forgotten);
    let made = walk.make(&format!("create{}", kind.one), json!({}), content);
    let mut known = Known::of(&made);
    walk.remember(there, &known);
    walk.step(&format!("update{}", kind.one), &mut known, Some(patch));
    walk.look(&format!("get{}", kind.one), known.named());
    walk.look(
        &format!("list{}", kind.many),
        json!({"status": "draft", "title": kind.title, "limit": 1, "include_total": true}),
    );
    preview(walk, &format!("preview{}", kind.one), known.named(), kind.locales);
    history(walk, kind.one, &mut known);
    let schedule = schedule(kind.locales);
    walk.step(&format!("schedule{}", kind.one), &mut known, Some(schedule));
    let locales = || Some(json!({"locales": kind.locales}));
    walk.step(&format!("publish{}", kind.one), &mut known, locales());
    walk.step(&format!("unpublish{}", kind.one), &mut known, locales());
    put_away(walk, kind.one, &mut known);
    walk.step(&format!("publish{}", kind.one), &mut known, locales());
    known
}

/// Reads the versions of a document, and goes back to its first and forth again.
pub(super) fn history(walk: &mut Walk, one: &str, known: &mut Known) {
    let document = known.named();
    let at = |more: Value| {
        let mut parameters = document.clone();
        let more = more.as_object().cloned().unwrap_or_default();
        parameters.as_object_mut().expect("it is an object").extend(more);
        parameters
    };
    walk.look(&format!("compare{one}Revisions"), at(json!({"from": 1, "to": 2})));
    walk.look(&format!("list{one}Revisions"), at(json!({"limit": 2})));
    walk.look(&format!("get{one}Revision"), at(json!({"version": 1})));
    for version in [1, 2] {
        let version = at(json!({"version": version}));
        walk.step_at(&format!("restore{one}Revision"), version, known, None);
    }
}

/// Puts a document away and takes it up again.
pub(super) fn put_away(walk: &mut Walk, one: &str, known: &mut Known) {
    walk.step(&format!("archive{one}"), known, None);
    walk.step(&format!("restore{one}"), known, None);
}

/// Makes a link to a draft, follows it, and takes it back.
pub(super) fn preview(walk: &mut Walk, operation: &str, parameters: Value, locales: &[&str]) {
    let wish = match locales.first() {
        Some(locale) => json!({"locale": locale, "hours": 72}),
        None => json!({"hours": 72}),
    };
    let made = walk.make(operation, parameters, wish).json();
    walk.visit("getPreview", json!({"token": made["token"]}), None);
    walk.look("revokePreview", json!({"id": made["id"]}));
}

fn schedule(locales: &[&str]) -> Value {
    json!({"locales": locales, "publish_at": "2099-01-01T09:00:00Z", "unpublish_at": null})
}

/// Has a text reviewed and looks when the next review is due.
fn review(walk: &mut Walk, article: &mut Known) {
    let review = json!({
        "reviewed_by": "Name and qualification of the reviewer",
        "last_reviewed_on": "2026-11-23",
        "next_review_due_on": "2027-11-23",
    });
    let patch = json!({"texts": {"en-GB": {"review": review}}});
    walk.step("updateArticle", article, Some(patch));
    walk.look(
        "listReviews",
        json!({"due_before": "2028-01-01", "limit": 1, "include_total": true}),
    );
}

impl Known {
    /// What an answer says was made.
    #[track_caller]
    pub(super) fn of(made: &Answer) -> Self {
        Self {
            id: made.json()["id"].as_str().expect("there is an id").to_owned(),
            etag: made.header("etag").to_owned(),
        }
    }
}
