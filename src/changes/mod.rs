//! The change log: every write is recorded here in its own transaction.
//!
//! Whoever must know about a write follows the log; nothing else is told. Numbers are given at
//! COMMIT by the database, in commit order and without gaps.

mod follow;

use std::borrow::Cow;

use diesel::{ExpressionMethods, QueryResult};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};
use uuid::Uuid;

use crate::db::schema::changes;

pub use self::follow::follow;

/// Declares a closed set of names that the log knows.
macro_rules! names {
    ($(#[doc = $doc:literal])* $set:ident $title:literal { $($(#[$what:meta])* $variant:ident $name:literal,)+ }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $set {
            $($(#[$what])* #[serde(rename = $name)] $variant,)+
        }

        impl $set {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name in the log.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }

        // Written by hand: the derived schema does not see names that come from a macro.
        impl PartialSchema for $set {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .title(Some($title))
                    .description(Some([$($doc),*].concat().trim()))
                    .enum_values(Some(Self::ALL.iter().map(|name| name.as_str())))
                    .into()
            }
        }

        impl ToSchema for $set {
            fn name() -> Cow<'static, str> {
                $title.into()
            }
        }
    };
}

names! {
    /// The kinds of thing that change.
    EntityType "EntityType" {
        /// The clinic.
        Clinic "clinic",
        /// A location.
        Location "location",
        /// A topic.
        Topic "topic",
        /// A service.
        Service "service",
        /// An article.
        Article "article",
        /// A testimonial.
        Testimonial "testimonial",
        /// A key to the editors' side.
        ApiKey "api_key",
    }
}

names! {
    /// What was done.
    Action "ChangeAction" {
        /// It was made.
        Created "created",
        /// Its content was changed.
        Updated "updated",
        /// It became public.
        Published "published",
        /// It left the public.
        Unpublished "unpublished",
        /// It was said when it is to become public or to leave the public.
        Scheduled "scheduled",
        /// It was put away.
        Archived "archived",
        /// It was taken up again.
        Restored "restored",
        /// It was turned down.
        Rejected "rejected",
        /// The patient took the consent back.
        Withdrawn "withdrawn",
        /// It was removed for good.
        Erased "erased",
        /// It lost its validity.
        Revoked "revoked",
        /// It was replaced by a successor.
        Rotated "rotated",
    }
}

/// Who writes, and when: the same for all that one transaction does.
#[derive(Debug, Clone)]
pub struct Actor<'a> {
    /// The name of a key or of a command.
    pub name: &'a str,
    /// The request that it writes for; none for a command.
    pub request_id: Option<&'a str>,
    /// The moment that the write counts as.
    pub now: Timestamp,
}

/// One write, for the log.
#[derive(Debug, Clone)]
pub struct Change<'a> {
    /// What kind of thing changed.
    pub entity_type: EntityType,
    /// Which one.
    pub entity_id: Uuid,
    /// The language whose text changed; none where the neutral facts did.
    pub locale: Option<&'a str>,
    /// What was done.
    pub action: Action,
    /// Version of the entity after the change.
    pub version: i64,
}

/// Appends a change; call it in the transaction that makes it.
pub async fn record(connection: &mut AsyncPgConnection, actor: &Actor<'_>, change: Change<'_>) -> QueryResult<()> {
    diesel::insert_into(changes::table)
        .values((
            changes::id.eq(Uuid::now_v7()),
            changes::entity_type.eq(change.entity_type.as_str()),
            changes::entity_id.eq(change.entity_id),
            changes::locale.eq(change.locale),
            changes::action.eq(change.action.as_str()),
            changes::version.eq(change.version),
            changes::actor.eq(actor.name),
            changes::request_id.eq(actor.request_id),
            changes::occurred_at.eq(jiff_diesel::Timestamp::from(actor.now)),
        ))
        .execute(connection)
        .await?;
    Ok(())
}
