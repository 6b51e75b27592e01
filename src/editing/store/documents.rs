//! Documents: the newest content of each thing.

use diesel::{dsl::exists, prelude::*};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    changes::EntityType,
    db::schema::{document_languages, documents},
};

/// A document as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = documents)]
pub(in crate::editing) struct Stored {
    pub(in crate::editing) id: Uuid,
    pub(in crate::editing) version: i64,
    pub(in crate::editing) content_version: i64,
    pub(in crate::editing) facts_version: i64,
    pub(in crate::editing) content: Value,
    #[diesel(deserialize_as = jiff_diesel::NullableTimestamp)]
    pub(in crate::editing) archived_at: Option<Timestamp>,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    pub(in crate::editing) created_at: Timestamp,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    pub(in crate::editing) updated_at: Timestamp,
}

/// The document with this id, or the only one of its kind where no id is given.
pub(in crate::editing) async fn find_document(
    connection: &mut AsyncPgConnection,
    entity_type: EntityType,
    id: Option<Uuid>,
) -> QueryResult<Option<Stored>> {
    let query = documents::table.filter(documents::entity_type.eq(entity_type.as_str()));
    let select = Stored::as_select();
    match id {
        Some(id) => {
            query
                .filter(documents::id.eq(id))
                .select(select)
                .first(connection)
                .await
        }
        None => query.select(select).first(connection).await,
    }
    .optional()
}

/// Like [`find_document`], and nobody else writes it until the transaction ends.
pub(in crate::editing) async fn lock_document(
    connection: &mut AsyncPgConnection,
    entity_type: EntityType,
    id: Option<Uuid>,
) -> QueryResult<Option<Stored>> {
    let query = documents::table.filter(documents::entity_type.eq(entity_type.as_str()));
    let select = Stored::as_select();
    match id {
        Some(id) => {
            let query = query.filter(documents::id.eq(id)).select(select);
            query.for_update().first(connection).await
        }
        None => query.select(select).for_update().first(connection).await,
    }
    .optional()
}

/// Makes a document at its first version.
pub(in crate::editing) async fn insert_document(
    connection: &mut AsyncPgConnection,
    entity_type: EntityType,
    document: &Stored,
) -> QueryResult<()> {
    diesel::insert_into(documents::table)
        .values((
            documents::id.eq(document.id),
            documents::entity_type.eq(entity_type.as_str()),
            documents::version.eq(document.version),
            documents::content_version.eq(document.content_version),
            documents::facts_version.eq(document.facts_version),
            documents::content.eq(&document.content),
            documents::created_at.eq(jiff_diesel::Timestamp::from(document.created_at)),
            documents::updated_at.eq(jiff_diesel::Timestamp::from(document.updated_at)),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// Stores the next version of a document, which the transaction has locked.
pub(in crate::editing) async fn update_document(
    connection: &mut AsyncPgConnection,
    document: &Stored,
) -> QueryResult<()> {
    let archived_at = document.archived_at.map(jiff_diesel::Timestamp::from);
    diesel::update(documents::table.find(document.id))
        .set((
            documents::version.eq(document.version),
            documents::content_version.eq(document.content_version),
            documents::facts_version.eq(document.facts_version),
            documents::content.eq(&document.content),
            documents::archived_at.eq(archived_at),
            documents::updated_at.eq(jiff_diesel::Timestamp::from(document.updated_at)),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// Those of the ids that name no document of this kind.
pub(in crate::editing) async fn missing_references(
    connection: &mut AsyncPgConnection,
    entity_type: EntityType,
    ids: &[Uuid],
) -> QueryResult<Vec<Uuid>> {
    let found: Vec<Uuid> = documents::table
        .filter(documents::entity_type.eq(entity_type.as_str()))
        .filter(documents::id.eq_any(ids))
        .select(documents::id)
        .load(connection)
        .await?;
    Ok(ids.iter().copied().filter(|id| !found.contains(id)).collect())
}

/// The documents of this kind of which the public sees something, the oldest first.
pub(in crate::editing) async fn list_public_documents(
    connection: &mut AsyncPgConnection,
    entity_type: EntityType,
) -> QueryResult<Vec<Uuid>> {
    let of_document = document_languages::table.filter(document_languages::document_id.eq(documents::id));
    let is_public = exists(of_document.filter(document_languages::published_version.is_not_null()));
    documents::table
        .filter(documents::entity_type.eq(entity_type.as_str()))
        .filter(is_public)
        .order(documents::id)
        .select(documents::id)
        .load(connection)
        .await
}
