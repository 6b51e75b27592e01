-- What articles are about, and what the clinic treats and how.

create table topics (
    id uuid not null,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint topics_pkey primary key (id)
);
comment on table topics is 'Subjects that group articles and services.';
comment on column topics.id is 'UUIDv7 of the topic.';
comment on column topics.version is 'Grows by one with each change.';
comment on column topics.created_at is 'When the row was made.';
comment on column topics.updated_at is 'When it last changed.';

create table topic_texts (
    topic_id uuid not null,
    locale text not null,
    slug text not null,
    name text not null,
    description text,
    status text not null default 'draft',
    updated_at timestamptz not null,
    constraint topic_texts_pkey primary key (topic_id, locale),
    constraint topic_texts_slug_key unique (locale, slug),
    constraint topic_texts_slug_check check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 100),
    constraint topic_texts_topic_id_fkey foreign key (topic_id) references topics (id),
    constraint topic_texts_status_check check (status in ('draft', 'published', 'archived'))
);
comment on table topic_texts is 'The words of a topic, per language.';
comment on column topic_texts.topic_id is 'The topic.';
comment on column topic_texts.locale is 'BCP 47 tag of the language.';
comment on column topic_texts.slug is 'Name in addresses.';
comment on column topic_texts.name is 'Name of the topic.';
comment on column topic_texts.description is 'What the topic covers, plain text.';
comment on column topic_texts.status is 'Only published text reaches the public.';
comment on column topic_texts.updated_at is 'When the text last changed.';

create index topic_texts_name_idx on topic_texts (locale, name, topic_id) where status = 'published';

create table services (
    id uuid not null,
    kind text not null,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint services_pkey primary key (id),
    constraint services_kind_check check (kind in ('treatment', 'condition', 'test'))
);
comment on table services is 'Treatments, conditions and tests.';
comment on column services.id is 'UUIDv7 of the service.';
comment on column services.kind is 'Whether it is a treatment, a condition or a test.';
comment on column services.version is 'Grows by one with each change.';
comment on column services.created_at is 'When the row was made.';
comment on column services.updated_at is 'When it last changed.';

create table service_codes (
    service_id uuid not null,
    system text not null,
    code text not null,
    display text,
    constraint service_codes_pkey primary key (service_id, system, code),
    constraint service_codes_service_id_fkey foreign key (service_id) references services (id)
);
comment on table service_codes is 'Codes of a service in clinical code systems.';
comment on column service_codes.service_id is 'The service.';
comment on column service_codes.system is 'Code system, such as ICD-10 or SNOMED CT.';
comment on column service_codes.code is 'Code in that system.';
comment on column service_codes.display is 'The system''s own words for the code.';

create table service_texts (
    service_id uuid not null,
    locale text not null,
    slug text not null,
    name text not null,
    summary text not null,
    sections jsonb not null default '[]',
    status text not null default 'draft',
    updated_at timestamptz not null,
    constraint service_texts_pkey primary key (service_id, locale),
    constraint service_texts_slug_key unique (locale, slug),
    constraint service_texts_slug_check check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 100),
    constraint service_texts_service_id_fkey foreign key (service_id) references services (id),
    constraint service_texts_sections_check check (jsonb_typeof(sections) = 'array'),
    constraint service_texts_status_check check (status in ('draft', 'published', 'archived'))
);
comment on table service_texts is 'The words of a service, per language.';
comment on column service_texts.service_id is 'The service.';
comment on column service_texts.locale is 'BCP 47 tag of the language.';
comment on column service_texts.slug is 'Name in addresses.';
comment on column service_texts.name is 'Name of the service.';
comment on column service_texts.summary is 'What it is in a sentence or two, plain text.';
comment on column service_texts.sections is 'Array of {title, source, body_html, body_text}: the source is Markdown, body_html is sanitised.';
comment on column service_texts.status is 'Only published text reaches the public.';
comment on column service_texts.updated_at is 'When the text last changed.';

create index service_texts_name_idx on service_texts (locale, name, service_id) where status = 'published';

create table service_topics (
    service_id uuid not null,
    topic_id uuid not null,
    constraint service_topics_pkey primary key (service_id, topic_id),
    constraint service_topics_service_id_fkey foreign key (service_id) references services (id),
    constraint service_topics_topic_id_fkey foreign key (topic_id) references topics (id)
);
comment on table service_topics is 'Which topics a service belongs to.';
comment on column service_topics.service_id is 'The service.';
comment on column service_topics.topic_id is 'The topic.';
create index service_topics_topic_id_idx on service_topics (topic_id);

create table service_treats (
    treatment_id uuid not null,
    condition_id uuid not null,
    constraint service_treats_pkey primary key (treatment_id, condition_id),
    constraint service_treats_treatment_id_fkey foreign key (treatment_id) references services (id),
    constraint service_treats_condition_id_fkey foreign key (condition_id) references services (id),
    constraint service_treats_self_check check (treatment_id <> condition_id)
);
comment on table service_treats is 'Which treatment treats which condition.';
comment on column service_treats.treatment_id is 'A service of the kind treatment.';
comment on column service_treats.condition_id is 'A service of the kind condition.';
create index service_treats_condition_id_idx on service_treats (condition_id);
