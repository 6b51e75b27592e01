//! Writing articles.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::{
    articles::{
        citation::{self, Citation, CitationFormat, Journal},
        wire::ArticleKind,
    },
    changes::{self, Action, Actor, Change, EntityType},
    db::schema::{article_services, article_texts, article_topics, articles, citation_authors, citations, journals},
    values::{Doi, Html, Issn, Locale, Orcid, Pmcid, Pmid, Slug},
};

/// An article to be made.
#[derive(Debug)]
pub struct NewArticle {
    /// What kind it is.
    pub kind: ArticleKind,
    /// The work that it presents; its journal is known by the slug, and its line is formatted here.
    pub citation: Option<Citation>,
    /// Topics that it is about.
    pub topics: Vec<Uuid>,
    /// Services that it concerns.
    pub services: Vec<Uuid>,
    /// Its words, one for each language.
    pub texts: Vec<NewArticleText>,
    /// When it was published.
    pub published_at: Timestamp,
}

/// The words of an article in one language.
#[derive(Debug)]
pub struct NewArticleText {
    /// The language.
    pub locale: Locale,
    /// Its slug.
    pub slug: Slug,
    /// Its title.
    pub title: String,
    /// The clinic's own summary.
    pub summary: String,
    /// The text.
    pub body: Option<Html>,
}

/// Makes a published article; call it in a transaction.
pub async fn insert_article(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    new: &NewArticle,
) -> QueryResult<Uuid> {
    let citation_id = match &new.citation {
        Some(citation) => Some(insert_citation(connection, citation).await?),
        None => None,
    };
    let id = Uuid::now_v7();
    let now = jiff_diesel::Timestamp::from(actor.now);
    diesel::insert_into(articles::table)
        .values((
            articles::id.eq(id),
            articles::kind.eq(new.kind.as_str()),
            articles::citation_id.eq(citation_id),
            articles::created_at.eq(now),
            articles::updated_at.eq(now),
        ))
        .execute(connection)
        .await?;
    insert_relations(connection, id, new).await?;
    for text in &new.texts {
        insert_text(connection, actor, id, new, text).await?;
    }
    Ok(id)
}

