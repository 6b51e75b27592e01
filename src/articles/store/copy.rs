//! Many articles at once, public from the start: the same rows as `write.rs` makes of each, by COPY.

use jiff::{Timestamp, civil::Date};
use serde_json::json;
use uuid::Uuid;

use super::{
    work::{search_names, work_line},
    write::{format_name, reading_minutes},
};
use crate::{
    articles::{
        citation::{Citation, Journal},
        wire::{ArticleIn, ArticleTextIn},
    },
    db::{connect::OpenError, copy::Load},
    values::{Day, Doi, Issn, Pmcid, Pmid, SANITISER_VERSION},
};

/// An article as an editor writes it, and what its rows need besides.
#[derive(Debug, Clone)]
pub struct PublicArticle {
    /// Its id.
    pub id: Uuid,
    /// The id of the work that it presents, and the journal of it as it is stored.
    pub work: Option<(Uuid, Journal)>,
    /// What an editor would write; all its texts are public.
    pub content: ArticleIn,
    /// When it was published.
    pub published_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Loads journals, which must be there before the articles on works in them.
pub async fn copy_journals(load: &Load, journals: &[Journal]) -> Result<(), OpenError> {
    let mut rows = load
        .copy_into("journals (id, slug, title, iso_abbreviation, issn)")
        .await?;
    for journal in journals {
        let issn = journal.issn.as_ref().map(Issn::as_str);
        rows.write(&[
            &journal.id,
            &journal.slug.as_str(),
            &journal.title,
            &journal.iso_abbreviation,
            &issn,
        ])
        .await?;
    }
    rows.finish().await
}

/// Loads articles with their works; what they point to must be there.
pub async fn copy_articles(load: &Load, articles: &[PublicArticle]) -> Result<(), OpenError> {
    let works: Vec<Option<Citation>> = articles.iter().map(PublicArticle::citation).collect();
    let cited: Vec<(Uuid, &Citation)> = articles
        .iter()
        .zip(&works)
        .filter_map(|(article, work)| Some((article.work.as_ref()?.0, work.as_ref()?)))
        .collect();
    copy_citations(load, &cited).await?;
    copy_authors(load, &cited).await?;
    copy_facts(load, articles).await?;
    copy_texts(load, articles, &works).await?;
    let topics = articles
        .iter()
        .flat_map(|article| pairs(article.id, &article.content.topics));
    copy_pairs(load, "article_topics (article_id, topic_id)", topics).await?;
    let services = articles
        .iter()
        .flat_map(|article| pairs(article.id, &article.content.services));
    copy_pairs(load, "article_services (article_id, service_id)", services).await
}

impl PublicArticle {
    fn citation(&self) -> Option<Citation> {
        let (_, journal) = self.work.as_ref()?;
        let mut work = self.content.citation.as_ref()?.record(journal.clone());
        work.formatted = work_line(&work);
        Some(work)
    }
}

async fn copy_citations(load: &Load, works: &[(Uuid, &Citation)]) -> Result<(), OpenError> {
    const TARGET: &str = "citations (id, pmid, pmcid, doi, title, journal_id, volume, issue, pages, \
        publication_year, publication_month, publication_day, publication_date_precision, publication_date_raw, \
        languages, publication_types, mesh_headings, keywords, medline_status, integrity, \
        abstract_sections, abstract_copyright, abstract_right, abstract_right_basis, formatted)";
    let mut rows = load.copy_into(TARGET).await?;
    for (id, work) in works {
        let date = &work.publication_date;
        let shown = work.abstract_text.as_ref();
        rows.write(&[
            id,
            &work.pmid.as_ref().map(Pmid::as_str),
            &work.pmcid.as_ref().map(Pmcid::as_str),
            &work.doi.as_ref().map(Doi::as_str),
            &work.title,
            &work.journal.id,
            &work.volume,
            &work.issue,
            &work.pages,
            &date.year,
            &date.month.map(i16::from),
            &date.day.map(i16::from),
            &date.precision,
            &date.raw,
            &work.languages,
            &work.publication_types,
            &work.mesh_headings,
            &work.keywords,
            &work.medline_status,
            &work.integrity,
            &shown.map_or_else(|| json!([]), |shown| json!(shown.sections)),
            &shown.and_then(|shown| shown.copyright.as_ref()),
            &shown.map_or("link_only", |shown| &shown.right),
            &shown.and_then(|shown| shown.right_basis.as_ref()),
            &work.formatted,
        ])
        .await?;
    }
    rows.finish().await
}

async fn copy_authors(load: &Load, works: &[(Uuid, &Citation)]) -> Result<(), OpenError> {
    const TARGET: &str = "citation_authors (citation_id, position, family, given, initials, suffix, \
        collective_name, orcid, affiliations, search_names)";
    let mut rows = load.copy_into(TARGET).await?;
    for (id, work) in works {
        for (position, author) in (1_i32..).zip(&work.authors) {
            rows.write(&[
                id,
                &position,
                &author.family,
                &author.given,
                &author.initials,
                &author.suffix,
                &author.collective_name,
                &author.orcid.as_ref().map(ToString::to_string),
                &author.affiliations,
                &search_names(author),
            ])
            .await?;
        }
    }
    rows.finish().await
}

async fn copy_facts(load: &Load, articles: &[PublicArticle]) -> Result<(), OpenError> {
    let target = "articles (id, kind, citation_id, created_at, updated_at)";
    let mut rows = load.copy_into(target).await?;
    for article in articles {
        rows.write(&[
            &article.id,
            &article.content.kind.as_str(),
            &article.work.as_ref().map(|(id, _)| *id),
            &article.published_at,
            &article.updated_at,
        ])
        .await?;
    }
    rows.finish().await
}

async fn copy_texts(load: &Load, articles: &[PublicArticle], works: &[Option<Citation>]) -> Result<(), OpenError> {
    const TARGET: &str = "article_texts (article_id, locale, slug, title, summary, body_source, body_format, \
        body_html, body_text, sanitiser_version, reviewed_by, last_reviewed_on, next_review_due_on, \
        reading_minutes, status, published_at, updated_at)";
    let mut rows = load.copy_into(TARGET).await?;
    for (article, work) in articles.iter().zip(works) {
        for (locale, text) in article.content.texts.iter() {
            let body = text.body.as_ref().map(|body| (body.format, body.render()));
            let shown = body.as_ref().map(|(_, body)| body.text.as_str());
            let (reviewed_by, last_reviewed_on) = review(text);
            rows.write(&[
                &article.id,
                &locale,
                &text.slug,
                &text.title,
                &text.summary,
                &body.as_ref().map(|(_, body)| &body.source),
                &body.as_ref().map(|(format, _)| format_name(*format)),
                &body.as_ref().map(|(_, body)| &body.html),
                &shown,
                &body.as_ref().map(|_| SANITISER_VERSION),
                &reviewed_by,
                &last_reviewed_on,
                &text.next_review_due_on(),
                &reading_minutes(&text.summary, shown, work.as_ref()),
                &"published",
                &article.published_at,
                &article.updated_at,
            ])
            .await?;
        }
    }
    rows.finish().await
}

fn review(text: &ArticleTextIn) -> (Option<&str>, Option<Date>) {
    let review = text.review.as_ref();
    let by = review.map(|review| review.reviewed_by.as_str());
    (by, review.map(|review| review.last_reviewed_on).map(Day::date))
}

fn pairs(id: Uuid, others: &[Uuid]) -> impl Iterator<Item = (Uuid, Uuid)> {
    others.iter().map(move |other| (id, *other))
}

async fn copy_pairs(load: &Load, target: &str, pairs: impl Iterator<Item = (Uuid, Uuid)>) -> Result<(), OpenError> {
    let mut rows = load.copy_into(target).await?;
    for (from, to) in pairs {
        rows.write(&[&from, &to]).await?;
    }
    rows.finish().await
}
