alter table documents
    drop constraint documents_facts_version_check,
    drop column facts_version;
