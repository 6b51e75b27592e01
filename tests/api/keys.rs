//! Keys over HTTP: made, listed, rotated, revoked, and never handed more than their maker has.

use serde_json::{Value, json};
use vertebra::access::Scope;

use crate::support::{
    app::TestApp,
    client::{Answer, Request},
    list, refusal,
};

const KEYS: &str = "/v1/admin/keys";
const CHANGES: &str = "/v1/admin/changes";

fn post(app: &TestApp, by: &str, path: &str, body: &Value) -> Request {
    app.request("POST", path).key(by).json(body)
}

/// Makes a key over HTTP.
#[track_caller]
fn create(app: &TestApp, by: &str, name: &str, scopes: &[&str]) -> Value {
    let answer = post(app, by, KEYS, &json!({"name": name, "scopes": scopes})).send();
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).expect("it is a text")
}

fn path_of(key: &Value) -> String {
    format!("{KEYS}/{}", text(key, "/api_key/id"))
}

fn status(app: &TestApp, key: &str) -> u16 {
    app.request("GET", CHANGES).key(key).send().status
}

#[test]
fn a_key_is_made_and_shown_once() {
    let app = TestApp::start();
    let by = app.key(&[Scope::Keys, Scope::AuditRead]);
    let wish = json!({"name": "Website CMS", "scopes": ["audit:read", "keys", "audit:read"],
        "expires_at": "2027-01-01T00:00:00Z"});
    let answer = post(&app, &by, KEYS, &wish).send();
    assert_eq!(answer.status, 201, "{}", answer.text());
    let made = answer.json();
    let (secret, path) = (text(&made, "/secret"), path_of(&made));
    assert_eq!(answer.header("location"), path);
    assert_eq!(
        made["api_key"],
        json!({
            "id": made["api_key"]["id"], "version": 1, "name": "Website CMS", "prefix": secret[..14],
            "scopes": ["keys", "audit:read"], "status": "valid", "created_at": "2026-11-23T12:00:00Z",
            "created_by": made["api_key"]["created_by"], "expires_at": "2027-01-01T00:00:00Z", "revoked_at": null,
            "last_used_at": null, "rotated_to": null,
        })
    );
    assert_eq!(status(&app, secret), 200);
    let shown = app.request("GET", &path).key(&by).send();
    assert_eq!(shown.header("etag"), answer.header("etag"));
    let mut expected = made["api_key"].clone();
    expected["last_used_at"] = json!("2026-11-23T12:00:00Z");
    assert_eq!(shown.json(), expected);
    let listed = app.request("GET", KEYS).key(&by).send();
    assert!(!shown.text().contains(&secret[15..]) && !listed.text().contains(&secret[15..]));
    let kept = app.rows("select encode(secret_hash, 'escape') || lookup || name from api_keys");
    assert!(kept.iter().all(|row| !row.get::<_, String>(0).contains(&secret[15..])));
}

#[test]
fn a_repeated_request_makes_one_key_and_shows_it_again() {
    let app = TestApp::start();
    let by = app.key(&[Scope::Keys]);
    let wish = json!({"name": "Website CMS", "scopes": ["keys"]});
    let ask = |wish: &Value| {
        post(&app, &by, KEYS, wish)
            .header("idempotency-key", "01a2097f-1116-77af-986c")
            .send()
    };
    let (first, second) = (ask(&wish), ask(&wish));
    assert_eq!(
        (first.status, second.status, second.body.clone()),
        (201, 201, first.body.clone())
    );
    let other = ask(&json!({"name": "Another", "scopes": ["keys"]}));
    refusal::check(&other, Some(KEYS), (422, "idempotency_key_reused"), &[]);
    assert_eq!(app.rows("select from api_keys where name = 'Website CMS'").len(), 1);
    let secret = first.json()["secret"].as_str().expect("it is shown").to_owned();
    let dump = app.rows("select encode(sealed_answer, 'escape') from idempotency_keys");
    assert!(!dump[0].get::<_, String>(0).contains(&secret[4..20]));
}