async fn insert_relations(connection: &mut AsyncPgConnection, id: Uuid, new: &NewArticle) -> QueryResult<()> {
    let topic = |topic: &Uuid| (article_topics::article_id.eq(id), article_topics::topic_id.eq(*topic));
    diesel::insert_into(article_topics::table)
        .values(new.topics.iter().map(topic).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    let service = |service: &Uuid| {
        (
            article_services::article_id.eq(id),
            article_services::service_id.eq(*service),
        )
    };
    diesel::insert_into(article_services::table)
        .values(new.services.iter().map(service).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}

async fn insert_text(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    id: Uuid,
    new: &NewArticle,
    text: &NewArticleText,
) -> QueryResult<()> {
    let body = text.body.as_ref();
    diesel::insert_into(article_texts::table)
        .values((
            article_texts::article_id.eq(id),
            article_texts::locale.eq(text.locale.as_str()),
            article_texts::slug.eq(text.slug.as_str()),
            article_texts::title.eq(&text.title),
            article_texts::summary.eq(&text.summary),
            article_texts::body_source.eq(body.map(|body| &body.source)),
            article_texts::body_html.eq(body.map(|body| &body.html)),
            article_texts::body_text.eq(body.map(|body| &body.text)),
            article_texts::reading_minutes.eq(reading_minutes(new, text)),
            article_texts::status.eq("published"),
            article_texts::published_at.eq(jiff_diesel::Timestamp::from(new.published_at)),
            article_texts::updated_at.eq(jiff_diesel::Timestamp::from(actor.now)),
        ))
        .execute(connection)
        .await?;
    let change = Change {
        entity_type: EntityType::Article,
        entity_id: id,
        locale: Some(text.locale.as_str()),
        action: Action::Published,
        version: 1,
    };
    changes::record(connection, actor, change).await
}

/// The time to read all the words that the article shows.
fn reading_minutes(new: &NewArticle, text: &NewArticleText) -> i32 {
    let mut words = text.summary.clone();
    if let Some(body) = &text.body {
        words.push(' ');
        words.push_str(&body.text);
    }
    let shown = new
        .citation
        .as_ref()
        .and_then(|citation| citation.abstract_text.as_ref());
    for section in shown.iter().flat_map(|shown| &shown.sections) {
        words.push(' ');
        words.push_str(&section.text);
    }
    Html::reading_minutes(&words)
}

async fn insert_citation(connection: &mut AsyncPgConnection, work: &Citation) -> QueryResult<Uuid> {
    use citations as c;
    let id = Uuid::now_v7();
    let journal_id = find_or_insert_journal(connection, &work.journal).await?;
    let shown = work.abstract_text.as_ref();
    let sections = shown.map_or_else(|| json!([]), |shown| json!(shown.sections));
    let date = &work.publication_date;
    diesel::insert_into(c::table)
        .values((
            (
                c::id.eq(id),
                c::pmid.eq(work.pmid.as_ref().map(Pmid::as_str)),
                c::pmcid.eq(work.pmcid.as_ref().map(Pmcid::as_str)),
                c::doi.eq(work.doi.as_ref().map(Doi::as_str)),
                c::title.eq(&work.title),
                c::journal_id.eq(journal_id),
                c::volume.eq(&work.volume),
                c::issue.eq(&work.issue),
                c::pages.eq(&work.pages),
                c::publication_year.eq(date.year),
                c::publication_month.eq(date.month.map(i16::from)),
                c::publication_day.eq(date.day.map(i16::from)),
                c::publication_date_precision.eq(&date.precision),
                c::publication_date_raw.eq(&date.raw),
            ),
            (
                c::languages.eq(&work.languages),
                c::publication_types.eq(&work.publication_types),
                c::mesh_headings.eq(&work.mesh_headings),
                c::keywords.eq(&work.keywords),
                c::medline_status.eq(&work.medline_status),
                c::integrity.eq(&work.integrity),
                c::abstract_sections.eq(sections),
                c::abstract_copyright.eq(shown.and_then(|shown| shown.copyright.as_ref())),
                c::abstract_right.eq(shown.map_or("link_only", |shown| &shown.right)),
                c::abstract_right_basis.eq(shown.and_then(|shown| shown.right_basis.as_ref())),
                c::formatted.eq(citation::render(work, CitationFormat::Vancouver)),
            ),
        ))
        .execute(connection)
        .await?;
    insert_authors(connection, id, &work.authors).await?;
    Ok(id)
}

async fn find_or_insert_journal(connection: &mut AsyncPgConnection, journal: &Journal) -> QueryResult<Uuid> {
    use journals as j;
    let known: Option<Uuid> = j::table
        .filter(j::slug.eq(journal.slug.as_str()))
        .select(j::id)
        .first(connection)
        .await
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    let id = Uuid::now_v7();
    diesel::insert_into(j::table)
        .values((
            j::id.eq(id),
            j::slug.eq(journal.slug.as_str()),
            j::title.eq(&journal.title),
            j::iso_abbreviation.eq(&journal.iso_abbreviation),
            j::issn.eq(journal.issn.as_ref().map(Issn::as_str)),
        ))
        .execute(connection)
        .await?;
    Ok(id)
}

async fn insert_authors(
    connection: &mut AsyncPgConnection,
    citation_id: Uuid,
    authors: &[citation::Author],
) -> QueryResult<()> {
    use citation_authors as a;
    let row = |(position, author): (i32, &citation::Author)| {
        (
            a::citation_id.eq(citation_id),
            a::position.eq(position),
            a::family.eq(author.family.clone()),
            a::given.eq(author.given.clone()),
            a::initials.eq(author.initials.clone()),
            a::suffix.eq(author.suffix.clone()),
            a::collective_name.eq(author.collective_name.clone()),
            a::orcid.eq(author.orcid.as_ref().map(Orcid::to_string)),
            a::affiliations.eq(author.affiliations.clone()),
            a::search_names.eq(search_names(author)),
        )
    };
    diesel::insert_into(a::table)
        .values((1..).zip(authors).map(row).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}

/// What the author filter matches, in lower case.
fn search_names(author: &citation::Author) -> Vec<String> {
    let with_initials = match (&author.family, &author.initials) {
        (Some(family), Some(initials)) => Some(format!("{family} {initials}")),
        _ => None,
    };
    let orcid = author.orcid.as_ref().map(Orcid::to_string);
    [
        author.family.clone(),
        with_initials,
        author.collective_name.clone(),
        orcid,
    ]
    .into_iter()
    .flatten()
    .map(|name| name.to_lowercase())
    .collect()
}
