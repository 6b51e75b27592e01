//! Articles in lists, in full, and beside each other.

use serde_json::{Value, json};
use uuid::Uuid;
use vertebra::{
    services::wire::ServiceKind,
    values::{ReviewIn, RichTextIn, TextFormat},
};

use crate::support::{
    app::{NOW, TestApp},
    content::{Content, NewArticle, article, citation, literature},
    list::{column, slugs},
};

/// An article with everything, and the ids of what it points to.
struct Filled {
    app: TestApp,
    id: Uuid,
    topic: Uuid,
    service: Uuid,
}

fn filled() -> Filled {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&[]);
    let topic = content.topic("spine");
    let service = content.service("fusion", ServiceKind::Treatment, &[], &[]);
    let mut new = NewArticle {
        topics: vec![topic],
        services: vec![service],
        ..literature("work", citation("11", "bone", "Ng"))
    };
    new.texts[0].1.body = Some(RichTextIn {
        format: TextFormat::Markdown,
        source: "It *works*.".to_owned(),
        images: Vec::new(),
    });
    new.texts[0].1.review = Some(review("2026-02-01", "2027-02-01"));
    let id = content.article(&new);
    Filled {
        app,
        id,
        topic,
        service,
    }
}

/// A review, and when the next is due.
fn review(last_reviewed_on: &str, next_review_due_on: &str) -> ReviewIn {
    let review = json!({
        "reviewed_by": "A reviewer",
        "last_reviewed_on": last_reviewed_on,
        "next_review_due_on": next_review_due_on,
    });
    serde_json::from_value(review).expect("the review is valid")
}

const LINE: &str = "Ng A. Work 11. Journal bone. 2020. PMID: 11.";

#[test]
fn a_list_shows_what_a_card_needs() {
    let Filled {
        app,
        id,
        topic,
        service,
    } = filled();
    let expected = json!({
        "items": [{
            "id": id,
            "slug": "work",
            "kind": "literature",
            "title": "Title of work",
            "summary": "Summary of work",
            "reading_minutes": 1,
            "topics": [{"id": topic, "slug": "spine", "name": "Topic spine"}],
            "services": [{"id": service, "slug": "fusion", "name": "Service fusion"}],
            "citation": {"pmid": "11", "journal": "Journal bone", "formatted": LINE, "integrity": "ok"},
            "published_at": "2026-01-01T00:00:00Z",
            "updated_at": NOW,
        }],
        "next_cursor": null,
        "total": 1,
    });
    assert_eq!(app.get("/v1/articles?include_total=true").json(), expected);
}

#[test]
fn an_article_is_the_same_by_id_and_by_slug() {
    let Filled {
        app,
        id,
        topic,
        service,
    } = filled();
    let by_slug = app.get("/v1/articles/work");
    assert_eq!(by_slug.status, 200);
    assert_eq!(app.get(&format!("/v1/articles/{id}")).body, by_slug.body);
    let mut body = by_slug.json();
    let share = body["share"].take();
    assert_eq!(share["url"], "http://localhost:3000/articles/work");
    let journal = body["citation"]["journal"]["id"].take();
    assert!(journal.is_string());
    let expected = json!({
        "id": id,
        "slug": "work",
        "kind": "literature",
        "title": "Title of work",
        "summary": "Summary of work",
        "body_html": "<p>It <em>works</em>.</p>",
        "body_text": "It works.",
        "reading_minutes": 1,
        "topics": [{"id": topic, "slug": "spine", "name": "Topic spine"}],
        "services": [{"id": service, "slug": "fusion", "name": "Service fusion"}],
        "citation": whole_citation(),
        "share": null,
        "reviewed_by": "A reviewer",
        "last_reviewed_on": "2026-02-01",
        "next_review_due_on": "2027-02-01",
        "overdue": false,
        "locale": "en-GB",
        "published_at": "2026-01-01T00:00:00Z",
        "updated_at": NOW,
    });
    assert_eq!(body, expected);
}

