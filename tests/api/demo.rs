//! Loading the demonstration clinic: once, into an empty database, and whole.

use vertebra::{
    clock::Clock,
    demo::{self, DemoError},
};

use crate::support::{
    app::{NOW, TestApp},
    content::Content,
    list::items,
};

fn clock() -> Clock {
    Clock::fixed(NOW.parse().expect("the moment is valid"))
}

fn count(app: &TestApp, table: &str) -> i64 {
    app.rows(&format!("select count(*) from {table}"))[0].get(0)
}

#[test]
fn it_does_not_go_into_a_database_with_content() {
    let app = TestApp::start();
    Content::of(&app).topic("spine");
    let refused = app.block_on(demo::load(app.database_url(), &clock()));
    assert!(matches!(refused, Err(DemoError::NotEmpty)), "{refused:?}");
    let loaded = app.block_on(demo::load_if_empty(app.database_url(), &clock()));
    assert!(matches!(loaded, Ok(false)), "{loaded:?}");
    assert_eq!((count(&app, "documents"), count(&app, "clinic")), (1, 0));
}

#[test]
fn it_does_not_go_in_twice() {
    let app = TestApp::with_demo();
    let changes = count(&app, "changes");
    let refused = app.block_on(demo::load(app.database_url(), &clock()));
    assert!(matches!(refused, Err(DemoError::NotEmpty)), "{refused:?}");
    assert_eq!(count(&app, "changes"), changes);
}

#[test]
fn starters_at_the_same_moment_load_it_once() {
    let app = TestApp::start();
    let mut loaded = app.block_on(async {
        let clock = clock();
        let load = || demo::load_if_empty(app.database_url(), &clock);
        let (a, b, c, d) = tokio::join!(load(), load(), load(), load());
        [a, b, c, d].map(|loaded| loaded.expect("none of them fails"))
    });
    loaded.sort_unstable();
    assert_eq!(loaded, [false, false, false, true]);
    assert_eq!((count(&app, "clinic"), count(&app, "testimonials")), (1, 2));
}

#[test]
fn all_of_it_is_published() {
    let app = TestApp::with_demo();
    for (texts, list) in [
        ("article_texts", "articles"),
        ("service_texts", "services"),
        ("topic_texts", "topics"),
        ("testimonials", "testimonials"),
        ("journals", "journals"),
        ("locations", "locations"),
    ] {
        let page = app.get(&format!("/v1/{list}?include_total=true&limit=1")).json();
        assert!(count(&app, texts) > 0, "{texts}");
        assert_eq!(page["total"], count(&app, texts), "{list}");
    }
}

#[test]
fn everything_that_is_pointed_to_is_there() {
    let app = TestApp::with_demo();
    for (relation, shown) in [
        ("article_topics", "published_article_topics"),
        ("article_services", "published_article_services"),
        ("service_topics", "published_service_topics"),
        ("service_treats", "published_service_treats"),
    ] {
        assert!(count(&app, relation) > 0, "{relation}");
        assert_eq!(count(&app, shown), count(&app, relation), "{relation}");
    }
    for list in ["articles", "services", "testimonials", "locations"] {
        for item in items(&app.get(&format!("/v1/{list}?limit=100"))) {
            every_address_of(&app, list, item["slug"].as_str().expect("it has a slug"));
        }
    }
}

fn every_address_of(app: &TestApp, list: &str, slug: &str) {
    let further = if list == "articles" {
        &["", "/related", "/citation"][..]
    } else {
        &[""]
    };
    for further in further {
        let answer = app.get(&format!("/v1/{list}/{slug}{further}"));
        assert_eq!(answer.status, 200, "{list} {slug}{further}");
    }
    let detail = app.get(&format!("/v1/{list}/{slug}")).json();
    for (property, list) in [("topics", "articles?topic"), ("services", "articles?service")] {
        for reference in detail[property].as_array().into_iter().flatten() {
            let slug = reference["slug"].as_str().expect("it has a slug");
            assert_eq!(app.get(&format!("/v1/{list}={slug}")).status, 200);
        }
    }
    for reference in ["treats", "treated_by"]
        .iter()
        .flat_map(|name| detail[name].as_array())
        .flatten()
    {
        let slug = reference["slug"].as_str().expect("it has a slug");
        assert_eq!(app.get(&format!("/v1/services/{slug}")).status, 200);
    }
}
