//! What editors write of the work that an article presents.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::values::{DatePrecision, Doi, Issn, Line, List, Orcid, Paragraphs, Pmcid, Pmid, Slug};

/// The bibliographic record of a published work as editors write it, with PubMed's terms.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "title": "Vertebral augmentation: an update.",
    "volume": "18",
    "issue": "12",
    "pages": "74",
    "medline_status": "in process"
}))]
pub struct CitationIn {
    /// PubMed identifier; no other article may have the same.
    #[validate(custom(function = Pmid::accept))]
    #[schema(value_type = Option<Pmid>, inline)]
    pub pmid: Option<String>,
    /// PubMed Central identifier, with its `PMC` prefix.
    #[validate(custom(function = Pmcid::accept))]
    #[schema(value_type = Option<Pmcid>, inline)]
    pub pmcid: Option<String>,
    /// Digital Object Identifier, without a resolver's address.
    #[validate(custom(function = Doi::accept))]
    #[schema(value_type = Option<Doi>, inline)]
    pub doi: Option<String>,
    /// Title of the work as the source writes it.
    #[validate(custom(function = Line::<2000>::accept))]
    #[schema(value_type = Line<2000>, inline)]
    pub title: String,
    /// The journal that published the work.
    #[validate(nested)]
    pub journal: JournalIn,
    /// Volume of the journal.
    #[validate(custom(function = Line::<100>::accept))]
    #[schema(value_type = Option<Line<100>>, inline)]
    pub volume: Option<String>,
    /// Issue within the volume.
    #[validate(custom(function = Line::<100>::accept))]
    #[schema(value_type = Option<Line<100>>, inline)]
    pub issue: Option<String>,
    /// Pages, or the article number where the journal has no pages.
    #[validate(custom(function = Line::<100>::accept))]
    #[schema(value_type = Option<Line<100>>, inline)]
    pub pages: Option<String>,
    /// Date of publication, as precise as the source states it.
    #[validate(nested)]
    pub publication_date: PublicationDateIn,
    /// Languages of the work as MEDLINE codes (ISO 639-2/B).
    #[serde(default)]
    #[validate(length(max = 100, message = "must have at most 100 entries"))]
    #[schema(value_type = Vec<LanguageCode>, max_items = 100)]
    pub languages: Vec<String>,
    /// Publication types as PubMed names them.
    #[serde(default)]
    #[validate(length(max = 100, message = "must have at most 100 entries"))]
    #[schema(value_type = Vec<Line<100>>, max_items = 100)]
    pub publication_types: Vec<String>,
    /// Medical Subject Headings that MEDLINE assigned to the work.
    #[serde(default)]
    #[validate(length(max = 1000, message = "must have at most 1000 entries"))]
    #[schema(value_type = Vec<Line<500>>, max_items = 1000)]
    pub mesh_headings: Vec<String>,
    /// Keywords that the authors gave.
    #[serde(default)]
    #[validate(length(max = 1000, message = "must have at most 1000 entries"))]
    #[schema(value_type = Vec<Line<500>>, max_items = 1000)]
    pub keywords: Vec<String>,
    /// Status of the record at MEDLINE, in the source's words.
    #[validate(custom(function = Line::<100>::accept))]
    #[schema(value_type = Option<Line<100>>, inline)]
    pub medline_status: Option<String>,
    /// State of the scientific record.
    #[serde(default)]
    #[schema(example = "ok")]
    pub integrity: Integrity,
    /// The authors in the order of the work.
    #[serde(default)]
    #[validate(nested)]
    pub authors: Authors,
    /// The abstract, and the right to show it.
    // Not nested, as its faults would stand under the name that it has here: `rules.rs` checks it.
    #[serde(rename = "abstract")]
    pub abstract_text: Option<AbstractIn>,
}

/// A language as MEDLINE writes it (ISO 639-2/B).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 3, max_length = 3, pattern = "^[a-z]{3}$", example = "eng")]
pub struct LanguageCode(String);

crate::values::checked_string!(LanguageCode);

impl LanguageCode {
    fn check(text: &str) -> Result<String, String> {
        match text.len() == 3 && text.bytes().all(|b| b.is_ascii_lowercase()) {
            true => Ok(text.to_owned()),
            false => Err("must be a MEDLINE code of three lower-case letters, such as eng".to_owned()),
        }
    }
}

/// The state of the scientific record of a work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Integrity {
    /// Nothing is known against it.
    #[default]
    Ok,
    /// A correction was published.
    Corrected,
    /// An expression of concern was published.
    Concern,
    /// It was retracted.
    Retracted,
}

impl Integrity {
    /// The name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Corrected => "corrected",
            Self::Concern => "concern",
            Self::Retracted => "retracted",
        }
    }
}

