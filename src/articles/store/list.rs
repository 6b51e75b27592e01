//! Lists of articles.

use std::collections::HashMap;

use diesel::{dsl::count_star, pg::Pg, prelude::*};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    articles::wire::{ArticleQuery, ArticleSummary, CitationSummary},
    db::views::{published_article_services, published_article_topics, published_articles, published_citation_authors},
    http::page::{After, PageQuery},
    values::{IdOrSlug, Locale, Pmid, Reference, Slug},
};

/// What lists and details read of an article itself.
#[derive(Queryable, Selectable)]
#[diesel(table_name = published_articles)]
pub(super) struct SummaryRow {
    pub(super) id: Uuid,
    pub(super) locale: String,
    pub(super) slug: String,
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) reading_minutes: i32,
    pmid: Option<String>,
    journal_title: Option<String>,
    formatted: Option<String>,
    integrity: Option<String>,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    pub(super) published_at: Timestamp,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    pub(super) updated_at: Timestamp,
}

/// An order, and the item after which the page starts.
#[derive(Debug)]
pub enum ArticleOrder {
    /// The newest first; the index is article_texts_published_at_idx.
    NewestFirst(Option<After<Timestamp>>),
    /// The oldest first, by the same index.
    OldestFirst(Option<After<Timestamp>>),
    /// By title; the index is article_texts_title_idx.
    Title(Option<After<String>>),
    /// The last changed first; the index is article_texts_updated_at_idx.
    LastUpdatedFirst(Option<After<Timestamp>>),
}

/// A page of articles, and one row more.
pub async fn list_articles(
    connection: &mut AsyncPgConnection,
    locale: &Locale,
    filter: &ArticleQuery,
    page: &PageQuery,
    order: &ArticleOrder,
) -> QueryResult<Vec<ArticleSummary>> {
    let rows: Vec<SummaryRow> = ordered(filtered(locale, filter), order)
        .limit(page.rows())
        .select(SummaryRow::as_select())
        .load(connection)
        .await?;
    summaries(connection, locale, rows).await
}

/// The number of articles that the filter lets through.
pub async fn count_articles(
    connection: &mut AsyncPgConnection,
    locale: &Locale,
    filter: &ArticleQuery,
) -> QueryResult<i64> {
    filtered(locale, filter).count().get_result(connection).await
}

type Articles<'a> = published_articles::BoxedQuery<'a, Pg>;

fn ordered<'a>(query: Articles<'a>, order: &'a ArticleOrder) -> Articles<'a> {
    use published_articles as a;
    let moment = |after: &After<Timestamp>| jiff_diesel::Timestamp::from(after.key);
    match order {
        ArticleOrder::NewestFirst(after) => match after {
            Some(after) => query.filter(
                a::published_at
                    .le(moment(after))
                    .and(a::published_at.lt(moment(after)).or(a::id.lt(after.id))),
            ),
            None => query,
        }
        .order((a::published_at.desc(), a::id.desc())),
        ArticleOrder::OldestFirst(after) => match after {
            Some(after) => query.filter(
                a::published_at
                    .ge(moment(after))
                    .and(a::published_at.gt(moment(after)).or(a::id.gt(after.id))),
            ),
            None => query,
        }
        .order((a::published_at.asc(), a::id.asc())),
        ArticleOrder::Title(after) => match after {
            Some(After { key, id }) => query.filter(a::title.ge(key).and(a::title.gt(key).or(a::id.gt(*id)))),
            None => query,
        }
        .order((a::title.asc(), a::id.asc())),
        ArticleOrder::LastUpdatedFirst(after) => match after {
            Some(after) => query.filter(
                a::updated_at
                    .le(moment(after))
                    .and(a::updated_at.lt(moment(after)).or(a::id.lt(after.id))),
            ),
            None => query,
        }
        .order((a::updated_at.desc(), a::id.desc())),
    }
}

