-- Patients' consent: nothing that a patient wrote is public without it, whoever writes the rows.

-- Before this, testimonials came from the demonstration alone, without a record of consent.
truncate testimonials;

create table testimonial_cases (
    document_id uuid not null,
    state text not null,
    source text not null,
    reason text,
    withdrawal_token_hash bytea,
    received_at timestamptz not null,
    decided_at timestamptz,
    constraint testimonial_cases_pkey primary key (document_id),
    constraint testimonial_cases_document_id_fkey foreign key (document_id) references documents (id),
    constraint testimonial_cases_withdrawal_token_hash_key unique (withdrawal_token_hash),
    constraint testimonial_cases_state_check
        check (state in ('submitted', 'in_review', 'published', 'rejected', 'withdrawn')),
    constraint testimonial_cases_source_check check (source in ('patient', 'staff')),
    constraint testimonial_cases_reason_check check (state <> 'rejected' or reason is not null)
);
comment on table testimonial_cases is 'How far the moderation of each testimonial has come.';
comment on column testimonial_cases.document_id is 'The testimonial.';
comment on column testimonial_cases.state is 'Where it stands; published exactly while the public sees it.';
comment on column testimonial_cases.source is 'Who brought it: the patient over the API, or staff.';
comment on column testimonial_cases.reason is 'Why it was rejected.';
comment on column testimonial_cases.withdrawal_token_hash is 'SHA-256 of the token with which the patient takes the consent back.';
comment on column testimonial_cases.received_at is 'When it came.';
comment on column testimonial_cases.decided_at is 'When the state was last decided on; null before that.';
create index testimonial_cases_state_idx on testimonial_cases (state, received_at, document_id);
create index testimonial_cases_received_at_idx on testimonial_cases (received_at, document_id);

create table testimonial_consents (
    id uuid not null,
    document_id uuid not null,
    channels text[] not null,
    wording_version text not null,
    covers_health_data boolean not null,
    evidence text not null,
    recorded_by text not null,
    recorded_at timestamptz not null,
    given_at timestamptz not null,
    expires_at timestamptz,
    withdrawn_at timestamptz,
    replaced_at timestamptz,
    constraint testimonial_consents_pkey primary key (id),
    constraint testimonial_consents_document_id_key unique (document_id, id),
    constraint testimonial_consents_document_id_fkey foreign key (document_id) references documents (id),
    constraint testimonial_consents_channels_check
        check (cardinality(channels) > 0 and channels <@ array['website', 'app', 'social', 'print'])
);
comment on table testimonial_consents is 'What patients agreed to; kept when it ends, as proof of what held before.';
comment on column testimonial_consents.id is 'UUIDv7 of the consent.';
comment on column testimonial_consents.document_id is 'The testimonial that it is for.';
comment on column testimonial_consents.channels is 'Where the testimonial may be shown: website, app, social, print.';
comment on column testimonial_consents.wording_version is 'Which version of the clinic''s wording was agreed to.';
comment on column testimonial_consents.covers_health_data is 'Whether the patient agreed explicitly to data on health being shown.';
comment on column testimonial_consents.evidence is 'How it was given, or where the signed form lies.';
comment on column testimonial_consents.recorded_by is 'Who wrote it down: the name of a key or of a command, or the patient.';
comment on column testimonial_consents.recorded_at is 'When it was written down.';
comment on column testimonial_consents.given_at is 'When the patient gave it.';
comment on column testimonial_consents.expires_at is 'When it ends by itself; null where it does not.';
comment on column testimonial_consents.withdrawn_at is 'When the patient took it back; null while it holds.';
comment on column testimonial_consents.replaced_at is 'When a newer one took its place; null for the newest.';
create index testimonial_consents_expires_at_idx on testimonial_consents (expires_at) where expires_at is not null;

create table testimonial_contacts (
    document_id uuid not null,
    name text not null,
    email text,
    phone text,
    constraint testimonial_contacts_pkey primary key (document_id),
    constraint testimonial_contacts_document_id_fkey foreign key (document_id) references documents (id),
    constraint testimonial_contacts_reachable_check check (email is not null or phone is not null)
);
comment on table testimonial_contacts is 'How the clinic reaches the patient who wrote a testimonial; never public.';
comment on column testimonial_contacts.document_id is 'The testimonial.';
comment on column testimonial_contacts.name is 'The patient''s name.';
comment on column testimonial_contacts.email is 'An e-mail address.';
comment on column testimonial_contacts.phone is 'A telephone number (E.164).';

