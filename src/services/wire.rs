//! What clients send and receive of services.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::values::{IdOrSlug, Line, List, Locale, Paragraphs, Reference, ReviewIn, RichTextIn, Slug, Texts, ids};

/// Which services are listed.
#[derive(Debug, Clone, Deserialize, Serialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct ServiceQuery {
    /// Only of this kind; repeat it for several.
    #[serde(default)]
    #[validate(length(max = 3, message = "may be given at most 3 times"))]
    #[param(inline, max_items = 3)]
    pub kind: Vec<ServiceKind>,
    /// Only of the topic with this id or slug; repeat it for several.
    #[serde(default)]
    #[validate(length(max = 20, message = "may be given at most 20 times"))]
    #[param(inline, max_items = 20)]
    pub topic: Vec<IdOrSlug>,
}

/// The kinds of service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(title = "ServiceKind")]
pub enum ServiceKind {
    /// What is done against a condition.
    Treatment,
    /// What a patient has.
    Condition,
    /// What finds out.
    Test,
}

impl ServiceKind {
    /// The name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Treatment => "treatment",
            Self::Condition => "condition",
            Self::Test => "test",
        }
    }
}

/// A service as lists show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"slug": "vertebral-augmentation"}))]
pub struct ServiceSummary {
    /// Its id.
    #[schema(example = "01a2097f-1104-72ca-955d-eb3c10312002")]
    pub id: Uuid,
    /// Its slug.
    pub slug: Slug,
    /// What kind it is.
    #[schema(value_type = ServiceKind)]
    pub kind: String,
    /// Its name.
    #[schema(max_length = 200, example = "Vertebral augmentation")]
    pub name: String,
    /// What it is, in a sentence or two of plain text.
    #[schema(
        max_length = 1000,
        example = "Vertebral augmentation supports a broken or weakened bone of the spine from within, usually with bone cement that is placed through a needle."
    )]
    pub summary: String,
    /// Topics that it belongs to.
    #[schema(max_items = 100)]
    pub topics: Vec<Reference>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A service with all there is to tell.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"slug": "vertebral-augmentation"}))]
pub struct Service {
    /// Its id.
    #[schema(example = "01a2097f-1104-72ca-955d-eb3c10312002")]
    pub id: Uuid,
    /// Its slug.
    pub slug: Slug,
    /// What kind it is.
    #[schema(value_type = ServiceKind)]
    pub kind: String,
    /// Its name.
    #[schema(max_length = 200, example = "Vertebral augmentation")]
    pub name: String,
    /// What it is, in a sentence or two of plain text.
    #[schema(
        max_length = 1000,
        example = "Vertebral augmentation supports a broken or weakened bone of the spine from within, usually with bone cement that is placed through a needle."
    )]
    pub summary: String,
    /// The text in its sections.
    #[schema(max_items = 100)]
    pub sections: Vec<ServiceSection>,
    /// Codes in clinical code systems.
    #[schema(max_items = 100, example = json!([]))]
    pub codes: Vec<ServiceCode>,
    /// Topics that it belongs to.
    #[schema(max_items = 100)]
    pub topics: Vec<Reference>,
    /// The conditions that this treatment treats; empty for other kinds.
    #[schema(max_items = 1000)]
    pub treats: Vec<Reference>,
    /// The treatments for this condition; empty for other kinds.
    #[schema(max_items = 1000, example = json!([]))]
    pub treated_by: Vec<Reference>,
    /// Who last reviewed the text; null where no review is recorded.
    #[schema(required, max_length = 200, example = json!(null))]
    pub reviewed_by: Option<String>,
    /// When the text was last reviewed; null where no review is recorded.
    #[schema(required, example = json!(null))]
    pub last_reviewed_on: Option<Date>,
    /// When the next review is due; null where none is planned.
    #[schema(required, example = json!(null))]
    pub next_review_due_on: Option<Date>,
    /// Whether the day on which the next review is due is over, in UTC.
    #[schema(example = false)]
    pub overdue: bool,
    /// Language of the text.
    pub locale: Locale,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A part of a service's text.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ServiceSection {
    /// Heading of the section.
    #[schema(max_length = 200, example = "Possible risks")]
    pub title: String,
    /// The text as sanitised HTML.
    #[schema(
        max_length = 1000000,
        example = "<p>Cement can leak out of the bone, and rarely reaches a nerve, the spinal cord or the lungs. Infection, bleeding and new fractures are possible too.</p>"
    )]
    pub body_html: String,
    /// The text without markup.
    #[schema(
        max_length = 1000000,
        example = "Cement can leak out of the bone, and rarely reaches a nerve, the spinal cord or the lungs. Infection, bleeding and new fractures are possible too."
    )]
    pub body_text: String,
}

