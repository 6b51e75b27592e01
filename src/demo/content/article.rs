//! The files in `articles/`.

use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    articles::{
        citation::{Abstract, AbstractSection, Author, Citation, Journal},
        store::{NewArticle, NewArticleText},
        wire::ArticleKind,
    },
    demo::store::Ids,
    values::{Doi, Html, Issn, Locale, Orcid, PartialDate, Pmcid, Pmid, Slug},
};

/// An article in its file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::demo) struct ArticleFile {
    kind: ArticleKind,
    published_at: Timestamp,
    topics: Vec<Slug>,
    services: Vec<Slug>,
    texts: Vec<TextEntry>,
    citation: Option<CitationEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextEntry {
    locale: Locale,
    slug: Slug,
    title: String,
    summary: String,
    body: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CitationEntry {
    pmid: Option<Pmid>,
    pmcid: Option<Pmcid>,
    doi: Option<Doi>,
    title: String,
    medline_status: Option<String>,
    volume: Option<String>,
    issue: Option<String>,
    pages: Option<String>,
    publication_date: DateEntry,
    publication_date_raw: String,
    languages: Vec<String>,
    publication_types: Vec<String>,
    mesh_headings: Vec<String>,
    keywords: Vec<String>,
    integrity: String,
    abstract_right: String,
    abstract_right_basis: Option<String>,
    abstract_copyright: Option<String>,
    journal: JournalEntry,
    #[serde(rename = "abstract", default)]
    abstract_sections: Vec<SectionEntry>,
    authors: Vec<AuthorEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DateEntry {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JournalEntry {
    slug: Slug,
    title: String,
    iso_abbreviation: Option<String>,
    issn: Option<Issn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionEntry {
    label: Option<String>,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorEntry {
    family: Option<String>,
    given: Option<String>,
    initials: Option<String>,
    suffix: Option<String>,
    collective_name: Option<String>,
    orcid: Option<Orcid>,
    #[serde(default)]
    affiliations: Vec<String>,
}

impl ArticleFile {
    /// Puts ids in the place of slugs.
    pub(in crate::demo) fn resolve(self, topics: &Ids, services: &Ids) -> Result<NewArticle, String> {
        Ok(NewArticle {
            topics: topics.of_all(&self.topics)?,
            services: services.of_all(&self.services)?,
            kind: self.kind,
            citation: self.citation.map(Citation::from),
            texts: self.texts.into_iter().map(NewArticleText::from).collect(),
            published_at: self.published_at,
        })
    }
}

impl From<TextEntry> for NewArticleText {
    fn from(entry: TextEntry) -> Self {
        Self {
            locale: entry.locale,
            slug: entry.slug,
            title: entry.title,
            summary: entry.summary,
            body: entry.body.as_deref().map(Html::from_markdown),
        }
    }
}

impl From<CitationEntry> for Citation {
    fn from(entry: CitationEntry) -> Self {
        let date = entry.publication_date;
        let precision = match (date.month, date.day) {
            (None, _) => "year",
            (Some(_), None) => "month",
            (Some(_), Some(_)) => "day",
        };
        let section = |section: SectionEntry| AbstractSection {
            label: section.label,
            text: section.text,
        };
        let sections: Vec<_> = entry.abstract_sections.into_iter().map(section).collect();
        Self {
            pmid: entry.pmid,
            pmcid: entry.pmcid,
            doi: entry.doi,
            title: entry.title,
            journal: entry.journal.into(),
            volume: entry.volume,
            issue: entry.issue,
            pages: entry.pages,
            publication_date: PartialDate {
                year: date.year,
                month: date.month,
                day: date.day,
                precision: precision.to_owned(),
                raw: entry.publication_date_raw,
            },
            languages: entry.languages,
            publication_types: entry.publication_types,
            mesh_headings: entry.mesh_headings,
            keywords: entry.keywords,
            medline_status: entry.medline_status,
            integrity: entry.integrity,
            authors: entry.authors.into_iter().map(Author::from).collect(),
            abstract_text: (!sections.is_empty()).then_some(Abstract {
                sections,
                copyright: entry.abstract_copyright,
                right: entry.abstract_right,
                right_basis: entry.abstract_right_basis,
            }),
            formatted: String::new(),
            url: None,
        }
    }
}

impl From<JournalEntry> for Journal {
    fn from(entry: JournalEntry) -> Self {
        Self {
            id: Uuid::nil(),
            slug: entry.slug,
            title: entry.title,
            iso_abbreviation: entry.iso_abbreviation,
            issn: entry.issn,
        }
    }
}

impl From<AuthorEntry> for Author {
    fn from(entry: AuthorEntry) -> Self {
        Self {
            family: entry.family,
            given: entry.given,
            initials: entry.initials,
            suffix: entry.suffix,
            collective_name: entry.collective_name,
            orcid: entry.orcid,
            affiliations: entry.affiliations,
        }
    }
}
