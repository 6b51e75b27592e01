//! `clinic.toml`.

use jiff::civil::Date;
use serde::Deserialize;

use crate::{
    clinic::{
        store::{NewClinic, NewClinicText, NewHighlight, NewLocation, NewStatistic},
        wire::{Hospital, PostalAddress},
    },
    values::{Locale, Slug},
};

/// The clinic in its file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClinicFile {
    name: String,
    demonstration: bool,
    founded_year: Option<i32>,
    website: Option<String>,
    time_zone: String,
    default_locale: Locale,
    texts: Vec<TextEntry>,
    locations: Vec<LocationEntry>,
    highlights: Vec<HighlightEntry>,
    statistics: Vec<StatisticEntry>,
    hospitals: Vec<HospitalEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextEntry {
    locale: Locale,
    tagline: Option<String>,
    about_heading: Option<String>,
    about: Option<String>,
    notice: Option<String>,
    services_heading: Option<String>,
    share_heading: Option<String>,
    testimonials_heading: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LocationEntry {
    slug: Slug,
    name: String,
    street_address: String,
    locality: String,
    region: Option<String>,
    postal_code: String,
    country: String,
    formatted: String,
    primary: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HighlightEntry {
    title: String,
    body: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatisticEntry {
    label: String,
    value: i64,
    display_value: String,
    unit: String,
    as_of: Date,
    source_name: String,
    source_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HospitalEntry {
    name: String,
    url: Option<String>,
}

impl ClinicFile {
    /// The clinic, and its locations in the order of the file.
    pub(super) fn into_parts(self) -> (NewClinic, Vec<NewLocation>) {
        let locations = (1..).zip(self.locations).map(|(position, entry)| entry.at(position));
        let clinic = NewClinic {
            name: self.name,
            is_demonstration: self.demonstration,
            founded_year: self.founded_year,
            website: self.website,
            time_zone: self.time_zone,
            default_locale: self.default_locale,
            texts: self.texts.into_iter().map(NewClinicText::from).collect(),
            highlights: self.highlights.into_iter().map(NewHighlight::from).collect(),
            statistics: self.statistics.into_iter().map(NewStatistic::from).collect(),
            hospitals: self.hospitals.into_iter().map(Hospital::from).collect(),
        };
        (clinic, locations.collect())
    }
}

impl From<TextEntry> for NewClinicText {
    fn from(entry: TextEntry) -> Self {
        Self {
            locale: entry.locale,
            tagline: entry.tagline,
            about_heading: entry.about_heading,
            about: entry.about,
            notice: entry.notice,
            services_heading: entry.services_heading,
            share_heading: entry.share_heading,
            testimonials_heading: entry.testimonials_heading,
        }
    }
}

impl LocationEntry {
    fn at(self, position: i32) -> NewLocation {
        NewLocation {
            slug: self.slug,
            name: self.name,
            address: PostalAddress {
                street_address: self.street_address,
                address_locality: self.locality,
                address_region: self.region,
                postal_code: self.postal_code,
                address_country: self.country,
                formatted: self.formatted,
            },
            is_primary: self.primary,
            position,
        }
    }
}

impl From<HighlightEntry> for NewHighlight {
    fn from(entry: HighlightEntry) -> Self {
        Self {
            title: entry.title,
            body: entry.body,
        }
    }
}

impl From<StatisticEntry> for NewStatistic {
    fn from(entry: StatisticEntry) -> Self {
        Self {
            label: entry.label,
            value: entry.value,
            display_value: entry.display_value,
            unit: entry.unit,
            as_of: entry.as_of,
            source_name: entry.source_name,
            source_url: entry.source_url,
        }
    }
}

impl From<HospitalEntry> for Hospital {
    fn from(entry: HospitalEntry) -> Self {
        Self {
            name: entry.name,
            url: entry.url,
        }
    }
}
