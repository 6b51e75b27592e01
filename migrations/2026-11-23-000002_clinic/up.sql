-- The clinic that this deployment serves, its places and what it says about itself.

create table clinic (
    id uuid not null,
    singleton boolean not null default true,
    name text not null,
    legal_name text,
    is_demonstration boolean not null default false,
    founded_year integer,
    phone text,
    email text,
    website text,
    time_zone text not null,
    default_locale text not null,
    cqc_provider_id text,
    companies_house_number text,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint clinic_pkey primary key (id),
    constraint clinic_singleton_key unique (singleton),
    constraint clinic_singleton_check check (singleton),
    constraint clinic_founded_year_check check (founded_year between 1000 and 9999)
);
comment on table clinic is 'The clinic: one row.';
comment on column clinic.id is 'UUIDv7 of the clinic.';
comment on column clinic.singleton is 'Always true, so that there is one row.';
comment on column clinic.name is 'Name that patients know.';
comment on column clinic.legal_name is 'Registered name, where it differs.';
comment on column clinic.is_demonstration is 'True where the content is a demonstration.';
comment on column clinic.founded_year is 'Year of establishment.';
comment on column clinic.phone is 'Telephone in E.164.';
comment on column clinic.email is 'E-mail address for patients.';
comment on column clinic.website is 'Web address of the clinic.';
comment on column clinic.time_zone is 'IANA name of the time zone of the clinic.';
comment on column clinic.default_locale is 'BCP 47 tag of the language served where a client states none that we have.';
comment on column clinic.cqc_provider_id is 'Provider identifier at the Care Quality Commission.';
comment on column clinic.companies_house_number is 'Company number at Companies House.';
comment on column clinic.version is 'Grows by one with each change.';
comment on column clinic.created_at is 'When the row was made.';
comment on column clinic.updated_at is 'When it last changed; a write of its highlights, statistics, links or hospitals touches it too.';

create table clinic_texts (
    clinic_id uuid not null,
    locale text not null,
    tagline text,
    about_heading text,
    about text,
    notice text,
    services_heading text,
    share_heading text,
    testimonials_heading text,
    status text not null default 'draft',
    updated_at timestamptz not null,
    constraint clinic_texts_pkey primary key (clinic_id, locale),
    constraint clinic_texts_clinic_id_fkey foreign key (clinic_id) references clinic (id),
    constraint clinic_texts_status_check check (status in ('draft', 'published', 'archived'))
);
comment on table clinic_texts is 'What the clinic says about itself, per language.';
comment on column clinic_texts.clinic_id is 'The clinic.';
comment on column clinic_texts.locale is 'BCP 47 tag of the language.';
comment on column clinic_texts.tagline is 'One line under the name.';
comment on column clinic_texts.about_heading is 'Heading over the description.';
comment on column clinic_texts.about is 'Description of the clinic, plain text.';
comment on column clinic_texts.notice is 'What readers must know about this content, such as that it is a demonstration.';
comment on column clinic_texts.services_heading is 'Heading over the services.';
comment on column clinic_texts.share_heading is 'Heading over the share links.';
comment on column clinic_texts.testimonials_heading is 'Heading over the testimonials.';
comment on column clinic_texts.status is 'Only published text reaches the public.';
comment on column clinic_texts.updated_at is 'When the text last changed.';

create table locations (
    id uuid not null,
    slug text not null,
    name text not null,
    street_address text not null,
    address_locality text not null,
    address_region text,
    postal_code text not null,
    address_country text not null,
    formatted_address text not null,
    latitude double precision,
    longitude double precision,
    phone text,
    is_primary boolean not null default false,
    position integer not null default 0,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint locations_pkey primary key (id),
    constraint locations_slug_key unique (slug),
    constraint locations_slug_check check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 100),
    constraint locations_address_country_check check (address_country ~ '^[A-Z]{2}$'),
    constraint locations_coordinates_check check (
        (latitude is null) = (longitude is null)
        and latitude between -90 and 90 and longitude between -180 and 180
    )
);
comment on table locations is 'Places where the clinic sees patients; the address has the parts of schema.org PostalAddress.';
comment on column locations.id is 'UUIDv7 of the location.';
comment on column locations.slug is 'Name in addresses.';
comment on column locations.name is 'Name of the place.';
comment on column locations.street_address is 'Street and number.';
comment on column locations.address_locality is 'Town or city.';
comment on column locations.address_region is 'County or region.';
comment on column locations.postal_code is 'Postcode.';
comment on column locations.address_country is 'ISO 3166-1 alpha-2 code.';
comment on column locations.formatted_address is 'The address in one line as the clinic writes it.';
comment on column locations.latitude is 'WGS 84 degrees north.';
comment on column locations.longitude is 'WGS 84 degrees east.';
comment on column locations.phone is 'Telephone in E.164.';
comment on column locations.is_primary is 'True for the one that stands in the clinic''s own document.';
comment on column locations.position is 'Order in lists.';
comment on column locations.version is 'Grows by one with each change.';
comment on column locations.created_at is 'When the row was made.';
comment on column locations.updated_at is 'When it last changed.';
create unique index locations_is_primary_key on locations (is_primary) where is_primary;

