//! What succeeds: the life of each kind of content, of a testimonial and of a key, from the first draft to the end.

use serde::Serialize;
use serde_json::Value;
use vertebra::services::wire::ServiceKind;

use super::{Operation, World, operations};
use crate::support::{client::Answer, content};

fn json(content: impl Serialize) -> Value {
    serde_json::to_value(content).expect("it is JSON")
}

/// Each kind of content that an editor brings to the public, in the order in which one needs the other.
fn kinds() -> [(&'static str, Value); 5] {
    let article = content::article("guide", "2026-01-01T00:00:00Z");
    [
        ("clinic", json(content::clinic(&[]))),
        ("locations", json(content::location("place", 1, true))),
        ("topics", json(content::topic("spine"))),
        (
            "services",
            json(content::service("surgery", ServiceKind::Treatment, &[], &[])),
        ),
        ("articles", json(article.content())),
    ]
}

impl World {
    /// Sends a request that must succeed.
    #[track_caller]
    fn succeeds(&self, operation: &Operation, body: Option<&Value>) -> Answer {
        let mut statuses = operation.declared["responses"]
            .as_object()
            .expect("it has answers")
            .keys();
        let success = statuses.find(|status| status.starts_with('2')).expect("it can succeed");
        let call = self.call(operation);
        let call = match body {
            Some(body) => call.body(body),
            None => call,
        };
        call.is_answered(&self.app, success.parse().expect("it is a number"), &[])
    }

    #[track_caller]
    fn does(&self, is_admin: bool, id: &str) -> Answer {
        let operations = operations();
        let mut found = operations
            .iter()
            .filter(|operation| operation.is_admin() == is_admin && operation.id() == id);
        self.succeeds(found.next().unwrap_or_else(|| panic!("{id} is no operation")), None)
    }

    fn keep(&mut self, is_admin: bool, collection: &'static str, thing: &Value) {
        let thing = thing.as_str().expect("it is a text").to_owned();
        self.things.insert((is_admin, collection), thing);
    }
}

/// The body of a step with a document in all its languages.
fn whole(step: &Operation) -> Value {
    match step.id().starts_with("schedule") {
        true => serde_json::json!({"publish_at": "2027-01-01T09:00:00Z"}),
        false => serde_json::json!({}),
    }
}

#[test]
fn every_kind_of_content_lives_from_draft_to_archive() {
    let mut world = World::empty();
    for (collection, content) in kinds() {
        // The document has them in the order in which they can be done, but that it lists before it makes.
        let operations: Vec<_> = operations()
            .into_iter()
            .filter(|operation| operation.is_admin() && operation.collection() == collection)
            .collect();
        let creates = |operation: &&Operation| operation.id().starts_with("create");
        let create = operations.iter().find(creates).expect("it can be made");
        let made = world.succeeds(create, Some(&content)).json();
        world.keep(true, collection, &made["id"]);
        for operation in operations.iter().filter(|operation| !creates(operation)) {
            // A place has no languages to name.
            let body = operation.example().is_some().then(|| whole(operation));
            let answer = world.succeeds(operation, body.as_ref());
            if operation.id().starts_with("preview") {
                let preview = answer.json();
                world.keep(true, "previews", &preview["id"]);
                world.keep(false, "preview", &preview["token"]);
            }
        }
        world.does(false, "getPreview");
        world.does(true, "revokePreview");
    }
    world.does(true, "listReviews");
    world.does(true, "listChanges");
}

#[test]
fn what_is_archived_is_not_changed() {
    let mut world = World::empty();
    let things = kinds()
        .into_iter()
        .chain([("testimonials", json(content::testimonial("mine")))]);
    for (collection, content) in things.filter(|(collection, _)| *collection != "clinic") {
        let operations = operations().into_iter();
        let operations: Vec<_> = operations
            .filter(|operation| operation.is_admin() && operation.collection() == collection)
            .collect();
        let [create, archive, update] = ["create", "archive", "update"].map(|step| {
            let mut found = operations.iter().filter(|operation| operation.id().starts_with(step));
            found.next().unwrap_or_else(|| panic!("{collection} has no {step}"))
        });
        let made = world.succeeds(create, Some(&content)).json();
        world.keep(true, collection, &made["id"]);
        world.succeeds(archive, None);
        world.call(update).is_answered(&world.app, 409, &["conflict"]);
    }
}

#[test]
fn a_testimonial_lives_from_its_submission_to_its_erasure() {
    let mut world = World::empty();
    let receipt = world.submission().is_answered(&world.app, 202, &[]).json();
    world.keep(true, "testimonials", &receipt["id"]);
    for id in [
        "listTestimonialQueue",
        "listTestimonials",
        "getTestimonialCase",
        "getTestimonialConsent",
        "recordTestimonialConsent",
        "getTestimonial",
        "updateTestimonial",
        "approveTestimonial",
        "previewTestimonial",
        "unpublishTestimonial",
        "archiveTestimonial",
        "restoreTestimonial",
        "listTestimonialRevisions",
        "getTestimonialRevision",
        "restoreTestimonialRevision",
        "compareTestimonialRevisions",
        "approveTestimonial",
        "rejectTestimonial",
        "withdrawTestimonial",
    ] {
        world.does(true, id);
    }
    let token = serde_json::json!({"token": receipt["withdrawal_token"]});
    let call = world.named(false, "withdrawTestimonialConsent").body(&token);
    call.is_answered(&world.app, 200, &[]);
    world.does(true, "eraseTestimonial");
    world.does(true, "listErasures");
    world.does(false, "summariseTestimonials");
    let call = world
        .named(true, "createTestimonial")
        .body(&json(content::testimonial("mine")));
    call.is_answered(&world.app, 201, &[]);
}

#[test]
fn a_key_lives_until_it_is_revoked() {
    let mut world = World::empty();
    let made = world.does(true, "createApiKey").json();
    world.keep(true, "keys", &made["api_key"]["id"]);
    for id in ["listApiKeys", "getApiKey", "rotateApiKey", "revokeApiKey"] {
        world.does(true, id);
    }
}
