//! Services: the conditions that the clinic sees, its treatments, and its tests.
//!
//! A treatment names the conditions it treats and a condition the treatments for it; both are read
//! from the same pairs.

mod public;
pub mod store;
pub mod wire;

pub use self::public::configure;
