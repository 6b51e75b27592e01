//! All SQL of topics.

mod document;

use std::collections::HashMap;

use diesel::{dsl::count_star, prelude::*};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use uuid::Uuid;

use super::wire::Topic;
use crate::{
    db::views::{published_article_topics, published_topics},
    http::page::{After, PageQuery},
    values::{Locale, Slug},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = published_topics)]
struct TopicRow {
    id: Uuid,
    slug: String,
    name: String,
    description: Option<String>,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    updated_at: Timestamp,
}

/// A page of topics by name, and one row more; the index is topic_texts_name_idx.
pub async fn list_topics(
    connection: &mut AsyncPgConnection,
    locale: &Locale,
    page: &PageQuery,
    after: Option<&After<String>>,
) -> QueryResult<Vec<Topic>> {
    let mut query = published_topics::table
        .filter(published_topics::locale.eq(locale.as_str()))
        .into_boxed();
    if let Some(After { key, id }) = after {
        query = query.filter(
            published_topics::name
                .ge(key)
                .and(published_topics::name.gt(key).or(published_topics::id.gt(id))),
        );
    }
    let rows: Vec<TopicRow> = query
        .order((published_topics::name, published_topics::id))
        .limit(page.rows())
        .select(TopicRow::as_select())
        .load(connection)
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let counts = article_counts(connection, locale, &ids).await?;
    let topic = |row: TopicRow| {
        let article_count = counts.get(&row.id).copied().unwrap_or(0);
        row.into_topic(article_count)
    };
    Ok(rows.into_iter().map(topic).collect())
}

/// The numbers of published articles about these topics.
async fn article_counts(
    connection: &mut AsyncPgConnection,
    locale: &Locale,
    ids: &[Uuid],
) -> QueryResult<HashMap<Uuid, i64>> {
    let counts = published_article_topics::table
        .filter(published_article_topics::locale.eq(locale.as_str()))
        .filter(published_article_topics::topic_id.eq_any(ids))
        .group_by(published_article_topics::topic_id)
        .select((published_article_topics::topic_id, count_star()))
        .load(connection)
        .await?;
    Ok(counts.into_iter().collect())
}

impl TopicRow {
    fn into_topic(self, article_count: i64) -> Topic {
        Topic {
            article_count,
            id: self.id,
            slug: Slug::stored(self.slug),
            name: self.name,
            description: self.description,
            updated_at: self.updated_at,
        }
    }
}

/// The number of topics.
pub async fn count_topics(connection: &mut AsyncPgConnection, locale: &Locale) -> QueryResult<i64> {
    published_topics::table
        .filter(published_topics::locale.eq(locale.as_str()))
        .count()
        .get_result(connection)
        .await
}
