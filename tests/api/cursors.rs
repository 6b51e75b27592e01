//! Cursors that are not what a page gave: refused, and never a way to the database.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::support::{
    app::TestApp,
    refusal::{self, refused_parameter},
};

/// The cursor of a list's second page.
fn cursor(app: &TestApp, path: &str) -> String {
    let page = app.get(path).json();
    page["next_cursor"].as_str().expect("there is a next page").to_owned()
}

#[track_caller]
fn refused_cursor(app: &TestApp, path: &str, why: &str) {
    assert_eq!(refused_parameter(app, path, "invalid_cursor", "cursor"), why);
}

#[test]
fn a_cursor_that_is_none_is_refused() {
    let app = TestApp::with_demo();
    let whole = cursor(&app, "/v1/articles?limit=1");
    let garbage = [
        "",
        "x",
        "%C3%A9",
        "e30",
        "bnVsbA",
        "W10",
        "%3D%3D%3D",
        &whole[..whole.len() - 2],
        &whole[1..],
    ];
    for cursor in garbage {
        for list in [
            "articles",
            "services",
            "testimonials",
            "journals",
            "topics",
            "locations",
        ] {
            let path = format!("/v1/{list}?cursor={cursor}");
            refused_cursor(&app, &path, "must be the next_cursor of a page, unchanged");
        }
    }
    refused_cursor(
        &app,
        &format!("/v1/articles?cursor={whole}{whole}"),
        "must be the next_cursor of a page, unchanged",
    );
}

#[test]
fn a_cursor_of_another_list_is_refused() {
    let app = TestApp::with_demo();
    let whole = cursor(&app, "/v1/articles?limit=1");
    for query in [
        "sort=published_at",
        "sort=-updated_at",
        "kind=guide",
        "published_after=2020-01-01",
    ] {
        refused_cursor(
            &app,
            &format!("/v1/articles?limit=1&{query}&cursor={whole}"),
            "belongs to a list with another sort, filter or language",
        );
    }
    let services = cursor(&app, "/v1/services?limit=1");
    refused_cursor(
        &app,
        &format!("/v1/services?kind=treatment&cursor={services}"),
        "belongs to a list with another sort, filter or language",
    );
    for (list, cursor) in [
        ("articles", &services),
        ("testimonials", &services),
        ("testimonials", &whole),
    ] {
        let answer = app.get(&format!("/v1/{list}?cursor={cursor}"));
        refusal::check(
            &answer,
            Some(&format!("/v1/{list}")),
            (400, "invalid_cursor"),
            &["/query/cursor"],
        );
    }
    let page = app.get(&format!("/v1/articles?limit=2&cursor={whole}"));
    assert_eq!(page.status, 200, "the limit may change on the way");
}

#[test]
fn a_forged_cursor_is_no_way_to_the_database() {
    let app = TestApp::with_demo();
    for (path, keys) in [
        (
            "/v1/articles?limit=1",
            [json!("-009999-01-02T02:00:00Z"), json!("9999-12-30T22:00:00Z")],
        ),
        ("/v1/articles?sort=title&limit=1", [json!("a\u{0}b"), json!("\u{7f}")]),
        ("/v1/services?limit=1", [json!("a\u{0}b"), json!("")]),
        (
            "/v1/testimonials?limit=1",
            [json!("-009999-01-02T02:00:00Z"), json!("9999-12-30T22:00:00Z")],
        ),
    ] {
        let bytes = URL_SAFE_NO_PAD.decode(cursor(&app, path)).expect("it is base64");
        let mut content: Value = serde_json::from_slice(&bytes).expect("it is JSON");
        for key in keys {
            content[1] = key;
            let forged = URL_SAFE_NO_PAD.encode(content.to_string());
            let answer = app.get(&format!("{path}&cursor={forged}"));
            assert!(
                matches!(answer.status, 200 | 400),
                "{path} {content}: {}",
                answer.text()
            );
        }
    }
}
