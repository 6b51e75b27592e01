//! What every answer has: an id, the headers of security, and the same head for HEAD as for GET.

use std::collections::BTreeMap;

use crate::support::{app::TestApp, client::Answer, log, raw::Raw};

/// Sends a request id as these bytes, and gives the one that came back.
fn id_for(app: &TestApp, given: &[u8]) -> String {
    let request = [
        b"GET /v1/articles?limit=0 HTTP/1.1\r\nhost: a\r\nx-request-id: ",
        given,
        b"\r\n\r\n",
    ];
    let answer = Raw::connect(app.running().address).send(request.concat()).answer();
    let problem = answer.problem(400, "invalid_parameter");
    let id = answer.header("x-request-id").to_owned();
    assert_eq!(problem["request_id"], id.as_str());
    assert!(!log::lines_of(&id).is_empty(), "the log knows {id}");
    id
}

#[test]
fn a_sane_request_id_is_taken_over() {
    let app = TestApp::start();
    let longest = "x".repeat(128);
    for id in [
        "0193576b-5d3c-7c3c-8a5e-0d2b8a7c1f10",
        "web:42_a.b",
        "a",
        longest.as_str(),
    ] {
        assert_eq!(id_for(&app, id.as_bytes()), id);
    }
}

#[test]
fn an_insane_request_id_is_replaced() {
    let app = TestApp::start();
    let long = "x".repeat(200);
    let insane: [&[u8]; 9] = [
        b"",
        b"two words",
        long.as_bytes(),
        b"a\"b",
        b"{\"a\":1}",
        "\u{e9}t\u{e9}".as_bytes(),
        b"\xFF\xFE",
        b"a\tb",
        b"<script>",
    ];
    for given in insane {
        let id = id_for(&app, given);
        let version = uuid::Uuid::parse_str(&id).expect("it is a UUID").get_version_num();
        assert_eq!(version, 7, "{id}");
    }
}

#[test]
fn requests_without_an_id_get_one_each() {
    let app = TestApp::start();
    let ids = [(); 2].map(|()| app.get("/v1/clinic").header("x-request-id").to_owned());
    assert_ne!(ids[0], ids[1]);
}

/// Paths that exist in the demonstration clinic, one of each kind, and some that are refused.
fn paths(app: &TestApp) -> Vec<String> {
    let mut paths: Vec<String> = ["/", "/docs", "/docs/assets/style.css", "/v1/openapi.json", "/v1/clinic"]
        .into_iter()
        .chain([
            "/nowhere",
            "/v1/articles?limit=0",
            "/v1/articles/nothing",
            "/v1/articles/%00",
            "/test/panic",
        ])
        .map(str::to_owned)
        .collect();
    for list in ["articles", "services", "testimonials", "locations"] {
        let first = &app.get(&format!("/v1/{list}?limit=1")).json()["items"][0];
        let slug = first["slug"].as_str().expect("the demonstration has one");
        paths.extend([format!("/v1/{list}"), format!("/v1/{list}/{slug}")]);
        if list == "articles" {
            paths.extend(["related", "citation"].map(|part| format!("/v1/articles/{slug}/{part}")));
        }
    }
    paths.extend(["/v1/topics", "/v1/journals"].map(str::to_owned));
    paths.push(moved(app));
    paths
}

/// An address that an article had before.
fn moved(app: &TestApp) -> String {
    app.sql(
        "insert into retired_slugs (entity_type, locale, slug, entity_id, retired_at) \
         select 'article', 'en-GB', 'former-name', id, now() from articles limit 1",
    );
    "/v1/articles/former-name".to_owned()
}

/// The headers that do not differ from one request to the next.
fn lasting_headers(answer: &Answer) -> BTreeMap<String, Vec<u8>> {
    let lasting = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "date" && *name != "x-request-id");
    lasting
        .map(|(name, value)| {
            let mut value = value.as_bytes().to_vec();
            // The names in this one come in any order.
            if name == "access-control-expose-headers" {
                value.sort_unstable();
            }
            (name.to_string(), value)
        })
        .collect()
}

