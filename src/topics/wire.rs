//! What clients receive of topics.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::values::Slug;

/// A subject that articles and services belong to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Topic {
    /// Its id.
    #[schema(example = "01a2097f-10ef-751d-afdd-6f3ede98a454")]
    pub id: Uuid,
    /// Its slug, the value of the `topic` filters.
    pub slug: Slug,
    /// Its name.
    #[schema(max_length = 200, example = "Spinal metastases")]
    pub name: String,
    /// What it covers, plain text; null where there is no description.
    #[schema(
        required,
        max_length = 2000,
        example = "Cancer that has spread to the bones of the spine, and the ways to relieve the pain and keep the spine stable."
    )]
    pub description: Option<String>,
    /// Number of published articles about it.
    #[schema(minimum = 0, maximum = 9007199254740991_i64, example = 3)]
    pub article_count: i64,
    /// When it last changed.
    pub updated_at: Timestamp,
}
