//! Without a patient's consent nothing is public: the database itself refuses, whoever writes.

use serde_json::json;
use uuid::Uuid;

use crate::support::{
    app::{NOW, TestApp},
    content::Content,
    patient::{Staff, id_of, on_paper, submission, submit, take_back, written_down},
    poll,
};

/// Makes a public row of a testimonial, as its fourth colleague with an open SQL prompt would.
fn publish_by_sql(id: &str, consent: &str) -> String {
    format!(
        "insert into testimonials (id, slug, locale, headline, quote, excerpt, attribution, consent_id, status,
             published_at, created_at, updated_at)
         values ('{id}', 'by-hand', 'en-GB', 'h', 'q', 'q', 'anonymous', {consent}, 'published', now(), now(), now())"
    )
}

fn consent_of(id: &str) -> String {
    format!("(select c.id from testimonial_consents c where c.document_id = '{id}' order by c.id desc limit 1)")
}

#[track_caller]
fn refused(app: &TestApp, sql: &str, constraint: &str) {
    assert_eq!(app.try_sql(sql), Err(constraint.to_owned()), "{sql}");
}

#[test]
fn sql_cannot_publish_without_consent_that_holds() {
    let app = TestApp::start();
    Content::of(&app).clinic(&[]);
    let receipt = submit(&app, &submission("It helped.", &["website", "app"]));
    let id = id_of(&receipt);
    let gate = "testimonials_consent_check";
    refused(&app, &publish_by_sql(&id, "gen_random_uuid()"), gate);
    let other = id_of(&submit(&app, &submission("Another one.", &["website", "app"])));
    refused(&app, &publish_by_sql(&id, &consent_of(&other)), gate);
    for ended in [
        "withdrawn_at = now()",
        "replaced_at = now()",
        "expires_at = now() - interval '1 second'",
        "covers_health_data = false",
        "channels = '{social,print}'",
    ] {
        let sql = format!(
            "begin; update testimonial_consents set {ended} where document_id = '{id}'; {}; commit",
            publish_by_sql(&id, &consent_of(&id))
        );
        refused(&app, &sql, gate);
    }
    assert_eq!(app.get("/v1/testimonials").json()["items"], json!([]));
    app.sql(&publish_by_sql(&id, &consent_of(&id)));
    assert_eq!(
        app.rows("select state from testimonial_cases where state = 'published'")
            .len(),
        1
    );
}

#[test]
fn sql_cannot_end_a_consent_that_something_public_stands_on() {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&[]);
    let id = content.testimonial("shown", NOW, None);
    let gate = "testimonial_consents_public_check";
    for ended in [
        "withdrawn_at = now()",
        "replaced_at = now()",
        "expires_at = now()",
        "covers_health_data = false",
        "channels = '{print}'",
    ] {
        refused(&app, &format!("update testimonial_consents set {ended}"), gate);
    }
    refused(&app, "delete from testimonial_consents", "testimonials_consent_id_fkey");
    assert!(app.try_sql("truncate testimonial_consents").is_err());
    let moved = format!("update testimonial_consents set document_id = '{}'", Uuid::nil());
    assert!(app.try_sql(&moved).is_err());
    app.sql("update testimonial_consents set channels = '{app}'");
    app.sql(&format!("delete from testimonials where id = '{id}'"));
    app.sql("update testimonial_consents set withdrawn_at = now()");
    assert_eq!(
        app.rows("select from testimonial_cases where state = 'in_review'")
            .len(),
        1
    );
}

/// Publishing and taking the consent back at the same time: whichever comes second is refused.
#[test]
fn a_race_for_the_consent_has_one_winner() {
    let app = TestApp::start();
    Content::of(&app).clinic(&[]);
    for first_publishes in [true, false] {
        let id = id_of(&submit(&app, &submission("It helped.", &["website", "app"])));
        let publish = publish_by_sql(&id, &consent_of(&id)).replace("by-hand", &format!("by-hand-{first_publishes}"));
        let end = format!("update testimonial_consents set withdrawn_at = now() where document_id = '{id}'");
        let (first, second) = if first_publishes {
            (publish, end)
        } else {
            (end, publish)
        };
        assert!(app.race(&first, &second).is_err(), "{first}");
        let both = format!(
            "select from testimonials t join testimonial_consents c on c.id = t.consent_id
             where t.id = '{id}' and c.withdrawn_at is not null"
        );
        assert_eq!(app.rows(&both).len(), 0);
    }
}

