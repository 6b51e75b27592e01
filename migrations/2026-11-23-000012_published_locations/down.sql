comment on column locations.is_primary is 'True for the one that stands in the clinic''s own document.';

drop view published_time_zone;

create or replace view published_special_hours as
select location_id, date, opens, closes, reason from special_hours
where exists (select from published_clinic);
comment on view published_special_hours is 'Special hours of the published locations.';

create or replace view published_opening_hours as
select location_id, weekday, opens, closes from opening_hours
where exists (select from published_clinic);
comment on view published_opening_hours is 'Weekly hours of the published locations.';

create or replace view published_locations as
select id, slug, name, street_address, address_locality, address_region, postal_code,
       address_country, formatted_address, latitude, longitude, phone, is_primary, position, updated_at
from locations
where exists (select from published_clinic);
comment on view published_locations is 'Locations of a published clinic; a location has no draft of its own.';