fn whole_citation() -> Value {
    json!({
        "pmid": "11",
        "pmcid": null,
        "doi": null,
        "title": "Work 11.",
        "journal": {"id": null, "slug": "bone", "title": "Journal bone", "iso_abbreviation": null, "issn": null},
        "volume": null,
        "issue": null,
        "pages": null,
        "publication_date": {"year": 2020, "month": null, "day": null, "precision": "year", "raw": "2020"},
        "languages": ["eng"],
        "publication_types": ["Journal Article"],
        "mesh_headings": [],
        "keywords": [],
        "medline_status": null,
        "integrity": "ok",
        "authors": [{
            "family": "Ng",
            "given": null,
            "initials": "A",
            "suffix": null,
            "collective_name": null,
            "orcid": null,
            "affiliations": [],
        }],
        "abstract": null,
        "formatted": LINE,
        "url": "https://pubmed.ncbi.nlm.nih.gov/11/",
    })
}

#[test]
fn an_article_without_a_body_or_a_work_spells_out_that_it_has_none() {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&[]);
    content.article(&article("guide", "2026-01-01T00:00:00Z"));
    let guide = app.get("/v1/articles/guide").json();
    for absent in [
        "body_html",
        "body_text",
        "citation",
        "last_reviewed_on",
        "next_review_due_on",
    ] {
        assert_eq!(guide.get(absent), Some(&Value::Null), "{absent}");
    }
}

#[test]
fn what_names_no_article_is_not_found() {
    let app = TestApp::start();
    Content::of(&app).clinic(&[]);
    let nobody = Uuid::nil();
    for name in ["other", &nobody.to_string()] {
        for further in ["", "/related", "/citation?format=ris"] {
            let problem = app
                .get(&format!("/v1/articles/{name}{further}"))
                .problem(404, "not_found");
            assert_eq!(problem["detail"], "No article has this id or slug.");
        }
    }
}

/// One article and, by name, what others share with it; the last is the newest.
fn relatives(app: &TestApp) {
    let content = Content::of(app);
    content.clinic(&[]);
    let topics = ["a", "b", "c"].map(|name| content.topic(name));
    let services = ["s", "t"].map(|name| content.service(name, ServiceKind::Test, &[], &[]));
    let about = |name: &str, day: u8, about: &[Uuid], concerning: &[Uuid]| {
        content.article(&NewArticle {
            topics: about.to_vec(),
            services: concerning.to_vec(),
            ..article(name, &format!("2026-01-0{day}T00:00:00Z"))
        });
    };
    about("one", 1, &topics[..2], &services[..1]);
    about("three-shared", 1, &topics, &services);
    about("two-shared", 2, &topics[..1], &services[..1]);
    about("topic-shared", 3, &topics[1..], &[]);
    about("service-shared", 3, &[], &services[..1]);
    about("newer-topic-shared", 4, &topics[..1], &services[1..]);
    about("older-topic-shared", 1, &topics[..1], &[]);
    about("nothing-shared", 5, &topics[2..], &services[1..]);
    about("about-nothing", 5, &[], &[]);
}

const CLOSEST_FIRST: [&str; 6] = [
    "three-shared",
    "two-shared",
    "newer-topic-shared",
    // Of the same day: the later id comes first.
    "service-shared",
    "topic-shared",
    "older-topic-shared",
];

#[test]
fn related_articles_share_something_and_the_closest_come_first() {
    let app = TestApp::start();
    relatives(&app);
    let related = app.get("/v1/articles/one/related");
    assert_eq!(related.json()["next_cursor"], Value::Null);
    assert_eq!(column(&related, "slug"), CLOSEST_FIRST[..5]);
    assert_eq!(slugs(&app, "/v1/articles/one/related?limit=20"), CLOSEST_FIRST);
    let items = related.json()["items"].clone();
    let of_list = app.get("/v1/articles?topic=a&service=s&sort=title").json()["items"].clone();
    assert_eq!(items[0], of_list[1], "an item is the same as in the list");
}

#[test]
fn related_articles_are_as_many_as_asked_for() {
    let app = TestApp::start();
    relatives(&app);
    for limit in 1..=20 {
        let found = slugs(&app, &format!("/v1/articles/one/related?limit={limit}"));
        assert_eq!(found, CLOSEST_FIRST[..limit.min(CLOSEST_FIRST.len())], "{limit}");
    }
    for limit in ["0", "21", "-1", "x", ""] {
        let problem = app
            .get(&format!("/v1/articles/one/related?limit={limit}"))
            .problem(400, "invalid_parameter");
        assert_eq!(problem["errors"][0]["pointer"], "/query/limit", "{limit}");
    }
    assert_eq!(
        app.get("/v1/articles/about-nothing/related").json(),
        json!({"items": [], "next_cursor": null, "total": null})
    );
}
