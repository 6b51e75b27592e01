//! What patients send: taken in with their consent, seen by nobody before approval, taken back at any time.

use serde_json::{Value, json};

use crate::support::{
    app::{NOW, TestApp},
    content::Content,
    log,
    patient::{SUBMIT, Staff, id_of, submission, submit, take_back},
    poll, refusal,
};

/// Stands in everything personal that a test sends.
const CANARY: &str = "canary-9b2e";

fn clinic() -> TestApp {
    let app = TestApp::start();
    Content::of(&app).clinic(&["fr"]);
    app
}

/// A submission with everything in it.
fn full() -> Value {
    let mut full = submission("It helped.\n\nVery much.", &["app", "website", "app"]);
    full["headline"] = json!("Good");
    full["rating"] = json!(4);
    full["locale"] = json!("fr");
    full["attribution"] = json!("initials");
    full["attribution_name"] = json!("J. D.");
    full["treated_month"] = json!("2026-05");
    full
}

#[test]
fn a_submission_is_answered_with_a_receipt_and_seen_by_nobody() {
    let app = clinic();
    let answer = app.request("POST", SUBMIT).json(&full()).send();
    assert_eq!((answer.status, answer.header("cache-control")), (202, "no-store"));
    let receipt = answer.json();
    let id = id_of(&receipt);
    assert_eq!(receipt["received_at"], NOW);
    assert_eq!(app.get("/v1/testimonials").json()["items"], json!([]));
    let missing = app.get("/v1/testimonials/never");
    app.get(&format!("/v1/testimonials/{id}")).is_missing_like(&missing);
    let staff = Staff::of(&app);
    let queue = staff.read("testimonials/queue?state=submitted&include_total=true");
    assert_eq!(
        queue["items"],
        json!([{
            "id": id, "version": 1, "state": "submitted", "reason": null, "source": "patient", "received_at": NOW,
            "decided_at": null, "locale": "fr", "headline": "Good", "excerpt": "It helped.\n\nVery much.", "rating": 4,
            "consent_channels": ["website", "app"], "consent_expires_at": "2028-11-23T12:00:00Z",
        }])
    );
    let document = staff.read(&format!("testimonials/{id}"));
    let slug = document["content"]["slug"]
        .as_str()
        .expect("there is a slug")
        .to_owned();
    assert!(slug.starts_with("testimonial-") && slug.len() == 28, "{slug}");
    assert_eq!(
        document["content"],
        json!({
            "slug": slug, "locale": "fr", "headline": "Good", "quote": "It helped.\n\nVery much.",
            "is_incomplete": false, "attribution": "initials", "attribution_name": "J. D.", "rating": 4,
            "service_id": null, "condition_id": null, "treated_month": "2026-05", "received_on": "2026-11-23",
            "incentive": null, "reply": null,
        })
    );
    let record = staff.read(&format!("testimonials/{id}/consent"));
    assert_eq!(
        record["contact"],
        json!({"name": "A Patient", "email": "patient@example.org", "phone": null})
    );
    assert_eq!(record["consents"][0]["recorded_by"], "patient");
}

#[test]
fn what_is_wrong_is_told_all_at_once() {
    let app = clinic();
    let wrong = json!({
        "locale": "english", "headline": "", "quote": " ", "rating": 6, "attribution": "named", "service": "Fusion",
        "condition": "unknown", "treated_month": "May 2026",
        "consent": {
            "channels": [], "wording_version": "", "covers_health_data": false, "contact": {"name": "", "phone": null},
        },
    });
    let answer = app.request("POST", SUBMIT).json(&wrong).send();
    refusal::check(
        &answer,
        Some(SUBMIT),
        (422, "invalid_content"),
        &[
            "/body/consent/channels",
            "/body/consent/contact",
            "/body/consent/contact/name",
            "/body/consent/covers_health_data",
            "/body/consent/wording_version",
            "/body/headline",
            "/body/locale",
            "/body/quote",
            "/body/rating",
            "/body/service",
            "/body/treated_month",
            "/body/attribution_name",
            "/body/condition",
        ],
    );
    let mut unknown = full();
    unknown["status"] = json!("published");
    app.request("POST", SUBMIT)
        .json(&unknown)
        .send()
        .problem(400, "invalid_body");
    let mut anonymous = full();
    anonymous["attribution"] = json!("anonymous");
    let problem = app.request("POST", SUBMIT).json(&anonymous).send();
    assert_eq!(
        problem.problem(422, "invalid_content")["errors"][0]["pointer"],
        "/body/attribution_name"
    );
    assert_eq!(
        app.rows("select from documents where entity_type = 'testimonial'")
            .len(),
        0
    );
}

