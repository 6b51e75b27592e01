//! A location as editors write it.

use jiff::civil;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::values::{ClockTime, CountryCode, Day, Line, List, PhoneNumber, Slug};

/// A place where the clinic sees patients, as editors write it.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "name": "London Spine Unit, Harley Street",
    "slug": "harley-street",
    "coordinates": null
}))]
pub struct LocationIn {
    /// Its name.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Line<200>)]
    pub name: String,
    /// Its slug; made from the name where it is absent or null.
    #[validate(custom(function = Slug::accept))]
    #[schema(value_type = Option<Slug>)]
    pub slug: Option<String>,
    /// Whether it is the main place, of which one can be published.
    #[serde(default)]
    #[schema(default = false, example = true)]
    pub is_primary: bool,
    /// Its place in lists, the lowest first.
    #[serde(default)]
    #[validate(range(min = 0, max = 10000, message = "must be from 0 to 10000"))]
    #[schema(default = 0, minimum = 0, maximum = 10000, example = 1)]
    pub position: i32,
    /// Postal address.
    #[validate(nested)]
    pub address: PostalAddressIn,
    /// Where it is on the globe.
    #[validate(nested)]
    pub coordinates: Option<CoordinatesIn>,
    /// Telephone in E.164.
    #[validate(custom(function = PhoneNumber::accept))]
    #[schema(value_type = Option<PhoneNumber>)]
    pub phone: Option<String>,
    /// Weekly hours in the clinic's time zone; none for hours that are not known. They do not overlap.
    #[serde(default)]
    #[validate(nested)]
    pub opening_hours: OpeningHoursList,
    /// Dates on which other hours hold instead of the weekly ones. They do not overlap.
    #[serde(default)]
    #[validate(nested)]
    pub special_hours: SpecialHoursList,
}

/// A postal address in the parts of schema.org's PostalAddress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "street_address": "19 Harley St",
    "address_locality": "London",
    "address_region": null,
    "postal_code": "W1G 9QJ",
    "formatted": "19 Harley St, London, W1G 9QJ, UK"
}))]
pub struct PostalAddressIn {
    /// Street and number.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Line<200>)]
    pub street_address: String,
    /// Town or city.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Line<200>)]
    pub address_locality: String,
    /// County or region.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Option<Line<200>>)]
    pub address_region: Option<String>,
    /// Postcode.
    #[validate(custom(function = Line::<20>::accept))]
    #[schema(value_type = Line<20>)]
    pub postal_code: String,
    /// ISO 3166-1 alpha-2 code of the country.
    #[validate(custom(function = CountryCode::accept))]
    #[schema(value_type = CountryCode)]
    pub address_country: String,
    /// The address in one line as the clinic writes it; made from the parts where it is absent or null.
    #[validate(custom(function = Line::<500>::accept))]
    #[schema(value_type = Option<Line<500>>)]
    pub formatted: Option<String>,
}

impl PostalAddressIn {
    /// The address in one line.
    pub fn in_one_line(&self) -> String {
        let parts = [
            Some(self.street_address.as_str()),
            Some(&self.address_locality),
            self.address_region.as_deref(),
            Some(&self.postal_code),
            Some(&self.address_country),
        ];
        let made = || parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        self.formatted.clone().unwrap_or_else(made)
    }
}

/// A point on the globe in WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct CoordinatesIn {
    /// Degrees north.
    #[validate(range(min = -90.0, max = 90.0, message = "must be from -90 to 90"))]
    #[schema(minimum = -90, maximum = 90, example = 51.5)]
    pub latitude: f64,
    /// Degrees east.
    #[validate(range(min = -180.0, max = 180.0, message = "must be from -180 to 180"))]
    #[schema(minimum = -180, maximum = 180, example = -0.15)]
    pub longitude: f64,
}

/// Weekly hours, in any order.
pub type OpeningHoursList = List<OpeningHoursIn, 100>;

/// An interval of the week in which a location is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({"weekday": "monday", "opens": "09:00", "closes": "17:30"}))]
pub struct OpeningHoursIn {
    /// Day of the week on which it starts.
    pub weekday: Weekday,
    /// Local time of opening, `HH:MM`.
    #[validate(custom(function = ClockTime::accept))]
    #[schema(value_type = ClockTime)]
    pub opens: String,
    /// Local time of closing, `HH:MM`; where it is not after `opens` it is on the next day.
    #[validate(custom(function = ClockTime::accept))]
    #[schema(value_type = ClockTime)]
    pub closes: String,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl From<Weekday> for civil::Weekday {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Monday => Self::Monday,
            Weekday::Tuesday => Self::Tuesday,
            Weekday::Wednesday => Self::Wednesday,
            Weekday::Thursday => Self::Thursday,
            Weekday::Friday => Self::Friday,
            Weekday::Saturday => Self::Saturday,
            Weekday::Sunday => Self::Sunday,
        }
    }
}

/// Special hours, in any order.
pub type SpecialHoursList = List<SpecialHoursIn, 1000>;

/// A date on which other hours hold; a date may have several entries with hours, or one without.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "date": "2026-12-24",
    "opens": "10:00",
    "closes": "13:00",
    "reason": "Christmas Eve"
}))]
pub struct SpecialHoursIn {
    /// The local date.
    pub date: Day,
    /// Local time of opening, `HH:MM`; absent or null, with `closes`, on a day that is closed.
    #[validate(custom(function = ClockTime::accept))]
    #[schema(value_type = Option<ClockTime>)]
    pub opens: Option<String>,
    /// Local time of closing, `HH:MM`; where it is not after `opens` it is on the next day.
    #[validate(custom(function = ClockTime::accept))]
    #[schema(value_type = Option<ClockTime>)]
    pub closes: Option<String>,
    /// Why other hours hold, for patients to read.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Option<Line<200>>)]
    pub reason: Option<String>,
}
