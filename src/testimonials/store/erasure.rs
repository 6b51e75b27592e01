//! Erasing testimonials, and the ledger of what was erased.
//!
//! A backup still has what was erased after it was made. Whoever restores one replays the ledger, which
//! erases it again.

use diesel::{
    prelude::*,
    sql_types::{Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    changes::Actor,
    db::schema::erasures as e,
    editing,
    http::{
        page::{After, PageQuery},
        write::IfMatch,
    },
    problem::Problem,
    testimonials::wire::{Erasure, ErasureReason, TestimonialIn},
};

#[diesel::declare_sql_function]
extern "SQL" {
    fn erase_testimonial(
        document: SqlUuid,
        change: SqlUuid,
        reason: Text,
        actor: Text,
        request: Nullable<Text>,
        at: Timestamptz,
    ) -> diesel::sql_types::Bool;
}

/// Removes all of a testimonial against the version that the client knows; tells what stays, and the entity
/// tag of its place in the log.
pub async fn erase_known(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    id: Uuid,
    known: &IfMatch,
    reason: ErasureReason,
) -> Result<(Erasure, String), Problem> {
    let opened = editing::open::<TestimonialIn>(connection, Some(id)).await?;
    known.check(&opened.etag())?;
    let erasure = Erasure {
        id,
        erased_at: actor.now,
        reason: reason.as_str().to_owned(),
        actor: actor.name.to_owned(),
    };
    erase(connection, &erasure, actor.request_id).await?;
    Ok((erasure, editing::etag(id, opened.version() + 1)))
}

/// Removes all of a testimonial and enters that into the ledger; says whether it was there.
pub async fn erase(
    connection: &mut AsyncPgConnection,
    erasure: &Erasure,
    request_id: Option<&str>,
) -> QueryResult<bool> {
    let at = jiff_diesel::Timestamp::from(erasure.erased_at);
    let (reason, actor) = (erasure.reason.as_str(), erasure.actor.as_str());
    diesel::select(erase_testimonial(
        erasure.id,
        Uuid::now_v7(),
        reason,
        actor,
        request_id,
        at,
    ))
    .get_result(connection)
    .await
}

/// An entry of the ledger as it is stored.
#[derive(Queryable, Selectable)]
#[diesel(table_name = e)]
struct ErasureRow {
    id: Uuid,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    erased_at: Timestamp,
    reason: String,
    actor: String,
}

impl From<ErasureRow> for Erasure {
    fn from(row: ErasureRow) -> Self {
        Self {
            id: row.id,
            erased_at: row.erased_at,
            reason: row.reason,
            actor: row.actor,
        }
    }
}

/// A page of the ledger and one entry more, the oldest first; the index is erasures_erased_at_idx.
pub async fn list_erasures(
    connection: &mut AsyncPgConnection,
    page: &PageQuery,
    after: Option<&After<Timestamp>>,
) -> QueryResult<Vec<Erasure>> {
    let mut query = e::table.into_boxed();
    if let Some(After { key, id }) = after {
        let key = jiff_diesel::Timestamp::from(*key);
        query = query.filter(e::erased_at.ge(key).and(e::erased_at.gt(key).or(e::id.gt(*id))));
    }
    let rows: Vec<ErasureRow> = query
        .order((e::erased_at, e::id))
        .limit(page.rows())
        .select(ErasureRow::as_select())
        .load(connection)
        .await?;
    Ok(rows.into_iter().map(Erasure::from).collect())
}

/// The whole ledger, the oldest first; without a limit, as what leaves entries out erases too little later.
pub async fn all_erasures(connection: &mut AsyncPgConnection) -> QueryResult<Vec<Erasure>> {
    let rows: Vec<ErasureRow> = e::table
        .order((e::erased_at, e::id))
        .select(ErasureRow::as_select())
        .load(connection)
        .await?;
    Ok(rows.into_iter().map(Erasure::from).collect())
}

/// The number of entries in the ledger.
pub async fn count_erasures(connection: &mut AsyncPgConnection) -> QueryResult<i64> {
    e::table.count().get_result(connection).await
}
