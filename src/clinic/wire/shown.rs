//! What clients receive.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{SocialPlatform, Weekday};
use crate::values::{CompanyNumber, CqcProviderId, Locale, PhoneNumber, Slug, TimeZoneName};

/// Everything that apps show about the clinic.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Clinic {
    /// Its id.
    #[schema(example = "01a2097f-10e8-741a-83cf-d6db6b582513")]
    pub id: Uuid,
    /// Name that patients know.
    #[schema(max_length = 200, example = "London Spine Unit")]
    pub name: String,
    /// Registered name; null where none is recorded.
    #[schema(required, max_length = 200)]
    pub legal_name: Option<String>,
    /// Whether the content is a demonstration and not a clinic's own.
    #[schema(example = true)]
    pub is_demonstration: bool,
    /// What readers must know about this content; null where there is nothing.
    #[schema(
        required,
        max_length = 2000,
        example = "This is a demonstration and not medical advice."
    )]
    pub notice: Option<String>,
    /// One line under the name; null where there is none.
    #[schema(required, max_length = 500, example = "We are London's Top Spine Clinic")]
    pub tagline: Option<String>,
    /// Description of the clinic, plain text; null where there is none.
    #[schema(
        required,
        max_length = 10000,
        example = "The London Spine Unit was established in 2005 and has successfully treated over 5000 patients. All conditions are treated."
    )]
    pub about: Option<String>,
    /// Headings that the clinic puts over the parts of its page.
    pub headings: Headings,
    /// Year of establishment; null where none is recorded.
    #[schema(required, minimum = 1000, maximum = 9999, example = 2005)]
    pub founded_year: Option<i32>,
    /// Ways to reach the clinic.
    pub contact: Contact,
    /// Registrations that a UK clinic shows.
    pub registrations: Registrations,
    /// IANA name of the clinic's time zone.
    #[schema(value_type = TimeZoneName)]
    pub time_zone: String,
    /// The clinic's own language, served where no other is asked for.
    pub default_locale: Locale,
    /// Languages that there is content in.
    #[schema(max_items = 100)]
    pub locales: Vec<Locale>,
    /// The main place; null where none is recorded.
    #[schema(required)]
    pub primary_location: Option<Location>,
    /// Statements of why patients trust the clinic.
    #[schema(max_items = 100)]
    pub highlights: Vec<Highlight>,
    /// Figures that the clinic states about itself.
    #[schema(max_items = 100)]
    pub statistics: Vec<Statistic>,
    /// The clinic's own pages on social networks.
    #[schema(max_items = 100, example = json!([]))]
    pub social_links: Vec<SocialLink>,
    /// Hospitals that the clinic works with.
    #[schema(max_items = 100)]
    pub affiliated_hospitals: Vec<Hospital>,
    /// Language of the texts.
    pub locale: Locale,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Headings in the clinic's own words.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Headings {
    /// Over the description; null for the app's own.
    #[schema(required, max_length = 200, example = "What is London spine unit and How it Works")]
    pub about: Option<String>,
    /// Over the services; null for the app's own.
    #[schema(required, max_length = 200, example = "What we do...")]
    pub services: Option<String>,
    /// Over the share links; null for the app's own.
    #[schema(required, max_length = 200, example = "Share to care...")]
    pub share: Option<String>,
    /// Over the testimonials; null for the app's own.
    #[schema(required, max_length = 200, example = "What our patients say about us ......")]
    pub testimonials: Option<String>,
}

/// Ways to reach the clinic.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Contact {
    /// Telephone in E.164, such as `+442079460000`; null where none is recorded.
    #[schema(required, value_type = Option<PhoneNumber>)]
    pub phone: Option<String>,
    /// E-mail address for patients; null where none is recorded.
    #[schema(required, max_length = 320, format = Email)]
    pub email: Option<String>,
    /// Web address of the clinic; null where none is recorded.
    #[schema(required, max_length = 2000, format = Uri, example = "https://www.londonspine.com/")]
    pub website: Option<String>,
}

/// Registrations that a UK clinic shows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Registrations {
    /// Provider identifier at the Care Quality Commission; null where none is recorded.
    #[schema(required, value_type = Option<CqcProviderId>)]
    pub cqc_provider_id: Option<String>,
    /// Company number at Companies House; null where none is recorded.
    #[schema(required, value_type = Option<CompanyNumber>)]
    pub companies_house_number: Option<String>,
}

