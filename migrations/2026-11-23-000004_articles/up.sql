-- Articles and the bibliographic records behind them.

create table journals (
    id uuid not null,
    slug text not null,
    title text not null,
    iso_abbreviation text,
    issn text,
    constraint journals_pkey primary key (id),
    constraint journals_slug_key unique (slug),
    constraint journals_slug_check check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 100),
    constraint journals_issn_check check (issn ~ '^[0-9]{4}-[0-9]{3}[0-9X]$')
);
comment on table journals is 'Journals that cited works appeared in.';
comment on column journals.id is 'UUIDv7 of the journal.';
comment on column journals.slug is 'Name in addresses and filters.';
comment on column journals.title is 'Full title.';
comment on column journals.iso_abbreviation is 'ISO 4 abbreviation as PubMed prints it.';
comment on column journals.issn is 'International Standard Serial Number.';

create table citations (
    id uuid not null,
    pmid text,
    pmcid text,
    doi text,
    title text not null,
    journal_id uuid not null,
    volume text,
    issue text,
    pages text,
    publication_year smallint not null,
    publication_month smallint,
    publication_day smallint,
    publication_date_precision text not null,
    publication_date_raw text not null,
    languages text[] not null default '{}',
    publication_types text[] not null default '{}',
    mesh_headings text[] not null default '{}',
    keywords text[] not null default '{}',
    medline_status text,
    integrity text not null default 'ok',
    abstract_sections jsonb not null default '[]',
    abstract_copyright text,
    abstract_right text not null default 'link_only',
    abstract_right_basis text,
    formatted text not null,
    constraint citations_pkey primary key (id),
    constraint citations_pmid_key unique (pmid),
    constraint citations_pmid_check check (pmid ~ '^[1-9][0-9]{0,8}$'),
    constraint citations_pmcid_check check (pmcid ~ '^PMC[1-9][0-9]{0,9}$'),
    constraint citations_journal_id_fkey foreign key (journal_id) references journals (id),
    constraint citations_integrity_check check (integrity in ('ok', 'corrected', 'concern', 'retracted')),
    constraint citations_abstract_sections_check check (jsonb_typeof(abstract_sections) = 'array'),
    constraint citations_abstract_right_check
        check (abstract_right in ('open_licence', 'permission_held', 'link_only'))
);
comment on table citations is 'Bibliographic records as PubMed/MEDLINE keeps them.';
comment on column citations.id is 'UUIDv7 of the citation.';
comment on column citations.pmid is 'PubMed identifier.';
comment on column citations.pmcid is 'PubMed Central identifier.';
comment on column citations.doi is 'Digital Object Identifier.';
comment on column citations.title is 'Title of the work as the source writes it.';
comment on column citations.journal_id is 'The journal.';
comment on column citations.volume is 'Volume.';
comment on column citations.issue is 'Issue.';
comment on column citations.pages is 'Pages or article number.';
comment on column citations.publication_year is 'Year of publication.';
comment on column citations.publication_month is 'Month of publication, where known.';
comment on column citations.publication_day is 'Day of publication, where known.';
comment on column citations.publication_date_precision is 'How much of the date is known: year, season, month or day.';
comment on column citations.publication_date_raw is 'The date in the source''s words.';
comment on column citations.languages is 'MEDLINE language codes.';
comment on column citations.publication_types is 'Publication types as PubMed names them.';
comment on column citations.mesh_headings is 'Medical Subject Headings.';
comment on column citations.keywords is 'The authors'' keywords.';
comment on column citations.medline_status is 'Status of the record at MEDLINE.';
comment on column citations.integrity is 'State of the scientific record.';
comment on column citations.abstract_sections is 'Array of {label, text}.';
comment on column citations.abstract_copyright is 'Copyright line of the abstract.';
comment on column citations.abstract_right is 'Right to show the abstract; link_only is none.';
comment on column citations.abstract_right_basis is 'The record behind that right.';
comment on column citations.formatted is 'The citation as one line in Vancouver style.';
create index citations_journal_id_idx on citations (journal_id);
create index citations_publication_types_idx on citations using gin (publication_types);