fn filtered<'a>(locale: &'a Locale, filter: &'a ArticleQuery) -> Articles<'a> {
    use published_articles as a;
    let mut query = a::table.filter(a::locale.eq(locale.as_str())).into_boxed();
    if !filter.kind.is_empty() {
        let kinds: Vec<&str> = filter.kind.iter().map(|kind| kind.as_str()).collect();
        query = query.filter(a::kind.eq_any(kinds));
    }
    if let Some(bound) = filter.published_after {
        query = query.filter(a::published_at.gt(jiff_diesel::Timestamp::from(bound.timestamp())));
    }
    if let Some(bound) = filter.published_before {
        query = query.filter(a::published_at.lt(jiff_diesel::Timestamp::from(bound.timestamp())));
    }
    if let Some(bound) = filter.updated_after {
        query = query.filter(a::updated_at.gt(jiff_diesel::Timestamp::from(bound.timestamp())));
    }
    filtered_by_work(filtered_by_subject(query, locale, filter), filter)
}

/// The indexes are article_topics_topic_id_idx and article_services_service_id_idx.
fn filtered_by_subject<'a>(mut query: Articles<'a>, locale: &'a Locale, filter: &ArticleQuery) -> Articles<'a> {
    if !filter.topic.is_empty() {
        use published_article_topics as t;
        let (ids, slugs) = IdOrSlug::part(&filter.topic);
        let of_topic = t::table
            .filter(t::locale.eq(locale.as_str()))
            .filter(t::topic_id.eq_any(ids).or(t::slug.eq_any(slugs)))
            .select(t::article_id);
        query = query.filter(published_articles::id.eq_any(of_topic));
    }
    if !filter.service.is_empty() {
        use published_article_services as s;
        let (ids, slugs) = IdOrSlug::part(&filter.service);
        let of_service = s::table
            .filter(s::locale.eq(locale.as_str()))
            .filter(s::service_id.eq_any(ids).or(s::slug.eq_any(slugs)))
            .select(s::article_id);
        query = query.filter(published_articles::id.eq_any(of_service));
    }
    query
}

/// The indexes are citations_journal_id_idx, citations_pmid_key, citations_publication_types_idx and
/// citation_authors_search_names_idx.
fn filtered_by_work<'a>(mut query: Articles<'a>, filter: &'a ArticleQuery) -> Articles<'a> {
    use published_articles as a;
    if !filter.journal.is_empty() {
        let (ids, slugs) = IdOrSlug::part(&filter.journal);
        query = query.filter(a::journal_id.eq_any(ids).or(a::journal_slug.eq_any(slugs)));
    }
    if !filter.pmid.is_empty() {
        let pmids: Vec<&str> = filter.pmid.iter().map(Pmid::as_str).collect();
        query = query.filter(a::pmid.eq_any(pmids));
    }
    if !filter.publication_type.is_empty() {
        let types: Vec<&str> = filter.publication_type.iter().map(|kind| kind.as_str()).collect();
        query = query.filter(a::publication_types.overlaps_with(types));
    }
    if !filter.author.is_empty() {
        use published_citation_authors as p;
        let names: Vec<&str> = filter.author.iter().map(|name| name.as_str()).collect();
        let of_author = p::table
            .filter(p::search_names.overlaps_with(names))
            .select(p::citation_id.nullable());
        query = query.filter(a::citation_id.eq_any(of_author));
    }
    query
}

/// Articles that share most topics and services with one, the newest first among equals.
pub async fn list_related_articles(
    connection: &mut AsyncPgConnection,
    locale: &Locale,
    article: Uuid,
    limit: usize,
) -> QueryResult<Vec<ArticleSummary>> {
    let mut shared = shared_topics(connection, locale, article).await?;
    for (id, count) in shared_services(connection, locale, article).await? {
        *shared.entry(id).or_default() += count;
    }
    let ids: Vec<Uuid> = shared.keys().copied().collect();
    let mut rows: Vec<SummaryRow> = published_articles::table
        .filter(published_articles::locale.eq(locale.as_str()))
        .filter(published_articles::id.eq_any(ids))
        .select(SummaryRow::as_select())
        .load(connection)
        .await?;
    rows.sort_by_key(|row| std::cmp::Reverse((shared.get(&row.id).copied(), row.published_at, row.id)));
    rows.truncate(limit);
    summaries(connection, locale, rows).await
}

