//! How far the moderation of each testimonial has come.

use std::collections::HashMap;

use diesel::{prelude::*, result::Error};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::{consents, excerpt::excerpt};
use crate::{
    db::schema::{documents as d, testimonial_cases as c},
    editing,
    http::page::{After, PageQuery},
    testimonials::wire::{CaseQuery, CaseSource, CaseState, TestimonialCase, TestimonialIn},
    values::Locale,
};

/// How a testimonial stands, and the entity tag for the next step.
#[derive(Debug)]
pub struct Standing {
    /// How it stands.
    pub case: TestimonialCase,
    /// The entity tag of its version.
    pub etag: String,
}

/// Notes that staff are at work on a testimonial; what has no case yet is theirs.
pub(super) async fn touch(connection: &mut AsyncPgConnection, id: Uuid, now: Timestamp) -> QueryResult<()> {
    let in_review = c::state.eq(CaseState::InReview.as_str());
    diesel::insert_into(c::table)
        .values((
            c::document_id.eq(id),
            in_review,
            c::source.eq(CaseSource::Staff.as_str()),
            c::received_at.eq(jiff_diesel::Timestamp::from(now)),
        ))
        .on_conflict_do_nothing()
        .execute(connection)
        .await?;
    diesel::update(c::table.find(id))
        .filter(c::state.eq(CaseState::Submitted.as_str()))
        .set(in_review)
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes that a testimonial was sent by the patient, who can take it back with a token.
pub(super) async fn submitted(connection: &mut AsyncPgConnection, id: Uuid, token_hash: &[u8]) -> QueryResult<()> {
    diesel::update(c::table.find(id))
        .set((
            c::state.eq(CaseState::Submitted.as_str()),
            c::source.eq(CaseSource::Patient.as_str()),
            c::withdrawal_token_hash.eq(token_hash),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes a decision.
pub(super) async fn decide(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    state: CaseState,
    reason: Option<&str>,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::update(c::table.find(id))
        .set((
            c::state.eq(state.as_str()),
            c::reason.eq(reason),
            c::decided_at.eq(jiff_diesel::Timestamp::from(now)),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// The testimonial that a patient can take back with this token.
pub(super) async fn find_by_token(connection: &mut AsyncPgConnection, token_hash: &[u8]) -> QueryResult<Option<Uuid>> {
    c::table
        .filter(c::withdrawal_token_hash.eq(token_hash))
        .select(c::document_id)
        .first(connection)
        .await
        .optional()
}

/// A case with the testimonial that it is about.
#[derive(Queryable)]
struct CaseRow {
    id: Uuid,
    version: i64,
    content: Value,
    state: String,
    reason: Option<String>,
    source: String,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    received_at: Timestamp,
    #[diesel(deserialize_as = jiff_diesel::NullableTimestamp)]
    decided_at: Option<Timestamp>,
}

type Columns = (
    d::id,
    d::version,
    d::content,
    c::state,
    c::reason,
    c::source,
    c::received_at,
    c::decided_at,
);

const COLUMNS: Columns = (
    d::id,
    d::version,
    d::content,
    c::state,
    c::reason,
    c::source,
    c::received_at,
    c::decided_at,
);

/// How one testimonial stands, and the entity tag for the next step.
pub async fn find_standing(connection: &mut AsyncPgConnection, id: Uuid) -> QueryResult<Option<Standing>> {
    let case = find_case(connection, id).await?;
    Ok(case.map(|case| Standing {
        etag: editing::etag(case.id, case.version),
        case,
    }))
}

/// How one testimonial stands.
pub(super) async fn find_case(connection: &mut AsyncPgConnection, id: Uuid) -> QueryResult<Option<TestimonialCase>> {
    let row: Option<CaseRow> = c::table
        .inner_join(d::table)
        .filter(c::document_id.eq(id))
        .select(COLUMNS)
        .first(connection)
        .await
        .optional()?;
    Ok(complete(connection, row.into_iter().collect()).await?.pop())
}

/// A page of cases and one row more, the longest waiting first, without those that were put away; the
/// indexes are testimonial_cases_state_idx and testimonial_cases_received_at_idx.
pub async fn list_cases(
    connection: &mut AsyncPgConnection,
    filter: &CaseQuery,
    page: &PageQuery,
    after: Option<&After<Timestamp>>,
) -> QueryResult<Vec<TestimonialCase>> {
    let mut query = c::table
        .inner_join(d::table)
        .filter(d::archived_at.is_null())
        .into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(c::state.eq(state.as_str()));
    }
    if let Some(After { key, id }) = after {
        let key = jiff_diesel::Timestamp::from(*key);
        query = query.filter(
            c::received_at
                .ge(key)
                .and(c::received_at.gt(key).or(c::document_id.gt(*id))),
        );
    }
    let rows: Vec<CaseRow> = query
        .order((c::received_at, c::document_id))
        .limit(page.rows())
        .select(COLUMNS)
        .load(connection)
        .await?;
    complete(connection, rows).await
}

/// The number of cases that the filter lets through.
pub async fn count_cases(connection: &mut AsyncPgConnection, filter: &CaseQuery) -> QueryResult<i64> {
    let mut query = c::table
        .inner_join(d::table)
        .filter(d::archived_at.is_null())
        .into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(c::state.eq(state.as_str()));
    }
    query.count().get_result(connection).await
}

/// Adds the consents that hold.
async fn complete(connection: &mut AsyncPgConnection, rows: Vec<CaseRow>) -> QueryResult<Vec<TestimonialCase>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut holding: HashMap<Uuid, consents::Holding> = consents::holding(connection, &ids).await?;
    rows.into_iter().map(|row| row.into_case(&mut holding)).collect()
}

impl CaseRow {
    fn into_case(self, holding: &mut HashMap<Uuid, consents::Holding>) -> QueryResult<TestimonialCase> {
        let content: TestimonialIn = serde_json::from_value(self.content)
            // What serde says repeats what is stored, which is not for the log.
            .map_err(|_| Error::DeserializationError("stored content has not the form of a testimonial".into()))?;
        let (consent_channels, consent_expires_at) = holding.remove(&self.id).unwrap_or_default();
        Ok(TestimonialCase {
            id: self.id,
            version: self.version,
            state: self.state,
            reason: self.reason,
            source: self.source,
            received_at: self.received_at,
            decided_at: self.decided_at,
            headline: content.shown_headline(),
            excerpt: excerpt(&content.quote),
            rating: content.rating,
            locale: Locale::stored(content.locale),
            consent_channels,
            consent_expires_at,
        })
    }
}
