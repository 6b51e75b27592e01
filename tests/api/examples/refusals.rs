//! What is refused, and how: a reader at the demonstration clinic, patients and an editor at the clinic of the walk.

use std::{net::TcpListener, thread};

use serde_json::{Value, json};
use vertebra::access::{Scope, store::NewKey};

use super::walk::{Side, Walk};
use crate::support::{app::TestApp, client::Request, gate::Gate, poll};

const KEY: &str = "01a20846-fe00-7000-8000-0123456789ab";

/// Has everything refused that can be refused; the keys are one that may read only, and one that was revoked.
pub(super) fn walk(walk: &mut Walk, reading: &str, revoked: &str) {
    reads(walk);
    submissions(walk);
    keys(walk, reading, revoked);
    writes(walk);
    versions(walk);
    limits(walk);
    repetitions(walk);
    faults_of_ours(walk);
}

fn reads(walk: &mut Walk) {
    for (path, code) in [
        ("/v1/articles?limit=1000", "invalid_parameter"),
        ("/v1/articles?page=2", "unknown_parameter"),
        ("/v1/articles?cursor=2", "invalid_cursor"),
        ("/v1/articles?author=%00", "invalid_text"),
        ("/v1/articles/unknown", "not_found"),
    ] {
        let answer = walk.demo.get(path);
        walk.note_refusal(Side::Public, &answer, code);
    }
    for (path, code) in [
        ("articles?limit=1000", "invalid_parameter"),
        ("articles?page=2", "unknown_parameter"),
        ("articles?cursor=2", "invalid_cursor"),
        ("articles?title=%00", "invalid_text"),
        ("articles/01a20846-fe00-7000-8000-0123456789ab", "not_found"),
    ] {
        let answer = editor(walk, "GET", path).send();
        walk.note_refusal(Side::Admin, &answer, code);
    }
    let tags = "\"a\", ".repeat(2_000);
    let answer = walk
        .demo
        .request("GET", "/v1/articles")
        .header("if-none-match", &tags)
        .send();
    walk.note_refusal(Side::Public, &answer, "invalid_header");
    let cookies = "a".repeat(40_000);
    let answer = walk
        .demo
        .request("GET", "/v1/articles")
        .header("cookie", &cookies)
        .send();
    walk.note_refusal(Side::Public, &answer, "headers_too_large");
    let answer = editor(walk, "GET", "articles").header("cookie", &cookies).send();
    walk.note_refusal(Side::Admin, &answer, "headers_too_large");
}

fn editor(walk: &Walk, method: &str, path: &str) -> Request {
    walk.clinic.request(method, &format!("/v1/admin/{path}")).key(&walk.key)
}

