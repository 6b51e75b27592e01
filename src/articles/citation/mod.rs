//! A citation: the bibliographic record behind a literature article, as PubMed/MEDLINE keeps it.
//!
//! The types here are what clients receive. The renderers beside this file turn one citation into
//! the formats that reference managers read; they are pure and know nothing of HTTP or SQL.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    articles::wire::{AbstractRight, Integrity},
    values::{Doi, Issn, Orcid, PartialDate, Pmcid, Pmid, Slug},
};

mod bibtex;
mod csl;
mod dates;
mod facts;
mod language;
mod names;
mod nbib;
mod pages;
#[cfg(test)]
mod readers;
mod ris;
#[cfg(test)]
mod samples;
mod text;
mod vancouver;

pub use self::csl::{CslDate, CslDatePart, CslDateParts, CslItem, CslName};
pub(super) use self::dates::medline_date;

/// The bibliographic record of a published work, with PubMed's terms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"pmcid": null}))]
pub struct Citation {
    /// PubMed identifier; null where the work has none.
    #[schema(required)]
    pub pmid: Option<Pmid>,
    /// PubMed Central identifier, with its `PMC` prefix; null where the work has none.
    #[schema(required)]
    pub pmcid: Option<Pmcid>,
    /// Digital Object Identifier, without a resolver's address; null where the work has none.
    #[schema(required)]
    pub doi: Option<Doi>,
    /// Title of the work as the source writes it, in plain text.
    #[schema(
        max_length = 2000,
        example = "Combined Vertebral Augmentation and Radiofrequency Ablation in the Management of Spinal Metastases: an Update."
    )]
    pub title: String,
    /// The journal that published the work.
    pub journal: Journal,
    /// Volume of the journal; null where the source names none.
    #[schema(required, max_length = 100, example = "18")]
    pub volume: Option<String>,
    /// Issue within the volume; null where the source names none.
    #[schema(required, max_length = 100, example = "12")]
    pub issue: Option<String>,
    /// Pages, or the article number where the journal has no pages; null where the source names none.
    #[schema(required, max_length = 100, example = "74")]
    pub pages: Option<String>,
    /// Date of publication, as precise as the source states it.
    pub publication_date: PartialDate,
    /// Languages of the work as MEDLINE codes (ISO 639-2/B).
    #[schema(value_type = Vec<Statement>, max_items = 100, example = json!(["eng"]))]
    pub languages: Vec<String>,
    /// Publication types as PubMed names them.
    #[schema(value_type = Vec<Statement>, max_items = 100, example = json!(["Journal Article", "Review"]))]
    pub publication_types: Vec<String>,
    /// Medical Subject Headings that MEDLINE assigned to the work.
    #[schema(value_type = Vec<Statement>, max_items = 1000, example = json!([]))]
    pub mesh_headings: Vec<String>,
    /// Keywords that the authors gave.
    #[schema(value_type = Vec<Statement>, max_items = 1000, example = json!([]))]
    pub keywords: Vec<String>,
    /// Status of the record at MEDLINE, in the source's words; null where the source states none.
    #[schema(required, max_length = 100, example = "in process")]
    pub medline_status: Option<String>,
    /// State of the scientific record.
    #[schema(value_type = Integrity)]
    pub integrity: String,
    /// The authors in the order of the work.
    #[schema(max_items = 10000)]
    pub authors: Vec<Author>,
    /// The abstract by its sections; null where no right to show it is recorded.
    #[serde(rename = "abstract")]
    #[schema(required)]
    pub abstract_text: Option<CitationAbstract>,
    /// The citation as one line in the Vancouver style that PubMed uses.
    #[schema(
        max_length = 10000,
        example = "Kam NM, Maingard J, Kok HK, Ranatunga D, Brooks D, Torreggiani WC, Munk PL, Lee MJ, Chandra RV, Asadi H. Combined Vertebral Augmentation and Radiofrequency Ablation in the Management of Spinal Metastases: an Update. Curr Treat Options Oncol. 2017 Nov 16;18(12):74. doi: 10.1007/s11864-017-0516-7. PMID: 29143901."
    )]
    pub formatted: String,
    /// Web address of the record at PubMed, or of the DOI where there is no PMID; null without either.
    #[schema(required, format = Uri, max_length = 2000, example = "https://pubmed.ncbi.nlm.nih.gov/29143901/")]
    pub url: Option<String>,
}

impl Citation {
    /// The abstract, where there is a right to show it.
    pub fn shown_abstract(&self) -> Option<&CitationAbstract> {
        self.abstract_text.as_ref().filter(|shown| shown.right != "link_only")
    }
}

/// The journal that a work appeared in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"slug": "current-treatment-options-in-oncology"}))]
pub struct Journal {
    /// Identifier of the journal here.
    #[schema(example = "01a2097f-1112-73d0-9518-cd3b7e66c0ac")]
    pub id: Uuid,
    /// Slug of the journal, the value of the `journal` filter.
    pub slug: Slug,
    /// Full title.
    #[schema(max_length = 500, example = "Current Treatment Options in Oncology")]
    pub title: String,
    /// ISO 4 abbreviation as PubMed prints it; null where none is recorded.
    #[schema(required, max_length = 200, example = "Curr Treat Options Oncol")]
    pub iso_abbreviation: Option<String>,
    /// International Standard Serial Number; null where none is recorded.
    #[schema(required)]
    pub issn: Option<Issn>,
}