create table opening_hours (
    id uuid not null,
    location_id uuid not null,
    weekday smallint not null,
    opens time not null,
    closes time not null,
    constraint opening_hours_pkey primary key (id),
    constraint opening_hours_location_id_fkey foreign key (location_id) references locations (id),
    constraint opening_hours_weekday_check check (weekday between 1 and 7),
    constraint opening_hours_interval_key unique (location_id, weekday, opens)
);
comment on table opening_hours is 'Weekly intervals in which a location is open, in the clinic''s time zone.';
comment on column opening_hours.id is 'UUIDv7 of the interval.';
comment on column opening_hours.location_id is 'The location.';
comment on column opening_hours.weekday is 'ISO 8601 weekday: 1 is Monday.';
comment on column opening_hours.opens is 'Local time of opening.';
comment on column opening_hours.closes is 'Local time of closing; not after opening means the next day.';

create table special_hours (
    id uuid not null,
    location_id uuid not null,
    date date not null,
    opens time,
    closes time,
    reason text,
    constraint special_hours_pkey primary key (id),
    constraint special_hours_location_id_fkey foreign key (location_id) references locations (id),
    constraint special_hours_interval_check check ((opens is null) = (closes is null)),
    constraint special_hours_interval_key unique nulls not distinct (location_id, date, opens)
);
comment on table special_hours is 'Dates on which the weekly hours do not hold.';
comment on column special_hours.id is 'UUIDv7 of the interval.';
comment on column special_hours.location_id is 'The location.';
comment on column special_hours.date is 'The local date.';
comment on column special_hours.opens is 'Local time of opening; null on a day that is closed.';
comment on column special_hours.closes is 'Local time of closing; not after opening means the next day.';
comment on column special_hours.reason is 'Why, for patients to read, such as Christmas Day.';

create table highlights (
    id uuid not null,
    locale text not null,
    title text not null,
    body text not null,
    position integer not null,
    constraint highlights_pkey primary key (id),
    constraint highlights_position_key unique (locale, position)
);
comment on table highlights is 'Statements of why patients trust the clinic.';
comment on column highlights.id is 'UUIDv7 of the highlight.';
comment on column highlights.locale is 'BCP 47 tag of the language.';
comment on column highlights.title is 'The statement in a few words.';
comment on column highlights.body is 'The statement in full, plain text.';
comment on column highlights.position is 'Order on the page.';

create table statistics (
    id uuid not null,
    locale text not null,
    label text not null,
    value bigint not null,
    display_value text not null,
    unit text not null,
    as_of date not null,
    expires_on date,
    source_name text not null,
    source_url text,
    position integer not null,
    constraint statistics_pkey primary key (id),
    constraint statistics_position_key unique (locale, position)
);
comment on table statistics is 'Figures that the clinic states about itself, each with its source.';
comment on column statistics.id is 'UUIDv7 of the statistic.';
comment on column statistics.locale is 'BCP 47 tag of the language.';
comment on column statistics.label is 'What is counted.';
comment on column statistics.value is 'The number.';
comment on column statistics.display_value is 'The number as the clinic words it, such as over 5000.';
comment on column statistics.unit is 'What the number counts.';
comment on column statistics.as_of is 'The date on which the figure was true.';
comment on column statistics.expires_on is 'The first date on which it is no longer shown; null for no end.';
comment on column statistics.source_name is 'Where the figure comes from.';
comment on column statistics.source_url is 'Web address of the source.';
comment on column statistics.position is 'Order on the page.';

create table social_links (
    id uuid not null,
    platform text not null,
    url text not null,
    position integer not null,
    constraint social_links_pkey primary key (id),
    constraint social_links_platform_key unique (platform)
);
comment on table social_links is 'The clinic''s own pages on social networks.';
comment on column social_links.id is 'UUIDv7 of the link.';
comment on column social_links.platform is 'Name of the network in lower case.';
comment on column social_links.url is 'Web address of the page.';
comment on column social_links.position is 'Order on the page.';

create table affiliated_hospitals (
    id uuid not null,
    name text not null,
    url text,
    position integer not null,
    constraint affiliated_hospitals_pkey primary key (id),
    constraint affiliated_hospitals_name_key unique (name)
);
comment on table affiliated_hospitals is 'Hospitals that the clinic works with.';
comment on column affiliated_hospitals.id is 'UUIDv7 of the affiliation.';
comment on column affiliated_hospitals.name is 'Name of the hospital.';
comment on column affiliated_hospitals.url is 'Web address of the hospital.';
comment on column affiliated_hospitals.position is 'Order on the page.';
