//! What clients send and receive of articles.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};
use uuid::Uuid;
use validator::Validate;

use super::{
    citation::{Citation, CitationFormat},
    share::Share,
};
use crate::values::{DateBound, Fields, IdOrSlug, Issn, Locale, Pmid, Reference, Slug, WholeNumber};

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
    /// The order; a minus sign means the newest first.
    #[serde(default)]
    #[param(inline, default = "-published_at")]
    pub sort: ArticleSort,
    /// Only these properties of each item, separated by commas; all without it. The answer then has the media type
    /// `application/vnd.vertebra.sparse+json`, so that no client takes a part for the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(inline, value_type = Option<Vec<ArticleField>>, style = Form, explode = false, min_items = 1, max_items = 11)]
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
    /// The format.
    #[serde(default)]
    #[param(inline, default = "vancouver")]
    pub format: CitationFormat,
}

/// An article as lists show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"slug": "combined-vertebral-augmentation-and-radiofrequency-ablation-in-spinal-metastases"}))]
pub struct ArticleSummary {
    /// Its id.
    #[schema(example = "01a2097f-1116-77af-986c-a21b1d5b17f6")]
    pub id: Uuid,
    /// Its slug.
    pub slug: Slug,
    /// `literature`, `guide` or `news`; more may come.
    #[schema(max_length = 50, example = "literature")]
    pub kind: String,
    /// Its title, plain text.
    #[schema(
        max_length = 1000,
        example = "Combined Vertebral Augmentation and Radiofrequency Ablation in the Management of Spinal Metastases: an Update."
    )]
    pub title: String,
    /// The clinic's own summary, plain text.
    #[schema(
        max_length = 5000,
        example = "An update on two treatments given through the skin, vertebral augmentation and radiofrequency ablation, used alone and together for people with spinal metastases."
    )]
    pub summary: String,
    /// Whole minutes that reading takes.
    #[schema(minimum = 1, maximum = 10000, example = 2)]
    pub reading_minutes: i32,
    /// Topics that it is about.
    #[schema(max_items = 100)]
    pub topics: Vec<Reference>,
    /// Services that it concerns.
    #[schema(max_items = 100)]
    pub services: Vec<Reference>,
    /// What a card shows of the work that it presents; null for an article that presents none.
    #[schema(required)]
    pub citation: Option<CitationSummary>,
    /// When it was published here.
    #[schema(example = "2017-11-16T00:00:00Z")]
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

/// The name of a property of articles as lists show them.
#[derive(Debug, Clone)]
pub struct ArticleField;

impl ToSchema for ArticleField {}

// Written by hand, so that the names are those that the server takes.
impl PartialSchema for ArticleField {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .title(Some("ArticleField"))
            .schema_type(Type::String)
            .description(Some("The name of a property of articles as lists show them."))
            .enum_values(Some(ArticleSummary::FIELDS.iter().copied()))
            .into()
    }
}

/// Properties of articles as lists show them, only those that were asked for.
#[derive(Debug, Clone)]
pub struct SparseArticleSummary;

impl ToSchema for SparseArticleSummary {}

// Written by hand, so that it has the properties of the whole and always will.
impl PartialSchema for SparseArticleSummary {
    fn schema() -> RefOr<Schema> {
        let mut schema = ArticleSummary::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.required.clear();
            object.description =
                Some("An article as lists show it, with only the properties that were asked for.".to_owned());
            object.example = Some(
                json!({"slug": "combined-vertebral-augmentation-and-radiofrequency-ablation-in-spinal-metastases", "title": "Combined Vertebral Augmentation and Radiofrequency Ablation in the Management of Spinal Metastases: an Update."}),
            );
        }
        schema
    }
}

/// What lists show of a cited work.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CitationSummary {
    /// PubMed identifier; null where the work has none.
    #[schema(required)]
    pub pmid: Option<Pmid>,
    /// Title of the journal.
    #[schema(max_length = 500, example = "Current Treatment Options in Oncology")]
    pub journal: String,
    /// The citation as one line.
    #[schema(
        max_length = 10000,
        example = "Kam NM, Maingard J, Kok HK, Ranatunga D, Brooks D, Torreggiani WC, Munk PL, Lee MJ, Chandra RV, Asadi H. Combined Vertebral Augmentation and Radiofrequency Ablation in the Management of Spinal Metastases: an Update. Curr Treat Options Oncol. 2017 Nov 16;18(12):74. doi: 10.1007/s11864-017-0516-7. PMID: 29143901."
    )]
    pub formatted: String,
    /// State of the scientific record: `ok`, `corrected`, `concern` or `retracted`; more may come.
    #[schema(max_length = 50, example = "ok")]
    pub integrity: String,
}

/// An article with all there is to tell.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"slug": "combined-vertebral-augmentation-and-radiofrequency-ablation-in-spinal-metastases"}))]
pub struct Article {
    /// Its id.
    #[schema(example = "01a2097f-1116-77af-986c-a21b1d5b17f6")]
    pub id: Uuid,
    /// Its slug.
    pub slug: Slug,
    /// `literature`, `guide` or `news`; more may come.
    #[schema(max_length = 50, example = "literature")]
    pub kind: String,
    /// Its title, plain text.
    #[schema(
        max_length = 1000,
        example = "Combined Vertebral Augmentation and Radiofrequency Ablation in the Management of Spinal Metastases: an Update."
    )]
    pub title: String,
    /// The clinic's own summary, plain text.
    #[schema(
        max_length = 5000,
        example = "An update on two treatments given through the skin, vertebral augmentation and radiofrequency ablation, used alone and together for people with spinal metastases."
    )]
    pub summary: String,
    /// The text as sanitised HTML; null where there is only the summary.
    #[schema(required, max_length = 1000000)]
    pub body_html: Option<String>,
    /// The text without markup; null where there is only the summary.
    #[schema(required, max_length = 1000000)]
    pub body_text: Option<String>,
    /// Whole minutes that reading takes.
    #[schema(minimum = 1, maximum = 10000, example = 2)]
    pub reading_minutes: i32,
    /// Topics that it is about.
    #[schema(max_items = 100)]
    pub topics: Vec<Reference>,
    /// Services that it concerns.
    #[schema(max_items = 100)]
    pub services: Vec<Reference>,
    /// The work that it presents; null for an article that presents none.
    #[schema(required)]
    pub citation: Option<Citation>,
    /// Ready links to share it.
    pub share: Share,
    /// When a clinician last reviewed it; null where no review is recorded.
    #[schema(required)]
    pub last_reviewed_on: Option<Date>,
    /// When the next review is due; null where none is planned.
    #[schema(required)]
    pub next_review_due_on: Option<Date>,
    /// Language of the text.
    pub locale: Locale,
    /// When it was published here.
    #[schema(example = "2017-11-16T00:00:00Z")]
    pub published_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A journal with the number of published articles on works in it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct JournalCount {
    /// Its id.
    pub id: Uuid,
    /// Its slug, the value of the `journal` filter.
    pub slug: Slug,
    /// Full title.
    #[schema(max_length = 500, example = "Current Treatment Options in Oncology")]
    pub title: String,
    /// ISO 4 abbreviation as PubMed prints it; null where not known.
    #[schema(required, max_length = 200, example = "Curr Treat Options Oncol")]
    pub iso_abbreviation: Option<String>,
    /// International Standard Serial Number; null where not known.
    #[schema(required)]
    pub issn: Option<Issn>,
    /// Number of published articles.
    #[schema(minimum = 1, maximum = 9007199254740991_i64, example = 1)]
    pub article_count: i64,
}
