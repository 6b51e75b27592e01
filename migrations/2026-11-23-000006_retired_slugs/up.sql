-- Addresses that were once given out and must lead on.

create table retired_slugs (
    entity_type text not null,
    locale text not null,
    slug text not null,
    entity_id uuid not null,
    retired_at timestamptz not null,
    constraint retired_slugs_pkey primary key (entity_type, locale, slug),
    constraint retired_slugs_entity_type_check
        check (entity_type in ('location', 'topic', 'service', 'article', 'testimonial'))
);
comment on table retired_slugs is 'Slugs that an entity had before; a request for one is redirected to the present one.';
comment on column retired_slugs.entity_type is 'What kind of thing had the slug.';
comment on column retired_slugs.locale is 'The language that the slug belonged to; empty for things without language.';
comment on column retired_slugs.slug is 'The slug that was replaced.';
comment on column retired_slugs.entity_id is 'The thing that had it.';
comment on column retired_slugs.retired_at is 'When it was replaced.';
