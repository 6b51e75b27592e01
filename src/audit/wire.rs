//! What clients send and receive of the audit trail.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::{
    changes::{Action, EntityType},
    values::{DateBound, Locale, id_or_null},
};

/// Which changes are listed.
#[derive(Debug, Clone, Deserialize, Serialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct ChangeQuery {
    /// Only of this kind of thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub entity_type: Option<EntityType>,
    /// Only of the thing with this id.
    #[serde(default, deserialize_with = "id_or_null", skip_serializing_if = "Option::is_none")]
    #[param(max_length = 36)]
    pub entity_id: Option<Uuid>,
    /// Only by the key or command of this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 100, message = "must have 1 to 100 characters"))]
    #[param(
        min_length = 1,
        max_length = 100,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]*$",
        example = "Website CMS"
    )]
    pub actor: Option<String>,
    /// Only with this done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub action: Option<Action>,
    /// Only at this moment or later; a date alone means its first moment in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub since: Option<DateBound>,
    /// Only before this moment; a date alone means its first moment in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub until: Option<DateBound>,
}

/// One change: who did what to which thing, and when.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangeRecord {
    /// Position in the log: the order in which changes were committed, without gaps.
    #[schema(minimum = 1, maximum = 9007199254740991_i64, example = 42)]
    pub seq: i64,
    /// What kind of thing changed.
    #[schema(value_type = EntityType)]
    pub entity_type: String,
    /// Which one changed.
    #[schema(example = "01a2097f-10e8-741a-83cf-d6db6b582513")]
    pub entity_id: Uuid,
    /// The language whose text changed; null where it was not one language's.
    #[schema(required, value_type = Option<Locale>)]
    pub locale: Option<String>,
    /// What was done.
    #[schema(value_type = Action)]
    pub action: String,
    /// Version of the thing before the change; null where it was made by it.
    #[schema(required, value_type = Option<i32>, minimum = 1, maximum = 2147483647, example = 2)]
    pub from_version: Option<i64>,
    /// Version of the thing after the change.
    #[schema(value_type = i32, minimum = 1, maximum = 2147483647, example = 3)]
    pub version: i64,
    /// Who did it: the name of a key or of a command.
    #[schema(max_length = 100, example = "Website CMS")]
    pub actor: String,
    /// The request that did it, as the server's log names it; null for a command.
    #[schema(
        required,
        max_length = 128,
        pattern = "^[A-Za-z0-9._:-]+$",
        example = "01a20980-bc47-755a-bb90-6846054b2f9f"
    )]
    pub request_id: Option<String>,
    /// When it was done.
    pub occurred_at: Timestamp,
}
