//! What editors send and receive around any kind of content.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::store::{LanguageRow, Stored};
use crate::{
    changes::{Action, EntityType},
    problem::FieldError,
    values::{Day, Locale, Slug, moment_or_null},
};

/// A document: what editors write, and how it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Document<C> {
    /// Its id, the same as in the public API.
    #[schema(example = "01a2097f-10e8-741a-83cf-d6db6b582513")]
    pub id: Uuid,
    /// Grows by one with each step; the `ETag` is made from it.
    #[schema(value_type = i32, minimum = 1, maximum = 2147483647, example = 3)]
    pub version: i64,
    /// When it was put away; null while it is in use.
    #[schema(required, example = json!(null))]
    pub archived_at: Option<Timestamp>,
    /// How each language stands.
    #[schema(max_items = 100)]
    pub languages: Vec<DocumentLanguage>,
    /// The newest content, which need not be what the public sees.
    pub content: C,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last took a step.
    pub updated_at: Timestamp,
}

/// A document as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentSummary {
    /// Its id.
    #[schema(example = "01a2097f-10e8-741a-83cf-d6db6b582513")]
    pub id: Uuid,
    /// Grows by one with each step.
    #[schema(value_type = i32, minimum = 1, maximum = 2147483647, example = 3)]
    pub version: i64,
    /// When it was put away; null while it is in use.
    #[schema(required, example = json!(null))]
    pub archived_at: Option<Timestamp>,
    /// How each language stands.
    #[schema(max_items = 100)]
    pub languages: Vec<DocumentLanguage>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last took a step.
    pub updated_at: Timestamp,
}

/// How one language of a document stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentLanguage {
    /// The language; null for content without languages.
    #[schema(required)]
    pub locale: Option<Locale>,
    /// What lists call it.
    #[schema(max_length = 500, example = "Spinal metastases")]
    pub title: String,
    /// The slug of the newest content; null for content without a slug.
    #[schema(required, value_type = Option<Slug>)]
    pub slug: Option<String>,
    /// How it stands.
    #[schema(value_type = DocumentStatus)]
    pub status: String,
    /// The version that the public sees; null while it sees none.
    #[schema(required, value_type = Option<i32>, minimum = 1, maximum = 2147483647, example = 2)]
    pub published_version: Option<i64>,
    /// Whether the newest content differs from what the public sees.
    #[schema(example = false)]
    pub has_unpublished_changes: bool,
    /// When it was first published; null where it never was.
    #[schema(required)]
    pub published_at: Option<Timestamp>,
    /// When a version becomes public; null where none is scheduled.
    #[schema(required, example = json!(null))]
    pub publish_at: Option<Timestamp>,
    /// The version that becomes public then, which later edits do not change; null where none is scheduled.
    #[schema(required, value_type = Option<i32>, minimum = 1, maximum = 2147483647, example = json!(null))]
    pub scheduled_version: Option<i64>,
    /// When it leaves the public; null where nothing is scheduled.
    #[schema(required, example = json!(null))]
    pub unpublish_at: Option<Timestamp>,
    /// When the newest content is due for a clinical review; null where no date is set.
    #[schema(required, example = "2027-11-23")]
    pub next_review_due_on: Option<Date>,
}

impl DocumentLanguage {
    fn new(row: LanguageRow, document: &Stored) -> Self {
        let status = if document.archived_at.is_some() {
            "archived"
        } else if row.published_version.is_some() {
            "published"
        } else if row.publish_at.is_some() {
            "scheduled"
        } else {
            "draft"
        };
        Self {
            locale: (!row.locale.is_empty()).then(|| Locale::stored(row.locale)),
            title: row.title,
            slug: row.slug,
            status: status.to_owned(),
            has_unpublished_changes: row
                .published_version
                .is_some_and(|seen| seen < document.content_version),
            published_version: row.published_version,
            published_at: row.published_at,
            publish_at: row.publish_at,
            scheduled_version: row.scheduled_version,
            unpublish_at: row.unpublish_at,
            next_review_due_on: row.next_review_due_on,
        }
    }
}

impl<C> Document<C> {
    pub(super) fn new(document: &Stored, languages: &[LanguageRow], content: C) -> Self {
        Self {
            id: document.id,
            version: document.version,
            archived_at: document.archived_at,
            languages: languages_of(document, languages.iter().cloned()),
            content,
            created_at: document.created_at,
            updated_at: document.updated_at,
        }
    }
}

