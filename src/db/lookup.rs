//! Finding one thing by id or slug: in the reader's language, and under an address it had before.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::schema::retired_slugs;
use crate::values::{IdOrSlug, Locale};

/// The languages to look in: the reader's, then the clinic's, then any.
#[derive(Debug, Clone)]
pub struct Languages {
    /// The published language that suits the reader.
    pub wanted: Locale,
    /// The clinic's own.
    pub default: Locale,
}

/// The outcome of looking for one thing.
#[derive(Debug)]
pub enum Found<T> {
    /// It is there.
    Here(T),
    /// It has this slug now.
    MovedTo(String),
    /// It is not there, or not for the public: both look the same.
    Nowhere,
}

impl<T> Found<T> {
    /// Adds to what was found.
    pub async fn complete<U>(self, add: impl AsyncFnOnce(T) -> QueryResult<U>) -> QueryResult<Found<U>> {
        Ok(match self {
            Self::Here(row) => Found::Here(add(row).await?),
            Self::MovedTo(slug) => Found::MovedTo(slug),
            Self::Nowhere => Found::Nowhere,
        })
    }
}

/// A row of a published text.
pub trait PublishedText {
    /// Its language.
    fn locale(&self) -> &str;
    /// Its slug in that language.
    fn slug(&self) -> &str;
}

/// Finds the text to show of the thing that a client names.
pub async fn find<T: PublishedText>(
    connection: &mut AsyncPgConnection,
    entity_type: &str,
    wanted: &IdOrSlug,
    languages: &Languages,
    texts_of: impl AsyncFn(&mut AsyncPgConnection, &IdOrSlug) -> QueryResult<Vec<T>>,
) -> QueryResult<Found<T>> {
    if let Some(text) = best(texts_of(connection, wanted).await?, languages) {
        return Ok(Found::Here(text));
    }
    let IdOrSlug::Slug(slug) = wanted else {
        return Ok(Found::Nowhere);
    };
    let owners: Vec<Uuid> = retired_slugs::table
        .filter(retired_slugs::entity_type.eq(entity_type))
        .filter(retired_slugs::slug.eq(slug.as_str()))
        .order(retired_slugs::retired_at.desc())
        .select(retired_slugs::entity_id)
        .load(connection)
        .await?;
    // One at most for each language; the last owner may be hidden where an older one is not.
    for owner in owners {
        let texts = texts_of(connection, &IdOrSlug::Id(owner)).await?;
        if let Some(text) = best(texts, languages) {
            return Ok(Found::MovedTo(text.slug().to_owned()));
        }
    }
    Ok(Found::Nowhere)
}

/// The text in the first of the languages that it is published in.
fn best<T: PublishedText>(texts: Vec<T>, languages: &Languages) -> Option<T> {
    let rank = |text: &T| match text.locale() {
        locale if locale == languages.wanted.as_str() => 0,
        locale if locale == languages.default.as_str() => 1,
        _ => 2,
    };
    texts.into_iter().min_by_key(rank)
}
