//! One article.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use super::{
    citation::get_citation,
    list::{SummaryRow, services_of, topics_of},
};
use crate::{
    articles::{share::Share, wire::Article},
    config::WebAddress,
    db::{
        lookup::{self, Found, Languages, PublishedText},
        views::published_articles,
    },
    editing::Reading,
    values::{IdOrSlug, Locale, ReviewState, Slug},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = published_articles)]
struct ArticleRow {
    #[diesel(embed)]
    summary: SummaryRow,
    body_html: Option<String>,
    body_text: Option<String>,
    reviewed_by: Option<String>,
    #[diesel(deserialize_as = jiff_diesel::NullableDate)]
    last_reviewed_on: Option<Date>,
    #[diesel(deserialize_as = jiff_diesel::NullableDate)]
    next_review_due_on: Option<Date>,
    citation_id: Option<Uuid>,
}

impl PublishedText for ArticleRow {
    fn locale(&self) -> &str {
        &self.summary.locale
    }

    fn slug(&self) -> &str {
        &self.summary.slug
    }
}

/// The article that a client names, with all there is to tell.
pub async fn get_article(
    connection: &mut AsyncPgConnection,
    site: &WebAddress,
    wanted: &IdOrSlug,
    languages: &Languages,
    now: Timestamp,
) -> QueryResult<Found<Article>> {
    let found = lookup::find(connection, "article", wanted, languages, texts_of).await?;
    found
        .complete(async |row| complete(connection, site, row, now).await)
        .await
}

/// The article as the public sees it in a language; none where it sees nothing.
pub(super) async fn get_published(
    connection: &mut AsyncPgConnection,
    reading: &Reading<'_>,
) -> QueryResult<Option<Article>> {
    let texts = texts_of(connection, &IdOrSlug::Id(reading.id)).await?;
    let text = texts.into_iter().find(|text| text.locale() == reading.locale.as_str());
    match text {
        Some(text) => complete(connection, reading.site, text, reading.now).await.map(Some),
        None => Ok(None),
    }
}

async fn texts_of(connection: &mut AsyncPgConnection, wanted: &IdOrSlug) -> QueryResult<Vec<ArticleRow>> {
    let query = published_articles::table.into_boxed();
    let query = match wanted {
        IdOrSlug::Id(id) => query.filter(published_articles::id.eq(*id)),
        IdOrSlug::Slug(slug) => query.filter(published_articles::slug.eq(slug.as_str())),
    };
    query.select(ArticleRow::as_select()).load(connection).await
}

async fn complete(
    connection: &mut AsyncPgConnection,
    site: &WebAddress,
    article: ArticleRow,
    now: Timestamp,
) -> QueryResult<Article> {
    let row = article.summary;
    let locale = Locale::stored(row.locale);
    let mut topics = topics_of(connection, &locale, &[row.id]).await?;
    let mut services = services_of(connection, &locale, &[row.id]).await?;
    let citation = match article.citation_id {
        Some(id) => get_citation(connection, id).await?,
        None => None,
    };
    Ok(Article {
        topics: topics.remove(&row.id).unwrap_or_default(),
        services: services.remove(&row.id).unwrap_or_default(),
        citation,
        share: Share::of(site, &row.slug, &row.title),
        id: row.id,
        slug: Slug::stored(row.slug),
        kind: row.kind,
        title: row.title,
        summary: row.summary,
        body_html: article.body_html,
        body_text: article.body_text,
        reading_minutes: row.reading_minutes,
        reviewed_by: article.reviewed_by,
        last_reviewed_on: article.last_reviewed_on,
        next_review_due_on: article.next_review_due_on,
        overdue: ReviewState::at(now, article.next_review_due_on).is_overdue,
        locale,
        published_at: row.published_at,
        updated_at: row.updated_at,
    })
}
