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
    pub id: Uuid,
    /// Its slug, the value of the `topic` filters.
    pub slug: Slug,
    /// Its name.
    #[schema(example = "Spinal metastases")]
    pub name: String,
    /// What it covers, plain text.
    #[schema(required)]
    pub description: Option<String>,
    /// Number of published articles about it.
    #[schema(minimum = 0, example = 3)]
    pub article_count: i64,
    /// When it last changed.
    pub updated_at: Timestamp,
}
