//! The clinic: what it says about itself, and where and when it is open.
//!
//! `GET /v1/clinic` has all that an app shows of it in one call, `/v1/locations` its places.
//! Whether a location is open is worked out in the clinic's time zone at the moment of the request.

pub mod hours;
mod public;
mod rules;
pub mod store;
pub mod wire;

pub use self::public::configure;
