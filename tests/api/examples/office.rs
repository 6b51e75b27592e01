//! The office makes keys, and looks who did what.

use serde_json::json;

use super::walk::{Known, Walk};

/// Makes, replaces and revokes a key, and reads the audit trail; gives the key that was replaced and still holds, and
/// the one that was revoked.
pub(super) fn walk(walk: &mut Walk) -> [String; 2] {
    let wish = json!({
        "name": "Website preview",
        "scopes": ["content:read"],
        "expires_at": "2027-11-23T00:00:00Z",
    });
    let made = walk.make("createApiKey", json!({}), wish);
    let id = made.json()["api_key"]["id"].clone();
    let mut old = Known::of(&walk.look("getApiKey", json!({"id": id})));
    let rotated = walk.step("rotateApiKey", &mut old, Some(json!({"overlap_seconds": 86400})));
    let id = rotated.json()["api_key"]["id"].clone();
    walk.look("listApiKeys", json!({"limit": 1, "include_total": true}));
    let mut new = Known::of(&walk.look("getApiKey", json!({"id": id})));
    walk.step("revokeApiKey", &mut new, None);
    let changes = json!({
        "entity_type": "article",
        "actor": "Website CMS",
        "action": "published",
        "since": "2026-11-23T00:00:00Z",
        "until": "2026-11-24T00:00:00Z",
        "limit": 1,
        "include_total": true,
    });
    walk.look("listChanges", changes);
    [made, rotated].map(|issued| issued.json()["secret"].as_str().expect("it is shown").to_owned())
}
