//! The change log: every write is recorded here in its own transaction.
//!
//! Whoever must know about a write follows the log; nothing else is told. Numbers are given at
//! COMMIT by the database, in commit order and without gaps.

mod follow;

use diesel::{ExpressionMethods, QueryResult};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{db::schema::changes, values::Locale};

pub use self::follow::{Head, follow};

/// The kinds of thing that change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntityType {
    /// The clinic.
    Clinic,
    /// A location.
    Location,
    /// A topic.
    Topic,
    /// A service.
    Service,
    /// An article.
    Article,
    /// A testimonial.
    Testimonial,
}

impl EntityType {
    /// The name in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clinic => "clinic",
            Self::Location => "location",
            Self::Topic => "topic",
            Self::Service => "service",
            Self::Article => "article",
            Self::Testimonial => "testimonial",
        }
    }
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It was made.
    Created,
    /// It was changed.
    Updated,
    /// It became public.
    Published,
}

impl Action {
    fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Published => "published",
        }
    }
}

/// Who writes, and when: the same for all that one transaction does.
#[derive(Debug, Clone)]
pub struct Actor<'a> {
    /// The name of a key or of a command.
    pub name: &'a str,
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
    pub locale: Option<&'a Locale>,
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
            changes::locale.eq(change.locale.map(Locale::as_str)),
            changes::action.eq(change.action.as_str()),
            changes::version.eq(change.version),
            changes::actor.eq(actor.name),
            changes::occurred_at.eq(jiff_diesel::Timestamp::from(actor.now)),
        ))
        .execute(connection)
        .await?;
    Ok(())
}