impl DocumentSummary {
    pub(super) fn new(document: &Stored, languages: impl Iterator<Item = LanguageRow>) -> Self {
        Self {
            id: document.id,
            version: document.version,
            archived_at: document.archived_at,
            languages: languages_of(document, languages),
            created_at: document.created_at,
            updated_at: document.updated_at,
        }
    }
}

fn languages_of(document: &Stored, rows: impl Iterator<Item = LanguageRow>) -> Vec<DocumentLanguage> {
    rows.map(|row| DocumentLanguage::new(row, document)).collect()
}

/// Which documents are listed.
#[derive(Debug, Clone, Deserialize, Serialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct DocumentQuery {
    /// Only with a language that stands so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub status: Option<DocumentStatus>,
    /// Only with a text in this language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = Locale::accept))]
    #[param(value_type = Option<Locale>, inline)]
    pub locale: Option<String>,
    /// Only with these words in a title, whatever their case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 200, message = "must have 1 to 200 characters"))]
    #[param(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$")]
    pub title: Option<String>,
}

/// How a language can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(title = "DocumentStatus")]
pub enum DocumentStatus {
    /// The public does not see it.
    Draft,
    /// It becomes public at a moment.
    Scheduled,
    /// The public sees it.
    Published,
    /// It was put away.
    Archived,
}

/// Which languages a step concerns.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
pub struct LocalesIn {
    /// Languages that it concerns; all of them where none is named.
    #[serde(default)]
    #[validate(
        length(max = 100, message = "must have at most 100 entries"),
        custom(function = accept_locales)
    )]
    #[schema(value_type = Vec<Locale>, max_items = 100, example = json!(["en-GB"]))]
    pub locales: Vec<String>,
}

fn accept_locales(locales: &[String]) -> Result<(), ValidationError> {
    locales.iter().try_for_each(|locale| Locale::accept(locale))
}

/// When languages become public and leave the public.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
pub struct ScheduleIn {
    /// Languages that it concerns; all of them where none is named.
    #[serde(default)]
    #[validate(
        length(max = 100, message = "must have at most 100 entries"),
        custom(function = accept_locales)
    )]
    #[schema(value_type = Vec<Locale>, max_items = 100, example = json!(["en-GB"]))]
    pub locales: Vec<String>,
    /// When the newest content becomes public; null takes back what was scheduled.
    #[serde(default, deserialize_with = "moment_or_null")]
    #[schema(example = "2099-01-01T09:00:00Z")]
    pub publish_at: Option<Timestamp>,
    /// When it leaves the public; null takes back what was scheduled.
    #[serde(default, deserialize_with = "moment_or_null")]
    #[schema(example = json!(null))]
    pub unpublish_at: Option<Timestamp>,
}

impl ScheduleIn {
    /// What cannot be carried out.
    pub(super) fn faults(&self, now: Timestamp) -> Vec<FieldError> {
        let mut faults = Vec::new();
        for (name, moment) in [("publish_at", self.publish_at), ("unpublish_at", self.unpublish_at)] {
            if moment.is_some_and(|moment| moment <= now) {
                faults.push(FieldError::invalid_content(
                    format!("/body/{name}"),
                    "must be in the future; to do it now, use the call for it",
                ));
            }
        }
        if let (Some(publish), Some(unpublish)) = (self.publish_at, self.unpublish_at)
            && unpublish <= publish
        {
            faults.push(FieldError::invalid_content(
                "/body/unpublish_at",
                "must be after publish_at",
            ));
        }
        faults
    }
}

/// One version of a document in its list.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionSummary {
    /// The version.
    #[schema(value_type = i32, minimum = 1, maximum = 2147483647, example = 3)]
    pub version: i64,
    /// The step that made it.
    #[schema(value_type = Action)]
    pub action: String,
    /// Who took the step: the name of a key or of a command.
    #[schema(max_length = 200, example = "Website CMS")]
    pub actor: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// One version of a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct Revision<C> {
    /// The version.
    #[schema(value_type = i32, minimum = 1, maximum = 2147483647, example = 3)]
    pub version: i64,
    /// The step that made it.
    #[schema(value_type = Action)]
    pub action: String,
    /// Who took the step: the name of a key or of a command.
    #[schema(max_length = 200, example = "Website CMS")]
    pub actor: String,
    /// The whole content at this version.
    pub content: C,
    /// When it was made.
    pub created_at: Timestamp,
}

