//! Articles: what the clinic publishes to read, most of it presenting a work of the literature.
//!
//! `GET /v1/articles` lists them, `/v1/articles/{id_or_slug}` has one with its citation, `/related`
//! what is like it, and `/citation` its citation for reference managers; `/v1/articles/sparse` lists
//! them with some of their properties, and `/v1/journals` where the cited works appeared. An abstract
//! is shown only where the right to show it is recorded.

pub mod citation;
mod public;
mod share;
pub mod store;
pub mod wire;

pub use self::public::configure;
