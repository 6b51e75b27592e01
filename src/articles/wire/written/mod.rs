//! What editors write of an article.

mod citation;
mod record;
mod rules;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

pub use self::citation::{
    AbstractIn, AbstractRight, AbstractSectionIn, AuthorIn, CitationIn, Integrity, JournalIn, PublicationDateIn,
};
use super::ArticleKind;
use crate::values::{Day, Line, Paragraphs, ReviewIn, RichTextIn, Slug, Texts, ids};

/// An article as editors write it.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
pub struct ArticleIn {
    /// What kind it is; `literature` presents a work and has a citation.
    #[schema(example = "literature")]
    pub kind: ArticleKind,
    /// Ids of the topics that it is about, each once.
    #[serde(default, deserialize_with = "ids")]
    #[validate(length(max = 100, message = "must have at most 100 entries"))]
    #[schema(max_items = 100)]
    pub topics: Vec<Uuid>,
    /// Ids of the services that it concerns, each once.
    #[serde(default, deserialize_with = "ids")]
    #[validate(length(max = 100, message = "must have at most 100 entries"))]
    #[schema(max_items = 100)]
    pub services: Vec<Uuid>,
    /// The work that it presents.
    #[validate(nested)]
    pub citation: Option<CitationIn>,
    /// Its words in each language.
    #[validate(nested)]
    pub texts: ArticleTexts,
}

/// The words of an article, by language.
pub type ArticleTexts = Texts<ArticleTextIn>;

/// The words of an article in one language.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "slug": "after-a-vertebral-augmentation",
    "title": "After a vertebral augmentation",
    "summary": "What to expect in the first days at home."
}))]
pub struct ArticleTextIn {
    /// Its slug; made from the title where it is absent or null.
    #[validate(custom(function = Slug::accept))]
    #[schema(value_type = Option<Slug>, inline)]
    pub slug: Option<String>,
    /// Its title.
    #[validate(custom(function = Line::<500>::accept))]
    #[schema(value_type = Line<500>, inline)]
    pub title: String,
    /// The clinic's own summary, plain text.
    #[validate(custom(function = Paragraphs::<5000>::accept))]
    #[schema(value_type = Paragraphs<5000>, inline)]
    pub summary: String,
    /// The text; absent or null where there is only the summary.
    #[validate(nested)]
    pub body: Option<RichTextIn>,
    /// Its clinical review; absent or null where none is recorded.
    #[validate(nested)]
    pub review: Option<ReviewIn>,
}

impl ArticleTextIn {
    /// When it is due for a clinical review.
    pub fn next_review_due_on(&self) -> Option<Date> {
        self.review.as_ref()?.next_review_due_on.map(Day::date)
    }
}
