//! Patients send testimonials and take them back, and staff decide on them.

use serde_json::{Value, json};

use super::{
    documents::{forget, history, preview, put_away},
    walk::{Known, Walk},
};

/// Takes every step that there is with a testimonial.
pub(super) fn walk(walk: &mut Walk) {
    enter(walk);
    decide(walk);
    let receipt = submit(walk);
    let mut case = case_of(walk, &receipt);
    walk.step("approveTestimonial", &mut case, None);
    let token = json!({"token": receipt["withdrawal_token"]});
    walk.visit("withdrawTestimonialConsent", json!({}), Some(token));
}

/// Staff enter what the clinic's page shows, with the consent on paper.
fn enter(walk: &mut Walk) {
    let (_, mut content) = walk.content("testimonials", "Degenerate lumbar disc");
    let patch = forget(&mut content, "/headline");
    let mut known = Known::of(&walk.make("createTestimonial", json!({}), content));
    walk.step("updateTestimonial", &mut known, Some(patch));
    walk.look("getTestimonial", known.named());
    walk.look("listTestimonials", json!({"limit": 1, "include_total": true}));
    history(walk, "Testimonial", &mut known);
    let consent = json!({
        "channels": ["website", "app"],
        "wording_version": "2026-11",
        "covers_health_data": true,
        "evidence": "Signed form in the patient's file.",
        "given_at": "2026-11-20T10:00:00Z",
        "expires_at": "2028-11-20T10:00:00Z",
        "contact": {"name": "Name of the patient", "email": "patient@example.org"},
    });
    walk.step("recordTestimonialConsent", &mut known, Some(consent));
    walk.look("getTestimonialConsent", known.named());
    // A preview needs the consent that the publication will need.
    preview(walk, "previewTestimonial", known.named(), &["en-GB"]);
    walk.step("approveTestimonial", &mut known, None);
    walk.step("unpublishTestimonial", &mut known, Some(json!({"locales": ["en-GB"]})));
    put_away(walk, "Testimonial", &mut known);
}

/// Staff look at what patients have sent.
fn decide(walk: &mut Walk) {
    let receipt = submit(walk);
    let queue = json!({"state": "submitted", "limit": 1, "include_total": true});
    walk.look("listTestimonialQueue", queue);
    let mut case = case_of(walk, &receipt);
    walk.step("approveTestimonial", &mut case, None);
    walk.step("withdrawTestimonial", &mut case, None);
    walk.step("eraseTestimonial", &mut case, Some(json!({"reason": "consent_ended"})));
    walk.look("listErasures", json!({"limit": 1, "include_total": true}));
    let receipt = submit(walk);
    let mut case = case_of(walk, &receipt);
    let reason = json!({"reason": "The clinic shows these words already."});
    walk.step("rejectTestimonial", &mut case, Some(reason));
}

fn submit(walk: &mut Walk) -> Value {
    let submission = walk.submission();
    walk.visit("submitTestimonial", json!({}), Some(submission)).json()
}

fn case_of(walk: &mut Walk, receipt: &Value) -> Known {
    Known::of(&walk.look("getTestimonialCase", json!({"id": receipt["id"]})))
}
