//! What staff do with testimonials: they approve, reject, edit with a mark, answer and tell of incentives.

use serde_json::{Value, json};
use vertebra::access::Scope;

use crate::support::{
    app::{NOW, TestApp},
    content::Content,
    list::column,
    patient::{Staff, id_of, on_paper, submission, submit, take_back, written_down},
    poll,
};

fn clinic() -> TestApp {
    let app = TestApp::builder().set("VERTEBRA_SUBMISSIONS", "100,100/second").start();
    Content::of(&app).clinic(&[]);
    app
}

/// A testimonial that a patient sent, approved as it came.
fn approved(app: &TestApp, staff: &Staff<'_>) -> String {
    let mut content = submission("It helped.", &["website", "app"]);
    content["rating"] = json!(4);
    let id = id_of(&submit(app, &content));
    staff.approve(&id);
    id
}

fn public(app: &TestApp, id: &str) -> Value {
    app.get(&format!("/v1/testimonials/{id}")).json()
}

#[test]
fn the_queue_shows_first_what_came_first() {
    let app = clinic();
    let staff = Staff::of(&app);
    let ids = ["2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z"].map(|at| {
        app.set_clock(at);
        id_of(&submit(&app, &submission("It helped.", &["website"])))
    });
    let queue = |query: &str| {
        let answer = staff.request("GET", &format!("testimonials/queue?{query}")).send();
        column(&answer, "id")
    };
    assert_eq!(queue(""), ids);
    let page = staff.read("testimonials/queue?limit=2");
    let cursor = page["next_cursor"].as_str().expect("there is more");
    assert_eq!(queue(&format!("limit=2&cursor={cursor}")), ids[2..]);
    staff.patch(&ids[0], &json!({"is_incomplete": true}));
    staff.step(&ids[1], "reject", Some(&json!({"reason": "Not about us."})));
    assert_eq!(queue("state=in_review"), ids[..1]);
    assert_eq!(queue("state=rejected"), ids[1..2]);
    assert_eq!(queue("state=submitted"), ids[2..]);
    assert_eq!(staff.step(&ids[2], "archive", None).status, 200);
    assert_eq!(queue("state=submitted"), Vec::<String>::new());
    let refused = staff.request("GET", "testimonials/queue?state=lost").send();
    refused.problem(400, "invalid_parameter");
}

