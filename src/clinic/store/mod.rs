//! All SQL of the clinic, by what it is for.

mod clinic;
mod clinic_document;
mod clinic_rows;
mod location_document;
mod locations;

pub use self::{
    clinic::get_clinic,
    locations::{Moment, count_locations, get_location, list_locations},
};
