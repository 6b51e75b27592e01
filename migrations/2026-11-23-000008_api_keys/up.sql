-- Keys to the editors' side, and the indexes by which the change log is read as an audit trail.

create table api_keys (
    id uuid not null,
    version bigint not null,
    name text not null,
    lookup text not null,
    secret_hash bytea not null,
    scopes text[] not null,
    created_at timestamptz not null,
    created_by text not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz,
    rotated_to uuid,
    constraint api_keys_pkey primary key (id),
    constraint api_keys_lookup_key unique (lookup),
    constraint api_keys_rotated_to_key unique (rotated_to),
    -- Deferred, as the old key makes way for the name before its successor takes it.
    constraint api_keys_rotated_to_fkey foreign key (rotated_to) references api_keys (id)
        deferrable initially deferred,
    constraint api_keys_version_check check (version >= 1),
    constraint api_keys_name_check check (length(name) between 1 and 100),
    constraint api_keys_lookup_check check (lookup ~ '^[0-9A-Za-z]{10}$'),
    constraint api_keys_secret_hash_check check (length(secret_hash) = 32),
    constraint api_keys_scopes_check check (
        cardinality(scopes) >= 1
        and scopes <@ array['content:read', 'content:write', 'content:publish', 'testimonials:moderate',
                            'testimonials:personal', 'keys', 'audit:read'])
);
comment on table api_keys is 'Keys with which programs and people reach the editors'' side.';
comment on column api_keys.id is 'UUIDv7 of the key.';
comment on column api_keys.version is 'Grows by one with each change; use does not count as one.';
comment on column api_keys.name is 'Whose key it is; the change log names it as the actor.';
comment on column api_keys.lookup is 'The public part of the key, by which it is found.';
comment on column api_keys.secret_hash is 'SHA-256 of the whole key, which itself is kept nowhere.';
comment on column api_keys.scopes is 'What it may do.';
comment on column api_keys.created_at is 'When it was made.';
comment on column api_keys.created_by is 'Who made it: the name of a key or of a command.';
comment on column api_keys.expires_at is 'When it ends by itself; null where it does not.';
comment on column api_keys.revoked_at is 'When it was revoked; null while it was not.';
comment on column api_keys.last_used_at is 'When it was last used, to the minute; null where it never was.';
comment on column api_keys.rotated_to is 'The key that takes its place; null where it has no successor.';
-- The log names its actors, so two keys in use never share a name.
create unique index api_keys_name_key on api_keys (name) where revoked_at is null and rotated_to is null;
create index api_keys_created_at_idx on api_keys (created_at, id);

create index changes_actor_idx on changes (actor, seq);
create index changes_occurred_at_idx on changes (occurred_at);
