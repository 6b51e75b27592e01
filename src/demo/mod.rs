//! The demonstration clinic: readable files beside this one, loaded into an empty database.
//!
//! It is written through the resources' own stores, so that the change log knows of it as of any
//! other content.

mod content;
mod store;

pub use self::store::{DemoError, load, load_if_empty};
