-- A location has a draft of its own now, and a row only while it is published: whether the clinic's
-- texts are published no longer matters for it.

create or replace view published_locations as
select id, slug, name, street_address, address_locality, address_region, postal_code,
       address_country, formatted_address, latitude, longitude, phone, is_primary, position, updated_at
from locations;
comment on view published_locations is 'Locations, which have a row only while they are published.';

create or replace view published_opening_hours as
select location_id, weekday, opens, closes from opening_hours;
comment on view published_opening_hours is 'Weekly hours of the published locations.';

create or replace view published_special_hours as
select location_id, date, opens, closes, reason from special_hours;
comment on view published_special_hours is 'Special hours of the published locations.';

create view published_time_zone as
select id, time_zone from clinic;
comment on view published_time_zone is 'The time zone in which the hours of published locations are told.';

comment on column locations.is_primary is 'True for the one that stands in the clinic''s own document; of the published ones, one at most.';
