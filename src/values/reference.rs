//! How one thing points to another in a response.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Slug;

/// Another thing by its name, so that a screen can show it without a further call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reference {
    /// Its id.
    #[schema(example = "01a2097f-10fa-765c-878d-47c77c0f59c3")]
    pub id: Uuid,
    /// Its slug.
    pub slug: Slug,
    /// Its name.
    #[schema(max_length = 500, example = "Spinal metastases")]
    pub name: String,
}

impl Reference {
    /// Takes a row of the database.
    pub fn stored((id, slug, name): (Uuid, String, String)) -> Self {
        Self {
            id,
            slug: Slug::stored(slug),
            name,
        }
    }

    /// Groups rows by the thing that points.
    pub fn grouped(rows: Vec<(Uuid, (Uuid, String, String))>) -> HashMap<Uuid, Vec<Self>> {
        let mut groups: HashMap<Uuid, Vec<Self>> = HashMap::new();
        for (from, to) in rows {
            groups.entry(from).or_default().push(Self::stored(to));
        }
        groups
    }
}
