//! The pages below `/docs`: that they are there, what they may load, and where their links lead.

use std::collections::BTreeSet;

use vertebra::problem::Code;

use crate::support::{app::TestApp, client::Answer};

const STRICT: &str = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'";
const OF_REFERENCES: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     base-uri 'none'; frame-ancestors 'none'";

/// The values of an attribute in a page.
fn values(page: &Answer, attribute: &str) -> BTreeSet<String> {
    let begin = format!(" {attribute}=\"");
    let text = page.text();
    let values = text.split(&begin).skip(1).filter_map(|rest| rest.split('"').next());
    values.map(str::to_owned).collect()
}

/// The start page and all that its navigation leads to.
fn pages(app: &TestApp) -> Vec<(String, Answer)> {
    let start = app.get("/docs");
    let links = values(&start, "href").into_iter();
    let mut paths: Vec<String> = links
        .filter(|link| link.starts_with("/docs") && !link.contains("/assets/"))
        .collect();
    paths.push("/docs/".to_owned());
    paths
        .into_iter()
        .map(|path| {
            let page = app.get(&path);
            (path, page)
        })
        .collect()
}

#[test]
fn every_page_may_load_its_own_files_alone() {
    let app = TestApp::start();
    let pages = pages(&app);
    assert_eq!(pages.len(), 14);
    for (path, page) in &pages {
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert_eq!(page.header("cache-control"), "public, max-age=3600", "{path}");
        assert_eq!(page.header("vary"), "Accept-Encoding", "{path}");
        let is_reference = ["/docs/public", "/docs/admin"].contains(&path.as_str());
        let policy = if is_reference { OF_REFERENCES } else { STRICT };
        assert_eq!(page.header("content-security-policy"), policy, "{path}");
        for source in values(page, "src") {
            assert!(source.starts_with("/docs/assets/"), "{path} loads {source}");
        }
    }
}

#[test]
fn every_link_leads_somewhere() {
    let app = TestApp::start();
    let pages = pages(&app);
    for (path, page) in &pages {
        for link in values(page, "href").into_iter().chain(values(page, "src")) {
            if link.starts_with("https://") || link.starts_with("#operations-tag-") {
                continue;
            }
            let (address, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = app.get(if address.is_empty() { path } else { address });
            assert_eq!(target.status, 200, "{path} links to {link}");
            assert!(!target.body.is_empty(), "{link} is empty");
            let is_there = anchor.is_empty() || values(&target, "id").contains(anchor);
            assert!(is_there, "{path} links to {link}, which has no such anchor");
        }
    }
}

#[test]
fn the_type_of_every_problem_leads_to_its_row() {
    let app = TestApp::start();
    let anchors = values(&app.get("/docs/errors"), "id");
    for code in Code::ALL {
        assert!(anchors.contains(code.as_str()), "{} has no row", code.as_str());
    }
    let problem = app.get("/nowhere").problem(404, "not_found");
    assert_eq!(problem["type"], "/docs/errors#not_found");
}

#[test]
fn the_references_name_their_groups_and_their_document() {
    let app = TestApp::start();
    for (page, document) in [
        ("/docs/public", "/v1/openapi.json"),
        ("/docs/admin", "/v1/admin/openapi.json"),
    ] {
        let page = app.get(page);
        assert_eq!(values(&page, "data-document"), BTreeSet::from([document.to_owned()]));
        let document = app.get(document).json();
        let tags = document["tags"].as_array().expect("it has tags");
        for tag in tags {
            let anchor = format!("#operations-tag-{}", tag["name"].as_str().expect("it has a name"));
            assert!(values(&page, "href").contains(&anchor), "{anchor}");
        }
    }
}

#[test]
fn files_are_compressed_and_asked_about() {
    let app = TestApp::start();
    for path in [
        "/docs/errors",
        "/docs/assets/swagger-ui-bundle.js",
        "/v1/admin/openapi.json",
    ] {
        let plain = app.get(path);
        let asked = |header: &str, value: &str| app.request("GET", path).header(header, value).send();
        let small = asked("accept-encoding", "br");
        assert_eq!((small.status, small.header("content-encoding")), (200, "br"), "{path}");
        assert!(small.body.len() * 2 < plain.body.len(), "{path}");
        assert_ne!(small.header("etag"), plain.header("etag"), "{path}");
        let unchanged = asked("if-none-match", plain.header("etag"));
        assert_eq!((unchanged.status, unchanged.body.len()), (304, 0), "{path}");
    }
}

#[test]
fn what_the_documentation_does_not_have_is_a_problem() {
    let app = TestApp::start();
    for path in ["/docs/nothing", "/docs/assets/nothing.js", "/docs/assets/index.html"] {
        app.get(path).problem(404, "not_found");
    }
}