/// Bodies that neither a patient nor an editor may send: one for all, and one that is theirs.
fn bodies(send: impl Fn() -> Request, broken: &Value) -> [(Request, &'static str); 6] {
    [
        (
            send().header("content-type", "application/json").body("{"),
            "invalid_body",
        ),
        (
            send().header("idempotency-key", "short").json(&json!({})),
            "invalid_header",
        ),
        (
            send().header("content-type", "text/plain").body("text"),
            "unsupported_media_type",
        ),
        (
            send()
                .header("content-type", "application/json")
                .body(vec![b' '; 16 << 20]),
            "payload_too_large",
        ),
        (send().json(broken), "invalid_content"),
        (
            send().header("idempotency-key", KEY).json(broken),
            "idempotency_key_reused",
        ),
    ]
}

fn submissions(walk: &mut Walk) {
    let send = || walk.clinic.request("POST", "/v1/testimonials");
    let mut submission = walk.submission();
    let first = send().header("idempotency-key", KEY).json(&submission).send();
    assert_eq!(first.status, 202, "{}", first.text());
    submission["consent"]["covers_health_data"] = json!(false);
    let answers = bodies(send, &submission).map(|(request, code)| (request.send(), code));
    for (answer, code) in answers {
        walk.note_refusal(Side::Public, &answer, code);
    }
}

fn writes(walk: &mut Walk) {
    let send = || editor(walk, "POST", "topics");
    let topic = |name: &str| json!({"texts": {"en-GB": {"name": name}}});
    let taken = json!({"texts": {"en-GB": {"slug": "disc-problems", "name": "Disc problems"}}});
    let first = send()
        .header("idempotency-key", KEY)
        .json(&topic("Spinal metastases"))
        .send();
    assert_eq!(first.status, 201, "{}", first.text());
    let mut requests = Vec::from(bodies(send, &topic("")));
    requests.push((send().json(&taken), "slug_taken"));
    requests.push((editor(walk, "POST", "clinic").json(&walk.clinic_content()), "conflict"));
    let answers: Vec<_> = requests
        .into_iter()
        .map(|(request, code)| (request.send(), code))
        .collect();
    for (answer, code) in answers {
        walk.note_refusal(Side::Admin, &answer, code);
    }
}

/// Steps with something that the editor knows badly, and with what the patient has not agreed to.
fn versions(walk: &mut Walk) {
    let (_, content) = walk.content("testimonials", "Patient with bulging disc");
    let made = editor(walk, "POST", "testimonials").json(&content).send();
    let path = made.header("location").to_owned();
    let send = |method: &str, path: &str| walk.clinic.request(method, path).key(&walk.key);
    let patch = json!({"headline": "Patient with bulging disc"});
    let answers = [
        (send("PATCH", &path).json(&patch).send(), "precondition_required"),
        (
            send("PATCH", &path).header("if-match", "\"2\"").json(&patch).send(),
            "precondition_failed",
        ),
        (
            send("POST", &format!("{path}/approve"))
                .header("if-match", made.header("etag"))
                .send(),
            "consent_missing",
        ),
    ];
    for (answer, code) in answers {
        walk.note_refusal(Side::Admin, &answer, code);
    }
}

fn keys(walk: &mut Walk, reading: &str, revoked: &str) {
    let expired = walk.clinic.key_by(
        "vertebra key",
        &NewKey {
            name: "Website 2025".to_owned(),
            scopes: vec![Scope::ContentRead],
            expires_at: Some("2026-01-01T00:00:00Z".parse().expect("the moment is valid")),
        },
    );
    let list = |key: &str| walk.clinic.request("GET", "/v1/admin/articles").key(key).send();
    let answers = [
        (walk.clinic.get("/v1/admin/articles"), "key_required"),
        (list("no-key"), "key_invalid"),
        (list(revoked), "key_revoked"),
        (list(&expired), "key_expired"),
        (
            walk.clinic
                .request("POST", "/v1/admin/articles")
                .key(reading)
                .json(&json!({}))
                .send(),
            "missing_scope",
        ),
    ];
    for (answer, code) in answers {
        walk.note_refusal(Side::Admin, &answer, code);
    }
}

/// Too many requests from one address, and too many at once.
fn limits(walk: &mut Walk) {
    let app = TestApp::builder()
        .set("VERTEBRA_SUBMISSIONS", "1,1/minute")
        .set("VERTEBRA_KEY_ATTEMPTS", "1,1/minute")
        .set("VERTEBRA_MAX_IN_FLIGHT", "1")
        .start();
    let submission = walk.submission();
    let submit = || app.request("POST", "/v1/testimonials").json(&submission).send();
    submit();
    walk.note_refusal(Side::Public, &submit(), "too_many_requests");
    let guess = || app.request("GET", "/v1/admin/articles").key("no-key").send();
    guess();
    walk.note_refusal(Side::Admin, &guess(), "too_many_requests");
    let gate = Gate::named("examples");
    thread::scope(|threads| {
        let waiting = threads.spawn(|| app.get("/test/wait/examples"));
        app.block_on(gate.arrival());
        walk.note_refusal(Side::Public, &app.get("/v1/articles"), "overloaded");
        walk.note_refusal(Side::Admin, &app.get("/v1/admin/articles"), "overloaded");
        gate.let_one_pass();
        waiting.join().expect("it is answered");
    });
}

/// The same request while it is still being carried out.
fn repetitions(walk: &mut Walk) {
    let key = "01a20846-fe00-7000-8000-ba9876543210";
    let submission = walk.submission();
    let topic = json!({"texts": {"en-GB": {"name": "Vertebral fractures"}}});
    let again = |send: &(dyn Fn() -> Request + Sync)| {
        thread::scope(|threads| {
            let lock = walk.clinic.lock("documents");
            let first = threads.spawn(|| send().send());
            poll::until("the first one waits", || walk.clinic.has_waiting());
            let second = send().send();
            lock.let_go();
            first.join().expect("it is answered");
            second
        })
    };
    let patient = again(&|| {
        walk.clinic
            .request("POST", "/v1/testimonials")
            .header("idempotency-key", key)
            .json(&submission)
    });
    let editor = again(&|| {
        editor(walk, "POST", "topics")
            .header("idempotency-key", key)
            .json(&topic)
    });
    walk.note_refusal(Side::Public, &patient, "request_in_progress");
    walk.note_refusal(Side::Admin, &editor, "request_in_progress");
}

/// A database that is away, and one that is not what it should be.
fn faults_of_ours(walk: &mut Walk) {
    let nobody = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let nobody = nobody.expect("there is a free port");
    let app = TestApp::builder()
        .on(&format!("postgres://clinic@{nobody}/clinic?sslmode=disable"))
        .start();
    walk.note_refusal(Side::Public, &app.get("/v1/articles"), "database_unavailable");
    let answer = app.request("GET", "/v1/admin/articles").key(&walk.key).send();
    walk.note_refusal(Side::Admin, &answer, "database_unavailable");
    walk.demo.sql("drop view published_articles cascade");
    let answer = walk.demo.get("/v1/articles");
    walk.note_refusal(Side::Public, &answer, "internal");
    walk.clinic.sql("alter table document_languages rename to elsewhere");
    let answer = editor(walk, "GET", "articles").send();
    walk.note_refusal(Side::Admin, &answer, "internal");
}
