//! The files in `articles/`.

use jiff::Timestamp;
use serde::Deserialize;

use crate::{
    articles::wire::{
        AbstractIn, AbstractRight, AbstractSectionIn, ArticleIn, ArticleKind, ArticleTextIn, AuthorIn, CitationIn,
        Integrity, JournalIn, PublicationDateIn,
    },
    demo::store::Ids,
    values::{Locale, RichTextIn, Slug, TextFormat},
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
    pmid: Option<String>,
    pmcid: Option<String>,
    doi: Option<String>,
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
    integrity: Integrity,
    abstract_right: AbstractRight,
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
    year: i32,
    month: Option<i32>,
    day: Option<i32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JournalEntry {
    slug: String,
    title: String,
    iso_abbreviation: Option<String>,
    issn: Option<String>,
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
    orcid: Option<String>,
    #[serde(default)]
    affiliations: Vec<String>,
}

impl ArticleFile {
    /// Puts ids in the place of slugs; the moment is that of the publication.
    pub(in crate::demo) fn resolve(self, topics: &Ids, services: &Ids) -> Result<(ArticleIn, Timestamp), String> {
        let article = ArticleIn {
            topics: topics.of_all(&self.topics)?,
            services: services.of_all(&self.services)?,
            kind: self.kind,
            citation: self.citation.map(CitationIn::from),
            texts: self.texts.into_iter().map(TextEntry::into_text).collect(),
        };
        Ok((article, self.published_at))
    }
}

impl TextEntry {
    fn into_text(self) -> (Locale, ArticleTextIn) {
        let body = |source| RichTextIn {
            format: TextFormat::Markdown,
            source,
            images: Vec::new(),
        };
        let text = ArticleTextIn {
            slug: Some(self.slug.into()),
            title: self.title,
            summary: self.summary,
            body: self.body.map(body),
            review: None,
        };
        (self.locale, text)
    }
}

impl From<CitationEntry> for CitationIn {
    fn from(entry: CitationEntry) -> Self {
        let section = |section: SectionEntry| AbstractSectionIn {
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
            publication_date: PublicationDateIn {
                year: entry.publication_date.year,
                month: entry.publication_date.month,
                day: entry.publication_date.day,
                precision: None,
                raw: Some(entry.publication_date_raw),
            },
            languages: entry.languages,
            publication_types: entry.publication_types,
            mesh_headings: entry.mesh_headings,
            keywords: entry.keywords,
            medline_status: entry.medline_status,
            integrity: entry.integrity,
            authors: entry.authors.into_iter().map(AuthorIn::from).collect(),
            abstract_text: (!sections.is_empty()).then_some(AbstractIn {
                sections: sections.into_iter().collect(),
                copyright: entry.abstract_copyright,
                right: entry.abstract_right,
                right_basis: entry.abstract_right_basis,
            }),
        }
    }
}

impl From<JournalEntry> for JournalIn {
    fn from(entry: JournalEntry) -> Self {
        Self {
            slug: Some(entry.slug),
            title: entry.title,
            iso_abbreviation: entry.iso_abbreviation,
            issn: entry.issn,
        }
    }
}

impl From<AuthorEntry> for AuthorIn {
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
