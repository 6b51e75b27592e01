-- What articles need to be published from documents: how a body was written and made safe, and who
-- reviewed it.

alter table article_texts
    add column body_format text,
    add column sanitiser_version integer,
    add column reviewed_by text;
update article_texts set body_format = 'markdown', sanitiser_version = 1 where body_source is not null;
alter table article_texts
    add constraint article_texts_body_format_check check (body_format in ('markdown', 'html')),
    add constraint article_texts_body_check check (num_nulls(body_source, body_format, sanitiser_version) in (0, 3)),
    add constraint article_texts_reviewed_check check ((reviewed_by is null) = (last_reviewed_on is null));
comment on column article_texts.body_source is 'Body as the editor wrote it.';
comment on column article_texts.body_format is 'In what the source is written: markdown or html.';
comment on column article_texts.sanitiser_version is 'By which rules the source became HTML and plain text.';
comment on column article_texts.reviewed_by is 'Who last reviewed it: a name, and what makes the person fit to judge.';

-- A journal is made when an article on a work in it is published: its words are shared, and those of
-- a draft must not show.
alter table citations alter column journal_id drop not null;
comment on column citations.journal_id is 'The journal; null before the article was first published.';

create or replace view published_articles as
select a.id, x.locale, a.kind, x.slug, x.title, x.summary, x.body_html, x.body_text, x.reading_minutes,
       x.published_at, x.last_reviewed_on, x.next_review_due_on, x.updated_at,
       c.id as citation_id, c.pmid, c.doi, c.formatted, c.integrity, c.publication_types,
       j.id as journal_id, j.slug as journal_slug, j.title as journal_title, j.iso_abbreviation as journal_iso_abbreviation,
       x.reviewed_by
from articles a
join article_texts x on x.article_id = a.id
left join citations c on c.id = a.citation_id
left join journals j on j.id = c.journal_id
where x.status = 'published';
