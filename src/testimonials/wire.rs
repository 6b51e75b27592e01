//! What clients send and receive of testimonials.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::values::{IdOrSlug, Locale, Reference, Slug, WholeNumber};

/// Which testimonials are listed.
#[derive(Debug, Clone, Deserialize, Serialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct TestimonialQuery {
    /// Only about the treatment or test with this id or slug; repeat it for several.
    #[serde(default)]
    #[validate(length(max = 20, message = "may be given at most 20 times"))]
    #[param(inline, max_items = 20)]
    pub service: Vec<IdOrSlug>,
    /// Only about the condition with this id or slug; repeat it for several.
    #[serde(default)]
    #[validate(length(max = 20, message = "may be given at most 20 times"))]
    #[param(inline, max_items = 20)]
    pub condition: Vec<IdOrSlug>,
    /// Only with at least so many stars, from 1 to 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 5)]
    pub rating_min: Option<WholeNumber<1, 5>>,
    /// Only written in this language; repeat it for several. Without it, in any language.
    #[serde(default)]
    #[validate(length(max = 20, message = "may be given at most 20 times"))]
    #[param(inline, max_items = 20)]
    pub locale: Vec<Locale>,
}

/// A testimonial as lists show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "slug": "degenerate-lumbar-disc",
    "service": null,
    "condition": {"id": "01a2097f-1102-7414-82c9-29a8290bbfc9", "slug": "degenerate-lumbar-disc", "name": "Degenerate lumbar disc"},
}))]
pub struct TestimonialSummary {
    /// Its id.
    #[schema(example = "01a2097f-113f-7022-8120-ac2fa19b5141")]
    pub id: Uuid,
    /// Its slug.
    pub slug: Slug,
    /// A few words over the quote.
    #[schema(max_length = 200, example = "Degenerate lumbar disc")]
    pub headline: String,
    /// The beginning of the quote.
    #[schema(
        max_length = 500,
        example = "I received a lot of information on pre and post procedure. Overall, it was a positive experience considering the…"
    )]
    pub excerpt: String,
    /// Whether the detail has more of the quote than the excerpt.
    #[schema(example = true)]
    pub has_more: bool,
    /// How the patient is named: `named`, `initials` or `anonymous`; more may come.
    #[schema(max_length = 50, example = "anonymous")]
    pub attribution: String,
    /// The name or initials; null for an anonymous one.
    #[schema(required, max_length = 200)]
    pub attribution_name: Option<String>,
    /// Stars from 1 to 5; null where the patient gave none.
    #[schema(required, minimum = 1, maximum = 5)]
    pub rating: Option<i16>,
    /// The treatment or test that it is about; null where it names none.
    #[schema(required)]
    pub service: Option<Reference>,
    /// The condition that was treated; null where it names none.
    #[schema(required)]
    pub condition: Option<Reference>,
    /// The language that it was written in.
    pub locale: Locale,
    /// When it was published here.
    #[schema(example = "2026-11-23T00:00:00Z")]
    pub published_at: Timestamp,
}

/// A testimonial with the whole quote.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "slug": "degenerate-lumbar-disc",
    "service": null,
    "condition": {"id": "01a2097f-1102-7414-82c9-29a8290bbfc9", "slug": "degenerate-lumbar-disc", "name": "Degenerate lumbar disc"},
}))]
pub struct Testimonial {
    /// Its id.
    #[schema(example = "01a2097f-113f-7022-8120-ac2fa19b5141")]
    pub id: Uuid,
    /// Its slug.
    pub slug: Slug,
    /// A few words over the quote.
    #[schema(max_length = 200, example = "Degenerate lumbar disc")]
    pub headline: String,
    /// The patient's words, plain text.
    #[schema(
        max_length = 10000,
        example = "I received a lot of information on pre and post procedure. Overall, it was a positive experience considering the inconvenience of going through a surgical"
    )]
    pub quote: String,
    /// Whether the source that the quote was taken from breaks off; nothing was added to it.
    #[schema(example = true)]
    pub is_incomplete: bool,
    /// How the patient is named: `named`, `initials` or `anonymous`; more may come.
    #[schema(max_length = 50, example = "anonymous")]
    pub attribution: String,
    /// The name or initials; null for an anonymous one.
    #[schema(required, max_length = 200)]
    pub attribution_name: Option<String>,
    /// Stars from 1 to 5; null where the patient gave none.
    #[schema(required, minimum = 1, maximum = 5)]
    pub rating: Option<i16>,
    /// The treatment or test that it is about; null where it names none.
    #[schema(required)]
    pub service: Option<Reference>,
    /// The condition that was treated; null where it names none.
    #[schema(required)]
    pub condition: Option<Reference>,
    /// Month of the treatment as `YYYY-MM`; null where not known.
    #[schema(required, max_length = 7, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", example = json!(null))]
    pub treated_month: Option<String>,
    /// When the clinic received it; null where not known.
    #[schema(required, example = json!(null))]
    pub received_on: Option<Date>,
    /// The language that it was written in.
    pub locale: Locale,
    /// When it was published here.
    #[schema(example = "2026-11-23T00:00:00Z")]
    pub published_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}
