//! Lists of documents, versions and reviews.

use std::collections::HashMap;

use diesel::{dsl::exists, pg::Pg, prelude::*};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use super::{LanguageRow, Stored, languages_of};
use crate::{
    changes::EntityType,
    db::schema::{document_languages as l, documents as d},
    editing::wire::{DocumentQuery, DocumentStatus, DocumentSummary, ReviewDue, ReviewQuery},
    http::page::{After, PageQuery},
    values::Locale,
};

fn filtered(entity_type: EntityType, filter: &DocumentQuery) -> d::BoxedQuery<'static, Pg> {
    let mut query = d::table.filter(d::entity_type.eq(entity_type.as_str())).into_boxed();
    let own = || l::table.filter(l::document_id.eq(d::id));
    query = match filter.status {
        None => query,
        Some(DocumentStatus::Archived) => query.filter(d::archived_at.is_not_null()),
        Some(DocumentStatus::Published) => query.filter(exists(own().filter(l::published_version.is_not_null()))),
        Some(DocumentStatus::Scheduled) => query.filter(exists(
            own().filter(l::published_version.is_null().and(l::publish_at.is_not_null())),
        )),
        Some(DocumentStatus::Draft) => query.filter(d::archived_at.is_null()).filter(exists(
            own().filter(l::published_version.is_null().and(l::publish_at.is_null())),
        )),
    };
    if let Some(locale) = &filter.locale {
        query = query.filter(exists(own().filter(l::locale.eq(locale.to_string()))));
    }
    if let Some(words) = &filter.title {
        query = query.filter(exists(own().filter(l::title.ilike(contains(words)))));
    }
    query
}

/// A pattern for what contains these words; their own `%`, `_` and `\` stand for themselves.
fn contains(words: &str) -> String {
    let mut pattern = String::from("%");
    for letter in words.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// A page of documents and one row more; the index is documents_updated_at_idx.
pub(in crate::editing) async fn list_documents(
    connection: &mut AsyncPgConnection,
    entity_type: EntityType,
    filter: &DocumentQuery,
    page: &PageQuery,
    after: Option<&After<Timestamp>>,
) -> QueryResult<Vec<DocumentSummary>> {
    let mut query = filtered(entity_type, filter);
    if let Some(After { key, id }) = after {
        let key = jiff_diesel::Timestamp::from(*key);
        query = query.filter(d::updated_at.le(key).and(d::updated_at.lt(key).or(d::id.lt(*id))));
    }
    let rows: Vec<Stored> = query
        .order((d::updated_at.desc(), d::id.desc()))
        .limit(page.rows())
        .select(Stored::as_select())
        .load(connection)
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut languages: HashMap<Uuid, Vec<LanguageRow>> = HashMap::new();
    for row in languages_of(connection, &ids).await? {
        languages.entry(row.document_id).or_default().push(row);
    }
    let summary = |row: &Stored| {
        let languages = languages.remove(&row.id).unwrap_or_default();
        DocumentSummary::new(row, languages.into_iter())
    };
    Ok(rows.iter().map(summary).collect())
}

/// The number of documents that the filter lets through.
pub(in crate::editing) async fn count_documents(
    connection: &mut AsyncPgConnection,
    entity_type: EntityType,
    filter: &DocumentQuery,
) -> QueryResult<i64> {
    filtered(entity_type, filter).count().get_result(connection).await
}

#[derive(Queryable)]
struct ReviewRow {
    id: Uuid,
    entity_type: String,
    locale: String,
    title: String,
    #[diesel(deserialize_as = jiff_diesel::NullableDate)]
    next_review_due_on: Option<Date>,
    published_version: Option<i64>,
}

/// A page of texts that are due for a review and one row more, the longest due first; the index is
/// document_languages_next_review_due_on_idx.
pub(in crate::editing) async fn list_reviews(
    connection: &mut AsyncPgConnection,
    filter: &ReviewQuery,
    page: &PageQuery,
    after: Option<&After<(Date, String)>>,
    today: Date,
) -> QueryResult<Vec<ReviewDue>> {
    let date = |date: Date| jiff_diesel::Date::from(date);
    let mut query = l::table
        .inner_join(d::table)
        .filter(d::archived_at.is_null())
        .filter(l::next_review_due_on.is_not_null())
        .into_boxed();
    if let Some(before) = filter.due_before {
        query = query.filter(l::next_review_due_on.lt(date(before.date())));
    }
    if let Some(After { key: (due, locale), id }) = after {
        let later = l::next_review_due_on.gt(date(*due));
        let same = l::next_review_due_on.eq(date(*due));
        let next = l::document_id
            .gt(*id)
            .or(l::document_id.eq(*id).and(l::locale.gt(locale.clone())));
        query = query.filter(later.or(same.and(next)));
    }
    let rows: Vec<ReviewRow> = query
        .order((l::next_review_due_on, l::document_id, l::locale))
        .limit(page.rows())
        .select((
            d::id,
            d::entity_type,
            l::locale,
            l::title,
            l::next_review_due_on,
            l::published_version,
        ))
        .load(connection)
        .await?;
    let due = |row: ReviewRow| {
        Some(ReviewDue {
            id: row.id,
            entity_type: row.entity_type,
            locale: (!row.locale.is_empty()).then(|| Locale::stored(row.locale)),
            title: row.title,
            overdue: row.next_review_due_on? < today,
            next_review_due_on: row.next_review_due_on?,
            is_published: row.published_version.is_some(),
        })
    };
    Ok(rows.into_iter().filter_map(due).collect())
}

/// The number of texts that are due for a review.
pub(in crate::editing) async fn count_reviews(
    connection: &mut AsyncPgConnection,
    filter: &ReviewQuery,
) -> QueryResult<i64> {
    let mut query = l::table
        .inner_join(d::table)
        .filter(d::archived_at.is_null())
        .filter(l::next_review_due_on.is_not_null())
        .into_boxed();
    if let Some(before) = filter.due_before {
        query = query.filter(l::next_review_due_on.lt(jiff_diesel::Date::from(before.date())));
    }
    query.count().get_result(connection).await
}
