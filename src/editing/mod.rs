//! The one way in which content is written: drafts, versions, publication, history.
//!
//! A *document* is what editors write; the tables of the resources hold what is published of it.
//! Writing a document never changes what the public sees: publishing brings it there, and only for
//! a key that may. Every step makes a new version, a revision that keeps it, and a row in the change
//! log, all in one transaction. What differs between kinds of content is in [`Content`].

pub mod admin;
mod check;
mod content;
mod derived;
mod documented;
mod kind;
mod lifecycle;
mod merge;
mod preview;
pub mod public;
pub mod rebuild;
pub mod schedule;
mod store;
pub mod wire;

pub use self::{
    content::{Content, NO_LOCALE, Names, Projection, PublishedLocale, Reading, ReferenceTo, TextFacts, TextSlug},
    kind::{Kind, document, document_previews},
    lifecycle::{Opened, create, etag, open, read, seed},
};
