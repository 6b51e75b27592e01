//! What must hold between the fields of an article, and in its lists of plain texts.

use jiff::civil::Date;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::{AbstractIn, AbstractRight, ArticleIn, AuthorIn, CitationIn, PublicationDateIn, citation::LanguageCode};
use crate::{
    articles::wire::ArticleKind,
    problem::FieldError,
    values::{DatePrecision, Line, faults},
};

/// As many faults as are told of at once.
const MOST_FAULTS: usize = 100;

impl ArticleIn {
    /// What breaks a rule that no field alone can break, with pointers into the article.
    pub fn broken_rules(&self) -> Vec<FieldError> {
        let mut found = Found::default();
        found.repeated("/topics", &self.topics);
        found.repeated("/services", &self.services);
        match &self.citation {
            Some(citation) => citation.check(&mut found),
            None if self.kind == ArticleKind::Literature => {
                found.add("/citation", "is needed for an article that presents a work");
            }
            None => {}
        }
        found.0.truncate(MOST_FAULTS);
        found.0
    }
}

impl CitationIn {
    fn check(&self, found: &mut Found) {
        found.each("/citation/languages", &self.languages, LanguageCode::accept);
        found.each(
            "/citation/publication_types",
            &self.publication_types,
            Line::<100>::accept,
        );
        found.each("/citation/mesh_headings", &self.mesh_headings, Line::<500>::accept);
        found.each("/citation/keywords", &self.keywords, Line::<500>::accept);
        if self.journal.slug().is_none() {
            found.add(
                "/citation/journal/slug",
                "is needed, as the title has no letters to make it from",
            );
        }
        self.publication_date.check(found);
        for (index, author) in self.authors.iter().enumerate() {
            author.check(&format!("/citation/authors/{index}"), found);
        }
        if let Some(shown) = &self.abstract_text {
            shown.check(found);
        }
    }
}

impl PublicationDateIn {
    fn check(&self, found: &mut Found) {
        let base = "/citation/publication_date";
        let is_day = match (
            i16::try_from(self.year),
            self.month.map(i8::try_from),
            self.day.map(i8::try_from),
        ) {
            (Ok(year), Some(Ok(month)), Some(Ok(day))) => Date::new(year, month, day).is_ok(),
            (_, None, Some(_)) => false,
            _ => true,
        };
        if !is_day {
            found.add(&format!("{base}/day"), "must be a day of the month that is given");
        }
        let of_parts = self.precision_of_parts();
        match self.precision {
            Some(DatePrecision::Season) if of_parts != DatePrecision::Year => {
                found.add(
                    &format!("{base}/month"),
                    "must be absent or null where only the season is known",
                );
            }
            Some(DatePrecision::Season) if self.raw.is_none() => {
                found.add(&format!("{base}/raw"), "must name the season");
            }
            Some(stated) if stated != DatePrecision::Season && stated != of_parts => {
                found.add(&format!("{base}/precision"), "must be what the parts of the date state");
            }
            _ => {}
        }
    }
}

impl AuthorIn {
    fn check(&self, pointer: &str, found: &mut Found) {
        if self.family.is_some() == self.collective_name.is_some() {
            found.add(pointer, "must have either a family name or a collective name");
        }
        found.each(
            &format!("{pointer}/affiliations"),
            &self.affiliations,
            Line::<5000>::accept,
        );
    }
}

impl AbstractIn {
    fn check(&self, found: &mut Found) {
        if let Err(errors) = self.validate() {
            found.0.extend(faults::field_errors(&errors, "/citation/abstract"));
        }
        if self.right != AbstractRight::LinkOnly && self.right_basis.is_none() {
            found.add("/citation/abstract/right_basis", "must say where the right comes from");
        }
    }
}

/// The faults found so far.
#[derive(Default)]
struct Found(Vec<FieldError>);

impl Found {
    fn add(&mut self, pointer: &str, detail: &str) {
        self.0.push(FieldError::invalid_content(pointer, detail));
    }

    /// Checks each text of a list.
    fn each(&mut self, pointer: &str, texts: &[String], accept: fn(&str) -> Result<(), ValidationError>) {
        for (index, text) in texts.iter().enumerate() {
            if let Err(fault) = accept(text) {
                self.add(&format!("{pointer}/{index}"), &faults::detail(&fault));
            }
        }
    }

    fn repeated(&mut self, pointer: &str, ids: &[Uuid]) {
        for (index, id) in ids.iter().enumerate() {
            if ids.iter().take(index).any(|earlier| earlier == id) {
                self.add(&format!("{pointer}/{index}"), "must not be there already");
            }
        }
    }
}
