//! Writing the work that an article presents: its record, its authors, its journal.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::journal::write_journal;
use crate::{
    articles::{
        citation::{self, Author, Citation, CitationFormat},
        wire::CitationIn,
    },
    db::schema::{citation_authors, citations},
    values::{Doi, Orcid, Pmcid, Pmid},
};

/// Makes the record of a work, or brings the one that the article has to what was written.
///
/// Its journal is stored once the article is public.
pub(super) async fn write_citation(
    connection: &mut AsyncPgConnection,
    earlier: Option<Uuid>,
    written: &CitationIn,
    is_public: bool,
    now: Timestamp,
) -> QueryResult<(Uuid, Citation)> {
    use citations as c;
    let id = earlier.unwrap_or_else(Uuid::now_v7);
    let journal = match is_public {
        true => write_journal(connection, &written.journal, id, now).await?,
        false => written.journal.record(),
    };
    let work = written.record(journal);
    let shown = work.abstract_text.as_ref();
    let date = &work.publication_date;
    let record = (
        (
            c::pmid.eq(work.pmid.as_ref().map(Pmid::as_str)),
            c::pmcid.eq(work.pmcid.as_ref().map(Pmcid::as_str)),
            c::doi.eq(work.doi.as_ref().map(Doi::as_str)),
            c::title.eq(&work.title),
            c::journal_id.eq(is_public.then_some(work.journal.id)),
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
            c::abstract_sections.eq(shown.map_or_else(|| json!([]), |shown| json!(shown.sections))),
            c::abstract_copyright.eq(shown.and_then(|shown| shown.copyright.as_ref())),
            c::abstract_right.eq(shown.map_or("link_only", |shown| &shown.right)),
            c::abstract_right_basis.eq(shown.and_then(|shown| shown.right_basis.as_ref())),
            c::formatted.eq(work_line(&work)),
        ),
    );
    diesel::insert_into(c::table)
        .values((c::id.eq(id), record.clone()))
        .on_conflict(c::id)
        .do_update()
        .set(record)
        .execute(connection)
        .await?;
    replace_authors(connection, id, &work.authors).await?;
    Ok((id, work))
}

/// The line in which lists and details cite a work.
pub(super) fn work_line(work: &Citation) -> String {
    citation::render(work, CitationFormat::Vancouver)
}

/// Removes the record of a work that its article no longer presents.
pub(super) async fn delete_citation(connection: &mut AsyncPgConnection, id: Uuid) -> QueryResult<()> {
    replace_authors(connection, id, &[]).await?;
    diesel::delete(citations::table.find(id)).execute(connection).await?;
    Ok(())
}

async fn replace_authors(connection: &mut AsyncPgConnection, citation_id: Uuid, authors: &[Author]) -> QueryResult<()> {
    use citation_authors as a;
    diesel::delete(a::table.filter(a::citation_id.eq(citation_id)))
        .execute(connection)
        .await?;
    let row = |(position, author): (i32, &Author)| {
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
pub(super) fn search_names(author: &Author) -> Vec<String> {
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
