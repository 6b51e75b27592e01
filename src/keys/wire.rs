//! What clients send and receive of keys.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    access::{Key, Scope, Secret, Standing, secret::PREFIX},
    values::{Line, moment_or_null},
};

/// A key to be made.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[schema(example = json!({"name": "Website CMS"}))]
pub struct ApiKeyIn {
    /// Whose key it is; the audit trail gives it as the actor, so no two keys in use have the same.
    #[validate(custom(function = Line::<100>::accept))]
    #[schema(value_type = Line<100>, inline)]
    pub name: String,
    /// What it may do: no more than the key that makes it.
    #[validate(length(min = 1, max = 7, message = "must be 1 to 7 entries"))]
    #[schema(min_items = 1, max_items = 7, example = json!(["content:read", "content:write"]))]
    pub scopes: Vec<Scope>,
    /// When it ends by itself, a moment to come; absent or null where it does not.
    #[serde(default, deserialize_with = "moment_or_null")]
    #[schema(example = "2099-01-01T00:00:00Z")]
    pub expires_at: Option<Timestamp>,
}

/// How a key is to be replaced.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
pub struct ApiKeyRotationIn {
    /// Seconds for which the old key still works, at most 30 days; a day where it is absent or null.
    #[validate(range(min = 0, max = 2_592_000, message = "must be from 0 to 2592000"))]
    #[schema(minimum = 0, maximum = 2592000, example = 86400)]
    pub overlap_seconds: Option<i32>,
}

/// A key, without what would open anything.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApiKey {
    /// Its id.
    #[schema(example = "01a2097f-10e8-741a-83cf-d6db6b582513")]
    pub id: Uuid,
    /// Grows by one with each change; the `ETag` is made from it.
    #[schema(value_type = i32, minimum = 1, maximum = 2147483647, example = 1)]
    pub version: i64,
    /// Whose key it is.
    #[schema(max_length = 100, example = "Website CMS")]
    pub name: String,
    /// How its text begins, to tell it from others.
    #[schema(max_length = 50, pattern = "^vtb_[A-Za-z0-9]+$", example = "vtb_8Jq2ZkX0aB")]
    pub prefix: String,
    /// What it may do.
    #[schema(value_type = Vec<Scope>, max_items = 100, example = json!(["content:read"]))]
    pub scopes: Vec<&'static str>,
    /// Whether it opens.
    #[schema(value_type = Standing)]
    pub status: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it: the name of a key or of a command.
    #[schema(max_length = 100, example = "vertebra key")]
    pub created_by: String,
    /// When it ends by itself; null where it does not.
    #[schema(required, example = "2027-11-23T00:00:00Z")]
    pub expires_at: Option<Timestamp>,
    /// When it was revoked; null while it was not.
    #[schema(required, example = json!(null))]
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to the minute; null where it never was.
    #[schema(required, example = "2026-11-23T09:00:00Z")]
    pub last_used_at: Option<Timestamp>,
    /// The key that takes its place; null where it has no successor.
    #[schema(required, example = json!(null))]
    pub rotated_to: Option<Uuid>,
}

/// A key that was just made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IssuedApiKey {
    /// The whole key, for `Authorization: Bearer`: it is kept nowhere and never shown again. After a dry run it opens
    /// nothing.
    #[schema(
        max_length = 100,
        pattern = "^vtb_[A-Za-z0-9]+_[A-Za-z0-9]+$",
        example = "vtb_0123456789_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg19MVD3"
    )]
    pub secret: String,
    /// What is kept of it.
    pub api_key: ApiKey,
}

impl ApiKey {
    /// The key as clients see it at a moment.
    pub fn new(key: Key, now: Timestamp) -> Self {
        let status = key.standing(now).as_str().to_owned();
        Self {
            id: key.id,
            version: key.version,
            prefix: format!("{PREFIX}{}", key.lookup),
            scopes: key.scopes.iter().map(|scope| scope.as_str()).collect(),
            status,
            name: key.name,
            created_at: key.created_at,
            created_by: key.created_by,
            expires_at: key.expires_at,
            revoked_at: key.revoked_at,
            last_used_at: key.last_used_at,
            rotated_to: key.rotated_to,
        }
    }
}

impl IssuedApiKey {
    /// A key and its text, which is shown this once.
    pub fn new(key: Key, secret: &Secret, now: Timestamp) -> Self {
        Self {
            secret: secret.reveal().to_owned(),
            api_key: ApiKey::new(key, now),
        }
    }
}