create table citation_authors (
    citation_id uuid not null,
    position integer not null,
    family text,
    given text,
    initials text,
    suffix text,
    collective_name text,
    orcid text,
    affiliations text[] not null default '{}',
    search_names text[] not null,
    constraint citation_authors_pkey primary key (citation_id, position),
    constraint citation_authors_citation_id_fkey foreign key (citation_id) references citations (id),
    constraint citation_authors_name_check check ((family is null) <> (collective_name is null))
);
comment on table citation_authors is 'Authors of a cited work in their order.';
comment on column citation_authors.citation_id is 'The citation.';
comment on column citation_authors.position is 'Order, from 1.';
comment on column citation_authors.family is 'Family name.';
comment on column citation_authors.given is 'Given names.';
comment on column citation_authors.initials is 'Initials without full stops.';
comment on column citation_authors.suffix is 'Suffix such as Jr.';
comment on column citation_authors.collective_name is 'Name of a group.';
comment on column citation_authors.orcid is 'ORCID iD, dashed.';
comment on column citation_authors.affiliations is 'Affiliations as the source states them.';
comment on column citation_authors.search_names is 'What the author filter matches, in lower case: family name, family name and initials, group, ORCID.';
create index citation_authors_search_names_idx on citation_authors using gin (search_names);

create table articles (
    id uuid not null,
    kind text not null,
    citation_id uuid,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint articles_pkey primary key (id),
    constraint articles_kind_check check (kind in ('literature', 'guide', 'news')),
    constraint articles_citation_check check (kind <> 'literature' or citation_id is not null),
    constraint articles_citation_id_fkey foreign key (citation_id) references citations (id)
);
comment on table articles is 'Articles that the clinic publishes.';
comment on column articles.id is 'UUIDv7 of the article.';
comment on column articles.kind is 'Literature presents a published work; guide and news are the clinic''s own.';
comment on column articles.citation_id is 'The work that it presents.';
comment on column articles.version is 'Grows by one with each change.';
comment on column articles.created_at is 'When the row was made.';
comment on column articles.updated_at is 'When it last changed.';
create index articles_citation_id_idx on articles (citation_id);

create table article_texts (
    article_id uuid not null,
    locale text not null,
    slug text not null,
    title text not null,
    summary text not null,
    body_source text,
    body_html text,
    body_text text,
    reading_minutes integer not null,
    status text not null default 'draft',
    published_at timestamptz,
    last_reviewed_on date,
    next_review_due_on date,
    updated_at timestamptz not null,
    constraint article_texts_pkey primary key (article_id, locale),
    constraint article_texts_slug_key unique (locale, slug),
    constraint article_texts_slug_check check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 100),
    constraint article_texts_article_id_fkey foreign key (article_id) references articles (id),
    constraint article_texts_status_check check (status in ('draft', 'published', 'archived')),
    constraint article_texts_published_check check (status <> 'published' or published_at is not null)
);
comment on table article_texts is 'The words of an article, per language.';
comment on column article_texts.article_id is 'The article.';
comment on column article_texts.locale is 'BCP 47 tag of the language.';
comment on column article_texts.slug is 'Name in addresses.';
comment on column article_texts.title is 'Title, plain text.';
comment on column article_texts.summary is 'The clinic''s own summary, plain text.';
comment on column article_texts.body_source is 'Body as the editor wrote it, Markdown.';
comment on column article_texts.body_html is 'Body as sanitised HTML.';
comment on column article_texts.body_text is 'Body as plain text.';
comment on column article_texts.reading_minutes is 'Whole minutes that reading takes.';
comment on column article_texts.status is 'Only published text reaches the public.';
comment on column article_texts.published_at is 'When it was first published here.';
comment on column article_texts.last_reviewed_on is 'When a clinician last reviewed it.';
comment on column article_texts.next_review_due_on is 'When the next review is due.';
comment on column article_texts.updated_at is 'When the article last changed for readers of this language; a write of its neutral facts touches it too.';
create index article_texts_published_at_idx on article_texts (locale, published_at, article_id) where status = 'published';
create index article_texts_title_idx on article_texts (locale, title, article_id) where status = 'published';
create index article_texts_updated_at_idx on article_texts (locale, updated_at, article_id) where status = 'published';

create table article_topics (
    article_id uuid not null,
    topic_id uuid not null,
    constraint article_topics_pkey primary key (article_id, topic_id),
    constraint article_topics_article_id_fkey foreign key (article_id) references articles (id),
    constraint article_topics_topic_id_fkey foreign key (topic_id) references topics (id)
);
comment on table article_topics is 'Which topics an article is about.';
comment on column article_topics.article_id is 'The article.';
comment on column article_topics.topic_id is 'The topic.';
create index article_topics_topic_id_idx on article_topics (topic_id);

create table article_services (
    article_id uuid not null,
    service_id uuid not null,
    constraint article_services_pkey primary key (article_id, service_id),
    constraint article_services_article_id_fkey foreign key (article_id) references articles (id),
    constraint article_services_service_id_fkey foreign key (service_id) references services (id)
);
comment on table article_services is 'Which services an article concerns.';
comment on column article_services.article_id is 'The article.';
comment on column article_services.service_id is 'The service.';
create index article_services_service_id_idx on article_services (service_id);
