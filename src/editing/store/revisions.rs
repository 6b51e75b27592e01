//! Every version of every document.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::Stored;
use crate::{
    changes::{Action, Actor},
    db::schema::revisions,
    editing::wire::RevisionSummary,
    http::page::{After, PageQuery},
};

/// Keeps the version that a document has now.
pub(in crate::editing) async fn insert_revision(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    action: Action,
    document: &Stored,
) -> QueryResult<()> {
    diesel::insert_into(revisions::table)
        .values((
            revisions::document_id.eq(document.id),
            revisions::version.eq(document.version),
            revisions::action.eq(action.as_str()),
            revisions::content.eq(&document.content),
            revisions::actor.eq(actor.name),
            revisions::created_at.eq(jiff_diesel::Timestamp::from(actor.now)),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// The content that a document had at a version.
pub(in crate::editing) async fn content_at(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    version: i64,
) -> QueryResult<Option<Value>> {
    let content = revisions::table.find((id, version)).select(revisions::content);
    content.first(connection).await.optional()
}

#[derive(Queryable)]
struct RevisionRow {
    version: i64,
    action: String,
    actor: String,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    created_at: Timestamp,
}

impl From<RevisionRow> for RevisionSummary {
    fn from(row: RevisionRow) -> Self {
        Self {
            version: row.version,
            action: row.action,
            actor: row.actor,
            created_at: row.created_at,
        }
    }
}

/// A page of the versions of a document and one row more, the newest first; the index is the primary key.
pub(in crate::editing) async fn list_revisions(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    page: &PageQuery,
    after: Option<&After<i64>>,
) -> QueryResult<Vec<RevisionSummary>> {
    let before = after.map_or(i64::MAX, |after| after.key);
    let rows: Vec<RevisionRow> = revisions::table
        .filter(revisions::document_id.eq(id).and(revisions::version.lt(before)))
        .order(revisions::version.desc())
        .limit(page.rows())
        .select((
            revisions::version,
            revisions::action,
            revisions::actor,
            revisions::created_at,
        ))
        .load(connection)
        .await?;
    Ok(rows.into_iter().map(RevisionSummary::from).collect())
}

/// A version of a document with its content.
pub(in crate::editing) async fn find_revision(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    version: i64,
) -> QueryResult<Option<(RevisionSummary, Value)>> {
    let row: Option<(RevisionRow, Value)> = revisions::table
        .find((id, version))
        .select((
            (
                revisions::version,
                revisions::action,
                revisions::actor,
                revisions::created_at,
            ),
            revisions::content,
        ))
        .first(connection)
        .await
        .optional()?;
    Ok(row.map(|(row, content)| (row.into(), content)))
}
