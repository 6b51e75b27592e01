//! What clients receive of topics, and what editors write.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::values::{Line, Paragraphs, Slug, Texts};

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
    #[schema(value_type = i32, minimum = 0, maximum = 2147483647, example = 3)]
    pub article_count: i64,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A topic as editors write it.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
pub struct TopicIn {
    /// Its words in each language.
    #[validate(nested)]
    pub texts: TopicTexts,
}

/// The words of a topic, by language.
pub type TopicTexts = Texts<TopicTextIn>;

/// The words of a topic in one language.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "name": "Spinal metastases",
    "description": "Cancer that has spread to the bones of the spine."
}))]
pub struct TopicTextIn {
    /// Its slug; made from the name where it is absent or null.
    #[validate(custom(function = Slug::accept))]
    #[schema(value_type = Option<Slug>)]
    pub slug: Option<String>,
    /// Its name.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Line<200>)]
    pub name: String,
    /// What it covers, plain text.
    #[validate(custom(function = Paragraphs::<2000>::accept))]
    #[schema(value_type = Option<Paragraphs<2000>>)]
    pub description: Option<String>,
}
