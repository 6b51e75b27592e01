//! Erasure: what was erased is nowhere, and what stays says nothing.

use std::{path::Path, process::Command};

use serde_json::{Value, json};

use crate::support::{
    app::{NOW, TestApp},
    content::Content,
    patient::{SUBMIT, Staff, id_of, on_paper, submission, submit, take_back},
    poll,
};

/// Stands in everything that is to be erased.
const CANARY: &str = "canary-6f1d";

/// The whole database as text.
fn dump(app: &TestApp) -> String {
    let folder: String = app.rows("select setting from pg_config where name = 'BINDIR'")[0].get(0);
    let beside = format!("{folder}/pg_dump");
    let program = if Path::new(&beside).exists() {
        &beside
    } else {
        "pg_dump"
    };
    let output = Command::new(program)
        .args(["--inserts", "--dbname", app.database_url()])
        .output()
        .expect("pg_dump of the server's version is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("SQL is text")
}

/// A testimonial with the canary in every place that can hold words, now public.
fn with_canaries(app: &TestApp, staff: &Staff<'_>) -> (String, Value, String) {
    let mut personal = submission(CANARY, &["website", "app"]);
    personal["headline"] = json!(CANARY);
    personal["attribution"] = json!("named");
    personal["attribution_name"] = json!(CANARY);
    personal["consent"]["wording_version"] = json!(CANARY);
    personal["consent"]["contact"] = json!({"name": CANARY, "email": format!("{CANARY}@example.org")});
    let sent = app
        .request("POST", SUBMIT)
        .header("idempotency-key", "01a2097f-1116-77af-986c")
        .header("x-request-id", CANARY)
        .json(&personal)
        .send();
    let receipt = sent.json();
    let id = id_of(&receipt);
    let mut paper = on_paper(&["website", "app"]);
    paper["evidence"] = json!(CANARY);
    paper["contact"] = json!({"name": format!("{CANARY} again"), "phone": "+442079460000"});
    for (step, body) in [
        ("reject", json!({"reason": CANARY})),
        ("consent", paper),
        ("preview", json!({})),
    ] {
        let answer = staff.step(&id, step, Some(&body));
        assert!([200, 201].contains(&answer.status), "{}", answer.text());
    }
    let preview = staff.step(&id, "preview", None).json()["url"]
        .as_str()
        .expect("it has a link")
        .to_owned();
    for slug in [format!("{CANARY}-1"), format!("{CANARY}-2")] {
        let patch = json!({"slug": slug, "quote": slug, "incentive": CANARY,
            "reply": {"text": CANARY, "replied_on": "2026-11-23"}});
        assert_eq!(staff.patch(&id, &patch).status, 200);
        staff.approve(&id);
    }
    (id, receipt["withdrawal_token"].clone(), preview)
}

#[test]
fn what_was_erased_is_nowhere() {
    let app = TestApp::start();
    Content::of(&app).clinic(&[]);
    let staff = Staff::of(&app);
    let kept = id_of(&submit(&app, &submission("This one stays.", &["website"])));
    let (id, token, preview) = with_canaries(&app, &staff);
    let answers = format!("select from idempotency_keys where document_id = '{id}'");
    assert_eq!(app.rows(&answers).len(), 1);
    let moved = app.get(&format!("/v1/testimonials/{CANARY}-1"));
    assert_eq!(moved.status, 308);
    let pages = ["/v1/testimonials", &format!("/v1/testimonials/{id}"), &preview];
    assert!(pages.iter().all(|page| app.get(page).text().contains(CANARY)));
    assert!(dump(&app).matches(CANARY).count() > 20);

    let erased = staff.step(&id, "erase", Some(&json!({"reason": "requested"})));
    assert_eq!(erased.status, 200, "{}", erased.text());
    let stays = erased.json();
    assert_eq!((&stays["id"], &stays["erased_at"]), (&json!(id), &json!(NOW)));
    let text = dump(&app);
    assert!(
        !text.contains(CANARY),
        "{}",
        text.lines().find(|line| line.contains(CANARY)).unwrap_or_default()
    );
    // They are encrypted, so that the dump would not tell.
    assert_eq!(app.rows(&answers).len(), 0);
    assert!(text.contains("This one stays.") && text.contains(&kept));
    poll::until("the instance has heard of it", || {
        !app.get("/v1/testimonials").text().contains(CANARY)
    });
    let missing = app.get("/v1/testimonials/never");
    for name in [id.clone(), format!("{CANARY}-1"), format!("{CANARY}-2")] {
        app.get(&format!("/v1/testimonials/{name}")).is_missing_like(&missing);
    }
    app.get(&preview).problem(404, "not_found");
    take_back(&app, &token).problem(404, "not_found");
    for path in ["", "/case", "/consent", "/revisions"] {
        let answer = staff.request("GET", &format!("testimonials/{id}{path}")).send();
        answer.problem(404, "not_found");
    }
    assert_eq!(staff.read("erasures")["items"], json!([stays]));
    let tombstone = app.rows("select entity_id::text, version from changes where action = 'erased'");
    assert_eq!(tombstone.len(), 1);
    assert_eq!(tombstone[0].get::<_, String>(0), id);
    let chain = format!("select version from changes where entity_id = '{id}' order by seq");
    let versions: Vec<i64> = app.rows(&chain).iter().map(|row| row.get(0)).collect();
    assert_eq!(versions, (1..=versions.len() as i64).collect::<Vec<_>>());
}

#[test]
fn erasure_needs_the_version_a_reason_and_something_to_erase() {
    let app = TestApp::start();
    Content::of(&app).clinic(&[]);
    let staff = Staff::of(&app);
    let id = id_of(&submit(&app, &submission("It helped.", &["website"])));
    let path = format!("testimonials/{id}/erase");
    let reason = json!({"reason": "requested"});
    staff
        .request("POST", &path)
        .json(&reason)
        .send()
        .problem(428, "precondition_required");
    let stale = staff.request("POST", &path).header("if-match", "\"x.1\"");
    stale.json(&reason).send().problem(412, "precondition_failed");
    staff
        .step(&id, "erase", Some(&json!({"reason": "A. Patient asked"})))
        .problem(400, "invalid_body");
    let tried = staff.step(&id, "erase?dry_run=true", Some(&reason));
    assert_eq!(tried.status, 200);
    assert_eq!(staff.state(&id), "submitted");
    assert_eq!(staff.read("erasures")["items"], json!([]));
    assert_eq!(staff.step(&id, "erase", Some(&reason)).status, 200);
    let gone = staff
        .request("POST", &path)
        .header("if-match", "*")
        .json(&reason)
        .send();
    gone.problem(404, "not_found");
}

#[test]
fn history_and_ledger_let_nothing_go_but_by_erasure() {
    let app = TestApp::start();
    Content::of(&app).clinic(&[]);
    let staff = Staff::of(&app);
    let id = id_of(&submit(&app, &submission("It helped.", &["website"])));
    let other = id_of(&submit(&app, &submission("It did.", &["website"])));
    assert_eq!(
        staff.step(&id, "erase", Some(&json!({"reason": "unlawful"}))).status,
        200
    );
    for sql in [
        format!("delete from revisions where document_id = '{other}'"),
        format!("begin; set local vertebra.erasing = '{id}'; delete from revisions; commit"),
        "delete from erasures".to_owned(),
        "update erasures set reason = 'requested'".to_owned(),
        "truncate erasures".to_owned(),
        "delete from changes".to_owned(),
    ] {
        assert!(app.try_sql(&sql).is_err(), "{sql}");
    }
}