#[test]
fn a_dry_run_makes_nothing() {
    let app = TestApp::start();
    let by = app.key(&[Scope::Keys, Scope::AuditRead]);
    let wish = json!({"name": "Website CMS", "scopes": ["audit:read"]});
    let answer = post(&app, &by, &format!("{KEYS}?dry_run=true"), &wish).send();
    assert_eq!((answer.status, &answer.json()["secret"]), (200, &Value::Null));
    assert_eq!(answer.json()["api_key"]["name"], "Website CMS");
    assert_eq!(app.rows("select from api_keys").len(), 1);
}

#[test]
fn what_is_wrong_with_a_new_key_is_said_all_at_once() {
    let app = TestApp::start();
    let by = app.key(&[Scope::Keys]);
    let ask = |body: &str| {
        let request = app.request("POST", KEYS).key(&by);
        request.header("content-type", "application/json").body(body).send()
    };
    for (body, code, pointers) in [
        (
            r#"{"name": "", "scopes": [], "expires_at": "2026-11-23T12:00:00Z"}"#,
            "invalid_content",
            &["/body/name", "/body/scopes", "/body/expires_at"][..],
        ),
        (
            r#"{"name": " a", "scopes": ["keys"]}"#,
            "invalid_content",
            &["/body/name"],
        ),
        (
            r#"{"name": "a", "scopes": ["root"]}"#,
            "invalid_body",
            &["/body/scopes/0"],
        ),
        (r#"{"scopes": ["keys"]}"#, "invalid_body", &["/body/name"]),
        (
            r#"{"name": "a", "scopes": ["keys"], "admin": true}"#,
            "invalid_body",
            &["/body/admin"],
        ),
        (
            r#"{"name": "a", "scopes": ["keys"], "expires_at": "tomorrow"}"#,
            "invalid_body",
            &["/body/expires_at"],
        ),
    ] {
        let status = if code == "invalid_body" { 400 } else { 422 };
        let answer = ask(body);
        let problem = answer.problem(status, code);
        let found = problem["errors"].as_array().expect("there are errors");
        let mut found: Vec<&str> = found.iter().map(|error| text(error, "/pointer")).collect();
        found.sort_unstable();
        let mut expected = pointers.to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected, "{body}: {problem}");
    }
    let answer = app.request("POST", KEYS).key(&by).body("{}").send();
    assert_eq!(answer.problem(415, "unsupported_media_type")["status"], 415);
    assert_eq!(app.rows("select from api_keys").len(), 1);
}

#[test]
fn two_keys_in_use_do_not_share_a_name() {
    let app = TestApp::start();
    let by = app.key(&[Scope::Keys]);
    let first = create(&app, &by, "Website CMS", &["keys"]);
    let wish = json!({"name": "Website CMS", "scopes": ["keys"]});
    let taken = post(&app, &by, KEYS, &wish).send();
    refusal::check(&taken, Some(KEYS), (409, "conflict"), &["/body/name"]);
    let revoke = format!("{}/revoke", path_of(&first));
    assert_eq!(
        app.request("POST", &revoke)
            .key(&by)
            .header("if-match", "*")
            .send()
            .status,
        200
    );
    create(&app, &by, "Website CMS", &["keys"]);
}

#[test]
fn nobody_rises_by_making_or_rotating_keys() {
    let app = TestApp::start();
    let (lower, higher) = (app.key(&[Scope::Keys]), app.key(Scope::ALL));
    let wish = json!({"name": "Mine", "scopes": ["keys", "content:publish"]});
    let answer = post(&app, &lower, KEYS, &wish).send();
    let problem = answer.problem(403, "missing_scope");
    assert!(text(&problem, "/detail").contains("content:publish"), "{problem}");
    let other = create(&app, &higher, "Publisher", &["content:publish"]);
    let path = format!("{}/rotate", path_of(&other));
    let answer = app.request("POST", &path).key(&lower).header("if-match", "*").send();
    answer.problem(403, "missing_scope");
    assert_eq!(app.rows("select from api_keys where rotated_to is not null").len(), 0);
    let revoke = path.replace("rotate", "revoke");
    assert_eq!(
        app.request("POST", &revoke)
            .key(&lower)
            .header("if-match", "*")
            .send()
            .status,
        200
    );
}

