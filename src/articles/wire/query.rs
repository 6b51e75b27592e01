//! What clients ask for.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::ArticleField;
use crate::{
    articles::citation::CitationFormat,
    values::{DateBound, Fields, IdOrSlug, Pmid, WholeNumber},
};

/// Which articles are listed, and in what order.
#[derive(Debug, Clone, Deserialize, Serialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct ArticleQuery {
    /// Only about the topic with this id or slug; repeat it for several.
    #[serde(default)]
    #[validate(length(max = 20, message = "may be given at most 20 times"))]
    #[param(inline, max_items = 20)]
    pub topic: Vec<IdOrSlug>,
    /// Only about the service with this id or slug; repeat it for several.
    #[serde(default)]
    #[validate(length(max = 20, message = "may be given at most 20 times"))]
    #[param(inline, max_items = 20)]
    pub service: Vec<IdOrSlug>,
    /// Only of this kind; repeat it for several.
    #[serde(default)]
    #[validate(length(max = 3, message = "may be given at most 3 times"))]
    #[param(inline, max_items = 3)]
    pub kind: Vec<ArticleKind>,
    /// Only on works in the journal with this id or slug; repeat it for several.
    #[serde(default)]
    #[validate(length(max = 20, message = "may be given at most 20 times"))]
    #[param(inline, max_items = 20)]
    pub journal: Vec<IdOrSlug>,
    /// Only on works of this author: a family name (`Asadi`), a name as PubMed cites it (`Asadi H`),
    /// a group's name or an ORCID iD, in any case; repeat it for several.
    #[serde(default)]
    #[validate(length(max = 20, message = "may be given at most 20 times"))]
    #[param(inline, max_items = 20)]
    pub author: Vec<AuthorName>,
    /// Only on the work with this PMID; repeat it for several.
    #[serde(default)]
    #[validate(length(max = 100, message = "may be given at most 100 times"))]
    #[param(inline, max_items = 100)]
    pub pmid: Vec<Pmid>,
    /// Only on works of this publication type as PubMed names it, such as `Review`; repeat it for several.
    #[serde(default)]
    #[validate(length(max = 20, message = "may be given at most 20 times"))]
    #[param(inline, max_items = 20)]
    pub publication_type: Vec<PublicationType>,
    /// Only published here after this moment; a date alone means its first moment in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub published_after: Option<DateBound>,
    /// Only published here before this moment; a date alone means its first moment in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub published_before: Option<DateBound>,
    /// Only changed after this moment; a date alone means its first moment in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub updated_after: Option<DateBound>,
    /// What the list is sorted by: upwards, or downwards where a minus sign stands before it, so that
    /// `-published_at` begins with what was published last.
    #[serde(default)]
    #[param(inline, default = "-published_at")]
    pub sort: ArticleSort,
    /// Only these properties of each item, separated by commas; all without it. The answer then has the media type
    /// `application/vnd.vertebra.sparse+json`, so that no client takes a part for the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(inline, value_type = Option<Vec<ArticleField>>, style = Form, explode = false, min_items = 1, max_items = 20)]
    pub fields: Option<Fields>,
}

/// The kinds of article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(title = "ArticleKind")]
pub enum ArticleKind {
    /// Presents a work of the literature.
    Literature,
    /// Explains something to patients.
    Guide,
    /// Tells what is new at the clinic.
    News,
}

impl ArticleKind {
    /// The name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Literature => "literature",
            Self::Guide => "guide",
            Self::News => "news",
        }
    }
}

/// The orders of a list of articles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[schema(title = "ArticleSort")]
pub enum ArticleSort {
    /// The newest first.
    #[default]
    #[serde(rename = "-published_at")]
    NewestFirst,
    /// The oldest first.
    #[serde(rename = "published_at")]
    OldestFirst,
    /// By title.
    #[serde(rename = "title")]
    Title,
    /// The last changed first.
    #[serde(rename = "-updated_at")]
    LastUpdatedFirst,
}

/// A name to look for among authors; it is compared in lower case.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\x00-\x20\x7f-\xa0][^\x00-\x1f\x7f-\x9f]*$", example = "Asadi H")]
pub struct AuthorName(String);

impl AuthorName {
    fn check(text: &str) -> Result<String, String> {
        match text.trim() {
            name if (1..=200).contains(&name.chars().count()) => Ok(name.to_lowercase()),
            _ => Err("must have 1 to 200 characters".to_owned()),
        }
    }
}

crate::values::checked_string!(AuthorName);

/// A publication type as PubMed names it.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 1, max_length = 100, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$", example = "Review")]
pub struct PublicationType(String);

impl PublicationType {
    fn check(text: &str) -> Result<String, String> {
        match text.chars().count() {
            1..=100 => Ok(text.to_owned()),
            _ => Err("must have 1 to 100 characters".to_owned()),
        }
    }
}

crate::values::checked_string!(PublicationType);

/// How many related articles are wanted.
#[derive(Debug, Clone, Deserialize, Serialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct RelatedQuery {
    /// Most items.
    #[serde(default = "RelatedQuery::usual")]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 20, default = 5)]
    pub limit: WholeNumber<1, 20>,
}

impl RelatedQuery {
    const USUAL_LIMIT: WholeNumber<1, 20> = WholeNumber::new(5);

    fn usual() -> WholeNumber<1, 20> {
        Self::USUAL_LIMIT
    }
}

/// The form that a citation is wanted in.
#[derive(Debug, Clone, Deserialize, Serialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct CitationQuery {
    /// The form that the citation is wanted in.
    #[serde(default)]
    #[param(inline, default = "vancouver")]
    pub format: CitationFormat,
}
