//! What editors wrote of a work, as the record that the renderers read.

use uuid::Uuid;

use super::{AbstractIn, AbstractSectionIn, AuthorIn, CitationIn, JournalIn, PublicationDateIn};
use crate::{
    articles::citation::{self, AbstractSection, Author, Citation, CitationAbstract, Journal},
    values::{DatePrecision, Doi, Issn, Orcid, PartialDate, Pmcid, Pmid, Slug},
};

impl CitationIn {
    /// The record in the form that the renderers read, in a journal as it is stored; its line is not filled in.
    pub fn record(&self, journal: Journal) -> Citation {
        Citation {
            pmid: self.pmid.clone().map(Pmid::stored),
            pmcid: self.pmcid.clone().map(Pmcid::stored),
            doi: self.doi.clone().map(Doi::stored),
            title: self.title.clone(),
            journal,
            volume: self.volume.clone(),
            issue: self.issue.clone(),
            pages: self.pages.clone(),
            publication_date: self.publication_date.record(),
            languages: self.languages.clone(),
            publication_types: self.publication_types.clone(),
            mesh_headings: self.mesh_headings.clone(),
            keywords: self.keywords.clone(),
            medline_status: self.medline_status.clone(),
            integrity: self.integrity.as_str().to_owned(),
            authors: self.authors.iter().map(AuthorIn::record).collect(),
            abstract_text: self.abstract_text.as_ref().map(AbstractIn::record),
            formatted: String::new(),
            url: None,
        }
    }
}

impl JournalIn {
    /// Its slug, or the one that its title makes; none where the title has no letter.
    pub(super) fn slug(&self) -> Option<Slug> {
        let given = self.slug.clone().map(Slug::stored);
        given.or_else(|| Slug::from_title(&self.title))
    }

    /// The journal as it is written, without the id that it has here.
    pub fn record(&self) -> Journal {
        Journal {
            id: Uuid::nil(),
            // A journal without any was refused.
            slug: self.slug().unwrap_or_else(|| Slug::stored("journal".to_owned())),
            title: self.title.clone(),
            iso_abbreviation: self.iso_abbreviation.clone(),
            issn: self.issn.clone().map(Issn::stored),
        }
    }
}

impl PublicationDateIn {
    /// How much of the date its parts state.
    pub(super) fn precision_of_parts(&self) -> DatePrecision {
        match (self.month, self.day) {
            (None, _) => DatePrecision::Year,
            (Some(_), None) => DatePrecision::Month,
            (Some(_), Some(_)) => DatePrecision::Day,
        }
    }

    fn record(&self) -> PartialDate {
        let small = |number: Option<i32>| number.and_then(|number| i8::try_from(number).ok());
        let precision = self.precision.unwrap_or_else(|| self.precision_of_parts());
        let mut date = PartialDate {
            year: i16::try_from(self.year).unwrap_or_default(),
            month: small(self.month),
            day: small(self.day),
            precision: precision.as_str().to_owned(),
            raw: self.raw.clone().unwrap_or_default(),
        };
        if date.raw.is_empty() {
            date.raw = citation::medline_date(&date);
        }
        date
    }
}

impl AuthorIn {
    fn record(&self) -> Author {
        Author {
            family: self.family.clone(),
            given: self.given.clone(),
            initials: self.initials.clone(),
            suffix: self.suffix.clone(),
            collective_name: self.collective_name.clone(),
            orcid: self.orcid.clone().map(Orcid::stored),
            affiliations: self.affiliations.clone(),
        }
    }
}

impl AbstractIn {
    fn record(&self) -> CitationAbstract {
        let section = |section: &AbstractSectionIn| AbstractSection {
            label: section.label.clone(),
            text: section.text.clone(),
        };
        CitationAbstract {
            sections: self.sections.iter().map(section).collect(),
            copyright: self.copyright.clone(),
            right: self.right.as_str().to_owned(),
            right_basis: self.right_basis.clone(),
        }
    }
}
