-- The change log: every write appends one row here in its own transaction.

create table change_head (
    singleton boolean not null default true,
    epoch uuid not null default gen_random_uuid(),
    seq bigint not null default 0,
    constraint change_head_pkey primary key (singleton),
    constraint change_head_singleton_check check (singleton)
);
comment on table change_head is 'Where the change log stands: one row.';
comment on column change_head.singleton is 'Always true, so that there is one row.';
comment on column change_head.epoch is 'Renewed by a restore, so that an old cursor is refused and never silently wrong.';
comment on column change_head.seq is 'Number of the newest committed change.';
insert into change_head default values;

create table changes (
    id uuid not null,
    seq bigint,
    entity_type text not null,
    entity_id uuid not null,
    locale text,
    action text not null,
    version bigint not null,
    actor text not null,
    request_id text,
    occurred_at timestamptz not null,
    constraint changes_pkey primary key (id),
    constraint changes_seq_key unique (seq),
    constraint changes_entity_type_check
        check (entity_type in ('clinic', 'location', 'topic', 'service', 'article', 'testimonial')),
    constraint changes_action_check
        check (action in ('created', 'updated', 'published', 'unpublished', 'archived', 'restored', 'erased'))
);
comment on table changes is 'Who changed what and when; caches, synchronisation and the audit trail follow it.';
comment on column changes.id is 'UUIDv7 of the change.';
comment on column changes.seq is 'Position in commit order, without gaps; given at COMMIT by a deferred trigger.';
comment on column changes.entity_type is 'What kind of thing changed.';
comment on column changes.entity_id is 'Which one changed.';
comment on column changes.locale is 'The language whose text changed; null where the neutral facts did.';
comment on column changes.action is 'What was done.';
comment on column changes.version is 'Version of the entity after the change.';
comment on column changes.actor is 'Who did it: the name of a key or of a command.';
comment on column changes.request_id is 'The request that did it; null for a command.';
comment on column changes.occurred_at is 'When it was done.';
create index changes_entity_idx on changes (entity_type, entity_id, seq);

-- The row lock on change_head is taken at COMMIT and so held for the commit only: numbers come
-- in commit order and none is skipped by a transaction that rolls back.
create function changes_number_at_commit() returns trigger language plpgsql as $$
declare
    next_seq bigint;
begin
    update change_head set seq = seq + 1 returning seq into next_seq;
    update changes set seq = next_seq where id = new.id;
    perform pg_notify('changes', next_seq::text);
    return null;
end
$$;
comment on function changes_number_at_commit() is 'Numbers a change in commit order and hints to listeners.';

create constraint trigger changes_number_at_commit
    after insert on changes
    deferrable initially deferred
    for each row execute function changes_number_at_commit();
