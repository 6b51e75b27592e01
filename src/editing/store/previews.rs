//! Links to previews.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    changes::Actor,
    db::schema::{documents as d, previews as p},
};

/// A link to be made.
pub(in crate::editing) struct NewPreview<'a> {
    pub(in crate::editing) id: Uuid,
    pub(in crate::editing) document_id: Uuid,
    pub(in crate::editing) locale: &'a str,
    pub(in crate::editing) token_hash: Vec<u8>,
    pub(in crate::editing) expires_at: Timestamp,
}

/// A link that holds.
#[derive(Debug, Queryable)]
pub(in crate::editing) struct PreviewRow {
    pub(in crate::editing) document_id: Uuid,
    pub(in crate::editing) entity_type: String,
    pub(in crate::editing) locale: String,
}

/// Keeps a link.
pub(in crate::editing) async fn insert_preview(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    new: &NewPreview<'_>,
) -> QueryResult<()> {
    diesel::insert_into(p::table)
        .values((
            p::id.eq(new.id),
            p::document_id.eq(new.document_id),
            p::locale.eq(new.locale),
            p::token_hash.eq(&new.token_hash),
            p::created_by.eq(actor.name),
            p::created_at.eq(jiff_diesel::Timestamp::from(actor.now)),
            p::expires_at.eq(jiff_diesel::Timestamp::from(new.expires_at)),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// The link with this token, while it holds.
pub(in crate::editing) async fn find_preview(
    connection: &mut AsyncPgConnection,
    token_hash: &[u8],
    now: Timestamp,
) -> QueryResult<Option<PreviewRow>> {
    p::table
        .inner_join(d::table)
        .filter(p::token_hash.eq(token_hash))
        .filter(p::revoked_at.is_null())
        .filter(p::expires_at.gt(jiff_diesel::Timestamp::from(now)))
        .select((p::document_id, d::entity_type, p::locale))
        .first(connection)
        .await
        .optional()
}

/// Takes a link back, and says whether there is such a one.
pub(in crate::editing) async fn revoke_preview(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    now: Timestamp,
) -> QueryResult<bool> {
    let revoked = diesel::update(p::table.find(id))
        .set(p::revoked_at.eq(jiff_diesel::Timestamp::from(now)))
        .execute(connection)
        .await?;
    Ok(revoked > 0)
}