#[test]
fn head_is_get_without_the_body() {
    let app = TestApp::with_demo();
    let paths = paths(&app);
    assert_eq!(paths.len(), 23);
    for path in paths {
        for encoding in ["identity", "gzip", "br"] {
            let [get, head] = ["GET", "HEAD"].map(|method| {
                let request = app.request(method, &path).header("accept-encoding", encoding);
                // Nothing but the id of the request differs, so the lengths agree.
                request.header("x-request-id", "the-same").send()
            });
            assert_eq!(head.status, get.status, "{path}");
            assert!(head.body.is_empty(), "{path}");
            let (of_head, of_get) = (lasting_headers(&head), lasting_headers(&get));
            assert_eq!(of_head, of_get, "{path}");
            assert!(of_head.contains_key("content-length"), "{path}");
        }
    }
}

#[test]
fn a_connection_goes_on_after_head() {
    let app = TestApp::with_demo();
    let mut client = Raw::connect(app.running().address);
    client.send("HEAD /v1/clinic HTTP/1.1\r\nhost: a\r\n\r\n");
    let head = client.head();
    assert_eq!(head.status, 200);
    let next = client.send("GET /v1/clinic HTTP/1.1\r\nhost: a\r\n\r\n").answer();
    assert_eq!(next.body.len().to_string(), head.header("content-length"));
}

#[test]
fn options_tell_the_methods() {
    let app = TestApp::with_demo();
    let exists = |path: &String| !["/nowhere", "/v1/articles/%00", "/test/panic"].contains(&path.as_str());
    for path in paths(&app).into_iter().filter(exists) {
        let answer = app.request("OPTIONS", &path).send();
        assert_eq!(answer.status, 204, "{path}");
        let allowed = match path.as_str() {
            "/v1/testimonials" => "GET, POST, HEAD, OPTIONS",
            _ => "GET, HEAD, OPTIONS",
        };
        assert_eq!(answer.header("allow"), allowed, "{path}");
        assert_eq!(answer.header("access-control-allow-methods"), "", "{path}");
        assert!(answer.body.is_empty());
        check_security(&answer);
    }
}

/// The headers of security, which do not depend on what was asked.
#[track_caller]
fn check_security(answer: &Answer) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "cross-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{name} of {}", answer.status);
    }
    assert!(
        answer
            .header("content-security-policy")
            .contains("frame-ancestors 'none'")
    );
    assert!(!answer.header("x-request-id").is_empty());
    assert!(!answer.header("cache-control").is_empty());
    for absent in ["server", "x-powered-by", "set-cookie"] {
        assert!(!answer.headers.contains_key(absent), "{absent} of {}", answer.status);
    }
}

#[test]
fn every_answer_has_the_headers_of_security() {
    let app = TestApp::with_demo();
    let etag = app.get("/v1/clinic").header("etag").to_owned();
    let unchanged = app.request("GET", "/v1/clinic").header("if-none-match", &etag).send();
    let strict = "default-src 'none'; frame-ancestors 'none'";
    for (answer, status) in [
        (app.get("/v1/clinic"), 200),
        (unchanged, 304),
        (app.get(&moved(&app)), 308),
        (app.get("/v1/articles?limit=0"), 400),
        (app.get("/nowhere"), 404),
        (app.request("DELETE", "/v1/clinic").send(), 405),
        (app.get(&format!("/{}", "a".repeat(9000))), 414),
        (app.get("/test/panic"), 500),
    ] {
        assert_eq!(answer.status, status);
        check_security(&answer);
        assert_eq!(answer.header("content-security-policy"), strict);
    }
    let page = app.get("/docs");
    check_security(&page);
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'self';")
    );
}

#[test]
fn the_log_has_one_line_for_each_request_without_its_query() {
    let app = TestApp::start();
    let id = "the-line-of-this-one";
    let request = app
        .request("GET", "/v1/articles?author=Private")
        .header("x-request-id", id);
    assert_eq!(request.send().status, 200);
    let lines = log::lines_of(id);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("INFO GET /v1/articles 200 "), "{lines:?}");
}
