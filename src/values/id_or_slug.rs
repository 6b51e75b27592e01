//! How a client names one thing: by its id or by its slug.

use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};
use uuid::Uuid;

use super::{InvalidValue, Slug};

/// The id of a thing, or its slug.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum IdOrSlug {
    /// The id, a UUID.
    Id(Uuid),
    /// The slug.
    Slug(Slug),
}

impl ToSchema for IdOrSlug {}

// Written by hand, as on the wire it is one text; the pattern of slugs takes ids too.
impl PartialSchema for IdOrSlug {
    fn schema() -> RefOr<Schema> {
        Slug::schema()
    }
}

impl TryFrom<String> for IdOrSlug {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        // Only in small letters with hyphens, so that one thing has one address.
        if let Ok(id) = Uuid::try_parse(&text)
            && id.to_string() == text
        {
            return Ok(Self::Id(id));
        }
        Slug::try_from(text).map(Self::Slug).map_err(|_| {
            InvalidValue(
                "must be an id, or a slug of 1 to 100 lower-case letters and digits in parts joined by single hyphens"
                    .to_owned(),
            )
        })
    }
}

impl From<IdOrSlug> for String {
    fn from(value: IdOrSlug) -> Self {
        match value {
            IdOrSlug::Id(id) => id.to_string(),
            IdOrSlug::Slug(slug) => slug.into(),
        }
    }
}

impl IdOrSlug {
    /// Parts a filter's values into ids and slugs, which the database matches apart.
    pub fn part(values: &[Self]) -> (Vec<Uuid>, Vec<String>) {
        let (mut ids, mut slugs) = (Vec::new(), Vec::new());
        for value in values {
            match value {
                Self::Id(id) => ids.push(*id),
                Self::Slug(slug) => slugs.push(slug.as_str().to_owned()),
            }
        }
        (ids, slugs)
    }
}
