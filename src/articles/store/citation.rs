//! Citations and journals.

use diesel::{
    dsl::{count, count_star},
    prelude::*,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    articles::{
        citation::{AbstractSection, Author, Citation, CitationAbstract, Journal},
        wire::JournalCount,
    },
    db::views::{published_articles, published_citation_authors, published_citations},
    http::page::{After, PageQuery},
    values::{Doi, Issn, Locale, Orcid, PartialDate, Pmcid, Pmid, Slug},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = published_citations)]
struct CitationRow {
    id: Uuid,
    pmid: Option<String>,
    pmcid: Option<String>,
    doi: Option<String>,
    title: String,
    volume: Option<String>,
    issue: Option<String>,
    pages: Option<String>,
    publication_year: i16,
    publication_month: Option<i16>,
    publication_day: Option<i16>,
    publication_date_precision: String,
    publication_date_raw: String,
    languages: Vec<String>,
    publication_types: Vec<String>,
    mesh_headings: Vec<String>,
    keywords: Vec<String>,
    medline_status: Option<String>,
    integrity: String,
    abstract_sections: Option<serde_json::Value>,
    abstract_copyright: Option<String>,
    abstract_right: String,
    abstract_right_basis: Option<String>,
    formatted: String,
    #[diesel(embed)]
    journal: JournalRow,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = published_citations)]
struct JournalRow {
    journal_id: Uuid,
    journal_slug: String,
    journal_title: String,
    journal_iso_abbreviation: Option<String>,
    journal_issn: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = published_citation_authors)]
struct AuthorRow {
    family: Option<String>,
    given: Option<String>,
    initials: Option<String>,
    suffix: Option<String>,
    collective_name: Option<String>,
    orcid: Option<String>,
    affiliations: Vec<String>,
}

/// The whole citation of a published article.
pub(super) async fn get_citation(connection: &mut AsyncPgConnection, id: Uuid) -> QueryResult<Option<Citation>> {
    let row: Option<CitationRow> = published_citations::table
        .filter(published_citations::id.eq(id))
        .select(CitationRow::as_select())
        .first(connection)
        .await
        .optional()?;
    // It was withdrawn since the article was read.
    let Some(row) = row else {
        return Ok(None);
    };
    let authors: Vec<AuthorRow> = published_citation_authors::table
        .filter(published_citation_authors::citation_id.eq(row.id))
        .order(published_citation_authors::position)
        .select(AuthorRow::as_select())
        .load(connection)
        .await?;
    row.into_citation(authors).map(Some)
}

/// A page of journals by title, and one row more; there are few journals, so they are sorted without
/// an index.
pub async fn list_journals(
    connection: &mut AsyncPgConnection,
    locale: &Locale,
    page: &PageQuery,
    after: Option<&After<String>>,
) -> QueryResult<Vec<JournalCount>> {
    use published_citations as c;
    let mut query = published_articles::table
        .inner_join(c::table.on(published_articles::citation_id.eq(c::id.nullable())))
        .filter(published_articles::locale.eq(locale.as_str()))
        .group_by((
            c::journal_id,
            c::journal_slug,
            c::journal_title,
            c::journal_iso_abbreviation,
            c::journal_issn,
        ))
        .select((
            (
                c::journal_id,
                c::journal_slug,
                c::journal_title,
                c::journal_iso_abbreviation,
                c::journal_issn,
            ),
            count_star(),
        ))
        .order((c::journal_title, c::journal_id))
        .limit(page.rows())
        .into_boxed();
    if let Some(After { key, id }) = after {
        query = query.filter(
            c::journal_title
                .ge(key)
                .and(c::journal_title.gt(key).or(c::journal_id.gt(*id))),
        );
    }
    let rows: Vec<(JournalRow, i64)> = query.load(connection).await?;
    let counted = |(row, article_count): (JournalRow, i64)| JournalCount {
        id: row.journal_id,
        slug: Slug::stored(row.journal_slug),
        title: row.journal_title,
        iso_abbreviation: row.journal_iso_abbreviation,
        issn: row.journal_issn.map(Issn::stored),
        article_count,
    };
    Ok(rows.into_iter().map(counted).collect())
}

/// The number of journals.
pub async fn count_journals(connection: &mut AsyncPgConnection, locale: &Locale) -> QueryResult<i64> {
    published_articles::table
        .filter(published_articles::locale.eq(locale.as_str()))
        .select(count(published_articles::journal_id).aggregate_distinct())
        .first(connection)
        .await
}

impl JournalRow {
    fn into_journal(self) -> Journal {
        Journal {
            id: self.journal_id,
            slug: Slug::stored(self.journal_slug),
            title: self.journal_title,
            iso_abbreviation: self.journal_iso_abbreviation,
            issn: self.journal_issn.map(Issn::stored),
        }
    }
}

impl From<AuthorRow> for Author {
    fn from(row: AuthorRow) -> Self {
        Self {
            family: row.family,
            given: row.given,
            initials: row.initials,
            suffix: row.suffix,
            collective_name: row.collective_name,
            orcid: row.orcid.map(Orcid::stored),
            affiliations: row.affiliations,
        }
    }
}

impl CitationRow {
    fn into_citation(self, authors: Vec<AuthorRow>) -> QueryResult<Citation> {
        let month = |number: Option<i16>| number.and_then(|number| i8::try_from(number).ok());
        let url = match (&self.pmid, &self.doi) {
            (Some(pmid), _) => Some(format!("https://pubmed.ncbi.nlm.nih.gov/{pmid}/")),
            (None, Some(doi)) => Some(format!("https://doi.org/{doi}")),
            (None, None) => None,
        };
        let sections = self.abstract_sections.map(|stored| {
            Vec::<AbstractSection>::deserialize(stored)
                .map_err(|error| diesel::result::Error::DeserializationError(error.into()))
        });
        let sections = sections.transpose()?.filter(|sections| !sections.is_empty());
        Ok(Citation {
            pmid: self.pmid.map(Pmid::stored),
            pmcid: self.pmcid.map(Pmcid::stored),
            doi: self.doi.map(Doi::stored),
            title: self.title,
            journal: self.journal.into_journal(),
            volume: self.volume,
            issue: self.issue,
            pages: self.pages,
            publication_date: PartialDate {
                year: self.publication_year,
                month: month(self.publication_month),
                day: month(self.publication_day),
                precision: self.publication_date_precision,
                raw: self.publication_date_raw,
            },
            languages: self.languages,
            publication_types: self.publication_types,
            mesh_headings: self.mesh_headings,
            keywords: self.keywords,
            medline_status: self.medline_status,
            integrity: self.integrity,
            authors: authors.into_iter().map(Author::from).collect(),
            abstract_text: sections.map(|sections| CitationAbstract {
                sections,
                copyright: self.abstract_copyright,
                right: self.abstract_right,
                right_basis: self.abstract_right_basis,
            }),
            formatted: self.formatted,
            url,
        })
    }
}