/// Asks for a step with a key, against the version that a tag names.
fn step(app: &TestApp, by: &str, key: &Value, step: &str, tag: &str) -> Answer {
    let path = format!("{}/{step}", path_of(key));
    app.request("POST", &path).key(by).header("if-match", tag).send()
}

#[test]
fn a_revoked_key_opens_nothing_and_stays_revoked() {
    let app = TestApp::start();
    let by = app.key(&[Scope::Keys, Scope::AuditRead]);
    let key = create(&app, &by, "Website CMS", &["audit:read"]);
    let secret = text(&key, "/secret");
    assert_eq!(status(&app, secret), 200);
    let tag = app
        .request("GET", &path_of(&key))
        .key(&by)
        .send()
        .header("etag")
        .to_owned();
    let answer = step(&app, &by, &key, "revoke", &tag);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let revoked = answer.json();
    assert_eq!(
        (revoked["status"].as_str(), revoked["version"].as_i64()),
        (Some("revoked"), Some(2))
    );
    assert_eq!(revoked["revoked_at"], "2026-11-23T12:00:00Z");
    app.request("GET", CHANGES)
        .key(secret)
        .send()
        .problem(401, "key_revoked");
    app.set_clock("2026-11-23T13:00:00Z");
    step(&app, &by, &key, "revoke", &tag).problem(412, "precondition_failed");
    let again = step(&app, &by, &key, "revoke", answer.header("etag"));
    assert_eq!((again.status, again.json()), (200, revoked));
    step(&app, &by, &key, "rotate", "*").problem(409, "conflict");
}

#[test]
fn a_rotated_key_works_beside_its_successor_for_the_overlap() {
    let app = TestApp::start();
    let by = app.key(&[Scope::Keys, Scope::AuditRead]);
    let wish = json!({"name": "App", "scopes": ["audit:read"], "expires_at": "2026-12-23T12:00:00Z"});
    let old = post(&app, &by, KEYS, &wish).send().json();
    let path = format!("{}/rotate", path_of(&old));
    app.set_clock("2026-11-24T12:00:00Z");
    let answer = post(&app, &by, &path, &json!({"overlap_seconds": 60}))
        .header("if-match", "*")
        .send();
    assert_eq!(answer.status, 201, "{}", answer.text());
    let new = answer.json();
    assert_eq!(
        (new["api_key"]["name"].as_str(), &new["api_key"]["scopes"]),
        (Some("App"), &json!(["audit:read"]))
    );
    assert_eq!(new["api_key"]["expires_at"], "2026-12-24T12:00:00Z");
    let shown = app.request("GET", &path_of(&old)).key(&by).send().json();
    assert_eq!(shown["expires_at"], "2026-11-24T12:01:00Z");
    assert_eq!(shown["rotated_to"], new["api_key"]["id"]);
    let (one, two) = (text(&old, "/secret"), text(&new, "/secret"));
    assert_eq!((status(&app, one), status(&app, two)), (200, 200));
    step(&app, &by, &old, "rotate", "*").problem(409, "conflict");
    app.set_clock("2026-11-24T12:01:00Z");
    app.request("GET", CHANGES).key(one).send().problem(401, "key_expired");
    assert_eq!(status(&app, two), 200);
    let changes = app.rows("select action, version from changes where actor <> 'test' order by seq");
    let changes: Vec<(String, i64)> = changes.iter().map(|row| (row.get(0), row.get(1))).collect();
    let expected = [("created", 1), ("rotated", 2), ("created", 1)];
    assert_eq!(changes, expected.map(|(action, version)| (action.to_owned(), version)));
}

