//! Testimonials: what patients wrote about their treatment.
//!
//! Lists carry the headline and an excerpt with `has_more`; the whole quote is in the detail, which
//! is what "Read more" opens. A testimonial has the language it was written in and no translation.

mod public;
pub mod store;
pub mod wire;

pub use self::public::configure;
