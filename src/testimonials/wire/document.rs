//! A testimonial as editors write it.

use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::values::{Day, Line, Locale, Paragraphs, Slug, faults::fault, id_or_null};

/// A testimonial as editors write it, or as the patient sent it.
///
/// What the public sees of it is marked as edited where the words or the stars are no longer those that came.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "slug": "testimonial-3f9c0b7a51d2e846",
    "headline": "Degenerate lumbar disc",
    "quote": "I received a lot of information on pre and post procedure. Overall, it was a positive experience considering the inconvenience of going through a surgical",
    "attribution_name": null,
    "incentive": null
}))]
pub struct TestimonialIn {
    /// Its slug; made where it is absent or null, so that the address says nothing of the patient.
    #[validate(custom(function = Slug::accept))]
    #[schema(value_type = Option<Slug>, inline)]
    pub slug: Option<String>,
    /// The language that it is written in, a BCP 47 tag.
    #[validate(custom(function = Locale::accept))]
    #[schema(value_type = Locale, inline)]
    pub locale: String,
    /// A few words over the quote; the public sees the first words of the quote where there are none.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Option<Line<200>>, inline)]
    pub headline: Option<String>,
    /// The patient's words, plain text.
    #[validate(custom(function = Paragraphs::<10000>::accept))]
    #[schema(value_type = Paragraphs<10000>, inline)]
    pub quote: String,
    /// Whether the source that the quote was taken from breaks off.
    #[serde(default)]
    #[schema(default = false, example = true)]
    pub is_incomplete: bool,
    /// How the patient wishes to be named.
    pub attribution: Attribution,
    /// The name or initials to show; none for an anonymous one.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Option<Line<200>>, inline)]
    pub attribution_name: Option<String>,
    /// Stars from 1 to 5; null where the patient gave none.
    #[validate(range(min = 1, max = 5, message = "must be from 1 to 5"))]
    #[schema(minimum = 1, maximum = 5, example = json!(null))]
    pub rating: Option<i16>,
    /// Id of the treatment or test that it is about.
    #[serde(default, deserialize_with = "id_or_null")]
    #[schema(example = json!(null))]
    pub service_id: Option<Uuid>,
    /// Id of the condition that was treated.
    #[serde(default, deserialize_with = "id_or_null")]
    #[schema(example = "01a2097f-1102-7414-82c9-29a8290bbfc9")]
    pub condition_id: Option<Uuid>,
    /// Month of the treatment as `YYYY-MM`.
    #[validate(custom(function = accept_month))]
    #[schema(
        min_length = 7,
        max_length = 7,
        pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$",
        example = "2026-05"
    )]
    pub treated_month: Option<String>,
    /// When the clinic received it.
    #[schema(value_type = Option<Day>, inline)]
    pub received_on: Option<Day>,
    /// What the patient got for it; the public is told. Null where nothing.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Option<Line<200>>, inline)]
    pub incentive: Option<String>,
    /// The clinic's public answer.
    #[validate(nested)]
    #[schema(example = json!(null))]
    pub reply: Option<ReplyIn>,
}

/// The clinic's public answer to a testimonial.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({"text": "Thank you for telling us."}))]
pub struct ReplyIn {
    /// The answer, plain text.
    #[validate(custom(function = Paragraphs::<2000>::accept))]
    #[schema(value_type = Paragraphs<2000>, inline)]
    pub text: String,
    /// When the clinic answered.
    #[schema(value_type = Day, inline)]
    pub replied_on: Day,
}

/// How a patient is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Attribution {
    /// By name.
    Named,
    /// By initials.
    Initials,
    /// Not at all.
    Anonymous,
}

impl Attribution {
    /// The name that the database and readers use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Initials => "initials",
            Self::Anonymous => "anonymous",
        }
    }

    /// What is wrong with the name to show.
    pub fn fault_of(self, name: Option<&str>) -> Option<&'static str> {
        match (self, name) {
            (Self::Anonymous, Some(_)) => Some("must be null, as the patient wishes to stay anonymous"),
            (Self::Named | Self::Initials, None) => Some("must be the name or the initials to show"),
            _ => None,
        }
    }
}

/// Checks a month such as `2026-05`.
///
/// # Errors
/// What the text must be.
pub(super) fn accept_month(text: &str) -> Result<(), ValidationError> {
    static MONTH: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("^[0-9]{4}-(0[1-9]|1[0-2])$").ok());
    match MONTH.as_ref().is_some_and(|month| month.is_match(text)) {
        true => Ok(()),
        false => Err(fault("invalid_content", "must be a month such as 2026-05")),
    }
}
