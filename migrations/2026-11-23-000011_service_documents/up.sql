-- What services need besides, now that editors write them: the clinical review of each text, and
-- that only a treatment treats, and only a condition is treated.

alter table services add constraint services_kind_key unique (id, kind);

alter table service_treats
    drop constraint service_treats_treatment_id_fkey,
    drop constraint service_treats_condition_id_fkey,
    add column treatment_kind text not null generated always as ('treatment') stored,
    add column condition_kind text not null generated always as ('condition') stored,
    add constraint service_treats_treatment_fkey
        foreign key (treatment_id, treatment_kind) references services (id, kind),
    add constraint service_treats_condition_fkey
        foreign key (condition_id, condition_kind) references services (id, kind);
comment on column service_treats.treatment_kind is 'The kind that the treatment must have.';
comment on column service_treats.condition_kind is 'The kind that the condition must have.';

alter table service_texts
    add column reviewed_by text,
    add column last_reviewed_on date,
    add column next_review_due_on date,
    add constraint service_texts_review_check
        check ((reviewed_by is null) = (last_reviewed_on is null)
               and (next_review_due_on is null or coalesce(next_review_due_on > last_reviewed_on, false)));
comment on column service_texts.reviewed_by is 'Who last reviewed the text; null where no review is recorded.';
comment on column service_texts.last_reviewed_on is 'When the text was last reviewed; null where no review is recorded.';
comment on column service_texts.next_review_due_on is 'When the next review is due; null where none is planned.';
comment on column service_texts.sections is
    'Array of {title, format, source, body_html, body_text, sanitiser_version}: the source is Markdown or HTML as format says; what is shown comes from it by the rules of that version.';

create or replace view published_services as
select s.id, x.locale, s.kind, x.slug, x.name, x.summary, x.sections,
       greatest(s.updated_at, x.updated_at) as updated_at,
       x.reviewed_by, x.last_reviewed_on, x.next_review_due_on
from services s
join service_texts x on x.service_id = s.id
where x.status = 'published';
