//! What patients send, and what they get back.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::{
    document::{Attribution, accept_month},
    moderation::ContactIn,
};
use crate::values::{IdOrSlug, Line, Locale, Paragraphs, faults::fault};

/// A testimonial that a patient sends; nobody sees it before the clinic has looked at it.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "headline": null,
    "quote": "Staff both helpful, good natured and understanding.",
    "attribution_name": null,
    "service": "vertebral-augmentation",
    "condition": "degenerate-lumbar-disc"
}))]
pub struct TestimonialSubmission {
    /// The language that it is written in, a BCP 47 tag; the clinic's own where it is absent or null.
    #[validate(custom(function = Locale::accept))]
    #[schema(value_type = Option<Locale>, inline)]
    pub locale: Option<String>,
    /// A few words over the quote.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Option<Line<200>>, inline)]
    pub headline: Option<String>,
    /// What the patient has to say, plain text.
    #[validate(custom(function = Paragraphs::<10000>::accept))]
    #[schema(value_type = Paragraphs<10000>, inline)]
    pub quote: String,
    /// Stars from 1 to 5; null where the patient gives none.
    #[validate(range(min = 1, max = 5, message = "must be from 1 to 5"))]
    #[schema(minimum = 1, maximum = 5, example = 5)]
    pub rating: Option<i16>,
    /// How the patient wishes to be named.
    pub attribution: Attribution,
    /// The name or initials to show; none for an anonymous one.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Option<Line<200>>, inline)]
    pub attribution_name: Option<String>,
    /// Id or slug of the treatment or test that it is about.
    #[validate(custom(function = accept_name))]
    #[schema(value_type = Option<IdOrSlug>, inline)]
    pub service: Option<String>,
    /// Id or slug of the condition that was treated.
    #[validate(custom(function = accept_name))]
    #[schema(value_type = Option<IdOrSlug>, inline)]
    pub condition: Option<String>,
    /// Month of the treatment as `YYYY-MM`.
    #[validate(custom(function = accept_month))]
    #[schema(
        min_length = 7,
        max_length = 7,
        pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$",
        example = "2026-05"
    )]
    pub treated_month: Option<String>,
    /// What the patient agrees to.
    #[validate(nested)]
    pub consent: ConsentGiven,
}

/// What a patient agrees to, and how the clinic reaches the patient about it.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[schema(example = json!({"wording_version": "2026-11"}))]
pub struct ConsentGiven {
    /// Where the testimonial may be shown.
    #[validate(length(min = 1, max = 4, message = "must have from 1 to 4 entries"))]
    #[schema(min_items = 1, max_items = 4, example = json!(["website", "app"]))]
    pub channels: Vec<Channel>,
    /// Which version of the clinic's wording the patient has read and agreed to.
    #[validate(custom(function = Line::<100>::accept))]
    #[schema(value_type = Line<100>, inline)]
    pub wording_version: String,
    /// That the patient agrees explicitly to data on health being shown; without it there can be no testimonial.
    #[validate(custom(function = accept_true))]
    #[schema(example = true)]
    pub covers_health_data: bool,
    /// How the clinic reaches the patient; never public.
    #[validate(nested)]
    pub contact: ContactIn,
}

/// Where a testimonial may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The clinic's website.
    Website,
    /// The clinic's app.
    App,
    /// The clinic's pages in social networks.
    Social,
    /// Printed matter.
    Print,
}

impl Channel {
    /// The name that the database and readers use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Website => "website",
            Self::App => "app",
            Self::Social => "social",
            Self::Print => "print",
        }
    }
}

/// That a testimonial has come, and what the patient needs to take it back.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TestimonialReceipt {
    /// Its id, to name it to the clinic.
    pub id: Uuid,
    /// When it came.
    pub received_at: Timestamp,
    /// The secret that takes the consent back; it is not shown again.
    #[schema(
        max_length = 100,
        pattern = "^[A-Za-z0-9_-]+$",
        example = "tPJrXm0gUOKkqCw2cMLhBJ4rGm1mS4Cq0l2R6n1a8Xk"
    )]
    pub withdrawal_token: String,
}

/// A patient's wish to take the consent back.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
pub struct WithdrawalIn {
    /// The secret of the receipt.
    #[validate(custom(function = accept_token))]
    #[schema(
        max_length = 100,
        pattern = "^[A-Za-z0-9_-]+$",
        example = "tPJrXm0gUOKkqCw2cMLhBJ4rGm1mS4Cq0l2R6n1a8Xk"
    )]
    pub token: String,
}

/// Whether it can be a secret that we made; one that we did not make is found nowhere.
fn accept_token(token: &str) -> Result<(), ValidationError> {
    let is_ours = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    match (1..=100).contains(&token.len()) && token.bytes().all(is_ours) {
        true => Ok(()),
        false => Err(fault(
            "invalid_content",
            "must be the `withdrawal_token` of a receipt, unchanged",
        )),
    }
}

/// That the consent was taken back: the public sees the testimonial no more.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TestimonialWithdrawal {
    /// The testimonial.
    pub id: Uuid,
    /// When the consent was taken back.
    pub withdrawn_at: Timestamp,
}

pub(super) fn accept_true(given: &bool) -> Result<(), ValidationError> {
    match given {
        true => Ok(()),
        false => Err(fault("invalid_content", "must be true")),
    }
}

fn accept_name(text: &str) -> Result<(), ValidationError> {
    IdOrSlug::try_from(text.to_owned())?;
    Ok(())
}
