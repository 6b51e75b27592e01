-- What the public may read. Public reads of content use these views and no table, so that a
-- forgotten condition in a query cannot show a draft. A relation is public only where both of its
-- ends are published in the language: else a number of articles would tell of drafts.

create view published_clinic as
select c.id, t.locale, c.name, c.legal_name, c.is_demonstration, c.founded_year, c.phone, c.email,
       c.website, c.time_zone, c.default_locale, c.cqc_provider_id, c.companies_house_number,
       t.tagline, t.about_heading, t.about, t.notice, t.services_heading, t.share_heading,
       t.testimonials_heading, greatest(c.updated_at, t.updated_at) as updated_at
from clinic c
join clinic_texts t on t.clinic_id = c.id
where t.status = 'published';
comment on view published_clinic is 'The clinic in the languages whose text is published.';

create view published_locations as
select id, slug, name, street_address, address_locality, address_region, postal_code,
       address_country, formatted_address, latitude, longitude, phone, is_primary, position, updated_at
from locations
where exists (select from published_clinic);
comment on view published_locations is 'Locations of a published clinic; a location has no draft of its own.';

create view published_opening_hours as
select location_id, weekday, opens, closes from opening_hours
where exists (select from published_clinic);
comment on view published_opening_hours is 'Weekly hours of the published locations.';

create view published_special_hours as
select location_id, date, opens, closes, reason from special_hours
where exists (select from published_clinic);
comment on view published_special_hours is 'Special hours of the published locations.';

create view published_highlights as
select id, locale, title, body, position from highlights h
where exists (select from published_clinic c where c.locale = h.locale);
comment on view published_highlights is 'Highlights that are shown.';

create view published_statistics as
select id, locale, label, value, display_value, unit, as_of, expires_on, source_name, source_url, position
from statistics s
where exists (select from published_clinic c where c.locale = s.locale);
comment on view published_statistics is 'Statistics; a reader leaves out those that have expired by its clock.';

create view published_social_links as
select id, platform, url, position from social_links
where exists (select from published_clinic);
comment on view published_social_links is 'Social links that are shown.';

create view published_hospitals as
select id, name, url, position from affiliated_hospitals
where exists (select from published_clinic);
comment on view published_hospitals is 'Hospitals that are shown.';

create view published_topics as
select t.id, x.locale, x.slug, x.name, x.description, greatest(t.updated_at, x.updated_at) as updated_at
from topics t
join topic_texts x on x.topic_id = t.id
where x.status = 'published';
comment on view published_topics is 'Topics in the languages whose text is published.';

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

create view published_service_topics as
select st.service_id, t.locale, t.id as topic_id, t.slug, t.name
from service_topics st
join published_topics t on t.id = st.topic_id
join service_texts x on x.service_id = st.service_id and x.locale = t.locale
where x.status = 'published';
comment on view published_service_topics is 'Published topics of each published service.';

create view published_service_treats as
select p.treatment_id, p.condition_id, t.locale,
       t.slug as treatment_slug, t.name as treatment_name,
       c.slug as condition_slug, c.name as condition_name
from service_treats p
join published_services t on t.id = p.treatment_id
join published_services c on c.id = p.condition_id and c.locale = t.locale;
comment on view published_service_treats is 'Which published treatment treats which published condition.';

create view published_articles as
select a.id, x.locale, a.kind, x.slug, x.title, x.summary, x.body_html, x.body_text, x.reading_minutes,
       x.published_at, x.last_reviewed_on, x.next_review_due_on, x.updated_at,
       c.id as citation_id, c.pmid, c.doi, c.formatted, c.integrity, c.publication_types,
       j.id as journal_id, j.slug as journal_slug, j.title as journal_title, j.iso_abbreviation as journal_iso_abbreviation
from articles a
join article_texts x on x.article_id = a.id
left join citations c on c.id = a.citation_id
left join journals j on j.id = c.journal_id
where x.status = 'published';
comment on view published_articles is 'Articles in the languages whose text is published, with what a list shows of the citation.';

create view published_article_topics as
select p.article_id, t.locale, t.id as topic_id, t.slug, t.name
from article_topics p
join published_topics t on t.id = p.topic_id
join article_texts x on x.article_id = p.article_id and x.locale = t.locale
where x.status = 'published';
comment on view published_article_topics is 'Published topics of each published article.';

create view published_article_services as
select p.article_id, s.locale, s.id as service_id, s.slug, s.name
from article_services p
join published_services s on s.id = p.service_id
join article_texts x on x.article_id = p.article_id and x.locale = s.locale
where x.status = 'published';
comment on view published_article_services is 'Published services of each published article.';

create view published_citations as
select c.id, c.pmid, c.pmcid, c.doi, c.title, c.volume, c.issue, c.pages,
       c.publication_year, c.publication_month, c.publication_day,
       c.publication_date_precision, c.publication_date_raw,
       c.languages, c.publication_types, c.mesh_headings, c.keywords, c.medline_status, c.integrity,
       case when c.abstract_right <> 'link_only' then c.abstract_sections end as abstract_sections,
       case when c.abstract_right <> 'link_only' then c.abstract_copyright end as abstract_copyright,
       c.abstract_right, c.abstract_right_basis, c.formatted,
       j.id as journal_id, j.slug as journal_slug, j.title as journal_title,
       j.iso_abbreviation as journal_iso_abbreviation, j.issn as journal_issn
from citations c
join journals j on j.id = c.journal_id
where exists (select from published_articles a where a.citation_id = c.id);
comment on view published_citations is 'Citations of published articles; an abstract only where the right to show it is recorded.';

create view published_citation_authors as
select a.citation_id, a.position, a.family, a.given, a.initials, a.suffix, a.collective_name,
       a.orcid, a.affiliations, a.search_names
from citation_authors a
where exists (select from published_articles p where p.citation_id = a.citation_id);
comment on view published_citation_authors is 'Authors of the citations of published articles.';

create view published_testimonials as
select t.id, t.slug, t.locale, t.headline, t.quote, t.excerpt, t.is_incomplete, t.attribution,
       t.attribution_name, t.rating, t.service_id, t.condition_id, t.treated_month, t.received_on,
       t.published_at, t.updated_at
from testimonials t
where t.status = 'published';
comment on view published_testimonials is 'Testimonials that are published.';
