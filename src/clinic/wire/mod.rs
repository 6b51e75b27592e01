//! What clients receive of the clinic and its places, and what editors write.

mod clinic_in;
mod location_in;
mod shown;

pub use self::{
    clinic_in::{
        ClinicIn, ClinicTextIn, ClinicTexts, HeadingsIn, HighlightIn, Highlights, HospitalIn, Hospitals, SocialLinkIn,
        SocialLinks, SocialPlatform, StatisticIn, StatisticSourceIn, Statistics,
    },
    location_in::{
        CoordinatesIn, LocationIn, OpeningHoursIn, OpeningHoursList, PostalAddressIn, SpecialHoursIn, SpecialHoursList,
        Weekday,
    },
    shown::{
        Clinic, Contact, Coordinates, Headings, Highlight, Hospital, Location, OpeningHours, PostalAddress,
        Registrations, SocialLink, SpecialHours, Statistic, StatisticSource,
    },
};