#[test]
fn a_long_body_is_refused() {
    let app = clinic();
    let mut long = full();
    long["headline"] = json!("a".repeat(66_000));
    app.request("POST", SUBMIT)
        .json(&long)
        .send()
        .problem(413, "payload_too_large");
}

#[test]
fn a_repeated_submission_is_taken_in_once() {
    let app = clinic();
    let send = |quote: &str| {
        app.request("POST", SUBMIT)
            .header("idempotency-key", "01a2097f-1116-77af-986c")
            .json(&submission(quote, &["website"]))
            .send()
    };
    let first = send("It helped.");
    let again = send("It helped.");
    assert_eq!((again.status, again.json()), (202, first.json()));
    send("It did not.").problem(422, "idempotency_key_reused");
    assert_eq!(
        app.rows("select from documents where entity_type = 'testimonial'")
            .len(),
        1
    );
    let tried = app
        .request("POST", "/v1/testimonials?dry_run=true")
        .json(&full())
        .send();
    assert_eq!((tried.status, &tried.json()["withdrawal_token"]), (200, &Value::Null));
}

#[test]
fn an_address_sends_only_so_much() {
    let app = TestApp::builder().set("VERTEBRA_SUBMISSIONS", "2,1/day").start();
    Content::of(&app).clinic(&[]);
    submit(&app, &full());
    submit(&app, &full());
    let refused = app.request("POST", SUBMIT).json(&full()).send();
    refused.problem(429, "too_many_requests");
    assert_ne!(refused.header("retry-after"), "");
    for _ in 0..2 {
        take_back(&app, &json!("x")).problem(404, "not_found");
    }
    take_back(&app, &json!("x")).problem(429, "too_many_requests");
    assert_eq!(app.get("/v1/testimonials").status, 200);
}

#[test]
fn a_patient_takes_the_consent_back() {
    let app = clinic();
    let staff = Staff::of(&app);
    let receipt = submit(&app, &full());
    let (id, token) = (id_of(&receipt), &receipt["withdrawal_token"]);
    staff.approve(&id);
    let missing = app.get("/v1/testimonials/never");
    assert_eq!(app.get(&format!("/v1/testimonials/{id}")).status, 200);
    let done = take_back(&app, token);
    assert_eq!((done.status, done.header("cache-control")), (200, "no-store"));
    assert_eq!(done.json(), json!({"id": id, "withdrawn_at": NOW}));
    poll::until("the instance has heard of it", || {
        app.get(&format!("/v1/testimonials/{id}")).status == 404
    });
    app.get(&format!("/v1/testimonials/{id}")).is_missing_like(&missing);
    app.set_clock("2026-12-01T00:00:00Z");
    assert_eq!(take_back(&app, token).json(), done.json());
    take_back(&app, &json!("unknown")).problem(404, "not_found");
    assert_eq!(staff.state(&id), "withdrawn");
    staff.step(&id, "approve", None).problem(409, "consent_missing");
    let actions = app.rows("select action || ' ' || actor from changes where entity_type = 'testimonial' order by seq");
    let actions: Vec<String> = actions.iter().map(|row| row.get(0)).collect();
    assert_eq!(actions[0], "created patient");
    assert_eq!(actions[2], "withdrawn patient");
    assert_eq!(actions.len(), 3);
    let consents = staff.read(&format!("testimonials/{id}/consent"));
    assert_eq!(consents["consents"][0]["withdrawn_at"], NOW);
}

