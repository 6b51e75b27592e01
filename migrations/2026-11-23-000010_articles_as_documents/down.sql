drop view published_citation_authors;
drop view published_citations;
drop view published_articles;
create view published_articles as
select a.id, x.locale, a.kind, x.slug, x.title, x.summary, x.body_html, x.body_text, x.reading_minutes,
       x.published_at, x.last_reviewed_on, x.next_review_due_on, x.updated_at,
       c.id as citation_id, c.pmid, c.doi, c.formatted, c.integrity, c.publication_types,
       j.id as journal_id, j.slug as journal_slug, j.title as journal_title, j.iso_abbreviation as journal_iso_abbreviation
from articles a
join article_texts x on x.article_id = a.id
left join citations c on c.id = a.citation_id
left join journals j on j.id = c.journal_id
where x.status = 'published';
comment on view published_articles is 'Articles in the languages whose text is published, with what a list shows of the citation.';
create view published_citations as
select c.id, c.pmid, c.pmcid, c.doi, c.title, c.volume, c.issue, c.pages,
       c.publication_year, c.publication_month, c.publication_day,
       c.publication_date_precision, c.publication_date_raw,
       c.languages, c.publication_types, c.mesh_headings, c.keywords, c.medline_status, c.integrity,
       case when c.abstract_right <> 'link_only' then c.abstract_sections end as abstract_sections,
       case when c.abstract_right <> 'link_only' then c.abstract_copyright end as abstract_copyright,
       c.abstract_right, c.abstract_right_basis, c.formatted,
       j.id as journal_id, j.slug as journal_slug, j.title as journal_title,
       j.iso_abbreviation as journal_iso_abbreviation, j.issn as journal_issn
from citations c
join journals j on j.id = c.journal_id
where exists (select from published_articles a where a.citation_id = c.id);
comment on view published_citations is 'Citations of published articles; an abstract only where the right to show it is recorded.';

create view published_citation_authors as
select a.citation_id, a.position, a.family, a.given, a.initials, a.suffix, a.collective_name,
       a.orcid, a.affiliations, a.search_names
from citation_authors a
where exists (select from published_articles p where p.citation_id = a.citation_id);
comment on view published_citation_authors is 'Authors of the citations of published articles.';

-- The older schema has no place for an article that was never published.
create temporary table drafts on commit drop as
    select a.id, a.citation_id from articles a join citations c on c.id = a.citation_id where c.journal_id is null;
delete from article_topics where article_id in (select id from drafts);
delete from article_services where article_id in (select id from drafts);
delete from articles where id in (select id from drafts);
delete from citation_authors where citation_id in (select citation_id from drafts);
delete from citations where id in (select citation_id from drafts);
drop table drafts;
alter table citations alter column journal_id set not null;
comment on column citations.journal_id is 'The journal.';

alter table article_texts
    drop column reviewed_by,
    drop column sanitiser_version,
    drop column body_format;
comment on column article_texts.body_source is 'Body as the editor wrote it, Markdown.';