impl<C> Revision<C> {
    pub(super) fn new(summary: RevisionSummary, content: C) -> Self {
        Self {
            version: summary.version,
            action: summary.action,
            actor: summary.actor,
            content,
            created_at: summary.created_at,
        }
    }
}

/// Which two versions are compared.
#[derive(Debug, Clone, Deserialize, Serialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct CompareQuery {
    /// The version to start from.
    #[validate(range(min = 1, max = 2147483647, message = "must be a version, from 1 on"))]
    #[param(value_type = i32, minimum = 1, maximum = 2147483647)]
    pub from: i64,
    /// The version to arrive at.
    #[validate(range(min = 1, max = 2147483647, message = "must be a version, from 1 on"))]
    #[param(value_type = i32, minimum = 1, maximum = 2147483647)]
    pub to: i64,
}

/// One step from a version to another (RFC 6902).
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"value": "Spinal metastases"}))]
pub struct PatchOperation {
    /// What is done.
    pub op: PatchStep,
    /// JSON pointer into the content.
    #[schema(max_length = 2000, pattern = "^(/([^~/]|~[01])*)*$", example = "/texts/en-GB/title")]
    pub path: String,
    /// The new value; absent where something is removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Value)]
    pub value: Option<Value>,
}

/// What a step from a version to another does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PatchStep {
    /// Adds a value.
    Add,
    /// Removes a value.
    Remove,
    /// Puts another value in the place of one.
    Replace,
}

/// The steps from one version to another (JSON patch, RFC 6902): fewer than bodies may have bytes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(max_items = 4194304)]
pub struct JsonPatch(pub Vec<PatchOperation>);

/// Which language a preview shows, and for how long.
#[derive(Debug, Clone, Default, Deserialize, ToSchema, Validate)]
pub struct PreviewIn {
    /// The language; where it is absent or null, the first that the document has.
    #[validate(custom(function = Locale::accept))]
    #[schema(value_type = Option<Locale>, example = "en-GB")]
    pub locale: Option<String>,
    /// Hours until the link ends, 72 where nothing is said.
    #[validate(range(min = 1, max = 720, message = "must be from 1 to 720"))]
    #[schema(minimum = 1, maximum = 720, example = 72)]
    pub hours: Option<i32>,
}

/// A link that shows the newest content of one document to whoever holds it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Preview {
    /// Its id, to take it back.
    pub id: Uuid,
    /// The secret in the link; it is not shown again.
    #[schema(
        max_length = 100,
        pattern = "^[A-Za-z0-9_-]+$",
        example = "tPJrXm0gUOKkqCw2cMLhBJ4rGm1mS4Cq0l2R6n1a8Xk"
    )]
    pub token: String,
    /// The address that answers with the document in its public form.
    #[schema(max_length = 2000, format = UriReference, example = "/v1/preview/tPJrXm0gUOKkqCw2cMLhBJ4rGm1mS4Cq0l2R6n1a8Xk")]
    pub url: String,
    /// The language that it shows; null for content without languages.
    #[schema(required)]
    pub locale: Option<Locale>,
    /// When the link ends.
    pub expires_at: Timestamp,
}

// In the document it has a property for each kind, with the type that the public receives.
/// A draft in its public form: the property of its kind holds it, the others are null.
#[derive(Debug, Serialize, ToSchema)]
pub struct Previewed {
    /// What kind it is.
    pub entity_type: EntityType,
    /// What the public will receive, under the name of its kind.
    #[serde(flatten)]
    #[schema(ignore)]
    pub shown: BTreeMap<&'static str, Option<Value>>,
}

/// Which reviews are listed.
#[derive(Debug, Clone, Deserialize, Serialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct ReviewQuery {
    /// Only due before this date; without it, all that have a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "2027-01-01")]
    pub due_before: Option<Day>,
}

/// A text that is due for a clinical review.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewDue {
    /// The document.
    pub id: Uuid,
    /// What kind it is.
    #[schema(value_type = EntityType)]
    pub entity_type: String,
    /// The language of the text; null for content without languages.
    #[schema(required)]
    pub locale: Option<Locale>,
    /// What lists call it.
    #[schema(max_length = 500, example = "Spinal metastases")]
    pub title: String,
    /// When it is due.
    #[schema(example = "2027-11-23")]
    pub next_review_due_on: Date,
    /// Whether that date is past.
    pub overdue: bool,
    /// Whether the public sees the text.
    pub is_published: bool,
}