#[test]
fn a_testimonial_that_was_never_public_can_be_taken_back_too() {
    let app = clinic();
    let staff = Staff::of(&app);
    let receipt = submit(&app, &full());
    assert_eq!(take_back(&app, &receipt["withdrawal_token"]).status, 200);
    assert_eq!(staff.state(&id_of(&receipt)), "withdrawn");
}

#[test]
fn the_summary_counts_what_came_and_what_became_of_it() {
    let app = TestApp::builder()
        .set("VERTEBRA_REVIEW_POLICY_URL", "https://www.example.org/policy")
        .start();
    Content::of(&app).clinic(&[]);
    let staff = Staff::of(&app);
    let submitted = |rating: Value| {
        let mut content = full();
        content["rating"] = rating;
        id_of(&submit(&app, &content))
    };
    let (good, bad) = (submitted(json!(5)), submitted(json!(1)));
    submitted(json!(null));
    staff.approve(&good);
    staff.patch(&bad, &json!({"rating": 5}));
    staff.step(&bad, "reject", Some(&json!({"reason": "It names staff."})));
    let answer = app.get("/v1/testimonials/summary");
    assert!(answer.header("cache-control").starts_with("public"));
    let summary = answer.json();
    assert_eq!(summary["policy_url"], "https://www.example.org/policy");
    let count = |rating: Value, published: i32, rejected: i32| json!({"rating": rating, "received": 1, "published": published, "rejected": rejected});
    assert_eq!(summary["by_rating"][0], count(json!(null), 0, 0));
    assert_eq!(summary["by_rating"][1], count(json!(1), 0, 1));
    assert_eq!(summary["by_rating"][5], count(json!(5), 1, 0));
    assert_eq!(summary["by_rating"][2]["received"], 0);
    let totals = ["received", "published", "rejected"].map(|name| summary[name].clone());
    assert_eq!(totals, [3, 1, 1].map(Value::from));
}

#[test]
fn nothing_personal_is_in_the_log() {
    let app = clinic();
    let staff = Staff::of(&app);
    let mut personal = full();
    for field in ["headline", "quote", "attribution_name"] {
        personal[field] = json!(CANARY);
    }
    personal["consent"]["contact"] = json!({"name": CANARY, "email": format!("{CANARY}@example.org")});
    let receipt = submit(&app, &personal);
    let id = id_of(&receipt);
    let mut wrong = personal.clone();
    wrong["locale"] = json!(CANARY);
    wrong["rating"] = json!(CANARY);
    wrong[CANARY] = json!(true);
    let refused = app.request("POST", SUBMIT).json(&wrong).send();
    let errors = refused.problem(400, "invalid_body")["errors"].clone();
    let details: Vec<&Value> = errors
        .as_array()
        .expect("they are listed")
        .iter()
        .map(|error| &error["detail"])
        .collect();
    assert!(!json!(details).to_string().contains(CANARY), "{details:?}");
    wrong.as_object_mut().expect("it is an object").remove(CANARY);
    wrong["rating"] = json!(9);
    let refused = app.request("POST", SUBMIT).json(&wrong).send();
    refused.problem(422, "invalid_content");
    assert!(!refused.text().contains(CANARY));
    staff.patch(&id, &json!({"quote": format!("{CANARY}, edited")}));
    staff.step(&id, "reject", Some(&json!({"reason": CANARY})));
    staff.approve(&id);
    let token = receipt["withdrawal_token"].as_str().expect("there is a token");
    take_back(&app, &receipt["withdrawal_token"]);
    take_back(&app, &json!(CANARY));
    let half = &submission(CANARY, &["website"]).to_string()[..40];
    app.request("POST", SUBMIT)
        .header("content-type", "application/json")
        .body(half)
        .send();
    let lines = log::all();
    assert!(lines.iter().any(|line| line.contains("/v1/testimonials")), "{lines:?}");
    for secret in [CANARY, token] {
        let found: Vec<&String> = lines.iter().filter(|line| line.contains(secret)).collect();
        assert!(found.is_empty(), "{found:?}");
    }
}
