//! The guard of the editors' side: who gets in, who does not, and what a refusal says.

use std::collections::HashSet;

use serde_json::Value;
use vertebra::access::{Scope, Secret};

use crate::support::{
    app::{NOW, TestApp},
    client::{Answer, Request},
    contract, refusal,
};

const CHANGES: &str = "/v1/admin/changes";

/// The address at which the tests call.
const HEADER: &str = "/headers/authorization";

/// Every operation of the editors' document with its method, a path that fits it, and the scopes it asks for.
fn operations() -> Vec<(String, String, Vec<Scope>)> {
    let document = contract::document("/v1/admin/");
    let paths = document["paths"].as_object().expect("there are paths");
    let mut operations = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("a path has operations") {
            let scopes = &operation["x-required-scopes"];
            let scopes = scopes.as_array().map(Vec::as_slice).unwrap_or_default();
            let scope = |scope: &Value| scope.as_str().and_then(|scope| scope.parse().ok());
            let scopes: Vec<Scope> = scopes.iter().filter_map(scope).collect();
            assert!(!scopes.is_empty(), "{method} {path} asks for no scope");
            operations.push((method.to_uppercase(), filled(path), scopes));
        }
    }
    assert!(!operations.is_empty());
    operations
}

/// A path with something in each of its places.
fn filled(path: &str) -> String {
    let part = |part: &str| match part.starts_with('{') {
        true => "01a2097f-1116-77af-986c-a21b1d5b17f6".to_owned(),
        false => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// A request with a body that no operation takes.
fn malformed(app: &TestApp, method: &str, path: &str) -> Request {
    let request = app.request(method, path);
    match method {
        "GET" | "DELETE" => request,
        _ => request.header("content-type", "application/json").body("{\"broken"),
    }
}

#[track_caller]
fn refused(answer: &Answer, path: &str, code: &str) {
    let status = if code == "missing_scope" { 403 } else { 401 };
    refusal::check(answer, Some(path), (status, code), &[HEADER]);
    assert!(
        answer
            .header("www-authenticate")
            .starts_with("Bearer realm=\"vertebra\"")
    );
}

/// An application without a limit that these tests could reach.
fn unlimited() -> TestApp {
    TestApp::builder()
        .set("VERTEBRA_KEY_ATTEMPTS", "100000,100000/second")
        .start()
}

#[test]
fn every_operation_refuses_whoever_may_not_before_it_reads_the_body() {
    let app = unlimited();
    let everything = app.key(Scope::ALL);
    let revoked = app.key(Scope::ALL);
    app.sql(&format!(
        "update api_keys set revoked_at = '{NOW}' where lookup = '{}'",
        &revoked[4..14]
    ));
    let expired = app.key_until(Scope::ALL, Some(NOW));
    for (method, path, scopes) in operations() {
        let others: Vec<Scope> = Scope::ALL
            .iter()
            .copied()
            .filter(|scope| !scopes.contains(scope))
            .collect();
        let other = app.key(&others);
        let call = |key: &str| malformed(&app, &method, &path).key(key).send();
        refused(&malformed(&app, &method, &path).send(), &path, "key_required");
        refused(&call("vtb_mistyped"), &path, "key_invalid");
        refused(
            &call(Secret::generate().expect("there is chance").reveal()),
            &path,
            "key_invalid",
        );
        refused(&call(&revoked), &path, "key_revoked");
        refused(&call(&expired), &path, "key_expired");
        let answer = call(&other);
        refused(&answer, &path, "missing_scope");
        let named = format!("error=\"insufficient_scope\", scope=\"{}\"", scopes[0]);
        assert!(answer.header("www-authenticate").ends_with(&named), "{method} {path}");
        assert!(answer.text().contains(scopes[0].as_str()), "{method} {path}");
        let status = call(&everything).status;
        assert!(
            ![401, 403].contains(&status),
            "{method} {path} refuses a good key with {status}"
        );
    }
}

#[test]
fn a_key_that_has_the_scope_and_no_other_gets_in() {
    let app = unlimited();
    for (method, path, scopes) in operations() {
        let status = malformed(&app, &method, &path).key(&app.key(&scopes)).send().status;
        assert!(
            ![401, 403].contains(&status),
            "{method} {path} refuses its own scopes with {status}"
        );
    }
}

#[test]
fn a_key_may_be_sent_in_one_way_only() {
    let app = unlimited();
    let key = app.key(Scope::ALL);
    let with = |values: &[String]| {
        let request = app.request("GET", CHANGES);
        let request = values
            .iter()
            .fold(request, |request, value| request.header("authorization", value));
        request.send()
    };
    for good in [
        format!("Bearer {key}"),
        format!("bearer {key}"),
        format!("BEARER  {key}"),
    ] {
        assert_eq!(with(std::slice::from_ref(&good)).status, 200, "{good}");
    }
    for bad in [key.clone(), format!("Basic {key}"), "Bearer".to_owned(), String::new()] {
        refused(&with(&[bad]), CHANGES, "key_required");
    }
    let bearer = format!("Bearer {key}");
    refused(&with(&[bearer.clone(), bearer]), CHANGES, "key_required");
    refused(&app.get(&format!("{CHANGES}?key={key}")), CHANGES, "key_required");
}

#[test]
fn what_there_is_not_is_missing_for_a_key_and_closed_without_one() {
    let app = unlimited();
    let key = app.key(&[Scope::AuditRead]);
    for path in [
        "/v1/admin",
        "/v1/admin/",
        "/v1/admin/nothing",
        "/v1/admin/changes/",
        "/v1/admin//changes",
    ] {
        refused(&app.get(path), path, "key_required");
        let answer = app.request("GET", path).key(&key).send();
        refusal::check(&answer, Some(path), (404, "not_found"), &[]);
    }
    refused(&app.request("DELETE", CHANGES).send(), CHANGES, "key_required");
    let answer = app.request("DELETE", CHANGES).key(&key).send();
    refusal::check(&answer, Some(CHANGES), (405, "method_not_allowed"), &[]);
    assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS");
    assert_eq!(app.get("/v1/administration").problem(404, "not_found")["status"], 404);
}

#[test]
fn the_path_is_taken_as_the_router_takes_it() {
    let app = unlimited();
    let [reader, other] = [Scope::AuditRead, Scope::Keys].map(|scope| app.key(&[scope]));
    let path = "/v1/%61dmin/chan%67es";
    refused(&app.get(path), path, "key_required");
    refused(&app.request("GET", path).key(&other).send(), path, "missing_scope");
    assert_eq!(app.request("GET", path).key(&reader).send().status, 200);
}

#[test]
fn the_document_and_questions_about_methods_are_open() {
    let app = TestApp::start();
    assert_eq!(
        app.get("/v1/admin/openapi.json").json()["info"]["title"],
        "Vertebra for editors"
    );
    let answer = app.request("POST", "/v1/admin/openapi.json").send();
    assert_eq!(answer.problem(405, "method_not_allowed")["status"], 405);
    let answer = app.request("OPTIONS", CHANGES).send();
    assert_eq!((answer.status, answer.header("allow")), (204, "GET, HEAD, OPTIONS"));
    let preflight = app
        .request("OPTIONS", CHANGES)
        .header("origin", "https://cms.example")
        .header("access-control-request-method", "PATCH")
        .header(
            "access-control-request-headers",
            "authorization, if-match, content-type, idempotency-key",
        );
    assert_eq!(preflight.send().status, 200);
}

#[test]
fn answers_are_kept_by_nobody() {
    let app = TestApp::start();
    let key = app.key(&[Scope::AuditRead]);
    for method in ["GET", "HEAD"] {
        let answer = app.request(method, CHANGES).key(&key).send();
        assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
        assert_eq!(answer.header("etag"), "");
    }
}

#[test]
fn revocation_and_expiry_take_effect_at_the_next_request_on_every_instance() {
    let app = TestApp::start();
    let other = TestApp::builder().on(app.database_url()).start();
    let (one, two) = (
        app.key(&[Scope::AuditRead]),
        app.key_until(&[Scope::AuditRead], Some("2026-11-23T12:00:01Z")),
    );
    let status = |app: &TestApp, key: &str| app.request("GET", CHANGES).key(key).send().status;
    for app in [&app, &other] {
        assert_eq!((status(app, &one), status(app, &two)), (200, 200));
    }
    app.sql(&format!(
        "update api_keys set revoked_at = '{NOW}' where lookup = '{}'",
        &one[4..14]
    ));
    for app in [&app, &other] {
        refused(&app.request("GET", CHANGES).key(&one).send(), CHANGES, "key_revoked");
        app.set_clock("2026-11-23T12:00:01Z");
        refused(&app.request("GET", CHANGES).key(&two).send(), CHANGES, "key_expired");
    }
}

#[test]
fn the_last_use_is_written_down_once_a_minute() {
    let app = TestApp::start();
    let key = app.key(&[Scope::AuditRead]);
    let last_use = || {
        let rows = app.rows("select coalesce(to_char(last_used_at, 'HH24:MI:SS'), 'never'), version from api_keys");
        (rows[0].get::<_, String>(0), rows[0].get::<_, i64>(1))
    };
    assert_eq!(last_use(), ("never".to_owned(), 1));
    for (now, expected) in [
        ("2026-11-23T12:00:30Z", "12:00:30"),
        ("2026-11-23T12:01:29Z", "12:00:30"),
        ("2026-11-23T12:01:30Z", "12:01:30"),
    ] {
        app.set_clock(now);
        assert_eq!(app.request("GET", CHANGES).key(&key).send().status, 200);
        assert_eq!(last_use(), (expected.to_owned(), 1));
    }
}

/// An application behind a proxy on this machine, which limits attempts that it does not give back.
fn limiting() -> TestApp {
    TestApp::builder()
        .set("VERTEBRA_TRUSTED_PROXIES", "127.0.0.0/8")
        .set("VERTEBRA_KEY_ATTEMPTS", "3,1/day")
        .start()
}

fn from(app: &TestApp, address: &str, key: &str) -> Answer {
    app.request("GET", CHANGES)
        .header("x-forwarded-for", address)
        .key(key)
        .send()
}

#[test]
fn guesses_are_limited_by_client_address() {
    let app = limiting();
    let unknown = Secret::generate().expect("there is chance");
    for guess in ["vtb_mistyped", unknown.reveal(), "guess"] {
        refused(&from(&app, "203.0.113.9", guess), CHANGES, "key_invalid");
    }
    for guess in ["vtb_mistyped", unknown.reveal()] {
        let answer = from(&app, "203.0.113.9", guess);
        refusal::check(&answer, Some(CHANGES), (429, "too_many_requests"), &[]);
        let seconds: u64 = answer.header("retry-after").parse().expect("it is a number");
        assert!((80_000..=86_400).contains(&seconds), "{seconds}");
    }
    refused(&from(&app, "203.0.113.10", "guess"), CHANGES, "key_invalid");
    let without = app
        .request("GET", CHANGES)
        .header("x-forwarded-for", "203.0.113.9")
        .send();
    refused(&without, CHANGES, "key_required");
}

#[test]
fn one_network_of_ipv6_is_one_client() {
    let app = limiting();
    for host in ["1", "2:3:4", "ffff:ffff:ffff:ffff"] {
        let address = match host.len() {
            1 => format!("2001:db8:1:2::{host}"),
            5 => format!("2001:db8:1:2::{host}"),
            _ => format!("2001:db8:1:2:{host}"),
        };
        refused(&from(&app, &address, "guess"), CHANGES, "key_invalid");
    }
    from(&app, "2001:db8:1:2::77", "guess").problem(429, "too_many_requests");
    refused(&from(&app, "2001:db8:1:3::1", "guess"), CHANGES, "key_invalid");
}

#[test]
fn a_good_key_is_not_locked_out_by_a_guesser_at_the_same_address() {
    let app = limiting();
    let (known, fresh) = (app.key(&[Scope::AuditRead]), app.key(&[Scope::AuditRead]));
    let office = "192.0.2.1";
    for _ in 0..10 {
        assert_eq!(from(&app, office, &known).status, 200);
    }
    refused(&from(&app, office, "guess"), CHANGES, "key_invalid");
    refused(&from(&app, office, "guess"), CHANGES, "key_invalid");
    from(&app, office, "guess").problem(429, "too_many_requests");
    assert_eq!(from(&app, office, &known).status, 200);
    from(&app, office, &fresh).problem(429, "too_many_requests");
    assert_eq!(from(&app, "192.0.2.2", &fresh).status, 200);
    assert_eq!(from(&app, office, &fresh).status, 200);
}

#[test]
fn a_limited_address_costs_the_database_nothing_and_failures_are_counted() {
    let app = limiting();
    let reader = app.key(&[Scope::Keys]);
    for _ in 0..5 {
        from(&app, "203.0.113.9", "guess");
    }
    from(&app, "192.0.2.1", &reader).problem(403, "missing_scope");
    app.get(CHANGES).problem(401, "key_required");
    let metrics = app.get_ops("/metrics");
    let lines: HashSet<&str> = metrics.text().lines().collect();
    for (reason, count) in [
        ("key_invalid", 3),
        ("too_many_requests", 2),
        ("missing_scope", 1),
        ("key_required", 1),
    ] {
        let line = format!("vertebra_key_failures_total{{reason=\"{reason}\"}} {count}");
        assert!(lines.contains(line.as_str()), "{line}: {}", metrics.text());
    }
}
