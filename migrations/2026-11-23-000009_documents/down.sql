drop trigger changes_no_truncate on changes;
drop trigger changes_no_delete on changes;
drop trigger changes_append_only on changes;
-- The older schema has no words for these.
delete from changes where entity_type = 'api_key';
update changes set action = 'updated' where action in ('scheduled', 'rejected', 'withdrawn', 'revoked', 'rotated');
alter table changes
    drop constraint changes_entity_type_check,
    drop constraint changes_action_check,
    add constraint changes_entity_type_check
        check (entity_type in ('clinic', 'location', 'topic', 'service', 'article', 'testimonial')),
    add constraint changes_action_check
        check (action in ('created', 'updated', 'published', 'unpublished', 'archived', 'restored', 'erased'));
drop table idempotency_keys;
drop table previews;
drop table revisions;
drop function refuse_rewriting();
drop table document_languages;
drop table documents;
