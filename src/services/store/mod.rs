//! All SQL of services: reads for the public.

use std::collections::HashMap;

use diesel::{pg::Pg, prelude::*};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::{Timestamp, civil::Date};
use serde::Deserialize;
use uuid::Uuid;

use super::wire::{Service, ServiceCode, ServiceQuery, ServiceSummary};
use crate::{
    db::{
        lookup::{self, Found, Languages, PublishedText},
        views::{published_service_codes, published_service_topics, published_service_treats, published_services},
    },
    http::page::{After, PageQuery},
    values::{IdOrSlug, Locale, Reference, ReviewState, Slug},
};

mod document;

#[derive(Queryable, Selectable)]
#[diesel(table_name = published_services)]
struct SummaryRow {
    id: Uuid,
    locale: String,
    slug: String,
    kind: String,
    name: String,
    summary: String,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    updated_at: Timestamp,
}

fn filtered<'a>(locale: &'a Locale, filter: &ServiceQuery) -> published_services::BoxedQuery<'a, Pg> {
    let mut query = published_services::table
        .filter(published_services::locale.eq(locale.as_str()))
        .into_boxed();
    if !filter.kind.is_empty() {
        let kinds: Vec<&str> = filter.kind.iter().map(|kind| kind.as_str()).collect();
        query = query.filter(published_services::kind.eq_any(kinds));
    }
    if !filter.topic.is_empty() {
        let (ids, slugs) = IdOrSlug::part(&filter.topic);
        let of_topic = published_service_topics::table
            .filter(published_service_topics::locale.eq(locale.as_str()))
            .filter(
                published_service_topics::topic_id
                    .eq_any(ids)
                    .or(published_service_topics::slug.eq_any(slugs)),
            )
            .select(published_service_topics::service_id);
        query = query.filter(published_services::id.eq_any(of_topic));
    }
    query
}

/// A page of services by name, and one row more; the index is service_texts_name_idx.
pub async fn list_services(
    connection: &mut AsyncPgConnection,
    locale: &Locale,
    filter: &ServiceQuery,
    page: &PageQuery,
    after: Option<&After<String>>,
) -> QueryResult<Vec<ServiceSummary>> {
    let mut query = filtered(locale, filter);
    if let Some(After { key, id }) = after {
        query = query.filter(
            published_services::name
                .ge(key)
                .and(published_services::name.gt(key).or(published_services::id.gt(id))),
        );
    }
    let rows: Vec<SummaryRow> = query
        .order((published_services::name, published_services::id))
        .limit(page.rows())
        .select(SummaryRow::as_select())
        .load(connection)
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut topics = topics_of(connection, locale, &ids).await?;
    let summary = |row: SummaryRow| ServiceSummary {
        topics: topics.remove(&row.id).unwrap_or_default(),
        id: row.id,
        slug: Slug::stored(row.slug),
        kind: row.kind,
        name: row.name,
        summary: row.summary,
        updated_at: row.updated_at,
    };
    Ok(rows.into_iter().map(summary).collect())
}

/// The number of services that the filter lets through.
pub async fn count_services(
    connection: &mut AsyncPgConnection,
    locale: &Locale,
    filter: &ServiceQuery,
) -> QueryResult<i64> {
    filtered(locale, filter).count().get_result(connection).await
}

/// The topics of some services.
async fn topics_of(
    connection: &mut AsyncPgConnection,
    locale: &Locale,
    ids: &[Uuid],
) -> QueryResult<HashMap<Uuid, Vec<Reference>>> {
    use published_service_topics as p;
    let rows: Vec<(Uuid, (Uuid, String, String))> = p::table
        .filter(p::locale.eq(locale.as_str()))
        .filter(p::service_id.eq_any(ids))
        .order(p::name)
        .select((p::service_id, (p::topic_id, p::slug, p::name)))
        .load(connection)
        .await?;
    Ok(Reference::grouped(rows))
}

