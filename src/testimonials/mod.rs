//! Testimonials: what patients wrote about their treatment.
//!
//! A patient sends one, staff approve or reject it, and the patient's consent is a gate before the public
//! that the database itself keeps: without one that holds there is no public row, whoever writes it. When
//! consent ends or is taken back, the testimonial leaves the public; erased, it leaves the database.
//! Contact and consent are never reachable from what the public reads.
//!
//! Lists carry the headline and an excerpt with `has_more`; the whole quote is in the detail, which
//! is what "Read more" opens. A testimonial has the language it was written in and no translation.

mod admin;
mod public;
pub mod store;
pub mod wire;

pub use self::{admin::configure_admin, public::configure};
