//! What is refused before a handler sees it: text in the address, sizes, bodies, and what is not HTTP; and panics.

use serde_json::Value;

use crate::support::{app::TestApp, client::Answer, log, raw::Raw, refusal};

const CONTROL: &str = "must not hold control characters";
const NOT_UTF_8: &str = "must be UTF-8 once its percent signs are decoded";

/// Sends one request as it is written here and reads its answer.
fn send(app: &TestApp, request: impl AsRef<[u8]>) -> Answer {
    Raw::connect(app.running().address).send(request).answer()
}

/// A request for a path, with headers that each end a line.
fn get(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: a\r\n{headers}\r\n")
}

#[test]
fn control_characters_and_broken_utf_8_are_refused_in_path_and_query() {
    let app = TestApp::start();
    for (text, why) in [
        ("%00", CONTROL),
        ("a%00b", CONTROL),
        ("%0d%0aSet-Cookie:%20a=b", CONTROL),
        ("%0A", CONTROL),
        ("%7F", CONTROL),
        ("%C2%85", CONTROL),
        ("%FF", NOT_UTF_8),
        ("%C3", NOT_UTF_8),
        ("%ED%A0%80", NOT_UTF_8),
        ("%C0%AF", NOT_UTF_8),
    ] {
        for (path, pointer) in [
            (format!("/v1/articles/{text}"), "/path"),
            (format!("/{text}"), "/path"),
            (format!("/v1/articles?topic={text}"), "/query"),
            (format!("/v1/articles?author={text}"), "/query"),
            (format!("/v1/articles?{text}=1"), "/query"),
            (format!("/nowhere?{text}"), "/query"),
        ] {
            let instance = path.split('?').next();
            let problem = refusal::check(&app.get(&path), instance, (400, "invalid_text"), &[pointer]);
            assert_eq!(problem["errors"][0]["detail"], why, "{path}");
        }
    }
}

#[test]
fn an_encoded_slash_stays_part_of_its_segment() {
    let app = TestApp::with_demo();
    for path in [
        "/v1/articles/a%2Fb",
        "/v1/articles/..%2F..%2Fetc",
        "/v1%2Farticles",
        "/docs/a%2Fb",
    ] {
        refusal::refused(&app, path, "not_found", &[]);
    }
    assert_eq!(app.get("/v1/articles?author=a%2Fb").status, 200);
}

#[test]
fn an_address_may_have_8_kib() {
    let app = TestApp::start();
    let fitting = "a".repeat(8 * 1024 - "/v1/articlesauthor=".len());
    app.get(&format!("/v1/articles?author={fitting}"))
        .problem(400, "invalid_parameter");
    let answer = app.get(&format!("/v1/articles?author={fitting}a"));
    let problem = refusal::check(&answer, Some("/v1/articles"), (414, "uri_too_long"), &[]);
    assert_eq!(problem["detail"], "Path and query may have 8192 bytes together.");
    let path = format!("/{}", "a".repeat(9000));
    refusal::check(&app.get(&path), Some(&path), (414, "uri_too_long"), &[]);
}

#[test]
fn a_described_header_may_have_8_kib() {
    let app = TestApp::start();
    for name in ["accept-language", "if-match", "if-none-match"] {
        let fitting = format!("{name}: {}\r\n", "a".repeat(8192));
        assert_eq!(send(&app, get("/v1/articles", &fitting)).status, 200, "{name}");
        let long = format!("{name}: {}\r\n", "a".repeat(8193));
        let pointer = format!("/headers/{name}");
        refusal::check(
            &send(&app, get("/v1/articles", &long)),
            Some("/v1/articles"),
            (400, "invalid_header"),
            &[&pointer],
        );
    }
}

#[test]
fn headers_may_have_32_kib() {
    let app = TestApp::start();
    let one = format!("x-large: {}\r\n", "a".repeat(33_000));
    let many: String = (0..90).map(|n| format!("x-{n}: {}\r\n", "a".repeat(400))).collect();
    for headers in [one, many] {
        let answer = send(&app, get("/v1/articles", &headers));
        let problem = refusal::check(&answer, Some("/v1/articles"), (431, "headers_too_large"), &[]);
        assert_eq!(
            problem["detail"],
            "Header names and values may have 32768 bytes together."
        );
    }
    let fitting = format!("x-large: {}\r\n", "a".repeat(32_000));
    assert_eq!(send(&app, get("/v1/articles", &fitting)).status, 200);
}

/// What the parser refuses has no path that it could name, and ends the connection.
fn refused_by_parser(app: &TestApp, request: impl AsRef<[u8]>, status: u16, code: &str) {
    let mut client = Raw::connect(app.running().address);
    let answer = client.send(request).answer();
    refusal::check(&answer, None, (status, code), &[]);
    assert_eq!(answer.header("connection"), "close");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "cross-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    assert!(client.is_over());
}