/// A place where the clinic sees patients.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"slug": "harley-street", "coordinates": null}))]
pub struct Location {
    /// Its id.
    #[schema(example = "01a2097f-10ee-71c5-9287-af8a87cbada4")]
    pub id: Uuid,
    /// Its slug.
    pub slug: Slug,
    /// Its name.
    #[schema(max_length = 200, example = "London Spine Unit, Harley Street")]
    pub name: String,
    /// Whether it is the main place.
    #[schema(example = true)]
    pub is_primary: bool,
    /// Postal address.
    pub address: PostalAddress,
    /// Where it is on the globe; null where not recorded.
    #[schema(required)]
    pub coordinates: Option<Coordinates>,
    /// Telephone in E.164, such as `+442079460000`; null where none is recorded.
    #[schema(required, value_type = Option<PhoneNumber>)]
    pub phone: Option<String>,
    /// Weekly hours in the clinic's time zone; empty where none are recorded.
    #[schema(max_items = 100, example = json!([]))]
    pub opening_hours: Vec<OpeningHours>,
    /// Dates from today on at which other hours hold.
    #[schema(max_items = 1000, example = json!([]))]
    pub special_hours: Vec<SpecialHours>,
    /// Whether it is open at the moment of the answer; null where no hours are recorded.
    #[schema(required)]
    pub open_now: Option<bool>,
    /// When `open_now` changes next: from then on take its opposite, or ask again; null where no change is known.
    #[schema(required, example = json!(null))]
    pub next_change_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A postal address in the parts of schema.org's PostalAddress.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PostalAddress {
    /// Street and number.
    #[schema(max_length = 200, example = "19 Harley St")]
    pub street_address: String,
    /// Town or city.
    #[schema(max_length = 200, example = "London")]
    pub address_locality: String,
    /// County or region; null where the address names none.
    #[schema(required, max_length = 200)]
    pub address_region: Option<String>,
    /// Postcode.
    #[schema(max_length = 20, example = "W1G 9QJ")]
    pub postal_code: String,
    /// ISO 3166-1 alpha-2 code of the country.
    #[schema(max_length = 2, pattern = "^[A-Z]{2}$", example = "GB")]
    pub address_country: String,
    /// The address in one line as the clinic writes it.
    #[schema(max_length = 500, example = "19 Harley St, London, W1G 9QJ, UK")]
    pub formatted: String,
}

/// A point on the globe in WGS 84.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Coordinates {
    /// Degrees north.
    #[schema(minimum = -90, maximum = 90, example = 51.5)]
    pub latitude: f64,
    /// Degrees east.
    #[schema(minimum = -180, maximum = 180, example = -0.15)]
    pub longitude: f64,
}

/// An interval of the week in which a location is open.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpeningHours {
    /// Day of the week on which it starts.
    #[schema(value_type = Weekday)]
    pub weekday: String,
    /// Local time of opening, `HH:MM`.
    #[schema(max_length = 5, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "09:00")]
    pub opens: String,
    /// Local time of closing, `HH:MM`; where it is not after `opens` it is on the next day.
    #[schema(max_length = 5, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "17:30")]
    pub closes: String,
}

/// A date on which other hours hold.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SpecialHours {
    /// The local date.
    #[schema(example = "2026-12-24")]
    pub date: Date,
    /// Local time of opening, `HH:MM`; null on a day that is closed.
    #[schema(
        required,
        max_length = 5,
        pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$",
        example = "10:00"
    )]
    pub opens: Option<String>,
    /// Local time of closing, `HH:MM`; null on a day that is closed.
    #[schema(
        required,
        max_length = 5,
        pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$",
        example = "13:00"
    )]
    pub closes: Option<String>,
    /// Why other hours hold; null where no reason is given.
    #[schema(required, max_length = 200, example = "Christmas Eve")]
    pub reason: Option<String>,
}

/// A statement of why patients trust the clinic.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Highlight {
    /// The statement in a few words.
    #[schema(max_length = 200, example = "Trusted by patients worldwide")]
    pub title: String,
    /// The statement in full, plain text.
    #[schema(
        max_length = 2000,
        example = "The London Spine Unit provides the highest quality care to all patients and has VIP services for those seeking exceptional services"
    )]
    pub body: String,
}

/// A figure that the clinic states about itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Statistic {
    /// What is counted.
    #[schema(max_length = 200, example = "Patients successfully treated")]
    pub label: String,
    /// The number.
    #[schema(minimum = -9007199254740991_i64, maximum = 9007199254740991_i64, example = 5000)]
    pub value: i64,
    /// The number as the clinic words it.
    #[schema(max_length = 100, example = "over 5000")]
    pub display_value: String,
    /// What the number counts.
    #[schema(max_length = 100, example = "patients")]
    pub unit: String,
    /// The date on which it was true.
    #[schema(example = "2026-11-23")]
    pub as_of: Date,
    /// Where it comes from.
    pub source: StatisticSource,
}

/// Where a figure comes from.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StatisticSource {
    /// Name of the source.
    #[schema(max_length = 500, example = "London Spine Unit, public web page")]
    pub name: String,
    /// Web address of the source; null where it has none.
    #[schema(required, max_length = 2000, format = Uri, example = "https://www.londonspine.com/")]
    pub url: Option<String>,
}

/// A page of the clinic on a social network.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SocialLink {
    /// The network.
    #[schema(value_type = SocialPlatform)]
    pub platform: String,
    /// Web address of the page.
    #[schema(max_length = 2000, format = Uri, example = "https://www.facebook.com/example")]
    pub url: String,
}

/// A hospital that the clinic works with.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Hospital {
    /// Its name.
    #[schema(max_length = 200, example = "The Harley Street Hospital")]
    pub name: String,
    /// Its web address; null where none is recorded.
    #[schema(required, max_length = 2000, format = Uri)]
    pub url: Option<String>,
}