#[test]
fn approval_needs_consent_to_the_website_or_the_app() {
    let app = TestApp::start();
    Content::of(&app).clinic(&[]);
    let staff = Staff::of(&app);
    let id = staff.create(&written_down("It helped."));
    let problem = staff.step(&id, "approve", None).problem(409, "consent_missing");
    assert!(
        problem["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("record one"))
    );
    assert_eq!(staff.step(&id, "consent", Some(&on_paper(&["print"]))).status, 200);
    staff.step(&id, "approve", None).problem(409, "consent_missing");
    assert_eq!(staff.step(&id, "consent", Some(&on_paper(&["app"]))).status, 200);
    assert_eq!(staff.approve(&id)["consent_channels"], json!(["app"]));
    assert_eq!(staff.state(&id), "published");
    let consents = staff.read(&format!("testimonials/{id}/consent"));
    assert_eq!(consents["consents"][1]["replaced_at"], NOW);
    assert_eq!(consents["contact"], json!(null));
    staff
        .step(&id, "consent", Some(&on_paper(&["print"])))
        .problem(409, "consent_missing");
}

#[test]
fn each_place_shows_what_may_be_shown_there() {
    let app = TestApp::start();
    Content::of(&app).clinic(&[]);
    let staff = Staff::of(&app);
    let ids = [&["website"][..], &["app"], &["website", "app", "social"]].map(|channels| {
        let id = id_of(&submit(&app, &submission("It helped.", channels)));
        staff.approve(&id);
        id
    });
    for (channel, shown) in [("", &[2][..]), ("channel=website", &[2, 0]), ("channel=app", &[2, 1])] {
        let list = app
            .get(&format!("/v1/testimonials?include_total=true&{channel}"))
            .json();
        let found: Vec<&str> = list["items"]
            .as_array()
            .expect("there are items")
            .iter()
            .filter_map(|item| item["id"].as_str())
            .collect();
        let expected: Vec<&str> = shown.iter().map(|index: &usize| ids[*index].as_str()).collect();
        assert_eq!(found, expected, "{channel}");
        assert_eq!(list["total"], expected.len());
        for id in &ids {
            let status = app.get(&format!("/v1/testimonials/{id}?{channel}")).status;
            assert_eq!(status == 200, expected.contains(&id.as_str()), "{channel}");
        }
    }
    app.get("/v1/testimonials?channel=print")
        .problem(400, "invalid_parameter");
}

#[test]
fn a_consent_that_ends_takes_the_testimonial_out_of_the_public() {
    let app = TestApp::start();
    Content::of(&app).clinic(&[]);
    let staff = Staff::of(&app);
    let id = id_of(&submit(&app, &submission("It helped.", &["website", "app"])));
    staff.approve(&id);
    let until = |at: &str| {
        let mut consent = on_paper(&["website", "app"]);
        consent["expires_at"] = json!(at);
        staff.step(&id, "consent", Some(&consent))
    };
    until(NOW).problem(422, "invalid_content");
    assert_eq!(until("2090-01-01T00:00:00Z").status, 200);
    assert_eq!(app.get(&format!("/v1/testimonials/{id}")).status, 200);
    app.set_clock("2090-01-01T00:00:00Z");
    poll::until("it is out of the public", || {
        app.get(&format!("/v1/testimonials/{id}")).status == 404
    });
    assert_eq!(staff.state(&id), "in_review");
    staff.step(&id, "approve", None).problem(409, "consent_missing");
    let changes = "select actor from changes where action = 'unpublished'";
    assert_eq!(app.rows(changes)[0].get::<_, String>(0), "consent");
    assert_eq!(app.rows(changes).len(), 1);
}

#[test]
fn a_consent_that_ended_while_nothing_ran_is_made_up_for() {
    let app = TestApp::start();
    Content::of(&app).clinic(&[]);
    let id = Content::of(&app).testimonial("shown", NOW, None);
    app.sql("update testimonial_consents set expires_at = '2090-01-01'");
    let later = TestApp::builder()
        .at("2091-01-01T00:00:00Z")
        .on(app.database_url())
        .start();
    poll::until("it is out of the public", || {
        later.get(&format!("/v1/testimonials/{id}")).status == 404
    });
}

#[test]
fn a_preview_ends_with_the_consent() {
    let app = TestApp::start();
    Content::of(&app).clinic(&[]);
    let staff = Staff::of(&app);
    let receipt = submit(&app, &submission("It helped.", &["website"]));
    let id = id_of(&receipt);
    let link = staff.step(&id, "preview", None).json()["url"].clone();
    let link = link.as_str().expect("there is a link");
    assert_eq!(app.get(link).json()["testimonial"]["quote"], "It helped.");
    assert_eq!(take_back(&app, &receipt["withdrawal_token"]).status, 200);
    app.get(link).problem(404, "not_found");
}
