//! Which web pages may read the API, and what they see of an answer.

use std::collections::BTreeSet;

use vertebra::app::{admin_document, public_document};

use crate::support::{app::TestApp, client::Answer, refusal};

const LISTED: &str = "https://www.example.org";
const OTHER: &str = "https://other.example";

fn listing() -> TestApp {
    let origins = format!("{LISTED},https://app.example.org:8443");
    TestApp::builder().set("VERTEBRA_CORS_ORIGINS", &origins).start()
}

fn simple(app: &TestApp, path: &str, origin: &str) -> Answer {
    app.request("GET", path).header("origin", origin).send()
}

fn preflight(app: &TestApp, origin: &str, method: &str, headers: &str) -> Answer {
    let request = app.request("OPTIONS", "/v1/articles").header("origin", origin);
    let request = request.header("access-control-request-method", method);
    request.header("access-control-request-headers", headers).send()
}

/// The names in all headers of this name, in lower case.
fn names(answer: &Answer, header: &str) -> BTreeSet<String> {
    let values = answer.headers.get_all(header).into_iter();
    let values: Vec<&str> = values.map(|value| value.to_str().expect("it is text")).collect();
    let names = values.iter().flat_map(|value| value.split(','));
    names.map(|name| name.trim().to_lowercase()).collect()
}

#[track_caller]
fn has_all(answer: &Answer, header: &str, expected: &[impl AsRef<str> + std::fmt::Debug]) {
    let found = names(answer, header);
    let missing: Vec<_> = expected.iter().filter(|name| !found.contains(name.as_ref())).collect();
    assert!(missing.is_empty(), "{header} lacks {missing:?}: {found:?}");
}

/// Headers that browsers show to every page.
const SHOWN_ANYWAY: [&str; 7] = [
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
];

/// Every header of an answer that a document declares, but those that tell the browser itself what it may.
fn exposed() -> Vec<String> {
    let declared = [public_document(), admin_document()].map(|document| {
        let headers = document.components.unwrap_or_default().headers;
        headers.into_keys().map(|name| name.to_lowercase())
    });
    let names = declared.into_iter().flatten();
    let names = names.filter(|name| !name.starts_with("access-control-") && !SHOWN_ANYWAY.contains(&name.as_str()));
    names.chain(["deprecation", "sunset"].map(str::to_owned)).collect()
}

#[test]
fn any_page_may_read_by_default() {
    let app = TestApp::start();
    for path in [
        "/v1/articles",
        "/v1/openapi.json",
        "/v1/articles?limit=0",
        "/nowhere",
        "/v1/articles/%00",
    ] {
        let answer = simple(&app, path, OTHER);
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), "", "{path}");
        has_all(&answer, "access-control-expose-headers", &exposed());
        assert!(
            !names(&answer, "vary").contains("origin"),
            "one answer for all origins: {path}"
        );
    }
    let too_long = simple(&app, &format!("/{}", "a".repeat(9000)), OTHER);
    assert_eq!(too_long.header("access-control-allow-origin"), "*");
}

#[test]
fn a_page_sees_why_a_request_failed_on_our_side() {
    let any = simple(&TestApp::start(), "/test/panic", OTHER);
    refusal::check(&any, Some("/test/panic"), (500, "internal"), &[]);
    assert_eq!(any.header("access-control-allow-origin"), "*");
    has_all(&any, "access-control-expose-headers", &exposed());
    let app = listing();
    assert_eq!(
        simple(&app, "/test/panic", LISTED).header("access-control-allow-origin"),
        LISTED
    );
    assert_eq!(
        simple(&app, "/test/panic", OTHER).header("access-control-allow-origin"),
        ""
    );
}

#[test]
fn a_browser_is_told_what_it_may_send() {
    let app = TestApp::start();
    for method in ["GET", "HEAD", "POST", "PATCH", "DELETE"] {
        let sent =
            "if-none-match, accept-language, x-request-id, authorization, content-type, if-match, idempotency-key";
        let answer = preflight(&app, OTHER, method, sent);
        assert_eq!((answer.status, answer.body.len()), (200, 0));
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        has_all(&answer, "access-control-allow-methods", &["get", "head", "options"]);
        let headers = ["if-none-match", "accept-language", "x-request-id"];
        has_all(&answer, "access-control-allow-headers", &headers);
        assert_eq!(answer.header("access-control-max-age"), "86400");
    }
}

#[test]
fn a_browser_is_refused_what_there_is_not() {
    let app = TestApp::start();
    for (method, headers) in [
        ("TRACE", "accept-language"),
        ("CONNECT", "accept-language"),
        ("PUT", "accept-language"),
        ("GET", "x-other"),
    ] {
        let answer = preflight(&app, OTHER, method, headers);
        refusal::check(&answer, Some("/v1/articles"), (400, "bad_request"), &[]);
        assert_eq!(answer.header("access-control-allow-methods"), "");
    }
}

#[test]
fn a_listed_page_may_read_and_others_may_not() {
    let app = listing();
    for origin in [LISTED, "https://app.example.org:8443"] {
        let answer = simple(&app, "/v1/articles", origin);
        assert_eq!(
            (answer.status, answer.header("access-control-allow-origin")),
            (200, origin)
        );
        has_all(&answer, "access-control-expose-headers", &exposed());
        assert_eq!(
            preflight(&app, origin, "GET", "if-none-match").header("access-control-allow-origin"),
            origin
        );
    }
    for origin in [
        OTHER,
        "http://www.example.org",
        "https://www.example.org.evil.example",
        "null",
        "nonsense",
    ] {
        let answer = simple(&app, "/v1/articles", origin);
        assert_eq!(
            (answer.status, answer.header("access-control-allow-origin")),
            (200, ""),
            "{origin}"
        );
        let answer = preflight(&app, origin, "GET", "if-none-match");
        refusal::check(&answer, Some("/v1/articles"), (400, "bad_request"), &[]);
        assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
    }
}

#[test]
fn an_answer_says_what_it_differs_by() {
    let any = TestApp::start();
    for origin in [None, Some(OTHER)] {
        let request = any.request("GET", "/v1/articles");
        let answer = origin
            .into_iter()
            .fold(request, |request, origin| request.header("origin", origin))
            .send();
        let both = ["accept-language", "accept-encoding"].map(str::to_owned);
        assert_eq!(names(&answer, "vary"), BTreeSet::from(both));
    }
    let listing = listing();
    let differing = ["accept-language", "accept-encoding", "origin"];
    for origin in [LISTED, OTHER] {
        has_all(&simple(&listing, "/v1/articles", origin), "vary", &differing);
    }
    has_all(&listing.get("/v1/articles"), "vary", &differing);
    let etag = listing.get("/v1/articles").header("etag").to_owned();
    let unchanged = listing
        .request("GET", "/v1/articles")
        .header("if-none-match", &etag)
        .send();
    assert_eq!(unchanged.status, 304);
    has_all(&unchanged, "vary", &differing);
    has_all(&simple(&listing, "/nowhere", LISTED), "vary", &["origin"]);
}

#[test]
fn what_a_cache_kept_for_an_app_may_be_read_by_a_page() {
    for (app, allowed) in [(TestApp::start(), "*"), (listing(), "")] {
        let answer = app.get("/v1/articles");
        assert_eq!(
            (answer.status, answer.header("access-control-allow-origin")),
            (200, allowed)
        );
    }
}