#[test]
fn what_the_parser_refuses_is_a_problem_too() {
    let app = TestApp::start();
    let query = get(&format!("/v1/articles?author={}", "a".repeat(100_000)), "");
    refused_by_parser(&app, query, 414, "uri_too_long");
    let headers = get("/v1/articles", &format!("x-large: {}\r\n", "a".repeat(200_000)));
    refused_by_parser(&app, headers, 431, "headers_too_large");
    let many: String = (0..2000).map(|n| format!("x-{n}: a\r\n")).collect();
    refused_by_parser(&app, get("/v1/articles", &many), 431, "headers_too_large");
    for request in [
        "GET\r\n\r\n",
        "hello\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\r\nbad header\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        "GET /a b HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET /\u{0} HTTP/1.1\r\nhost: a\r\n\r\n",
    ] {
        refused_by_parser(&app, request, 400, "bad_request");
    }
}

#[test]
fn a_packed_body_is_refused_unread() {
    let app = TestApp::start();
    for encoding in ["br", "gzip", "deflate", "zstd", "identity, gzip", "nonsense"] {
        for (method, path) in [
            ("GET", "/v1/articles"),
            ("POST", "/test/json"),
            ("POST", "/v1/testimonials"),
        ] {
            let request = app.request(method, path).header("content-encoding", encoding);
            let answer = request.body("[1]").header("content-type", "application/json").send();
            refusal::check(&answer, Some(path), (415, "unsupported_media_type"), &[]);
            assert_eq!(answer.header("accept-encoding"), "identity");
        }
    }
    let plain = app
        .request("GET", "/v1/articles")
        .header("content-encoding", "identity");
    assert_eq!(plain.send().status, 200);
}

fn post(app: &TestApp, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
    let request = app.request("POST", "/test/json").body(body);
    request.header("content-type", content_type).send()
}

#[test]
fn a_body_that_is_no_json_is_refused_without_its_words() {
    let app = TestApp::start();
    assert_eq!(post(&app, "application/json", "{\"numbers\":[1,2]}").json(), 2);
    for body in ["", "{", "[1,", "[\"secret\"]", "[256]", "\u{0}"] {
        let problem = refusal::check(
            &post(&app, "application/json", body),
            Some("/test/json"),
            (400, "invalid_body"),
            &["/body"],
        );
        assert_eq!(problem["errors"][0]["code"], "invalid_body");
        let lines = log::lines_of(problem["request_id"].as_str().expect("there is an id"));
        assert!(!lines.concat().contains("secret"), "{lines:?}");
    }
    refusal::check(
        &post(&app, "application/json", b"[1,\xFF]"),
        Some("/test/json"),
        (400, "invalid_body"),
        &["/body"],
    );
}

#[test]
fn a_body_of_another_type_or_size_is_refused() {
    let app = TestApp::start();
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "nonsense",
        "application/jsonp",
    ] {
        let answer = post(&app, content_type, "[1]");
        refusal::check(&answer, Some("/test/json"), (415, "unsupported_media_type"), &[]);
    }
    let answer = post(&app, "application/json", format!("[1{}]", " ".repeat(3 << 20)));
    refusal::check(&answer, Some("/test/json"), (413, "payload_too_large"), &[]);
}

#[test]
fn a_body_that_does_not_arrive_is_given_up() {
    let app = TestApp::builder().set("VERTEBRA_BODY_TIMEOUT_MS", "50").start();
    let head = "POST /test/json HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";
    let mut client = Raw::connect(app.running().address);
    let answer = client.send(format!("{head}content-length: 9\r\n\r\n[1,")).answer();
    refusal::check(&answer, Some("/test/json"), (408, "request_timeout"), &[]);
    assert!(client.is_over());
    let mut client = Raw::connect(app.running().address);
    let answer = client
        .send(format!("{head}transfer-encoding: chunked\r\n\r\nnonsense\r\n"))
        .answer();
    refusal::check(&answer, Some("/test/json"), (400, "bad_request"), &[]);
    assert!(client.is_over());
}

#[test]
fn a_panic_costs_its_own_request_only() {
    let app = TestApp::start();
    let mut client = Raw::connect(app.running().address);
    for _ in 0..3 {
        let answer = client.send(get("/test/panic", "")).answer();
        let problem = refusal::check(&answer, Some("/test/panic"), (500, "internal"), &[]);
        assert!(!problem.to_string().contains("inside"), "{problem}");
        let id = problem["request_id"].as_str().expect("there is an id");
        let lines = log::lines_of(id);
        let told = lines
            .iter()
            .filter(|line| line.contains("panic: a secret of the inside"));
        assert_eq!(told.count(), 1, "the log says why, once: {lines:?}");
        let next = client.send(get("/v1/articles", "")).answer();
        assert_eq!(next.status, 200);
        assert_eq!(next.json()["items"], Value::Array(Vec::new()));
    }
}