/// The code of a service in a clinical code system.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ServiceCode {
    /// The code system, such as `ICD-10` or `SNOMED CT`.
    #[schema(max_length = 50, example = "ICD-10")]
    pub system: String,
    /// The code in that system.
    #[schema(max_length = 50, example = "C79.5")]
    pub code: String,
    /// The system's own words for the code; null where none are recorded.
    #[schema(
        required,
        max_length = 300,
        example = "Secondary malignant neoplasm of bone and bone marrow"
    )]
    pub display: Option<String>,
}

/// A service as editors write it.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
pub struct ServiceIn {
    /// What kind it is; a condition that a treatment names stays one.
    #[schema(example = "treatment")]
    pub kind: ServiceKind,
    /// Its codes in clinical code systems, each once.
    #[serde(default)]
    #[validate(nested)]
    pub codes: ServiceCodes,
    /// The ids of the topics that it belongs to, each once.
    #[serde(default, deserialize_with = "ids")]
    #[validate(length(max = 100, message = "must have at most 100 entries"))]
    #[schema(max_items = 100, example = json!([]))]
    pub topics: Vec<Uuid>,
    /// The ids of the conditions that it treats, each once; empty unless it is a treatment.
    #[serde(default, deserialize_with = "ids")]
    #[validate(length(max = 100, message = "must have at most 100 entries"))]
    #[schema(max_items = 100, example = json!([]))]
    pub treats: Vec<Uuid>,
    /// Its words in each language.
    #[validate(nested)]
    pub texts: ServiceTexts,
}

/// The codes of a service.
pub type ServiceCodes = List<ServiceCodeIn, 100>;

/// The code of a service in a clinical code system, as editors write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "system": "ICD-10",
    "code": "C79.5",
    "display": "Secondary malignant neoplasm of bone and bone marrow"
}))]
pub struct ServiceCodeIn {
    /// The code system, such as `ICD-10` or `SNOMED CT`.
    #[validate(custom(function = Line::<50>::accept))]
    #[schema(value_type = Line<50>)]
    pub system: String,
    /// The code in that system.
    #[validate(custom(function = Line::<50>::accept))]
    #[schema(value_type = Line<50>)]
    pub code: String,
    /// The system's own words for the code.
    #[validate(custom(function = Line::<300>::accept))]
    #[schema(value_type = Option<Line<300>>)]
    pub display: Option<String>,
}

/// The words of a service, by language.
pub type ServiceTexts = Texts<ServiceTextIn>;

/// The words of a service in one language.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "slug": "vertebral-augmentation",
    "name": "Vertebral augmentation",
    "summary": "Vertebral augmentation supports a broken or weakened bone of the spine from within."
}))]
pub struct ServiceTextIn {
    /// Its slug; made from the name where it is absent or null.
    #[validate(custom(function = Slug::accept))]
    #[schema(value_type = Option<Slug>)]
    pub slug: Option<String>,
    /// Its name.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Line<200>)]
    pub name: String,
    /// What it is, in a sentence or two of plain text.
    #[validate(custom(function = Paragraphs::<1000>::accept))]
    #[schema(value_type = Paragraphs<1000>)]
    pub summary: String,
    /// The text in its sections, in the order in which they are shown.
    #[serde(default)]
    #[validate(nested)]
    pub sections: ServiceSections,
    /// Its clinical review; absent or null where none is recorded.
    #[validate(nested)]
    pub review: Option<ReviewIn>,
}

/// The sections of a service's text.
pub type ServiceSections = List<ServiceSectionIn, 100>;

/// A part of a service's text, as editors write it.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({"title": "Possible risks"}))]
pub struct ServiceSectionIn {
    /// Heading of the section.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Line<200>)]
    pub title: String,
    /// The text.
    #[validate(nested)]
    pub body: RichTextIn,
}