create function testimonial_consent_holds(consent testimonial_consents) returns boolean
language sql stable as $$
    select consent.covers_health_data
        and consent.withdrawn_at is null
        and consent.replaced_at is null
        and (consent.expires_at is null or consent.expires_at > now())
        and consent.channels && array['website', 'app']
$$;
comment on function testimonial_consent_holds(testimonial_consents) is 'Whether a testimonial may be public on this consent now.';

alter table testimonials
    add column consent_id uuid not null,
    add column edited_on date,
    add column incentive text,
    add column reply text,
    add column replied_on date,
    add constraint testimonials_consent_id_fkey
        foreign key (id, consent_id) references testimonial_consents (document_id, id),
    add constraint testimonials_reply_check check ((reply is null) = (replied_on is null));
comment on column testimonials.consent_id is 'The consent that it is public on.';
comment on column testimonials.edited_on is 'When the clinic changed the patient''s words or stars; null where they are as they came.';
comment on column testimonials.incentive is 'What the patient got for it; null where nothing.';
comment on column testimonials.reply is 'The clinic''s public answer.';
comment on column testimonials.replied_on is 'When the clinic answered.';
create index testimonials_consent_id_idx on testimonials (consent_id);

-- The consent is locked, so that it cannot end while a transaction publishes on it: whichever of the two
-- comes second sees the first and is refused.
create function require_testimonial_consent() returns trigger language plpgsql as $$
declare
    consent testimonial_consents;
begin
    select * into consent from testimonial_consents
    where id = new.consent_id and document_id = new.id
    for share;
    if not found or not testimonial_consent_holds(consent) then
        raise exception 'a testimonial cannot be public without consent that holds'
            using errcode = 'check_violation', table = 'testimonials', constraint = 'testimonials_consent_check';
    end if;
    return new;
end
$$;
comment on function require_testimonial_consent() is 'Refuses a public testimonial without consent that holds.';
create trigger testimonials_consent
    before insert or update on testimonials for each row execute function require_testimonial_consent();

create function keep_testimonial_consent() returns trigger language plpgsql as $$
begin
    if not testimonial_consent_holds(new) and exists (select from testimonials where consent_id = old.id) then
        raise exception 'a testimonial is public on this consent; take it out of the public first'
            using errcode = 'check_violation', table = 'testimonial_consents',
                  constraint = 'testimonial_consents_public_check';
    end if;
    return new;
end
$$;
comment on function keep_testimonial_consent() is 'Refuses to end a consent while a testimonial is public on it.';
create trigger testimonial_consents_public
    before update on testimonial_consents for each row execute function keep_testimonial_consent();

create function follow_testimonial() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        update testimonial_cases set state = 'published', reason = null, decided_at = new.updated_at
        where document_id = new.id;
    else
        update testimonial_cases set state = 'in_review' where document_id = old.id and state = 'published';
    end if;
    return null;
end
$$;
comment on function follow_testimonial() is 'Keeps the state published exactly while the public sees the testimonial.';
create trigger testimonials_case
    after insert or delete on testimonials for each row execute function follow_testimonial();

create or replace view published_testimonials as
select t.id, t.slug, t.locale, t.headline, t.quote, t.excerpt, t.is_incomplete, t.attribution,
       t.attribution_name, t.rating, t.service_id, t.condition_id, t.treated_month, t.received_on,
       t.published_at, t.updated_at,
       t.edited_on, t.incentive, t.reply, t.replied_on,
       'website' = any (c.channels) as on_website, 'app' = any (c.channels) as on_app
from testimonials t
join testimonial_consents c on c.id = t.consent_id
where t.status = 'published' and testimonial_consent_holds(c);
comment on view published_testimonials is 'Testimonials that are published, while the patient''s consent holds.';

create view testimonial_counts as
-- What staff enter is a draft until it is decided: it counts from then on, with the stars that were decided on.
select coalesce(
           case when c.source = 'patient' or t.id is null then first.content ->> 'rating' else t.rating::text end, '0'
       )::smallint as rating,
       count(*) as received,
       count(*) filter (where c.state = 'published') as published,
       count(*) filter (where c.state = 'rejected') as rejected
from testimonial_cases c
join revisions first on first.document_id = c.document_id and first.version = 1
left join testimonials t on t.id = c.document_id
where c.source = 'patient' or c.state in ('published', 'rejected')
group by 1;
comment on view testimonial_counts is 'How many testimonials came, are public and were rejected, by the stars that the patients gave, 0 for none.';