#[test]
fn the_overlap_is_a_day_unless_another_is_asked_for() {
    let app = TestApp::start();
    let by = app.key(&[Scope::Keys]);
    let end_of = |key: &Value| app.request("GET", &path_of(key)).key(&by).send().json()["expires_at"].clone();
    let one = create(&app, &by, "One", &["keys"]);
    assert_eq!(step(&app, &by, &one, "rotate", "*").status, 201);
    assert_eq!(end_of(&one), "2026-11-24T12:00:00Z");
    let two = create(&app, &by, "Two", &["keys"]);
    let path = format!("{}/rotate", path_of(&two));
    let with = |seconds: i64| {
        post(&app, &by, &path, &json!({"overlap_seconds": seconds}))
            .header("if-match", "*")
            .send()
    };
    for seconds in [-1, 2_592_001] {
        let answer = with(seconds);
        refusal::check(
            &answer,
            Some(&path),
            (422, "invalid_content"),
            &["/body/overlap_seconds"],
        );
    }
    assert_eq!(with(0).status, 201);
    assert_eq!(end_of(&two), "2026-11-23T12:00:00Z");
}

#[test]
fn a_step_needs_the_version_that_it_is_for() {
    let app = TestApp::start();
    let by = app.key(&[Scope::Keys]);
    let key = create(&app, &by, "Website CMS", &["keys"]);
    for verb in ["revoke", "rotate"] {
        let path = format!("{}/{verb}", path_of(&key));
        app.request("POST", &path)
            .key(&by)
            .send()
            .problem(428, "precondition_required");
        step(&app, &by, &key, verb, "\"another.1\"").problem(412, "precondition_failed");
        step(&app, &by, &key, verb, "unquoted").problem(400, "invalid_header");
    }
}

#[test]
fn what_there_is_not_is_missing() {
    let app = TestApp::start();
    let by = app.key(&[Scope::Keys]);
    let nowhere = "01a2097f-1116-77af-986c-a21b1d5b17f6";
    for id in [nowhere, "website-cms"] {
        app.request("GET", &format!("{KEYS}/{id}"))
            .key(&by)
            .send()
            .problem(404, "not_found");
        for verb in ["revoke", "rotate"] {
            let path = format!("{KEYS}/{id}/{verb}");
            let answer = app.request("POST", &path).key(&by).header("if-match", "*").send();
            answer.problem(404, "not_found");
        }
    }
}

#[test]
fn keys_are_listed_by_pages_with_the_newest_first() {
    let app = TestApp::start();
    let by = app.key(&[Scope::Keys]);
    let rows = app.rows("select name from api_keys");
    let own: String = rows[0].get(0);
    for (hour, name) in [(13, "Second"), (14, "Third")] {
        app.set_clock(&format!("2026-11-23T{hour}:00:00Z"));
        create(&app, &by, name, &["keys"]);
    }
    let mut names = Vec::new();
    let mut next = Some(format!("{KEYS}?limit=1&include_total=true"));
    while let Some(address) = next {
        let page = app.request("GET", &address).key(&by).send();
        assert_eq!(page.json()["total"], 3);
        names.extend(list::column(&page, "name"));
        next = list::next(&page);
    }
    assert_eq!(names, ["Third".to_owned(), "Second".to_owned(), own]);
    let answer = app.request("GET", &format!("{KEYS}?status=valid")).key(&by).send();
    refusal::check(&answer, Some(KEYS), (400, "unknown_parameter"), &["/query/status"]);
}

#[test]
fn a_key_comes_into_no_line_of_the_log() {
    let app = TestApp::start();
    let by = app.key(&[Scope::Keys]);
    let made = post(&app, &by, KEYS, &json!({"name": "Website CMS", "scopes": ["keys"]})).send();
    let id = made.header("x-request-id").to_owned();
    let lines = crate::support::log::lines_of(&id);
    assert!(!lines.is_empty());
    let made = made.json();
    let secret = text(&made, "/secret");
    for line in lines {
        assert!(!line.contains(&by[4..14]) && !line.contains(&secret[4..14]), "{line}");
    }
}

#[test]
fn a_key_is_not_named_like_the_programs_own_work() {
    let app = TestApp::start();
    let by = app.key(&[Scope::Keys, Scope::AuditRead]);
    for name in ["patient", "public", "schedule", "consent", "vertebra key"] {
        let wish = json!({"name": name, "scopes": ["audit:read"]});
        let refused = post(&app, &by, KEYS, &wish).send();
        refusal::check(&refused, Some(KEYS), (409, "conflict"), &["/body/name"]);
    }
}
