//! What staff send and receive around a testimonial: its case, its consent, its erasure.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::submission::{Channel, accept_true};
use crate::values::{EmailAddress, Line, Locale, Paragraphs, PhoneNumber, faults::fault, moment, moment_or_null};

/// Which cases are listed.
#[derive(Debug, Clone, Deserialize, Serialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct CaseQuery {
    /// Only those that stand so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub state: Option<CaseState>,
}

/// How a testimonial can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(title = "TestimonialState")]
pub enum CaseState {
    /// It came from a patient, and nobody has looked at it.
    Submitted,
    /// Staff are at work on it.
    InReview,
    /// The public sees it.
    Published,
    /// It was turned down.
    Rejected,
    /// The patient took the consent back.
    Withdrawn,
}

impl CaseState {
    /// The name that the database and readers use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::InReview => "in_review",
            Self::Published => "published",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// How a testimonial stands with those who decide on it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TestimonialCase {
    /// Its id.
    pub id: Uuid,
    /// Version of the testimonial; the `ETag` is made from it.
    #[schema(value_type = i32, minimum = 1, maximum = 2147483647, example = 2)]
    pub version: i64,
    /// How it stands.
    #[schema(value_type = CaseState)]
    pub state: String,
    /// Why it was rejected; null where it was not.
    #[schema(required, max_length = 2000, example = json!(null))]
    pub reason: Option<String>,
    /// Who brought it.
    #[schema(value_type = CaseSource)]
    pub source: String,
    /// When it came.
    pub received_at: Timestamp,
    /// When its state was last decided on; null before that.
    #[schema(required)]
    pub decided_at: Option<Timestamp>,
    /// The language that it is written in.
    pub locale: Locale,
    /// A few words over the quote: the first of its own where there are none.
    #[schema(max_length = 200, example = "Degenerate lumbar disc")]
    pub headline: String,
    /// The beginning of the quote.
    #[schema(max_length = 500, example = "Staff both helpful, good natured and understanding.")]
    pub excerpt: String,
    /// Stars from 1 to 5; null where the patient gave none.
    #[schema(required, minimum = 1, maximum = 5, example = 5)]
    pub rating: Option<i16>,
    /// Where it may be shown by the consent that holds now; empty where none holds.
    #[schema(value_type = Vec<Channel>, max_items = 4, example = json!(["website", "app"]))]
    pub consent_channels: Vec<String>,
    /// When that consent ends by itself; null where it does not, or where none holds.
    #[schema(required, example = "2028-11-23T09:00:00Z")]
    pub consent_expires_at: Option<Timestamp>,
}

/// Who brought a testimonial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseSource {
    /// The patient sent it.
    Patient,
    /// Staff wrote it down.
    Staff,
}

impl CaseSource {
    /// The name that the database and readers use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Staff => "staff",
        }
    }
}

/// Why a testimonial is turned down.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[schema(example = json!({"reason": "It names a member of staff."}))]
pub struct RejectionIn {
    /// Why, for the clinic's own record; the public is not told.
    #[validate(custom(function = Paragraphs::<2000>::accept))]
    #[schema(value_type = Paragraphs<2000>, inline)]
    pub reason: String,
}

/// A consent that the clinic holds on paper or in its own records.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[schema(example = json!({"wording_version": "2026-11", "evidence": "Signed form in the patient's file."}))]
pub struct ConsentIn {
    /// Where the testimonial may be shown.
    #[validate(length(min = 1, max = 4, message = "must have from 1 to 4 entries"))]
    #[schema(min_items = 1, max_items = 4, example = json!(["website", "app", "print"]))]
    pub channels: Vec<Channel>,
    /// Which version of the clinic's wording was agreed to.
    #[validate(custom(function = Line::<100>::accept))]
    #[schema(value_type = Line<100>, inline)]
    pub wording_version: String,
    /// That the patient agreed explicitly to data on health being shown; without it there is nothing to record.
    #[validate(custom(function = accept_true))]
    #[schema(example = true)]
    pub covers_health_data: bool,
    /// How it was given, or where the signed form lies.
    #[validate(custom(function = Paragraphs::<2000>::accept))]
    #[schema(value_type = Paragraphs<2000>, inline)]
    pub evidence: String,
    /// When the patient gave it.
    #[serde(deserialize_with = "moment")]
    #[schema(example = "2026-11-20T10:00:00Z")]
    pub given_at: Timestamp,
    /// When it ends by itself; null where it does not.
    #[serde(default, deserialize_with = "moment_or_null")]
    #[schema(example = "2099-01-01T00:00:00Z")]
    pub expires_at: Option<Timestamp>,
    /// How the clinic reaches the patient; what is known stays where it is absent or null.
    #[validate(nested)]
    pub contact: Option<ContactIn>,
}

