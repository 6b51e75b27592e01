//! A citation: the bibliographic record behind a literature article, as PubMed/MEDLINE keeps it.
//!
//! The types here are what clients receive. The renderers beside this file turn one citation into
//! the formats that reference managers read; they are pure and know nothing of HTTP or SQL.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::values::{Doi, Issn, Orcid, PartialDate, Pmcid, Pmid, Slug};

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
pub mod vancouver;

/// The bibliographic record of a published work, with PubMed's terms.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Citation {
    /// PubMed identifier.
    #[schema(required)]
    pub pmid: Option<Pmid>,
    /// PubMed Central identifier, with its `PMC` prefix.
    #[schema(required)]
    pub pmcid: Option<Pmcid>,
    /// Digital Object Identifier, without a resolver's address.
    #[schema(required)]
    pub doi: Option<Doi>,
    /// Title of the work as the source writes it, in plain text.
    #[schema(example = "Spinal metastases: an update.")]
    pub title: String,
    /// The journal that published the work.
    pub journal: Journal,
    /// Volume of the journal.
    #[schema(required, example = "18")]
    pub volume: Option<String>,
    /// Issue within the volume.
    #[schema(required, example = "12")]
    pub issue: Option<String>,
    /// Pages, or the article number where the journal has no pages.
    #[schema(required, example = "74")]
    pub pages: Option<String>,
    /// Date of publication, as precise as the source states it.
    pub publication_date: PartialDate,
    /// Languages of the work as MEDLINE codes (ISO 639-2/B).
    #[schema(example = json!(["eng"]))]
    pub languages: Vec<String>,
    /// Publication types as PubMed names them.
    #[schema(example = json!(["Journal Article", "Review"]))]
    pub publication_types: Vec<String>,
    /// Medical Subject Headings that MEDLINE assigned to the work.
    pub mesh_headings: Vec<String>,
    /// Keywords that the authors gave.
    pub keywords: Vec<String>,
    /// Status of the record at MEDLINE, in the source's words, such as `in process`.
    #[schema(required, example = "in process")]
    pub medline_status: Option<String>,
    /// State of the scientific record: `ok`, `corrected`, `concern` or `retracted`; more may come.
    #[schema(example = "ok")]
    pub integrity: String,
    /// The authors in the order of the work.
    pub authors: Vec<Author>,
    /// The abstract by its sections; null where no right to show it is recorded.
    #[serde(rename = "abstract")]
    #[schema(required)]
    pub abstract_text: Option<Abstract>,
    /// The citation as one line in the Vancouver style that PubMed uses.
    pub formatted: String,
    /// Web address of the record at PubMed, or of the DOI where there is no PMID.
    #[schema(required, example = "https://pubmed.ncbi.nlm.nih.gov/29143901/")]
    pub url: Option<String>,
}

/// The journal that a work appeared in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Journal {
    /// Identifier of the journal here.
    pub id: Uuid,
    /// Slug of the journal, the value of the `journal` filter.
    pub slug: Slug,
    /// Full title.
    #[schema(example = "Current treatment options in oncology")]
    pub title: String,
    /// ISO 4 abbreviation as PubMed prints it.
    #[schema(required, example = "Curr Treat Options Oncol")]
    pub iso_abbreviation: Option<String>,
    /// International Standard Serial Number.
    #[schema(required)]
    pub issn: Option<Issn>,
}

/// One author of a work: a person, or a collective that has only a `collective_name`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Author {
    /// Family name; null for a collective.
    #[schema(required, example = "Asadi")]
    pub family: Option<String>,
    /// Given names, where the source spells them out.
    #[schema(required)]
    pub given: Option<String>,
    /// Initials without full stops.
    #[schema(required, example = "H")]
    pub initials: Option<String>,
    /// Suffix such as `Jr` or `3rd`.
    #[schema(required)]
    pub suffix: Option<String>,
    /// Name of a group that authored the work; null for a person.
    #[schema(required)]
    pub collective_name: Option<String>,
    /// ORCID iD, dashed.
    #[schema(required)]
    pub orcid: Option<Orcid>,
    /// Affiliations as the source states them.
    pub affiliations: Vec<String>,
}