/// How many candidates of each relation are weighed.
const CANDIDATES: i64 = 100;

async fn shared_topics(
    connection: &mut AsyncPgConnection,
    locale: &Locale,
    article: Uuid,
) -> QueryResult<HashMap<Uuid, i64>> {
    use published_article_topics as t;
    let mine: Vec<Uuid> = t::table
        .filter(t::locale.eq(locale.as_str()))
        .filter(t::article_id.eq(article))
        .select(t::topic_id)
        .load(connection)
        .await?;
    let others = t::table
        .filter(t::locale.eq(locale.as_str()))
        .filter(t::topic_id.eq_any(mine))
        .filter(t::article_id.ne(article))
        .group_by(t::article_id)
        .select((t::article_id, count_star()))
        .order((count_star().desc(), t::article_id.desc()))
        .limit(CANDIDATES)
        .load(connection)
        .await?;
    Ok(others.into_iter().collect())
}

async fn shared_services(
    connection: &mut AsyncPgConnection,
    locale: &Locale,
    article: Uuid,
) -> QueryResult<Vec<(Uuid, i64)>> {
    use published_article_services as s;
    let mine: Vec<Uuid> = s::table
        .filter(s::locale.eq(locale.as_str()))
        .filter(s::article_id.eq(article))
        .select(s::service_id)
        .load(connection)
        .await?;
    s::table
        .filter(s::locale.eq(locale.as_str()))
        .filter(s::service_id.eq_any(mine))
        .filter(s::article_id.ne(article))
        .group_by(s::article_id)
        .select((s::article_id, count_star()))
        .order((count_star().desc(), s::article_id.desc()))
        .limit(CANDIDATES)
        .load(connection)
        .await
}

/// Adds topics and services to rows, in two reads for all of them.
async fn summaries(
    connection: &mut AsyncPgConnection,
    locale: &Locale,
    rows: Vec<SummaryRow>,
) -> QueryResult<Vec<ArticleSummary>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut topics = topics_of(connection, locale, &ids).await?;
    let mut services = services_of(connection, locale, &ids).await?;
    let summary = |row: SummaryRow| ArticleSummary {
        topics: topics.remove(&row.id).unwrap_or_default(),
        services: services.remove(&row.id).unwrap_or_default(),
        citation: citation_summary(row.pmid, row.journal_title, row.formatted, row.integrity),
        id: row.id,
        slug: Slug::stored(row.slug),
        kind: row.kind,
        title: row.title,
        summary: row.summary,
        reading_minutes: row.reading_minutes,
        published_at: row.published_at,
        updated_at: row.updated_at,
    };
    Ok(rows.into_iter().map(summary).collect())
}

fn citation_summary(
    pmid: Option<String>,
    journal: Option<String>,
    formatted: Option<String>,
    integrity: Option<String>,
) -> Option<CitationSummary> {
    Some(CitationSummary {
        pmid: pmid.map(Pmid::stored),
        journal: journal?,
        formatted: formatted?,
        integrity: integrity?,
    })
}

/// The topics of some articles.
pub(super) async fn topics_of(
    connection: &mut AsyncPgConnection,
    locale: &Locale,
    ids: &[Uuid],
) -> QueryResult<HashMap<Uuid, Vec<Reference>>> {
    use published_article_topics as t;
    let rows = t::table
        .filter(t::locale.eq(locale.as_str()))
        .filter(t::article_id.eq_any(ids))
        .order(t::name)
        .select((t::article_id, (t::topic_id, t::slug, t::name)))
        .load(connection)
        .await?;
    Ok(Reference::grouped(rows))
}

/// The services of some articles.
pub(super) async fn services_of(
    connection: &mut AsyncPgConnection,
    locale: &Locale,
    ids: &[Uuid],
) -> QueryResult<HashMap<Uuid, Vec<Reference>>> {
    use published_article_services as s;
    let rows = s::table
        .filter(s::locale.eq(locale.as_str()))
        .filter(s::article_id.eq_any(ids))
        .order(s::name)
        .select((s::article_id, (s::service_id, s::slug, s::name)))
        .load(connection)
        .await?;
    Ok(Reference::grouped(rows))
}