/// The journal that a work appeared in; what it is called is shared by all works in it.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "slug": "current-treatment-options-in-oncology",
    "title": "Current Treatment Options in Oncology",
    "iso_abbreviation": "Curr Treat Options Oncol"
}))]
pub struct JournalIn {
    /// Its slug, by which it is known; where it is absent or null the journal is known by its ISSN, else by the
    /// slug that its title makes.
    #[validate(custom(function = Slug::accept))]
    #[schema(value_type = Option<Slug>, inline)]
    pub slug: Option<String>,
    /// Full title.
    #[validate(custom(function = Line::<500>::accept))]
    #[schema(value_type = Line<500>, inline)]
    pub title: String,
    /// ISO 4 abbreviation as PubMed prints it; absent or null keeps what is known of the journal.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Option<Line<200>>, inline)]
    pub iso_abbreviation: Option<String>,
    /// International Standard Serial Number; absent or null keeps what is known of the journal.
    #[validate(custom(function = Issn::accept))]
    #[schema(value_type = Option<Issn>, inline)]
    pub issn: Option<String>,
}

/// A date of publication, as precise as the source states it.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({"raw": "2017 Nov 16"}))]
pub struct PublicationDateIn {
    /// The year.
    #[validate(range(min = 0, max = 9999, message = "must be from 0 to 9999"))]
    #[schema(minimum = 0, maximum = 9999, example = 2017)]
    pub year: i32,
    /// The month.
    #[validate(range(min = 1, max = 12, message = "must be from 1 to 12"))]
    #[schema(minimum = 1, maximum = 12, example = 11)]
    pub month: Option<i32>,
    /// The day of the month; with a month only.
    #[validate(range(min = 1, max = 31, message = "must be from 1 to 31"))]
    #[schema(minimum = 1, maximum = 31, example = 16)]
    pub day: Option<i32>,
    /// How much of the date is known; what the parts say where it is absent or null.
    pub precision: Option<DatePrecision>,
    /// The date in the source's own words; made from the parts where it is absent or null.
    #[validate(custom(function = Line::<100>::accept))]
    #[schema(value_type = Option<Line<100>>, inline)]
    pub raw: Option<String>,
}

/// One author of a work: a person with a family name, or a collective with a collective name.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({"family": "Kam", "initials": "NM"}))]
pub struct AuthorIn {
    /// Family name of a person.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Option<Line<200>>, inline)]
    pub family: Option<String>,
    /// Given names.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Option<Line<200>>, inline)]
    pub given: Option<String>,
    /// Initials without full stops.
    #[validate(custom(function = Line::<50>::accept))]
    #[schema(value_type = Option<Line<50>>, inline)]
    pub initials: Option<String>,
    /// Suffix such as `Jr` or `3rd`.
    #[validate(custom(function = Line::<50>::accept))]
    #[schema(value_type = Option<Line<50>>, inline)]
    pub suffix: Option<String>,
    /// Name of a group.
    #[validate(custom(function = Line::<500>::accept))]
    #[schema(value_type = Option<Line<500>>, inline)]
    pub collective_name: Option<String>,
    /// ORCID iD, dashed.
    #[validate(custom(function = Orcid::accept))]
    #[schema(value_type = Option<Orcid>, inline)]
    pub orcid: Option<String>,
    /// Affiliations as the source states them.
    #[serde(default)]
    #[validate(length(max = 100, message = "must have at most 100 entries"))]
    #[schema(value_type = Vec<Line<5000>>, max_items = 100)]
    pub affiliations: Vec<String>,
}

/// The right to show an abstract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AbstractRight {
    /// A licence lets anyone show it.
    OpenLicence,
    /// Whoever holds the rights lets the clinic show it.
    PermissionHeld,
    /// There is none: the abstract is kept and not shown.
    LinkOnly,
}

impl AbstractRight {
    /// The name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OpenLicence => "open_licence",
            Self::PermissionHeld => "permission_held",
            Self::LinkOnly => "link_only",
        }
    }
}

/// An abstract, and the right to show it.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({"right_basis": "CC BY 4.0"}))]
pub struct AbstractIn {
    /// The sections in order; an unstructured abstract has one section without a label.
    #[validate(nested)]
    pub sections: AbstractSections,
    /// Copyright line of the abstract.
    #[validate(custom(function = Line::<1000>::accept))]
    #[schema(value_type = Option<Line<1000>>, inline)]
    pub copyright: Option<String>,
    /// The right to show it.
    #[schema(example = "open_licence")]
    pub right: AbstractRight,
    /// The record behind that right: the licence's name, or who gave the permission; needed for any right but
    /// `link_only`.
    #[validate(custom(function = Line::<1000>::accept))]
    #[schema(value_type = Option<Line<1000>>, inline)]
    pub right_basis: Option<String>,
}

/// A labelled part of an abstract.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({"label": "METHODS"}))]
pub struct AbstractSectionIn {
    /// Label as the source prints it.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Option<Line<200>>, inline)]
    pub label: Option<String>,
    /// Text of the section.
    #[validate(custom(function = Paragraphs::<20000>::accept))]
    #[schema(value_type = Paragraphs<20000>, inline)]
    pub text: String,
}

/// The authors of a work.
pub(crate) type Authors = List<AuthorIn, 500>;

/// The sections of an abstract.
pub(crate) type AbstractSections = List<AbstractSectionIn, 100>;
