//! What the mechanism must know of a kind of content.

use std::future::Future;

use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use jiff::{Timestamp, civil::Date};
use serde::{Serialize, de::DeserializeOwned};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    access::Scope,
    changes::EntityType,
    config::WebAddress,
    problem::FieldError,
    values::{Locale, Slug},
};

/// The name of a language-free text among the languages of a document.
pub const NO_LOCALE: &str = "";

/// The names of a kind of content, and what a key needs for it.
#[derive(Debug)]
pub struct Names {
    /// Its kind in the log.
    pub entity_type: EntityType,
    /// What one is called in schemas and operations, such as `Article`.
    pub singular: &'static str,
    /// What several are called, such as `Articles`.
    pub plural: &'static str,
    /// The part of the path after `/v1/admin/`, such as `articles`.
    pub path: &'static str,
    /// The tag in the documents.
    pub tag: &'static str,
    /// Whether there is but one: its path has no id.
    pub is_single: bool,
    /// Operations of the mechanism that such content does not offer, such as `list_documents`.
    pub omits: &'static [&'static str],
    /// What the description of making one says besides: where its slug comes from, or that there can be but one.
    pub when_made: &'static str,
    /// What reading drafts needs.
    pub read: Scope,
    /// What writing drafts needs.
    pub write: Scope,
    /// What changing the public needs.
    pub publish: Scope,
}

/// One language of some content, as the mechanism sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFacts {
    /// BCP 47 tag; [`NO_LOCALE`] for content without languages.
    pub locale: String,
    /// Pointer into the content where this text stands, such as `/texts/en-GB`, empty for the content itself.
    pub pointer: String,
    /// What lists call it; a missing slug is made from it.
    pub title: String,
    /// Its name in addresses.
    pub slug: TextSlug,
    /// When it is due for a clinical review.
    pub next_review_due_on: Option<Date>,
}

impl TextFacts {
    /// The slug, where it has one.
    pub fn given_slug(&self) -> Option<&str> {
        match &self.slug {
            TextSlug::Given(slug) => Some(slug),
            TextSlug::Never | TextSlug::Missing | TextSlug::Random => None,
        }
    }
}

/// The slug of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextSlug {
    /// Such content has none.
    Never,
    /// It is to be made from the title.
    Missing,
    /// It is to be made so that it says nothing of the content.
    Random,
    /// The editor's.
    Given(String),
}

impl TextSlug {
    /// The slug that the editor gave, or one to be made.
    pub fn of(given: Option<&str>) -> Self {
        given.map_or(Self::Missing, |slug| Self::Given(slug.to_owned()))
    }
}

/// Another document that the content points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceTo {
    /// Pointer into the content, such as `/topics/0`.
    pub pointer: String,
    /// What it must be.
    pub entity_type: EntityType,
    /// Which one.
    pub id: Uuid,
}

/// Where a document's public rows are to be brought.
#[derive(Debug)]
pub struct Projection<'a> {
    /// The document.
    pub id: Uuid,
    /// The texts that become public, or stay so with new words; none while the document is a draft.
    pub published: &'a [PublishedLocale],
    /// The moment that the write counts as.
    pub now: Timestamp,
}

/// A language that is public.
#[derive(Debug, Clone)]
pub struct PublishedLocale {
    /// BCP 47 tag; [`NO_LOCALE`] for content without languages.
    pub locale: String,
    /// When it was first published.
    pub published_at: Timestamp,
}

/// What a public read needs besides the thing's id.
#[derive(Debug)]
pub struct Reading<'a> {
    /// The thing.
    pub id: Uuid,
    /// The language to read; the clinic's own for content without languages.
    pub locale: &'a Locale,
    /// Address of the website, for share links.
    pub site: &'a WebAddress,
    /// The moment of the answer.
    pub now: Timestamp,
}

/// Content as editors write it: one implementation for each kind.
pub trait Content: Clone + Serialize + DeserializeOwned + Validate + ToSchema + Send + Sync + 'static {
    /// Its names.
    const NAMES: Names;

    /// What the public receives of it.
    type Public: Serialize + ToSchema;

    /// Faults beyond what `Validate` says, with pointers into the content.
    fn faults(&self) -> Vec<FieldError>;

    /// Faults that show only beside what is stored, with pointers into the content.
    fn stored_faults(
        &self,
        connection: &mut AsyncPgConnection,
    ) -> impl Future<Output = QueryResult<Vec<FieldError>>> + Send {
        let _ = connection;
        async { Ok(Vec::new()) }
    }

    /// Its languages; a document without languages gives one with [`NO_LOCALE`].
    fn texts(&self) -> Vec<TextFacts>;

    /// Takes a slug that was made for a language.
    fn set_slug(&mut self, locale: &str, slug: Slug);

    /// What it points to.
    fn references(&self) -> Vec<ReferenceTo>;

    /// Brings the public rows to this content: the facts, and the texts that are published.
    ///
    /// Facts are written with none published too, so that other documents can point to this one;
    /// nobody sees them before a text is public.
    fn project(
        &self,
        connection: &mut AsyncPgConnection,
        projection: &Projection<'_>,
    ) -> impl Future<Output = QueryResult<()>> + Send;

    /// Removes the public texts in these languages.
    fn withdraw(
        connection: &mut AsyncPgConnection,
        id: Uuid,
        locales: &[String],
    ) -> impl Future<Output = QueryResult<()>> + Send;

    /// The documents with a public text that other rules than the present ones made safe to show.
    fn outdated(connection: &mut AsyncPgConnection) -> impl Future<Output = QueryResult<Vec<Uuid>>> + Send {
        let _ = connection;
        async { Ok(Vec::new()) }
    }

    /// What a client learns when the public rows break this constraint: the field at fault and why.
    fn on_constraint(name: &str) -> Option<(&'static str, &'static str)>;

    /// Reads what the public sees of it; none where it sees nothing.
    fn get_public(
        connection: &mut AsyncPgConnection,
        reading: &Reading<'_>,
    ) -> impl Future<Output = QueryResult<Option<Self::Public>>>;
}
