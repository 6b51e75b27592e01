drop view testimonial_counts;
drop view published_testimonials;
drop trigger testimonials_case on testimonials;
drop function follow_testimonial();
drop trigger testimonials_consent on testimonials;
drop function require_testimonial_consent();
alter table testimonials
    drop constraint testimonials_consent_id_fkey,
    drop constraint testimonials_reply_check,
    drop column consent_id,
    drop column edited_on,
    drop column incentive,
    drop column reply,
    drop column replied_on;
drop table testimonial_contacts;
drop function testimonial_consent_holds(testimonial_consents);
drop table testimonial_consents;
drop function keep_testimonial_consent();
drop table testimonial_cases;
create view published_testimonials as
select t.id, t.slug, t.locale, t.headline, t.quote, t.excerpt, t.is_incomplete, t.attribution,
       t.attribution_name, t.rating, t.service_id, t.condition_id, t.treated_month, t.received_on,
       t.published_at, t.updated_at
from testimonials t
where t.status = 'published';
comment on view published_testimonials is 'Testimonials that are published.';
