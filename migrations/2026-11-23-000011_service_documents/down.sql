-- A view takes no column away, so those that read it go and come back with it.
drop view published_article_services;
drop view published_service_treats;
drop view published_service_codes;
drop view published_services;

comment on column service_texts.sections is 'Array of {title, source, body_html, body_text}: the source is Markdown, body_html is sanitised.';
alter table service_texts
    drop constraint service_texts_review_check,
    drop column reviewed_by,
    drop column last_reviewed_on,
    drop column next_review_due_on;

alter table service_treats
    drop constraint service_treats_treatment_fkey,
    drop constraint service_treats_condition_fkey,
    drop column treatment_kind,
    drop column condition_kind,
    add constraint service_treats_treatment_id_fkey foreign key (treatment_id) references services (id),
    add constraint service_treats_condition_id_fkey foreign key (condition_id) references services (id);

alter table services drop constraint services_kind_key;

create view published_services as
select s.id, x.locale, s.kind, x.slug, x.name, x.summary, x.sections,
       greatest(s.updated_at, x.updated_at) as updated_at
from services s
join service_texts x on x.service_id = s.id
where x.status = 'published';
comment on view published_services is 'Services in the languages whose text is published.';

create view published_service_codes as
select c.service_id, c.system, c.code, c.display
from service_codes c
where exists (select from published_services s where s.id = c.service_id);
comment on view published_service_codes is 'Codes of published services.';

create view published_service_treats as
select p.treatment_id, p.condition_id, t.locale,
       t.slug as treatment_slug, t.name as treatment_name,
       c.slug as condition_slug, c.name as condition_name
from service_treats p
join published_services t on t.id = p.treatment_id
join published_services c on c.id = p.condition_id and c.locale = t.locale;
comment on view published_service_treats is 'Which published treatment treats which published condition.';

create view published_article_services as
select p.article_id, s.locale, s.id as service_id, s.slug, s.name
from article_services p
join published_services s on s.id = p.service_id
join article_texts x on x.article_id = p.article_id and x.locale = s.locale
where x.status = 'published';
comment on view published_article_services is 'Published services of each published article.';