/// How the clinic reaches a patient: a name, and an e-mail address or a telephone number.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[schema(as = PatientContactIn)]
#[validate(schema(function = accept_contact, skip_on_field_errors = false))]
#[schema(example = json!({"name": "Name of the patient", "email": "patient@example.org", "phone": "+442079460000"}))]
pub struct ContactIn {
    /// The patient's name.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Line<200>, inline)]
    pub name: String,
    /// An e-mail address.
    #[validate(custom(function = EmailAddress::accept))]
    #[schema(value_type = Option<EmailAddress>, inline)]
    pub email: Option<String>,
    /// A telephone number (E.164).
    #[validate(custom(function = PhoneNumber::accept))]
    #[schema(value_type = Option<PhoneNumber>, inline)]
    pub phone: Option<String>,
}

fn accept_contact(contact: &ContactIn) -> Result<(), ValidationError> {
    match (&contact.email, &contact.phone) {
        (None, None) => Err(fault("invalid_content", "must have an email or a phone")),
        _ => Ok(()),
    }
}

/// What is known of a patient's consent, and of how to reach the patient.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConsentRecord {
    /// Every consent to this testimonial, the newest first.
    #[schema(max_items = 1000)]
    pub consents: Vec<Consent>,
    /// How the clinic reaches the patient; null where it is not known.
    #[schema(required)]
    pub contact: Option<Contact>,
}

/// What a patient agreed to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Consent {
    /// Its id.
    pub id: Uuid,
    /// Where the testimonial may be shown.
    #[schema(value_type = Vec<Channel>, max_items = 4, example = json!(["website", "app"]))]
    pub channels: Vec<String>,
    /// Which version of the clinic's wording was agreed to.
    #[schema(max_length = 100, example = "2026-11")]
    pub wording_version: String,
    /// Whether the patient agreed explicitly to data on health being shown.
    #[schema(example = true)]
    pub covers_health_data: bool,
    /// How it was given, or where the signed form lies.
    #[schema(max_length = 2000, example = "Signed form in the patient's file.")]
    pub evidence: String,
    /// Who wrote it down: the name of a key or of a command, or `patient`.
    #[schema(max_length = 200, example = "patient")]
    pub recorded_by: String,
    /// When it was written down.
    pub recorded_at: Timestamp,
    /// When the patient gave it.
    pub given_at: Timestamp,
    /// When it ends by itself; null where it does not.
    #[schema(required)]
    pub expires_at: Option<Timestamp>,
    /// When the patient took it back; null where it was not.
    #[schema(required, example = json!(null))]
    pub withdrawn_at: Option<Timestamp>,
    /// When a newer one took its place; null for the newest.
    #[schema(required, example = json!(null))]
    pub replaced_at: Option<Timestamp>,
}

/// How the clinic reaches a patient.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PatientContact)]
pub struct Contact {
    /// The patient's name.
    #[schema(max_length = 200, example = "Name of the patient")]
    pub name: String,
    /// An e-mail address; null where none is known.
    #[schema(required, value_type = Option<EmailAddress>)]
    pub email: Option<String>,
    /// A telephone number (E.164); null where none is known.
    #[schema(required, value_type = Option<PhoneNumber>)]
    pub phone: Option<String>,
}

/// Why a testimonial is erased.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ErasureIn {
    /// Why; a word of a closed set, as it stays when everything else is gone.
    pub reason: ErasureReason,
}

/// Why a testimonial is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErasureReason {
    /// The patient asked for it.
    Requested,
    /// The consent was taken back or has ended, and nothing else allows keeping it.
    ConsentEnded,
    /// It is no longer needed for what it was collected for.
    NoLongerNeeded,
    /// It should not have been collected.
    Unlawful,
}

impl ErasureReason {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Requested,
        Self::ConsentEnded,
        Self::NoLongerNeeded,
        Self::Unlawful,
    ];

    /// The name that the database and readers use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::ConsentEnded => "consent_ended",
            Self::NoLongerNeeded => "no_longer_needed",
            Self::Unlawful => "unlawful",
        }
    }

    /// What it means.
    pub fn help(self) -> &'static str {
        match self {
            Self::Requested => "The patient asked for it",
            Self::ConsentEnded => "The consent has ended, and nothing else allows keeping it",
            Self::NoLongerNeeded => "It is no longer needed for what it was collected for",
            Self::Unlawful => "It should not have been collected",
        }
    }
}

/// What stays of something that was erased.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub struct Erasure {
    /// What was erased.
    pub id: Uuid,
    /// When.
    pub erased_at: Timestamp,
    /// Why.
    #[schema(value_type = ErasureReason)]
    pub reason: String,
    /// Who did it: the name of a key or of a command.
    #[schema(max_length = 200, example = "Website CMS")]
    pub actor: String,
}
