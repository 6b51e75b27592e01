//! What clients send and receive of articles.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::{
    citation::{Citation, CitationFormat, Journal},
    share::Share,
};
use crate::values::{DateBound, Fields, IdOrSlug, InvalidValue, Locale, Pmid, Reference, Slug};

/// Which articles are listed, and in what order.
#[derive(Debug, Clone, Deserialize, Serialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct ArticleFilter {
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
    /// Only published here after this moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub published_after: Option<DateBound>,
    /// Only published here before this moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub published_before: Option<DateBound>,
    /// Only changed after this moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub updated_after: Option<DateBound>,
    /// The order; a minus sign means the newest first.
    #[serde(default)]
    #[param(inline, default = "-published_at")]
    pub sort: ArticleSort,
    /// Only these properties of each item, separated by commas. The answer then has the media type
    /// `application/vnd.vertebra.sparse+json`, so that no client takes a part for the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>, min_length = 1, max_length = 500, example = "id,slug,title")]
    pub fields: Option<Fields>,
}

/// The kinds of article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
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

/// A name to look for among authors, in lower case.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 1, max_length = 200, example = "Asadi H")]
pub struct AuthorName(String);

impl AuthorName {
    fn check(text: &str) -> Result<String, String> {
        match text.trim() {
            name if (1..=200).contains(&name.chars().count()) => Ok(name.to_lowercase()),
            _ => Err("a name has 1 to 200 characters".to_owned()),
        }
    }
}

crate::values::checked_string!(AuthorName);

/// A publication type as PubMed names it.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 1, max_length = 100, example = "Review")]
pub struct PublicationType(String);

impl PublicationType {
    fn check(text: &str) -> Result<String, String> {
        match text.chars().count() {
            1..=100 => Ok(text.to_owned()),
            _ => Err("a publication type has 1 to 100 characters".to_owned()),
        }
    }
}

crate::values::checked_string!(PublicationType);

/// How many related articles are wanted.
#[derive(Debug, Clone, Deserialize, Serialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct RelatedQuery {
    /// Most items.
    #[serde(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 20, default = 5)]
    pub limit: RelatedLimit,
}

/// A number of related articles, from 1 to 20.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct RelatedLimit(pub i64);

impl Default for RelatedLimit {
    fn default() -> Self {
        Self(5)
    }
}

impl TryFrom<String> for RelatedLimit {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let number = text.parse::<i64>().ok().filter(|n| (1..=20).contains(n));
        number
            .map(Self)
            .ok_or_else(|| InvalidValue("must be a whole number from 1 to 20".to_owned()))
    }
}

impl From<RelatedLimit> for String {
    fn from(limit: RelatedLimit) -> Self {
        limit.0.to_string()
    }
}

/// The form that a citation is wanted in.
#[derive(Debug, Clone, Deserialize, Serialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct CitationQuery {
    /// The format.
    #[serde(default)]
    #[param(inline, default = "vancouver")]
    pub format: CitationFormat,
}

/// An article as lists show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArticleSummary {
    /// Its id.
    pub id: Uuid,
    /// Its slug.
    pub slug: Slug,
    /// `literature`, `guide` or `news`; more may come.
    #[schema(max_length = 50, example = "literature")]
    pub kind: String,
    /// Its title, plain text.
    #[schema(max_length = 1000)]
    pub title: String,
    /// The clinic's own summary, plain text.
    #[schema(max_length = 5000)]
    pub summary: String,
    /// Whole minutes that reading takes.
    #[schema(minimum = 1, example = 2)]
    pub reading_minutes: i32,
    /// Topics that it is about.
    #[schema(max_items = 100)]
    pub topics: Vec<Reference>,
    /// Services that it concerns.
    #[schema(max_items = 100)]
    pub services: Vec<Reference>,
    /// What a card shows of the work that it presents.
    #[schema(required)]
    pub citation: Option<CitationSummary>,
    /// When it was published here.
    pub published_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl ArticleSummary {
    /// The names that `fields` takes; a test holds them against the schema.
    pub const FIELDS: &[&str] = &[
        "id",
        "slug",
        "kind",
        "title",
        "summary",
        "reading_minutes",
        "topics",
        "services",
        "citation",
        "published_at",
        "updated_at",
    ];
}

/// Properties of articles as lists show them, only those that were asked for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SparseArticleSummary {
    /// Its id.
    pub id: Option<Uuid>,
    /// Its slug.
    pub slug: Option<Slug>,
    /// `literature`, `guide` or `news`; more may come.
    #[schema(max_length = 50)]
    pub kind: Option<String>,
    /// Its title, plain text.
    #[schema(max_length = 1000)]
    pub title: Option<String>,
    /// The clinic's own summary, plain text.
    #[schema(max_length = 5000)]
    pub summary: Option<String>,
    /// Whole minutes that reading takes.
    #[schema(minimum = 1)]
    pub reading_minutes: Option<i32>,
    /// Topics that it is about.
    #[schema(max_items = 100)]
    pub topics: Option<Vec<Reference>>,
    /// Services that it concerns.
    #[schema(max_items = 100)]
    pub services: Option<Vec<Reference>>,
    /// What a card shows of the work that it presents.
    pub citation: Option<CitationSummary>,
    /// When it was published here.
    pub published_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
}

/// What lists show of a cited work.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CitationSummary {
    /// PubMed identifier.
    #[schema(required)]
    pub pmid: Option<Pmid>,
    /// Title of the journal.
    #[schema(max_length = 500)]
    pub journal: String,
    /// The citation as one line.
    #[schema(max_length = 10000)]
    pub formatted: String,
    /// State of the scientific record: `ok`, `corrected`, `concern` or `retracted`; more may come.
    #[schema(max_length = 50, example = "ok")]
    pub integrity: String,
}

/// An article with all there is to tell.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Article {
    /// Its id.
    pub id: Uuid,
    /// Its slug.
    pub slug: Slug,
    /// `literature`, `guide` or `news`; more may come.
    #[schema(max_length = 50, example = "literature")]
    pub kind: String,
    /// Its title, plain text.
    #[schema(max_length = 1000)]
    pub title: String,
    /// The clinic's own summary, plain text.
    #[schema(max_length = 5000)]
    pub summary: String,
    /// The text as sanitised HTML; null where there is only the summary.
    #[schema(required, max_length = 1000000)]
    pub body_html: Option<String>,
    /// The text without markup.
    #[schema(required, max_length = 1000000)]
    pub body_text: Option<String>,
    /// Whole minutes that reading takes.
    #[schema(minimum = 1, example = 2)]
    pub reading_minutes: i32,
    /// Topics that it is about.
    #[schema(max_items = 100)]
    pub topics: Vec<Reference>,
    /// Services that it concerns.
    #[schema(max_items = 100)]
    pub services: Vec<Reference>,
    /// The work that it presents.
    #[schema(required)]
    pub citation: Option<Citation>,
    /// Ready links to share it.
    pub share: Share,
    /// When a clinician last reviewed it.
    #[schema(required)]
    pub last_reviewed_on: Option<Date>,
    /// When the next review is due.
    #[schema(required)]
    pub next_review_due_on: Option<Date>,
    /// Language of the text.
    pub locale: Locale,
    /// When it was published here.
    pub published_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A journal with the number of published articles on works in it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct JournalCount {
    /// The journal.
    pub journal: Journal,
    /// Number of published articles.
    #[schema(minimum = 1, example = 1)]
    pub article_count: i64,
}
