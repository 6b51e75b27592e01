-- What editors write: documents, their languages, every version of them. The tables of the
-- resources hold what is published of them, and nothing else.

-- Before this, content came from the demonstration alone; it is loaded anew as documents.
truncate clinic, clinic_texts, locations, opening_hours, special_hours, highlights, statistics, social_links,
         affiliated_hospitals, topics, topic_texts, services, service_codes, service_texts, service_topics,
         service_treats, journals, citations, citation_authors, articles, article_texts, article_topics,
         article_services, testimonials, retired_slugs;

create table documents (
    id uuid not null,
    entity_type text not null,
    version bigint not null,
    content_version bigint not null,
    content jsonb not null,
    archived_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint documents_pkey primary key (id),
    constraint documents_entity_type_check
        check (entity_type in ('clinic', 'location', 'topic', 'service', 'article', 'testimonial')),
    constraint documents_version_check check (1 <= content_version and content_version <= version),
    constraint documents_content_check check (jsonb_typeof(content) = 'object')
);
comment on table documents is 'What editors write: one row for each thing, with its newest content.';
comment on column documents.id is 'UUIDv7 of the thing, the same in the tables of its resource.';
comment on column documents.entity_type is 'What kind of thing it is.';
comment on column documents.version is 'Grows by one with each step, whether it changes the content or what is published.';
comment on column documents.content_version is 'The version in which the content last changed.';
comment on column documents.content is 'The content as editors write it.';
comment on column documents.archived_at is 'When it was put away; null while it is in use.';
comment on column documents.created_at is 'When it was made.';
comment on column documents.updated_at is 'When it last took a step.';
create index documents_updated_at_idx on documents (entity_type, updated_at, id);
create unique index documents_clinic_key on documents (entity_type) where entity_type = 'clinic';

create table document_languages (
    document_id uuid not null,
    entity_type text not null,
    locale text not null,
    title text not null,
    slug text,
    published_slug text,
    published_version bigint,
    published_at timestamptz,
    scheduled_version bigint,
    publish_at timestamptz,
    unpublish_at timestamptz,
    next_review_due_on date,
    constraint document_languages_pkey primary key (document_id, locale),
    constraint document_languages_document_id_fkey foreign key (document_id) references documents (id),
    constraint document_languages_slug_key unique (entity_type, locale, slug),
    constraint document_languages_published_slug_key unique (entity_type, locale, published_slug),
    constraint document_languages_published_check check (published_version is null or published_at is not null),
    constraint document_languages_scheduled_check check ((scheduled_version is null) = (publish_at is null))
);
comment on table document_languages is 'How each language of a document stands.';
comment on column document_languages.document_id is 'The document.';
comment on column document_languages.entity_type is 'What kind of thing it is; slugs are unique for each kind.';
comment on column document_languages.locale is 'BCP 47 tag of the language; empty for things without language.';
comment on column document_languages.title is 'What lists call it.';
comment on column document_languages.slug is 'The slug of the newest content; null for things without a slug.';
comment on column document_languages.published_slug is 'The slug under which it was last public.';
comment on column document_languages.published_version is 'The version that the public sees; null while it sees none.';
comment on column document_languages.published_at is 'When it was first published.';
comment on column document_languages.scheduled_version is 'The version that is to become public at publish_at.';
comment on column document_languages.publish_at is 'When it is to become public; null where nothing is scheduled.';
comment on column document_languages.unpublish_at is 'When it is to leave the public; null where nothing is scheduled.';
comment on column document_languages.next_review_due_on is 'When the newest content is due for a clinical review.';
create index document_languages_publish_at_idx on document_languages (publish_at) where publish_at is not null;
create index document_languages_unpublish_at_idx on document_languages (unpublish_at) where unpublish_at is not null;
create index document_languages_next_review_due_on_idx
    on document_languages (next_review_due_on, document_id) where next_review_due_on is not null;

