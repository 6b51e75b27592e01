//! Writing journals, which all works in them share.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use uuid::Uuid;

use super::citation::get_citation;
use crate::{
    articles::{
        citation::{self, CitationFormat, Journal},
        wire::JournalIn,
    },
    db::{
        schema::{article_texts, articles, citations, journals},
        views::published_citations,
    },
    values::{Issn, Slug},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = journals)]
struct JournalRow {
    id: Uuid,
    slug: String,
    title: String,
    iso_abbreviation: Option<String>,
    issn: Option<String>,
}

impl From<JournalRow> for Journal {
    fn from(row: JournalRow) -> Self {
        Self {
            id: row.id,
            slug: Slug::stored(row.slug),
            title: row.title,
            iso_abbreviation: row.iso_abbreviation,
            issn: row.issn.map(Issn::stored),
        }
    }
}

/// Finds or makes the journal of a work, and brings it to what was written.
pub(super) async fn write_journal(
    connection: &mut AsyncPgConnection,
    written: &JournalIn,
    work: Uuid,
    now: Timestamp,
) -> QueryResult<Journal> {
    let new = written.record();
    let found = match find(connection, written, &new).await? {
        Some(found) => found,
        None => insert(connection, &new).await?,
    };
    let journal = Journal {
        title: new.title,
        iso_abbreviation: new.iso_abbreviation.or_else(|| found.iso_abbreviation.clone()),
        issn: new.issn.or_else(|| found.issn.clone()),
        ..found.clone()
    };
    if journal != found {
        update(connection, &journal).await?;
        refresh_works(connection, &journal, work, now).await?;
    }
    Ok(journal)
}

/// The journal with the slug that was given, else with the ISSN, else with the slug of the title.
async fn find(connection: &mut AsyncPgConnection, written: &JournalIn, new: &Journal) -> QueryResult<Option<Journal>> {
    use journals as j;
    if let (None, Some(issn)) = (&written.slug, &new.issn) {
        let row: Option<JournalRow> = j::table
            .filter(j::issn.eq(issn.as_str()))
            .order(j::id)
            .select(JournalRow::as_select())
            .first(connection)
            .await
            .optional()?;
        if let Some(row) = row {
            return Ok(Some(row.into()));
        }
    }
    find_by_slug(connection, &new.slug).await
}

async fn find_by_slug(connection: &mut AsyncPgConnection, slug: &Slug) -> QueryResult<Option<Journal>> {
    let row: Option<JournalRow> = journals::table
        .filter(journals::slug.eq(slug.as_str()))
        .select(JournalRow::as_select())
        .first(connection)
        .await
        .optional()?;
    Ok(row.map(Journal::from))
}

async fn insert(connection: &mut AsyncPgConnection, new: &Journal) -> QueryResult<Journal> {
    use journals as j;
    let id = Uuid::now_v7();
    let inserted = diesel::insert_into(j::table)
        .values((
            j::id.eq(id),
            j::slug.eq(new.slug.as_str()),
            j::title.eq(&new.title),
            j::iso_abbreviation.eq(&new.iso_abbreviation),
            j::issn.eq(new.issn.as_ref().map(Issn::as_str)),
        ))
        .on_conflict(j::slug)
        .do_nothing()
        .execute(connection)
        .await?;
    if inserted == 1 {
        return Ok(Journal { id, ..new.clone() });
    }
    // Another article made it in this moment.
    let other = find_by_slug(connection, &new.slug).await?;
    other.ok_or(diesel::result::Error::NotFound)
}

async fn update(connection: &mut AsyncPgConnection, journal: &Journal) -> QueryResult<()> {
    use journals as j;
    diesel::update(j::table.find(journal.id))
        .set((
            j::title.eq(&journal.title),
            j::iso_abbreviation.eq(&journal.iso_abbreviation),
            j::issn.eq(journal.issn.as_ref().map(Issn::as_str)),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// Brings what the other public articles on works in a journal show of it to its new words.
async fn refresh_works(
    connection: &mut AsyncPgConnection,
    journal: &Journal,
    but: Uuid,
    now: Timestamp,
) -> QueryResult<()> {
    let works: Vec<Uuid> = published_citations::table
        .filter(published_citations::journal_id.eq(journal.id))
        .filter(published_citations::id.ne(but))
        .select(published_citations::id)
        .load(connection)
        .await?;
    for id in &works {
        if let Some(work) = get_citation(connection, *id).await? {
            diesel::update(citations::table.find(id))
                .set(citations::formatted.eq(citation::render(&work, CitationFormat::Vancouver)))
                .execute(connection)
                .await?;
        }
    }
    let of_works = articles::table
        .filter(articles::citation_id.eq_any(works))
        .select(articles::id);
    diesel::update(article_texts::table.filter(article_texts::article_id.eq_any(of_works)))
        .set(article_texts::updated_at.eq(jiff_diesel::Timestamp::from(now)))
        .execute(connection)
        .await?;
    Ok(())
}
