//! Reading the change log as an audit trail.

use diesel::{pg::Pg, prelude::*};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use uuid::Uuid;

use super::wire::{ChangeQuery, ChangeRecord};
use crate::{
    db::schema::changes,
    http::page::{After, PageQuery},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = changes)]
pub(super) struct ChangeRow {
    pub(super) id: Uuid,
    pub(super) seq: Option<i64>,
    entity_type: String,
    entity_id: Uuid,
    locale: Option<String>,
    action: String,
    version: i64,
    actor: String,
    request_id: Option<String>,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    occurred_at: Timestamp,
}

impl ChangeRow {
    pub(super) fn into_record(self) -> ChangeRecord {
        ChangeRecord {
            seq: self.seq.unwrap_or_default(),
            entity_type: self.entity_type,
            entity_id: self.entity_id,
            locale: self.locale,
            action: self.action,
            // Each change of a thing makes its next version.
            from_version: Some(self.version - 1).filter(|version| *version > 0),
            version: self.version,
            actor: self.actor,
            request_id: self.request_id,
            occurred_at: self.occurred_at,
        }
    }
}

type Filtered<'a> = changes::BoxedQuery<'a, Pg>;

fn filtered(filter: &ChangeQuery) -> Filtered<'_> {
    // A change has its number from the commit on.
    let mut query = changes::table.filter(changes::seq.is_not_null()).into_boxed();
    if let Some(kind) = filter.entity_type {
        query = query.filter(changes::entity_type.eq(kind.as_str()));
    }
    if let Some(id) = filter.entity_id {
        query = query.filter(changes::entity_id.eq(id));
    }
    if let Some(actor) = &filter.actor {
        query = query.filter(changes::actor.eq(actor));
    }
    if let Some(action) = filter.action {
        query = query.filter(changes::action.eq(action.as_str()));
    }
    if let Some(since) = filter.since {
        query = query.filter(changes::occurred_at.ge(jiff_diesel::Timestamp::from(since.timestamp())));
    }
    if let Some(until) = filter.until {
        query = query.filter(changes::occurred_at.lt(jiff_diesel::Timestamp::from(until.timestamp())));
    }
    query
}

/// A page of changes, the newest first, and one row more; the index is changes_seq_key, or that of the filter:
/// changes_entity_idx, changes_actor_idx, changes_occurred_at_idx.
pub(super) async fn list_changes(
    connection: &mut AsyncPgConnection,
    filter: &ChangeQuery,
    page: &PageQuery,
    after: Option<&After<i64>>,
) -> QueryResult<Vec<ChangeRow>> {
    let mut query = filtered(filter);
    if let Some(After { key, .. }) = after {
        query = query.filter(changes::seq.lt(key));
    }
    query
        .order(changes::seq.desc())
        .limit(page.rows())
        .select(ChangeRow::as_select())
        .load(connection)
        .await
}

/// The number of changes.
pub(super) async fn count_changes(connection: &mut AsyncPgConnection, filter: &ChangeQuery) -> QueryResult<i64> {
    filtered(filter).count().get_result(connection).await
}
