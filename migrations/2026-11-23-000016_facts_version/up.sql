-- Which version the public facts of a document come from: with languages at different versions that
-- cannot be told from the languages, and the public rows could not be made anew as they were.

alter table documents add column facts_version bigint;
-- The facts follow the newest content while nothing is public, and else the newest publication.
update documents d set facts_version = coalesce(
    (select max(l.published_version) from document_languages l where l.document_id = d.id), d.content_version);
alter table documents
    alter column facts_version set not null,
    add constraint documents_facts_version_check check (facts_version between 1 and version);
comment on column documents.facts_version is 'The version whose facts stand in the tables of the resource.';
