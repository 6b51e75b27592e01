//! Services: conditions, the treatments for them, and tests.

use serde_json::json;
use uuid::Uuid;
use vertebra::{
    services::wire::{
        ServiceCodeIn, ServiceIn,
        ServiceKind::{Condition, Test, Treatment},
        ServiceSectionIn,
    },
    values::{RichTextIn, TextFormat},
};

use crate::support::{
    app::{NOW, TestApp},
    content::{Content, service},
    list::slugs,
};

/// Two conditions, two treatments of the first and one of both, and a test.
struct Services {
    app: TestApp,
    topic: Uuid,
    sciatica: Uuid,
    fusion: Uuid,
}

fn services() -> Services {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&[]);
    let topic = content.topic("spine");
    let sciatica = content.seed(sciatica(topic), NOW);
    let stenosis = content.service("stenosis", Condition, &[], &[]);
    let fusion = content.service("fusion", Treatment, &[topic], &[stenosis, sciatica]);
    content.service("exercise", Treatment, &[], &[sciatica]);
    content.service("scan", Test, &[content.topic("imaging")], &[]);
    Services {
        app,
        topic,
        sciatica,
        fusion,
    }
}

/// A condition with codes and a section.
fn sciatica(topic: Uuid) -> ServiceIn {
    let code = |code: &str| ServiceCodeIn {
        system: "ICD-10".to_owned(),
        code: code.to_owned(),
        display: None,
    };
    let mut sciatica = service("sciatica", Condition, &[topic], &[]);
    sciatica.codes = [code("M54.4"), code("M54.3")].into_iter().collect();
    let section = ServiceSectionIn {
        title: "Signs".to_owned(),
        body: RichTextIn {
            format: TextFormat::Markdown,
            source: "*Pain*".to_owned(),
            images: Vec::new(),
        },
    };
    let text = sciatica.texts.get_mut("en-GB").expect("it is English");
    text.sections = [section].into_iter().collect();
    sciatica
}

fn reference(id: Uuid, slug: &str) -> serde_json::Value {
    json!({"id": id, "slug": slug, "name": format!("Service {slug}")})
}

#[test]
fn services_are_listed_by_name() {
    let Services { app, topic, fusion, .. } = services();
    let list = app.get("/v1/services?limit=2&include_total=true").json();
    assert_eq!(list["total"], 5);
    assert_eq!(
        list["items"][1],
        json!({
            "id": fusion,
            "slug": "fusion",
            "kind": "treatment",
            "name": "Service fusion",
            "summary": "Summary of fusion",
            "topics": [{"id": topic, "slug": "spine", "name": "Topic spine"}],
            "updated_at": NOW,
        })
    );
    let all = ["exercise", "fusion", "scan", "sciatica", "stenosis"];
    assert_eq!(slugs(&app, "/v1/services"), all);
}

#[test]
fn services_are_filtered_by_kind_and_topic() {
    let Services { app, topic, .. } = services();
    for (query, expected) in [
        ("kind=condition", &["sciatica", "stenosis"][..]),
        ("kind=test&kind=treatment", &["exercise", "fusion", "scan"]),
        ("topic=spine", &["fusion", "sciatica"]),
        (&format!("topic={topic}&topic=imaging"), &["fusion", "scan", "sciatica"]),
        ("topic=spine&kind=treatment", &["fusion"]),
        ("topic=imaging&kind=condition", &[]),
        ("topic=other", &[]),
    ] {
        assert_eq!(slugs(&app, &format!("/v1/services?{query}")), expected, "{query}");
        let counted = app.get(&format!("/v1/services?{query}&include_total=true")).json();
        assert_eq!(counted["total"], expected.len(), "{query}");
    }
}

#[test]
fn a_condition_names_its_treatments() {
    let Services {
        app,
        topic,
        sciatica,
        fusion,
    } = services();
    let condition = app.get("/v1/services/sciatica");
    assert_eq!(app.get(&format!("/v1/services/{sciatica}")).body, condition.body);
    let exercise = app.get("/v1/services/exercise").json()["id"].clone();
    assert_eq!(
        condition.json(),
        json!({
            "id": sciatica,
            "slug": "sciatica",
            "kind": "condition",
            "name": "Service sciatica",
            "summary": "Summary of sciatica",
            "sections": [{"title": "Signs", "body_html": "<p><em>Pain</em></p>", "body_text": "Pain"}],
            "codes": [
                {"system": "ICD-10", "code": "M54.3", "display": null},
                {"system": "ICD-10", "code": "M54.4", "display": null},
            ],
            "topics": [{"id": topic, "slug": "spine", "name": "Topic spine"}],
            "treats": [],
            "treated_by": [
                {"id": exercise, "slug": "exercise", "name": "Service exercise"},
                reference(fusion, "fusion"),
            ],
            "reviewed_by": null,
            "last_reviewed_on": null,
            "next_review_due_on": null,
            "overdue": false,
            "locale": "en-GB",
            "updated_at": NOW,
        })
    );
}

#[test]
fn a_treatment_names_the_conditions_that_it_treats() {
    let Services { app, sciatica, .. } = services();
    let treatment = app.get("/v1/services/fusion").json();
    assert_eq!(treatment["treats"][0], reference(sciatica, "sciatica"));
    assert_eq!(treatment["treats"][1]["slug"], "stenosis");
    assert_eq!(treatment["treated_by"], json!([]));
    let test = app.get("/v1/services/scan").json();
    assert_eq!((&test["treats"], &test["treated_by"]), (&json!([]), &json!([])));
}

#[test]
fn what_names_no_service_is_not_found() {
    let app = TestApp::start();
    Content::of(&app).clinic(&[]);
    for name in ["other".to_owned(), Uuid::nil().to_string()] {
        let problem = app.get(&format!("/v1/services/{name}")).problem(404, "not_found");
        assert_eq!(problem["detail"], "No service has this id or slug.");
    }
}
