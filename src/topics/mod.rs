//! Topics: the subjects that group articles and services.
//!
//! `GET /v1/topics` lists them with the number of published articles in each.

mod public;
pub mod store;
pub mod wire;

pub use self::public::configure;