#[test]
fn what_staff_change_of_the_patient_s_own_is_marked() {
    let app = clinic();
    let staff = Staff::of(&app);
    let id = approved(&app, &staff);
    let shown = public(&app, &id);
    assert_eq!(
        (&shown["is_edited"], &shown["edited_on"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(shown["headline"], "It helped.");
    app.set_clock("2026-11-25T12:00:00Z");
    assert_eq!(staff.patch(&id, &json!({"treated_month": "2026-05"})).status, 200);
    staff.approve(&id);
    poll::until("it is public", || public(&app, &id)["treated_month"] == "2026-05");
    assert_eq!(public(&app, &id)["is_edited"], false);
    for (patch, day) in [
        (json!({"quote": "It helped much."}), "2026-11-26"),
        (json!({"rating": 5, "quote": "It helped."}), "2026-11-27"),
        (json!({"rating": 4, "headline": "Good"}), "2026-11-28"),
    ] {
        app.set_clock(&format!("{day}T12:00:00Z"));
        assert_eq!(staff.patch(&id, &patch).status, 200);
        assert_ne!(
            public(&app, &id)["edited_on"],
            day,
            "an edit is not public before it is approved"
        );
        staff.approve(&id);
        poll::until("the edit is public and marked", || {
            public(&app, &id)["edited_on"] == day
        });
        assert_eq!(app.get("/v1/testimonials").json()["items"][0]["is_edited"], true);
    }
    staff.patch(&id, &json!({"headline": null}));
    staff.approve(&id);
    poll::until("it is as it came", || public(&app, &id)["is_edited"] == false);
}

#[test]
fn staff_correct_what_they_wrote_down_themselves_until_it_is_public() {
    let app = clinic();
    let staff = Staff::of(&app);
    let id = staff.create(&written_down("It helpd."));
    staff.step(&id, "consent", Some(&on_paper(&["website", "app"])));
    staff.patch(&id, &json!({"quote": "It helped."}));
    staff.approve(&id);
    assert_eq!(public(&app, &id)["is_edited"], false);
    staff.patch(&id, &json!({"quote": "It helped much."}));
    staff.approve(&id);
    poll::until("the edit is public and marked", || {
        public(&app, &id)["is_edited"] == true
    });
}

#[test]
fn answers_and_incentives_are_shown() {
    let app = clinic();
    let staff = Staff::of(&app);
    let id = approved(&app, &staff);
    let patch = json!({"incentive": "A voucher", "reply": {"text": "Thank you.", "replied_on": "2026-11-23"}});
    assert_eq!(staff.patch(&id, &patch).status, 200);
    staff.approve(&id);
    let shown = public(&app, &id);
    assert_eq!(
        (&shown["incentive"], &shown["reply"], &shown["is_edited"]),
        (&patch["incentive"], &patch["reply"], &json!(false))
    );
    let card = &app.get("/v1/testimonials").json()["items"][0];
    assert_eq!(
        (&card["incentive"], &card["has_reply"]),
        (&json!("A voucher"), &json!(true))
    );
}

#[test]
fn a_step_needs_the_version_and_the_scope() {
    let app = clinic();
    let staff = Staff::of(&app);
    let id = id_of(&submit(&app, &submission("It helped.", &["website"])));
    let steps = [
        ("approve", None),
        ("reject", Some(json!({"reason": "No."}))),
        ("withdraw", None),
        ("consent", Some(on_paper(&["website"]))),
    ];
    let content = app.key(&[Scope::ContentRead, Scope::ContentWrite, Scope::ContentPublish]);
    for (step, body) in &steps {
        let path = format!("testimonials/{id}/{step}");
        let request = |body: &Option<Value>| match body {
            Some(body) => staff.request("POST", &path).json(body),
            None => staff.request("POST", &path),
        };
        request(body).send().problem(428, "precondition_required");
        request(body)
            .header("if-match", "\"x.1\"")
            .send()
            .problem(412, "precondition_failed");
        let by_others = app.request("POST", &format!("/v1/admin/{path}")).key(&content);
        by_others.send().problem(403, "missing_scope");
        let tried = staff.step(&id, &format!("{step}?dry_run=true"), body.as_ref());
        assert_eq!(tried.status, 200, "{}", tried.text());
        assert_eq!(staff.state(&id), "submitted");
        let nothing = "01a2097f-0000-7000-8000-000000000000";
        let missing = staff
            .request("POST", &format!("testimonials/{nothing}/{step}"))
            .header("if-match", "*");
        let missing = match body {
            Some(body) => missing.json(body).send(),
            None => missing.send(),
        };
        missing.problem(404, "not_found");
    }
    for path in ["publish", "schedule"] {
        let answer = staff.request("POST", &format!("testimonials/{id}/{path}")).send();
        assert!([404, 405].contains(&answer.status), "{path}");
    }
}

#[test]
fn a_wrong_body_is_refused() {
    let app = clinic();
    let staff = Staff::of(&app);
    let id = id_of(&submit(&app, &submission("It helped.", &["website"])));
    let pointers = |step: &str, body: &Value| {
        let problem = staff.step(&id, step, Some(body)).problem(422, "invalid_content");
        let errors = problem["errors"].as_array().expect("they are listed").clone();
        errors
            .iter()
            .map(|error| error["pointer"].as_str().expect("it has a place").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(pointers("reject", &json!({"reason": ""})), ["/body/reason"]);
    let mut consent = on_paper(&[]);
    consent["covers_health_data"] = json!(false);
    consent["given_at"] = json!("2027-01-01T00:00:00Z");
    consent["expires_at"] = json!(NOW);
    consent["contact"] = json!({"name": "A"});
    assert_eq!(
        pointers("consent", &consent),
        ["channels", "contact", "covers_health_data", "given_at", "expires_at"].map(|name| format!("/body/{name}"))
    );
    let wrong = json!({"slug": "summary", "attribution": "named", "rating": 0});
    let problem = staff.patch(&id, &wrong).problem(422, "invalid_content");
    let found: Vec<&str> = problem["errors"]
        .as_array()
        .expect("they are listed")
        .iter()
        .filter_map(|error| error["pointer"].as_str())
        .collect();
    assert_eq!(found, ["/body/rating", "/body/attribution_name", "/body/slug"]);
}

/// Every state that hides a testimonial, reached as staff and patients reach it.
#[test]
fn the_public_cannot_tell_one_hidden_state_from_another() {
    let app = clinic();
    let staff = Staff::of(&app);
    let submitted = |staff: &Staff<'_>| {
        let receipt = submit(&app, &submission("It helped.", &["website", "app"]));
        let id = id_of(&receipt);
        staff.patch(&id, &json!({"slug": format!("slug-{}", &id[24..])}));
        (id, receipt["withdrawal_token"].clone())
    };
    let step = |id: &str, step: &str| {
        let body = match step {
            "reject" => Some(json!({"reason": "No."})),
            "erase" => Some(json!({"reason": "requested"})),
            _ => None,
        };
        let answer = staff.step(id, step, body.as_ref());
        assert_eq!(answer.status, 200, "{step}: {}", answer.text());
    };
    let hidden: [&[&str]; 8] = [
        &[],
        &["reject"],
        &["approve", "reject"],
        &["approve", "unpublish"],
        &["approve", "withdraw"],
        &["approve", "archive"],
        &["approve", "archive", "restore"],
        &["approve", "erase"],
    ];
    let missing = app.get("/v1/testimonials/never");
    let empty = app.get("/v1/testimonials?include_total=true").json();
    let assert_hidden = |what: &str, id: &str| {
        let slug = format!("slug-{}", &id[24..]);
        for channel in ["", "?channel=website", "?channel=app"] {
            for name in [id, slug.as_str()] {
                let address = format!("/v1/testimonials/{name}{channel}");
                poll::until("the instance has heard of it", || app.get(&address).status == 404);
                app.get(&address).is_missing_like(&missing);
            }
        }
        assert_eq!(app.get("/v1/testimonials?include_total=true").json(), empty, "{what}");
    };
    for steps in hidden {
        let (id, _) = submitted(&staff);
        steps.iter().for_each(|name| step(&id, name));
        assert_hidden(&steps.join(", "), &id);
    }
    let (id, token) = submitted(&staff);
    staff.approve(&id);
    assert_eq!(take_back(&app, &token).status, 200);
    assert_hidden("withdrawn by the patient", &id);
}

#[test]
fn a_rejected_testimonial_can_be_approved_after_all() {
    let app = clinic();
    let staff = Staff::of(&app);
    let id = id_of(&submit(&app, &submission("It helped.", &["website", "app"])));
    let rejected = staff
        .step(&id, "reject", Some(&json!({"reason": "Not about us."})))
        .json();
    assert_eq!(
        (&rejected["state"], &rejected["reason"], &rejected["decided_at"]),
        (&json!("rejected"), &json!("Not about us."), &json!(NOW))
    );
    let approved = staff.approve(&id);
    assert_eq!(
        (&approved["state"], &approved["reason"]),
        (&json!("published"), &Value::Null)
    );
    staff.step(&id, "withdraw", None);
    staff.step(&id, "consent", Some(&on_paper(&["website", "app"])));
    assert_eq!(staff.state(&id), "in_review");
    staff.approve(&id);
}
