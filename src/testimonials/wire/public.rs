//! What the public asks for and sees of testimonials.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::document::Attribution;
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
    /// Only with the patient's consent to be shown there; without it, only with consent to both.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub channel: Option<PublicChannel>,
}

/// Where one testimonial is to be shown.
#[derive(Debug, Clone, Deserialize, Serialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct TestimonialChannelQuery {
    /// Only with the patient's consent to be shown there; without it, only with consent to both.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub channel: Option<PublicChannel>,
}

/// A place where testimonials are shown out of this API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(title = "PublicChannel")]
pub enum PublicChannel {
    /// The clinic's website.
    Website,
    /// The clinic's app.
    App,
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
    /// How the patient is named.
    #[schema(value_type = Attribution)]
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
    /// Whether the clinic changed the patient's words or stars.
    #[schema(example = false)]
    pub is_edited: bool,
    /// What the patient got for it; null where nothing.
    #[schema(required, max_length = 200, example = json!(null))]
    pub incentive: Option<String>,
    /// Whether the detail has an answer of the clinic.
    #[schema(example = false)]
    pub has_reply: bool,
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
    "reply": null,
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
    /// How the patient is named.
    #[schema(value_type = Attribution)]
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
    /// Whether the clinic changed the patient's words or stars.
    #[schema(example = false)]
    pub is_edited: bool,
    /// When the clinic changed them; null where they are as they came.
    #[schema(required, example = json!(null))]
    pub edited_on: Option<Date>,
    /// What the patient got for it; null where nothing.
    #[schema(required, max_length = 200, example = json!(null))]
    pub incentive: Option<String>,
    /// The clinic's answer; null where there is none.
    #[schema(required, example = json!(null))]
    pub reply: Option<Reply>,
    /// The language that it was written in.
    pub locale: Locale,
    /// When it was published here.
    #[schema(example = "2026-11-23T00:00:00Z")]
    pub published_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The clinic's answer to a testimonial.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Reply {
    /// The answer, plain text.
    #[schema(max_length = 2000, example = "Thank you for telling us.")]
    pub text: String,
    /// When the clinic answered.
    #[schema(example = "2026-11-25")]
    pub replied_on: Date,
}

/// How many testimonials came, and what became of them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TestimonialCounts {
    /// Address of the rules by which the clinic publishes and rejects testimonials; null where none is set.
    #[schema(required, max_length = 2000, format = Uri, example = "https://www.example.org/reviews-policy")]
    pub policy_url: Option<String>,
    /// All that came, save those that were erased.
    #[schema(value_type = i32, minimum = 0, maximum = 2147483647, example = 2)]
    pub received: i64,
    /// Those that the public sees.
    #[schema(value_type = i32, minimum = 0, maximum = 2147483647, example = 2)]
    pub published: i64,
    /// Those that the clinic turned down.
    #[schema(value_type = i32, minimum = 0, maximum = 2147483647, example = 0)]
    pub rejected: i64,
    /// The same by the stars that the patients gave: one entry for each number of stars, from none to 5.
    #[schema(min_items = 6, max_items = 6, example = json!([
        {"rating": null, "received": 2, "published": 2, "rejected": 0},
        {"rating": 1, "received": 0, "published": 0, "rejected": 0},
        {"rating": 2, "received": 0, "published": 0, "rejected": 0},
        {"rating": 3, "received": 0, "published": 0, "rejected": 0},
        {"rating": 4, "received": 0, "published": 0, "rejected": 0},
        {"rating": 5, "received": 0, "published": 0, "rejected": 0},
    ]))]
    pub by_rating: Vec<RatingCount>,
}

/// How many testimonials came with so many stars, and what became of them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RatingCount {
    /// Stars from 1 to 5; null for those without.
    #[schema(required, minimum = 1, maximum = 5, example = json!(null))]
    pub rating: Option<i16>,
    /// All that came, save those that were erased.
    #[schema(value_type = i32, minimum = 0, maximum = 2147483647, example = 2)]
    pub received: i64,
    /// Those that the public sees.
    #[schema(value_type = i32, minimum = 0, maximum = 2147483647, example = 2)]
    pub published: i64,
    /// Those that the clinic turned down.
    #[schema(value_type = i32, minimum = 0, maximum = 2147483647, example = 0)]
    pub rejected: i64,
}