/// A service's own row in one language.
#[derive(Queryable, Selectable)]
#[diesel(table_name = published_services)]
struct ServiceRow {
    #[diesel(embed)]
    summary: SummaryRow,
    sections: serde_json::Value,
    reviewed_by: Option<String>,
    #[diesel(deserialize_as = jiff_diesel::NullableDate)]
    last_reviewed_on: Option<Date>,
    #[diesel(deserialize_as = jiff_diesel::NullableDate)]
    next_review_due_on: Option<Date>,
}

impl PublishedText for ServiceRow {
    fn locale(&self) -> &str {
        &self.summary.locale
    }

    fn slug(&self) -> &str {
        &self.summary.slug
    }
}

/// The service that a client names, with all there is to tell.
pub async fn get_service(
    connection: &mut AsyncPgConnection,
    wanted: &IdOrSlug,
    languages: &Languages,
    now: Timestamp,
) -> QueryResult<Found<Service>> {
    let found = lookup::find(connection, "service", wanted, languages, texts_of).await?;
    found.complete(async |row| complete(connection, row, now).await).await
}

async fn texts_of(connection: &mut AsyncPgConnection, wanted: &IdOrSlug) -> QueryResult<Vec<ServiceRow>> {
    let query = published_services::table.into_boxed();
    let query = match wanted {
        IdOrSlug::Id(id) => query.filter(published_services::id.eq(*id)),
        IdOrSlug::Slug(slug) => query.filter(published_services::slug.eq(slug.as_str())),
    };
    query.select(ServiceRow::as_select()).load(connection).await
}

async fn complete(connection: &mut AsyncPgConnection, service: ServiceRow, now: Timestamp) -> QueryResult<Service> {
    let row = service.summary;
    let locale = Locale::stored(row.locale);
    let codes = published_service_codes::table
        .filter(published_service_codes::service_id.eq(row.id))
        .order((published_service_codes::system, published_service_codes::code))
        .select((
            published_service_codes::system,
            published_service_codes::code,
            published_service_codes::display,
        ))
        .load::<(String, String, Option<String>)>(connection)
        .await?;
    let code = |(system, code, display)| ServiceCode { system, code, display };
    let mut topics = topics_of(connection, &locale, &[row.id]).await?;
    Ok(Service {
        sections: Vec::deserialize(&service.sections)
            .map_err(|error| diesel::result::Error::DeserializationError(error.into()))?,
        codes: codes.into_iter().map(code).collect(),
        topics: topics.remove(&row.id).unwrap_or_default(),
        treats: conditions_of(connection, &locale, row.id).await?,
        treated_by: treatments_of(connection, &locale, row.id).await?,
        reviewed_by: service.reviewed_by,
        last_reviewed_on: service.last_reviewed_on,
        next_review_due_on: service.next_review_due_on,
        overdue: ReviewState::at(now, service.next_review_due_on).is_overdue,
        id: row.id,
        slug: Slug::stored(row.slug),
        kind: row.kind,
        name: row.name,
        summary: row.summary,
        updated_at: row.updated_at,
        locale,
    })
}

async fn conditions_of(
    connection: &mut AsyncPgConnection,
    locale: &Locale,
    treatment: Uuid,
) -> QueryResult<Vec<Reference>> {
    use published_service_treats as p;
    let rows = p::table
        .filter(p::locale.eq(locale.as_str()))
        .filter(p::treatment_id.eq(treatment))
        .order(p::condition_name)
        .select((p::condition_id, p::condition_slug, p::condition_name))
        .load(connection)
        .await?;
    Ok(rows.into_iter().map(Reference::stored).collect())
}

async fn treatments_of(
    connection: &mut AsyncPgConnection,
    locale: &Locale,
    condition: Uuid,
) -> QueryResult<Vec<Reference>> {
    use published_service_treats as p;
    let rows = p::table
        .filter(p::locale.eq(locale.as_str()))
        .filter(p::condition_id.eq(condition))
        .order(p::treatment_name)
        .select((p::treatment_id, p::treatment_slug, p::treatment_name))
        .load(connection)
        .await?;
    Ok(rows.into_iter().map(Reference::stored).collect())
}
