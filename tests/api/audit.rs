//! The audit trail: every change with its maker, filtered and paged, and never rewritten.

use serde_json::{Value, json};
use vertebra::access::Scope;

use crate::support::{
    app::TestApp,
    client::Answer,
    list::{self, column, items},
    refusal,
};

const CHANGES: &str = "/v1/admin/changes";
const KEYS: &str = "/v1/admin/keys";

/// An application with a key that makes two others, an hour apart, and revokes the first of them.
struct Trail {
    app: TestApp,
    key: String,
    name: String,
    first: String,
    request_id: String,
}

impl Trail {
    fn start() -> Self {
        let app = TestApp::start();
        let key = app.key(&[Scope::Keys, Scope::AuditRead]);
        let name = app.rows("select name from api_keys")[0].get(0);
        let create = |name: &str| {
            let wish = json!({"name": name, "scopes": ["keys"]});
            app.request("POST", KEYS).key(&key).json(&wish).send()
        };
        let made = create("First");
        app.set_clock("2026-11-23T13:00:00Z");
        create("Second");
        let first = made.json()["api_key"]["id"].as_str().expect("it has an id").to_owned();
        let path = format!("{KEYS}/{first}/revoke");
        assert_eq!(
            app.request("POST", &path)
                .key(&key)
                .header("if-match", "*")
                .send()
                .status,
            200
        );
        Self {
            request_id: made.header("x-request-id").to_owned(),
            app,
            key,
            name,
            first,
        }
    }

    fn get(&self, query: &str) -> Answer {
        self.app
            .request("GET", &format!("{CHANGES}{query}"))
            .key(&self.key)
            .send()
    }

    /// The numbers of the changes that a query finds.
    fn seqs(&self, query: &str) -> Vec<i64> {
        let items = items(&self.get(query));
        items.iter().filter_map(|item| item["seq"].as_i64()).collect()
    }
}

#[test]
fn every_change_says_who_did_what_and_when() {
    let trail = Trail::start();
    let page = trail.get("");
    let found = items(&page);
    assert_eq!(trail.seqs(""), [4, 3, 2, 1]);
    assert_eq!(
        found[2],
        json!({"seq": 2, "entity_type": "api_key", "entity_id": trail.first, "locale": null, "action": "created",
            "from_version": null, "version": 1, "actor": trail.name, "request_id": trail.request_id,
            "occurred_at": "2026-11-23T12:00:00Z"})
    );
    assert_eq!(
        [
            &found[0]["action"],
            &found[0]["from_version"],
            &found[0]["version"],
            &found[0]["entity_id"]
        ],
        [&json!("revoked"), &json!(1), &json!(2), &json!(trail.first)]
    );
    assert_eq!(found[3]["actor"], "test");
    assert_eq!(found[3]["request_id"], Value::Null);
}

#[test]
fn filters_must_all_hold() {
    let trail = Trail::start();
    let actor = format!("?actor={}", trail.name.replace(' ', "%20"));
    assert_eq!(trail.seqs(&actor), [4, 3, 2]);
    assert_eq!(trail.seqs("?actor=nobody"), [0; 0]);
    assert_eq!(trail.seqs(&format!("?entity_id={}", trail.first)), [4, 2]);
    assert_eq!(trail.seqs("?entity_type=api_key&action=revoked"), [4]);
    assert_eq!(trail.seqs("?entity_type=article"), [0; 0]);
    assert_eq!(trail.seqs("?since=2026-11-23T13:00:00Z"), [4, 3]);
    assert_eq!(trail.seqs("?until=2026-11-23T13:00:00Z"), [2, 1]);
    assert_eq!(
        trail.seqs("?since=2026-11-23&until=2026-11-24&action=created"),
        [3, 2, 1]
    );
}

#[test]
fn pages_lead_from_the_newest_to_the_oldest() {
    let trail = Trail::start();
    let mut seqs = Vec::new();
    let mut next = Some(format!("{CHANGES}?limit=1&action=created&include_total=true"));
    while let Some(address) = next {
        let page = trail.app.request("GET", &address).key(&trail.key).send();
        assert_eq!(page.json()["total"], 3);
        seqs.extend(items(&page).iter().filter_map(|item| item["seq"].as_i64()));
        next = list::next(&page);
    }
    assert_eq!(seqs, [3, 2, 1]);
    let first = trail.get("?limit=1").json();
    let cursor = first["next_cursor"].as_str().expect("there is a next page");
    let answer = trail.get(&format!("?action=created&cursor={cursor}"));
    refusal::check(&answer, Some(CHANGES), (400, "invalid_cursor"), &["/query/cursor"]);
}

#[test]
fn wrong_filters_are_refused() {
    let trail = Trail::start();
    for (parameter, value) in [
        ("entity_type", "person"),
        ("action", "done"),
        ("entity_id", "1"),
        ("actor", ""),
        ("since", "yesterday"),
        ("until", "2026-13-01"),
    ] {
        let answer = trail.get(&format!("?{parameter}={value}"));
        let pointer = format!("/query/{parameter}");
        refusal::check(&answer, Some(CHANGES), (400, "invalid_parameter"), &[&pointer]);
    }
}

#[test]
fn the_demonstration_is_in_the_trail_like_any_other_content() {
    let app = TestApp::with_demo();
    let key = app.key(&[Scope::AuditRead]);
    let page = app
        .request("GET", &format!("{CHANGES}?entity_type=topic&limit=100"))
        .key(&key)
        .send();
    assert!(column(&page, "actor").iter().all(|actor| actor == "vertebra demo"));
    assert!(!items(&page).is_empty());
}
