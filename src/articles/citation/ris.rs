//! RIS as Research Information Systems specified it: `TY` first, `ER` last, one field a line,
//! lines ended by CR LF, no asterisk in names, keywords and journals. In UTF-8.

use super::Citation;
use super::dates::{day, month, season};
use super::facts::{abstract_with_copyright, integrity_note, subjects};
use super::names::{Name, given_or_initials};
use super::pages::page_range;
use super::text::{all_filled, bare_title, filled, one_line};
use crate::values::PartialDate;

/// The citation as one RIS record.
pub(super) fn format(citation: &Citation) -> String {
    let mut record = Record(String::new());
    record.field("TY", Some("JOUR".into()));
    for name in citation.authors.iter().filter_map(Name::of) {
        record.field("AU", Some(plain(&author(&name))));
    }
    record.field("TI", Some(bare_title(&citation.title)));
    locate(&mut record, citation);
    identify(&mut record, citation);
    record.field("AB", abstract_with_copyright(citation));
    for subject in subjects(citation) {
        record.field("KW", Some(plain(&subject)));
    }
    for language in all_filled(&citation.languages) {
        record.field("LA", Some(language));
    }
    record.field("N1", integrity_note(citation).map(Into::into));
    record.field("UR", filled(citation.url.as_deref()));
    record.0.push_str("ER  - \r\n");
    record.0
}

/// Journal, date, volume, issue and pages.
fn locate(record: &mut Record, citation: &Citation) {
    let date = &citation.publication_date;
    record.field("T2", Some(plain(&citation.journal.title)));
    record.field("JA", citation.journal.iso_abbreviation.as_deref().map(plain));
    record.field("PY", Some(date.year.to_string()));
    record.field("DA", full_date(date));
    record.field("VL", filled(citation.volume.as_deref()));
    record.field("IS", filled(citation.issue.as_deref()));
    let (first, last) = page_range(citation).unzip();
    record.field("SP", first);
    record.field("EP", last.flatten());
}

fn identify(record: &mut Record, citation: &Citation) {
    let text = |id: &str| filled(Some(id));
    record.field("SN", citation.journal.issn.as_ref().and_then(|id| text(id.as_str())));
    record.field("DO", citation.doi.as_ref().and_then(|id| text(id.as_str())));
    if let Some(pmid) = &citation.pmid {
        record.field("AN", text(pmid.as_str()));
        record.field("DB", Some("PubMed".into()));
    }
    record.field("C2", citation.pmcid.as_ref().and_then(|id| text(id.as_str())));
}

struct Record(String);

impl Record {
    /// Appends a field whose value is on one line already; an empty one is left out.
    fn field(&mut self, tag: &str, value: Option<String>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.0.push_str(&format!("{tag}  - {value}\r\n"));
        }
    }
}

/// `Family, Given, Suffix`; a collective is its name alone.
fn author(name: &Name) -> String {
    match name {
        Name::Collective(name) => name.clone(),
        Name::Person {
            family,
            given,
            initials,
            suffix,
        } => {
            let given = given_or_initials(given.as_deref(), initials.as_deref());
            let suffix = suffix.clone();
            let parts = [Some(family.clone()), given, suffix];
            parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
    }
}

/// `YYYY/MM/DD/other`, with the slashes of the parts that are missing; none for a bare year.
fn full_date(date: &PartialDate) -> Option<String> {
    let year = date.year;
    match (month(date), day(date), season(date)) {
        (Some(month), Some(day), _) => Some(format!("{year:04}/{month:02}/{day:02}")),
        (Some(month), None, _) => Some(format!("{year:04}/{month:02}//")),
        (None, _, Some((_, season))) => Some(format!("{year:04}///{season}")),
        (None, _, None) => None,
    }
}

/// Text without the asterisk, which the format forbids in names, keywords and journals.
fn plain(text: &str) -> String {
    one_line(&text.replace('*', ""))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{bare, bracketed, date, nasty, vertebral};
    use super::*;

    #[test]
    fn writes_the_whole_record() {
        let expected = include_str!("../../../tests/fixtures/citations/pmid29143901.ris");
        let expected: Vec<&str> = expected.lines().collect();
        assert_eq!(format(&vertebral()), expected.join("\r\n") + "\r\n");
    }

    #[test]
    fn leaves_out_what_is_missing() {
        assert_eq!(
            format(&bare()),
            "TY  - JOUR\r\nTI  - Spinal pain\r\nT2  - The Spine Journal\r\nPY  - 1987\r\nER  - \r\n"
        );
    }

    #[test]
    fn names_pages_and_season() {
        let record = format(&bracketed());
        for line in [
            "AU  - Müller-Weiß, Jean-Pierre, Jr",
            "AU  - Deutsche Gesellschaft für Wirbelsäule e.V.",
            "TI  - [Does the disc heal?]",
            "DA  - 1999///Winter",
            "SP  - 2441",
            "EP  - 2450",
            "C2  - PMC123",
            "LA  - ger",
            "LA  - fre",
        ] {
            assert!(record.contains(&format!("\r\n{line}\r\n")), "{line} in {record}");
        }
    }

    #[test]
    fn no_field_ends_or_begins_a_record() {
        let record = format(&nasty());
        assert_eq!(record.matches("\r\nER  - ").count(), 1, "{record}");
        assert_eq!(record.matches("TY  - JOUR\r\n").count(), 1, "{record}");
        let tagged = |line: &str| line.get(2..6) == Some("  - ");
        assert!(record.lines().all(tagged), "{record}");
        assert!(record.contains("T2  - Spine { & Bone\r\n"), "{record}");
        assert!(record.contains("KW  - Spine/surgery\r\n"), "{record}");
        assert!(record.contains("N1  - Retracted publication\r\n"), "{record}");
    }

    #[test]
    fn dates_keep_their_slashes() {
        let month = date((2017, Some(3), None), "month", "2017 Mar");
        assert_eq!(full_date(&month).as_deref(), Some("2017/03//"));
        assert_eq!(full_date(&date((2017, None, None), "year", "2017")), None);
    }
}
