//! `clinic.toml`.

use serde::Deserialize;

use crate::clinic::wire::{ClinicIn, LocationIn};

/// The clinic and its locations in their file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClinicFile {
    pub(super) clinic: ClinicIn,
    pub(super) locations: Vec<LocationIn>,
}
