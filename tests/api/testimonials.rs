//! What patients say: the beginning in lists, all of it on its own page.

use serde_json::{Value, json};
use uuid::Uuid;
use vertebra::services::wire::ServiceKind::{Condition, Treatment};

use crate::support::{
    app::{NOW, TestApp},
    content::Content,
    list::{column, slugs},
};

/// Four testimonials, told apart by every filter.
struct Testimonials {
    app: TestApp,
    sciatica: Uuid,
    fusion: Uuid,
    first: Uuid,
}

fn testimonials() -> Testimonials {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&["fr"]);
    let sciatica = content.service("sciatica", Condition, &[], &[]);
    let fusion = content.service("fusion", Treatment, &[], &[sciatica]);
    let first = content.testimonial("first", "2026-03-01T00:00:00Z", Some(sciatica));
    content.testimonial("second", "2026-03-02T00:00:00Z", Some(sciatica));
    content.testimonial("third", "2026-03-03T00:00:00Z", None);
    content.testimonial("fourth", "2026-03-04T00:00:00Z", None);
    app.sql(&format!(
        "update testimonials set rating = 3, service_id = '{fusion}', treated_month = '2025-11-01',
             received_on = '2026-02-01', attribution = 'initials', attribution_name = 'J. D.' where slug = 'first';
         update testimonials set rating = 5 where slug = 'second';
         update testimonials set rating = 4, locale = 'fr', service_id = '{fusion}' where slug = 'third'"
    ));
    Testimonials {
        app,
        sciatica,
        fusion,
        first,
    }
}

fn about(id: Uuid, slug: &str) -> Value {
    json!({"id": id, "slug": slug, "name": format!("Service {slug}")})
}

#[test]
fn the_newest_testimonial_comes_first_in_whatever_language() {
    let Testimonials {
        app,
        sciatica,
        fusion,
        first,
    } = testimonials();
    let list = app.get("/v1/testimonials?include_total=true");
    assert_eq!(column(&list, "slug"), ["fourth", "third", "second", "first"]);
    assert_eq!(list.json()["total"], 4);
    assert_eq!(
        list.json()["items"][3],
        json!({
            "id": first,
            "slug": "first",
            "headline": "Headline of first",
            "excerpt": "Quote of first",
            "has_more": false,
            "attribution": "initials",
            "attribution_name": "J. D.",
            "rating": 3,
            "service": about(fusion, "fusion"),
            "condition": about(sciatica, "sciatica"),
            "is_edited": false,
            "incentive": null,
            "has_reply": false,
            "locale": "en-GB",
            "published_at": "2026-03-01T00:00:00Z",
        })
    );
}

#[test]
fn testimonials_are_filtered() {
    let Testimonials {
        app, sciatica, fusion, ..
    } = testimonials();
    for (query, expected) in [
        ("service=fusion", &["third", "first"][..]),
        (&format!("service={fusion}&service=other"), &["third", "first"]),
        ("condition=sciatica", &["second", "first"]),
        (&format!("condition={sciatica}"), &["second", "first"]),
        ("service=sciatica", &[]),
        ("condition=fusion", &[]),
        ("condition=other", &[]),
        ("rating_min=1", &["third", "second", "first"]),
        ("rating_min=4", &["third", "second"]),
        ("rating_min=5", &["second"]),
        ("locale=fr", &["third"]),
        ("locale=FR&locale=en-gb", &["fourth", "third", "second", "first"]),
        ("locale=cy", &[]),
        ("service=fusion&condition=sciatica", &["first"]),
        ("service=fusion&rating_min=4&locale=fr", &["third"]),
    ] {
        assert_eq!(slugs(&app, &format!("/v1/testimonials?{query}")), expected, "{query}");
        let counted = app.get(&format!("/v1/testimonials?{query}&include_total=true")).json();
        assert_eq!(counted["total"], expected.len(), "{query}");
    }
    for stars in ["0", "6", "4.5", "x"] {
        let refused = app.get(&format!("/v1/testimonials?rating_min={stars}"));
        let problem = refused.problem(400, "invalid_parameter");
        assert_eq!(problem["errors"][0]["pointer"], "/query/rating_min");
    }
}

#[test]
fn a_testimonial_has_the_whole_quote() {
    let Testimonials {
        app,
        sciatica,
        fusion,
        first,
    } = testimonials();
    let detail = app.get("/v1/testimonials/first");
    assert_eq!(app.get(&format!("/v1/testimonials/{first}")).body, detail.body);
    assert_eq!(
        detail.json(),
        json!({
            "id": first,
            "slug": "first",
            "headline": "Headline of first",
            "quote": "Quote of first",
            "is_incomplete": false,
            "attribution": "initials",
            "attribution_name": "J. D.",
            "rating": 3,
            "service": about(fusion, "fusion"),
            "condition": about(sciatica, "sciatica"),
            "treated_month": "2025-11",
            "received_on": "2026-02-01",
            "is_edited": false,
            "edited_on": null,
            "incentive": null,
            "reply": null,
            "locale": "en-GB",
            "published_at": "2026-03-01T00:00:00Z",
            "updated_at": NOW,
        })
    );
    let fourth = app.get("/v1/testimonials/fourth").json();
    for absent in [
        "attribution_name",
        "rating",
        "service",
        "condition",
        "treated_month",
        "received_on",
        "edited_on",
        "incentive",
        "reply",
    ] {
        assert_eq!(fourth.get(absent), Some(&Value::Null), "{absent}");
    }
    let problem = app.get("/v1/testimonials/other").problem(404, "not_found");
    assert_eq!(problem["detail"], "No testimonial has this id or slug.");
}

#[test]
fn a_list_shows_the_beginning_of_a_long_quote_and_says_that_there_is_more() {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&[]);
    content.testimonial("long", "2026-03-01T00:00:00Z", None);
    content.testimonial("short", "2026-03-02T00:00:00Z", None);
    // As the store cuts it: the store's own test holds where.
    app.sql(
        "update testimonials set quote = 'I am better. Much better.', excerpt = 'I am better…' where slug = 'long'",
    );
    let list = app.get("/v1/testimonials").json();
    let shown = |number: usize| (&list["items"][number]["excerpt"], &list["items"][number]["has_more"]);
    assert_eq!(shown(0), (&json!("Quote of short"), &json!(false)));
    assert_eq!(shown(1), (&json!("I am better…"), &json!(true)));
    assert_eq!(list["items"][1].get("quote"), None);
    let whole = app.get("/v1/testimonials/long").json();
    assert_eq!(whole["quote"], "I am better. Much better.");
}