/// One author of a work: a person, or a collective that has only a `collective_name`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"orcid": null}))]
pub struct Author {
    /// Family name; null for a collective.
    #[schema(required, max_length = 200, example = "Kam")]
    pub family: Option<String>,
    /// Given names; null where the source does not spell them out.
    #[schema(required, max_length = 200)]
    pub given: Option<String>,
    /// Initials without full stops; null where the source has none.
    #[schema(required, max_length = 50, example = "NM")]
    pub initials: Option<String>,
    /// Suffix such as `Jr` or `3rd`; null where there is none.
    #[schema(required, max_length = 50)]
    pub suffix: Option<String>,
    /// Name of a group that authored the work; null for a person.
    #[schema(required, max_length = 1000)]
    pub collective_name: Option<String>,
    /// ORCID iD, dashed; null where none is recorded.
    #[schema(required)]
    pub orcid: Option<Orcid>,
    /// Affiliations as the source states them.
    #[schema(value_type = Vec<Statement>, max_items = 100, example = json!([]))]
    pub affiliations: Vec<String>,
}

/// An abstract that the clinic may show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CitationAbstract {
    /// The sections in order; an unstructured abstract has one section without a label.
    #[schema(max_items = 100)]
    pub sections: Vec<AbstractSection>,
    /// Copyright line of the abstract; null where the source has none.
    #[schema(required, max_length = 1000)]
    pub copyright: Option<String>,
    /// The right to show it.
    #[schema(value_type = AbstractRight)]
    pub right: String,
    /// The record behind that right: the licence's name, or who gave the permission; null where none is kept.
    #[schema(
        required,
        max_length = 1000,
        example = "Shown on the clinic's own web page, from which this demonstration is taken."
    )]
    pub right_basis: Option<String>,
}

/// A labelled part of an abstract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AbstractSection {
    /// Label as the source prints it; null where it has none.
    #[schema(required, max_length = 200, example = "OPINION STATEMENT")]
    pub label: Option<String>,
    /// Text of the section, plain.
    #[schema(
        max_length = 20000,
        example = "Spinal metastases are the most commonly encountered tumour of the spine, occurring in up to 40% of patients with cancer."
    )]
    pub text: String,
}

/// A text format that a citation can be had in: one line to read, or a file that reference managers import.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(title = "CitationFormat")]
pub enum CitationFormat {
    /// One line of text in the Vancouver style, as PubMed prints it.
    #[default]
    Vancouver,
    /// RIS, the tagged format of Research Information Systems.
    Ris,
    /// A BibTeX entry in UTF-8.
    Bibtex,
    /// PubMed's own tagged format (MEDLINE).
    Nbib,
}

impl CitationFormat {
    /// Extension of a file that holds the rendered citation, without the dot.
    pub fn file_extension(self) -> &'static str {
        match self {
            Self::Vancouver => "txt",
            Self::Ris => "ris",
            Self::Bibtex => "bib",
            Self::Nbib => "nbib",
        }
    }
}

/// CSL-JSON 1.0.2: an array of one item.
#[derive(Debug, ToSchema)]
#[schema(min_items = 1, max_items = 1)]
pub struct CslItems(pub Vec<CslItem>);

/// The citation as text.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, min_length = 1, max_length = 1000000)]
pub struct CitationText(pub String);

/// A term or a statement of a record, plain text.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, max_length = 5000)]
pub struct Statement(pub String);

/// Renders a citation in the format asked for.
pub fn render(citation: &Citation, format: CitationFormat) -> String {
    match format {
        CitationFormat::Vancouver => vancouver::format(citation),
        CitationFormat::Ris => ris::format(citation),
        CitationFormat::Bibtex => bibtex::format(citation),
        CitationFormat::Nbib => nbib::format(citation),
    }
}

/// Renders a citation as CSL-JSON.
pub fn render_csl(citation: &Citation) -> String {
    csl::format(citation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_named() {
        use CitationFormat::{Bibtex, Nbib, Ris, Vancouver};
        let rows = [
            ("vancouver", Vancouver, "txt"),
            ("ris", Ris, "ris"),
            ("bibtex", Bibtex, "bib"),
            ("nbib", Nbib, "nbib"),
        ];
        for (name, format, extension) in rows {
            assert_eq!(serde_json::to_value(format).ok(), Some(name.into()));
            assert_eq!(serde_json::from_value(name.into()).ok(), Some(format));
            assert_eq!(format.file_extension(), extension);
        }
    }

    #[test]
    fn render_picks_the_format() {
        let citation = samples::bare();
        let beginnings = [
            (CitationFormat::Vancouver, "Spinal pain. "),
            (CitationFormat::Ris, "TY  - JOUR"),
            (CitationFormat::Bibtex, "@article{"),
            (CitationFormat::Nbib, "DP  - 1987"),
        ];
        for (format, beginning) in beginnings {
            assert!(render(&citation, format).starts_with(beginning));
        }
    }
}
