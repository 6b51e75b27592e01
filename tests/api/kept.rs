//! What is answered from memory is what the application would answer.

use std::collections::BTreeMap;

use crate::support::{app::TestApp, client::Answer, gate::Gate, raw::Raw, refusal};

/// Addresses of everything that the public reads, one of each kind.
fn addresses(app: &TestApp) -> Vec<String> {
    let mut addresses = vec!["/v1/clinic".to_owned(), "/v1/testimonials/summary".to_owned()];
    for list in [
        "articles?limit=3&include_total=true",
        "services",
        "testimonials",
        "locations",
    ] {
        let path = format!("/v1/{list}");
        let page = app.get(&path).json();
        let slug = page["items"][0]["slug"].as_str().expect("the demonstration has one");
        let resource = list.split('?').next().unwrap_or(list);
        addresses.push(format!("/v1/{resource}/{slug}"));
        addresses.push(path);
        if resource == "articles" {
            addresses.push(format!("/v1/articles/{slug}/related"));
            addresses.push(format!("/v1/articles/{slug}/citation"));
        }
    }
    addresses.extend(["/v1/topics".to_owned(), "/v1/journals".to_owned()]);
    addresses
}

/// Gets an address with exactly these header lines.
fn get(app: &TestApp, path: &str, headers: &str) -> Answer {
    let request = format!("GET {path} HTTP/1.1\r\nhost: clinic.example\r\n{headers}\r\n");
    let mut raw = Raw::connect(app.running().address);
    raw.send(request);
    match headers.contains("if-none-match") {
        true => raw.head(),
        false => raw.answer(),
    }
}

/// The headers that do not name the request or the moment.
fn lasting(answer: &Answer) -> BTreeMap<String, String> {
    let passing = ["x-request-id", "date", "age"];
    let headers = answer.headers.iter().map(|(name, value)| {
        let value = value.to_str().expect("a header is text");
        (name.to_string(), value.to_owned())
    });
    headers.filter(|(name, _)| !passing.contains(&name.as_str())).collect()
}

#[test]
fn the_kept_answer_is_what_the_application_gave() {
    let app = TestApp::with_demo();
    app.wait_for_head();
    for path in addresses(&app) {
        for headers in [
            "",
            "accept-encoding: br\r\n",
            "accept-language: cy\r\naccept-encoding: gzip\r\n",
            "origin: https://a.example\r\n",
        ] {
            let first = get(&app, &path, headers);
            let kept = get(&app, &path, headers);
            assert_eq!((first.status, kept.status), (200, 200), "{path}");
            assert_eq!(lasting(&first), lasting(&kept), "{path}");
            assert_eq!(first.body, kept.body, "{path}");
            assert_ne!(first.header("x-request-id"), kept.header("x-request-id"));
            let tag = kept.header("etag");
            let unchanged = get(&app, &path, &format!("{headers}if-none-match: \"other\", W/{tag}\r\n"));
            let left_out = [
                "content-type",
                "content-encoding",
                "content-length",
                "content-disposition",
            ];
            let mut without_body = lasting(&kept);
            without_body.retain(|name, _| !left_out.contains(&name.as_str()));
            let mut given = lasting(&unchanged);
            given.retain(|name, _| !left_out.contains(&name.as_str()));
            assert_eq!((unchanged.status, given), (304, without_body), "{path}");
        }
    }
}

#[test]
fn what_is_kept_is_given_while_the_server_has_no_room() {
    let app = TestApp::builder().set("VERTEBRA_MAX_IN_FLIGHT", "1").start().and_demo();
    app.wait_for_head();
    assert_eq!(get(&app, "/v1/articles", "").status, 200);
    let gate = Gate::named("no_room");
    std::thread::scope(|threads| {
        let waiting = threads.spawn(|| app.get("/test/wait/no_room"));
        app.block_on(gate.arrival());
        let kept = get(&app, "/v1/articles", "x-request-id: mine\r\n");
        assert_eq!((kept.status, kept.header("x-request-id")), (200, "mine"));
        // The application alone answers these, and it is busy.
        for headers in [
            "accept-encoding: br\r\naccept-encoding: gzip\r\n",
            "accept-language: fr\r\n",
            "content-length: 0\r\n",
        ] {
            let answer = get(&app, "/v1/articles", headers);
            refusal::check(&answer, Some("/v1/articles"), (503, "overloaded"), &[]);
        }
        gate.let_one_pass();
        assert_eq!(waiting.join().expect("it is answered").status, 200);
    });
}

#[test]
fn what_is_refused_is_refused_where_the_answer_is_kept() {
    let app = TestApp::with_demo();
    app.wait_for_head();
    for _ in 0..2 {
        assert_eq!(get(&app, "/v1/articles", "").status, 200);
    }
    let large = format!("cookie: {}\r\n", "a".repeat(40_000));
    let long = format!("if-none-match: {}\r\n", "a".repeat(9_000));
    for (headers, status, code, pointers) in [
        (large.as_str(), 431, "headers_too_large", &[][..]),
        (long.as_str(), 400, "invalid_header", &["/headers/if-none-match"][..]),
        ("content-encoding: gzip\r\n", 415, "unsupported_media_type", &[][..]),
    ] {
        let request = format!("GET /v1/articles HTTP/1.1\r\nhost: clinic.example\r\n{headers}\r\n");
        let answer = Raw::connect(app.running().address).send(request).answer();
        refusal::check(&answer, Some("/v1/articles"), (status, code), pointers);
    }
}
