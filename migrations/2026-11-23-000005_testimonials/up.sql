-- What patients say about the clinic.

create table testimonials (
    id uuid not null,
    slug text not null,
    locale text not null,
    headline text not null,
    quote text not null,
    excerpt text not null,
    is_incomplete boolean not null default false,
    attribution text not null,
    attribution_name text,
    rating smallint,
    service_id uuid,
    condition_id uuid,
    treated_month date,
    received_on date,
    status text not null default 'submitted',
    published_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint testimonials_pkey primary key (id),
    constraint testimonials_slug_key unique (locale, slug),
    constraint testimonials_slug_check check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 100),
    constraint testimonials_service_id_fkey foreign key (service_id) references services (id),
    constraint testimonials_condition_id_fkey foreign key (condition_id) references services (id),
    constraint testimonials_attribution_check check (attribution in ('named', 'initials', 'anonymous')),
    constraint testimonials_attribution_name_check check ((attribution = 'anonymous') = (attribution_name is null)),
    constraint testimonials_rating_check check (rating between 1 and 5),
    constraint testimonials_treated_month_check check (extract(day from treated_month) = 1),
    constraint testimonials_status_check
        check (status in ('submitted', 'in_review', 'published', 'rejected', 'withdrawn', 'erased')),
    constraint testimonials_published_check check (status <> 'published' or published_at is not null)
);
comment on table testimonials is 'What patients wrote about their treatment.';
comment on column testimonials.id is 'UUIDv7 of the testimonial.';
comment on column testimonials.slug is 'Name in addresses.';
comment on column testimonials.locale is 'BCP 47 tag of the language it was written in; testimonials are not translated.';
comment on column testimonials.headline is 'A few words over the quote.';
comment on column testimonials.quote is 'The patient''s words, whole, plain text.';
comment on column testimonials.excerpt is 'The beginning of the quote for lists.';
comment on column testimonials.is_incomplete is 'True where the source of the quote breaks off.';
comment on column testimonials.attribution is 'How the patient wished to be named.';
comment on column testimonials.attribution_name is 'The name or initials shown; null for an anonymous one.';
comment on column testimonials.rating is 'Stars from 1 to 5, where the patient gave any.';
comment on column testimonials.service_id is 'The treatment or test that it is about.';
comment on column testimonials.condition_id is 'The condition that was treated.';
comment on column testimonials.treated_month is 'First day of the month of treatment.';
comment on column testimonials.received_on is 'When the clinic received it.';
comment on column testimonials.status is 'Only published ones reach the public.';
comment on column testimonials.published_at is 'When it was first published here.';
comment on column testimonials.version is 'Grows by one with each change.';
comment on column testimonials.created_at is 'When the row was made.';
comment on column testimonials.updated_at is 'When it last changed.';
create index testimonials_published_at_idx on testimonials (published_at, id) where status = 'published';
create index testimonials_service_id_idx on testimonials (service_id);
create index testimonials_condition_id_idx on testimonials (condition_id);
