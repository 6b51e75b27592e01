//! What is scheduled and has fallen due.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    db::schema::{document_languages as l, documents as d},
    editing::kind::Due,
};

/// A language of a document whose moment has come.
#[derive(Debug, Clone, Queryable)]
pub(in crate::editing) struct DueLanguage {
    pub(in crate::editing) id: Uuid,
    pub(in crate::editing) entity_type: String,
    pub(in crate::editing) locale: String,
    scheduled_version: Option<i64>,
    #[diesel(deserialize_as = jiff_diesel::NullableTimestamp)]
    publish_at: Option<Timestamp>,
}

impl DueLanguage {
    /// What is to be done: publishing comes first, as it was scheduled for before the other.
    pub(in crate::editing) fn what(&self, now: Timestamp) -> Due {
        match self.scheduled_version.zip(self.publish_at) {
            Some((version, at)) if at <= now => Due::Publish(version),
            _ => Due::Unpublish,
        }
    }
}

#[diesel::dsl::auto_type]
fn is_due(now: jiff_diesel::Timestamp) -> _ {
    l::publish_at.le(now).or(l::unpublish_at.le(now)).assume_not_null()
}

/// A document whose moment has come and that no other instance holds, but none of these; it is locked. The indexes are those
/// on `publish_at` and `unpublish_at`.
pub(in crate::editing) async fn lock_next_due(
    connection: &mut AsyncPgConnection,
    now: Timestamp,
    except: &[Uuid],
) -> QueryResult<Option<DueLanguage>> {
    let row = l::table.inner_join(d::table).filter(is_due(now.into()));
    let row = row.filter(d::id.ne_all(except));
    row.select((d::id, d::entity_type, l::locale, l::scheduled_version, l::publish_at))
        .order((l::publish_at, l::unpublish_at))
        .for_update()
        .skip_locked()
        .first(connection)
        .await
        .optional()
}
