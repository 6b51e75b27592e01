//! What clients receive.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use serde_json::json;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};
use uuid::Uuid;

use super::{ArticleKind, Integrity};
use crate::{
    articles::{citation::Citation, share::Share},
    values::{Issn, Locale, Pmid, Reference, Slug},
};

/// An article as lists show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"slug": "combined-vertebral-augmentation-and-radiofrequency-ablation-in-spinal-metastases"}))]
pub struct ArticleSummary {
    /// Its id.
    #[schema(example = "01a2097f-1116-77af-986c-a21b1d5b17f6")]
    pub id: Uuid,
    /// Its slug.
    pub slug: Slug,
    /// What kind it is.
    #[schema(value_type = ArticleKind)]
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
    /// State of the scientific record.
    #[schema(value_type = Integrity)]
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
    /// What kind it is.
    #[schema(value_type = ArticleKind)]
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
    /// Who last reviewed it: a name, and what makes the person fit to judge; null where no review is recorded.
    #[schema(required, max_length = 200)]
    pub reviewed_by: Option<String>,
    /// When it was last reviewed; null where no review is recorded.
    #[schema(required)]
    pub last_reviewed_on: Option<Date>,
    /// When the next review is due; null where none is planned.
    #[schema(required)]
    pub next_review_due_on: Option<Date>,
    /// Whether the day on which the next review is due is over, in UTC.
    #[schema(example = false)]
    pub overdue: bool,
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
#[schema(example = json!({"slug": "current-treatment-options-in-oncology"}))]
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
    #[schema(value_type = i32, minimum = 1, maximum = 2147483647, example = 1)]
    pub article_count: i64,
}