/// An abstract that the clinic may show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Abstract {
    /// The sections in order; an unstructured abstract has one section without a label.
    pub sections: Vec<AbstractSection>,
    /// Copyright line of the abstract.
    #[schema(required)]
    pub copyright: Option<String>,
    /// Why it may be shown: `open_licence` or `permission_held`; more may come.
    #[schema(example = "permission_held")]
    pub right: String,
    /// The record behind that right: the licence's name, or who gave the permission.
    #[schema(required)]
    pub right_basis: Option<String>,
}

/// A labelled part of an abstract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AbstractSection {
    /// Label as the source prints it; null where it has none.
    #[schema(required, example = "OPINION STATEMENT")]
    pub label: Option<String>,
    /// Text of the section, plain.
    pub text: String,
}

/// A format that a citation can be had in: one line to read, or a file that reference managers import.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CitationFormat {
    /// One line of text in the Vancouver style, as PubMed prints it.
    #[default]
    Vancouver,
    /// RIS, the tagged format of Research Information Systems.
    Ris,
    /// A BibTeX entry in UTF-8.
    Bibtex,
    /// CSL-JSON 1.0.2, an array of one item.
    Csl,
    /// PubMed's own tagged format (MEDLINE).
    Nbib,
}

impl CitationFormat {
    /// Media type of the rendered citation, with its charset where the type has one.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Vancouver => "text/plain; charset=utf-8",
            Self::Ris => "application/x-research-info-systems",
            Self::Bibtex => "application/x-bibtex",
            Self::Csl => "application/vnd.citationstyles.csl+json",
            Self::Nbib => "application/nbib",
        }
    }

    /// Extension of a file that holds the rendered citation, without the dot.
    pub fn file_extension(self) -> &'static str {
        match self {
            Self::Vancouver => "txt",
            Self::Ris => "ris",
            Self::Bibtex => "bib",
            Self::Csl => "json",
            Self::Nbib => "nbib",
        }
    }
}

/// An item of CSL-JSON 1.0.2, as the Citation Style Language project defines it.
#[derive(Debug, ToSchema)]
#[schema(value_type = Object)]
pub struct CslItem(pub serde_json::Value);

/// Renders a citation in the format asked for.
pub fn render(citation: &Citation, format: CitationFormat) -> String {
    match format {
        CitationFormat::Vancouver => vancouver::format(citation),
        CitationFormat::Ris => ris::format(citation),
        CitationFormat::Bibtex => bibtex::format(citation),
        CitationFormat::Csl => csl::format(citation),
        CitationFormat::Nbib => nbib::format(citation),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_named_and_typed() {
        use CitationFormat::{Bibtex, Csl, Nbib, Ris, Vancouver};
        let rows = [
            ("vancouver", Vancouver, "text/plain; charset=utf-8", "txt"),
            ("ris", Ris, "application/x-research-info-systems", "ris"),
            ("bibtex", Bibtex, "application/x-bibtex", "bib"),
            ("csl", Csl, "application/vnd.citationstyles.csl+json", "json"),
            ("nbib", Nbib, "application/nbib", "nbib"),
        ];
        for (name, format, content_type, extension) in rows {
            assert_eq!(serde_json::to_value(format).ok(), Some(name.into()));
            assert_eq!(serde_json::from_value(name.into()).ok(), Some(format));
            assert_eq!(format.content_type(), content_type);
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
            (CitationFormat::Csl, "[\n"),
            (CitationFormat::Nbib, "DP  - 1987"),
        ];
        for (format, beginning) in beginnings {
            assert!(render(&citation, format).starts_with(beginning));
        }
    }
}
