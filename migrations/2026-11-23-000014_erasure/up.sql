-- Erasure (UK GDPR Article 17): the one way in which something leaves the database for good.

create table erasures (
    id uuid not null,
    erased_at timestamptz not null,
    reason text not null,
    actor text not null,
    constraint erasures_pkey primary key (id),
    constraint erasures_reason_check
        check (reason in ('requested', 'consent_ended', 'no_longer_needed', 'unlawful'))
);
comment on table erasures is 'What was erased; carried out again after a backup is restored that is older.';
comment on column erasures.id is 'The testimonial that was erased.';
comment on column erasures.erased_at is 'When it was erased.';
comment on column erasures.reason is 'Why: one of a closed set, so that nothing personal stays here.';
comment on column erasures.actor is 'Who did it: the name of a key or of a command.';
create index erasures_erased_at_idx on erasures (erased_at, id);

create trigger erasures_append_only before update or delete on erasures
    for each row execute function refuse_rewriting();
create trigger erasures_no_truncate before truncate on erasures execute function refuse_rewriting();

create function erase_testimonial(
    document uuid, change uuid, reason text, actor text, request text, at timestamptz
) returns boolean language plpgsql set search_path from current as $$
declare
    last_version bigint;
begin
    insert into erasures (id, erased_at, reason, actor) values (document, at, reason, actor) on conflict do nothing;
    select d.version into last_version from documents d
    where d.id = document and d.entity_type = 'testimonial'
    for update;
    if not found then
        return false;
    end if;
    perform set_config('vertebra.erasing', document::text, true);
    delete from testimonials t where t.id = document;
    delete from testimonial_contacts t where t.document_id = document;
    delete from testimonial_consents t where t.document_id = document;
    delete from testimonial_cases t where t.document_id = document;
    delete from idempotency_keys k where k.document_id = document;
    delete from previews p where p.document_id = document;
    delete from retired_slugs s where s.entity_type = 'testimonial' and s.entity_id = document;
    delete from revisions r where r.document_id = document;
    delete from document_languages l where l.document_id = document;
    delete from documents d where d.id = document;
    perform set_config('vertebra.erasing', '', true);
    insert into changes (id, entity_type, entity_id, action, version, actor, request_id, occurred_at)
    values (change, 'testimonial', document, 'erased', last_version + 1, actor, request, at);
    return true;
end
$$;
comment on function erase_testimonial(uuid, uuid, text, text, text, timestamptz) is
    'Removes all of a testimonial but its place in the log and an entry among the erasures; says whether it was there.';