create table revisions (
    document_id uuid not null,
    version bigint not null,
    action text not null,
    content jsonb not null,
    actor text not null,
    created_at timestamptz not null,
    constraint revisions_pkey primary key (document_id, version),
    constraint revisions_document_id_fkey foreign key (document_id) references documents (id)
);
comment on table revisions is 'Every version of every document.';
comment on column revisions.document_id is 'The document.';
comment on column revisions.version is 'Which version, from 1 on without gaps.';
comment on column revisions.action is 'The step that made it.';
comment on column revisions.content is 'The whole content at this version.';
comment on column revisions.actor is 'Who took the step: the name of a key or of a command.';
comment on column revisions.created_at is 'When it was made.';

create table previews (
    id uuid not null,
    document_id uuid not null,
    locale text not null,
    token_hash bytea not null,
    created_by text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    constraint previews_pkey primary key (id),
    constraint previews_document_id_fkey foreign key (document_id) references documents (id),
    constraint previews_token_hash_key unique (token_hash)
);
comment on table previews is 'Links that show the newest content of one document to whoever holds them.';
comment on column previews.id is 'UUIDv7 of the preview.';
comment on column previews.document_id is 'The document that it shows.';
comment on column previews.locale is 'The language that it shows; empty for things without language.';
comment on column previews.token_hash is 'SHA-256 of the token in the link.';
comment on column previews.created_by is 'Who made it: the name of a key.';
comment on column previews.created_at is 'When it was made.';
comment on column previews.expires_at is 'When the link ends.';
comment on column previews.revoked_at is 'When the link was taken back; null while it holds.';
create index previews_document_id_idx on previews (document_id);

create table idempotency_keys (
    id bytea not null,
    request_hash bytea not null,
    sealed_answer bytea not null,
    document_id uuid,
    created_at timestamptz not null,
    constraint idempotency_keys_pkey primary key (id)
);
comment on table idempotency_keys is 'Answers to writes, for the repetition of a request whose answer was lost.';
comment on column idempotency_keys.id is 'SHA-256 over the caller and its Idempotency-Key.';
comment on column idempotency_keys.request_hash is 'SHA-256 over the request, so that a key is not taken for another.';
comment on column idempotency_keys.sealed_answer is 'The answer, encrypted under the Idempotency-Key, which is not kept.';
comment on column idempotency_keys.document_id is 'The thing that was written, so that its erasure finds the answer.';
comment on column idempotency_keys.created_at is 'When the write was done; kept for 24 hours.';
create index idempotency_keys_created_at_idx on idempotency_keys (created_at);
create index idempotency_keys_document_id_idx on idempotency_keys (document_id);

alter table changes
    drop constraint changes_entity_type_check,
    drop constraint changes_action_check,
    add constraint changes_entity_type_check
        check (entity_type in ('clinic', 'location', 'topic', 'service', 'article', 'testimonial', 'api_key')),
    add constraint changes_action_check
        check (action in ('created', 'updated', 'published', 'unpublished', 'scheduled', 'archived', 'restored',
                          'rejected', 'withdrawn', 'erased', 'revoked', 'rotated'));

-- History is added to and never rewritten, by whichever role: a trigger binds an owner too, which a
-- privilege does not.
create function refuse_rewriting() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end
$$;
comment on function refuse_rewriting() is 'Refuses to change or remove what was once recorded.';

-- A row that has no number yet gets it from changes_number_at_commit; that is no rewriting.
create trigger changes_append_only
    before update on changes for each row
    when (old.seq is not null or new.seq is null
          or (old.id, old.entity_type, old.entity_id, old.locale, old.action, old.version, old.actor,
              old.request_id, old.occurred_at)
             is distinct from
             (new.id, new.entity_type, new.entity_id, new.locale, new.action, new.version, new.actor,
              new.request_id, new.occurred_at))
    execute function refuse_rewriting();
create trigger changes_no_delete before delete on changes for each row execute function refuse_rewriting();
create trigger changes_no_truncate before truncate on changes execute function refuse_rewriting();
create trigger revisions_append_only before update on revisions for each row execute function refuse_rewriting();
-- Erasure names the document that it erases in this setting for its own transaction.
create trigger revisions_no_delete
    before delete on revisions for each row
    when (coalesce(current_setting('vertebra.erasing', true), '') <> old.document_id::text)
    execute function refuse_rewriting();
create trigger revisions_no_truncate before truncate on revisions execute function refuse_rewriting();
