//! All SQL of the clinic, by what it is for.

mod clinic;
mod locations;
mod write;

pub use self::{
    clinic::get_clinic,
    locations::{Moment, count_locations, get_location, list_locations},
    write::{NewClinic, NewClinicText, NewHighlight, NewLocation, NewStatistic, insert_clinic, insert_location},
};
