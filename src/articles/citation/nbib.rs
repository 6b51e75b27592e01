//! PubMed's own tagged format (MEDLINE), as its "Save citation to file" writes it: a tag of four
//! columns, a hyphen, the value; long values go on in lines that begin with six spaces.

use super::dates::medline_date;
use super::facts::{abstract_copyright, abstract_paragraph, integrity_note};
use super::names::{Name, spell_initials};
use super::pages::pages;
use super::text::{all_filled, filled, one_line};
use super::{Author, Citation, vancouver};

/// Columns that PubMed fills before it goes on in the next line.
const WIDTH: usize = 80;

/// `STAT` values by the words that sources use for them, lower-case with spaces.
const STATUSES: &[(&str, &str)] = &[
    ("medline", "MEDLINE"),
    ("indexed for medline", "MEDLINE"),
    ("in process", "In-Process"),
    ("in data review", "In-Data-Review"),
    ("publisher", "Publisher"),
    ("as supplied by publisher", "Publisher"),
    ("pubmed not medline", "PubMed-not-MEDLINE"),
    ("oldmedline", "OLDMEDLINE"),
];

/// The citation as one record of PubMed's format.
pub(super) fn format(citation: &Citation) -> String {
    let mut record = Record(String::new());
    if let Some(pmid) = &citation.pmid {
        record.field("PMID", filled(Some(pmid.as_str())));
        record.field("OWN", Some("NLM".into()));
        record.field("STAT", status(citation.medline_status.as_deref()));
    }
    // PubMed always names the kind of an ISSN and readers rely on it; this one stands for the journal.
    let issn = citation.journal.issn.as_ref();
    let issn = issn.and_then(|issn| filled(Some(issn.as_str())));
    record.field("IS", issn.map(|issn| format!("{issn} (Linking)")));
    record.field("VI", filled(citation.volume.as_deref()));
    record.field("IP", filled(citation.issue.as_deref()));
    record.field("DP", Some(medline_date(&citation.publication_date)));
    record.field("TI", Some(one_line(&citation.title)));
    record.field("PG", pages(citation));
    record.field("AB", abstract_paragraph(citation));
    record.field("CI", abstract_copyright(citation));
    for author in &citation.authors {
        record.author(author);
    }
    record.fields("LA", &citation.languages);
    record.fields("PT", &publication_types(citation));
    journal_and_subjects(&mut record, citation);
    identify(&mut record, citation);
    record.0
}

fn journal_and_subjects(record: &mut Record, citation: &Citation) {
    let journal = &citation.journal;
    record.field("TA", filled(journal.iso_abbreviation.as_deref()));
    record.field("JT", Some(one_line(&journal.title)));
    record.fields("MH", &citation.mesh_headings);
    record.fields("OT", &citation.keywords);
}

fn identify(record: &mut Record, citation: &Citation) {
    let pmcid = citation.pmcid.as_ref();
    record.field("PMC", pmcid.and_then(|id| filled(Some(id.as_str()))));
    let doi = citation.doi.as_ref();
    let doi = doi.and_then(|doi| filled(Some(doi.as_str())));
    record.field("AID", doi.as_ref().map(|doi| format!("{doi} [doi]")));
    record.field("SO", Some(source(citation, doi.as_deref())));
}

struct Record(String);

impl Record {
    /// Appends a field whose value is on one line already, wrapped; an empty one is left out.
    fn field(&mut self, tag: &str, value: Option<String>) {
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return;
        };
        self.0.push_str(&format!("{tag:<4}-"));
        let mut column = 5; // the tag and its hyphen
        for word in value.split(' ') {
            let width = word.chars().count();
            if column > 6 && column + 1 + width > WIDTH {
                self.0.push_str("\n     ");
                column = 5;
            }
            self.0.push(' ');
            self.0.push_str(word);
            column += 1 + width;
        }
        self.0.push('\n');
    }

    fn fields(&mut self, tag: &str, values: &[String]) {
        for value in all_filled(values) {
            self.field(tag, Some(value));
        }
    }

    fn author(&mut self, author: &Author) {
        let Some(name) = Name::of(author) else {
            return;
        };
        if matches!(name, Name::Collective(_)) {
            self.field("CN", Some(vancouver::author(&name)));
        } else {
            self.field("FAU", Some(full_name(&name)));
            self.field("AU", Some(vancouver::author(&name)));
        }
        let orcid = author.orcid.as_ref().and_then(|id| filled(Some(id.as_str())));
        self.field("AUID", orcid.map(|id| format!("ORCID: {id}")));
        self.fields("AD", &author.affiliations);
    }
}

/// `Family, Given Suffix`, as the `FAU` line has it.
fn full_name(name: &Name) -> String {
    let Name::Person {
        family,
        given,
        initials,
        suffix,
    } = name
    else {
        return vancouver::author(name);
    };
    let initials = initials.as_deref().map(|initials| spell_initials(initials, ""));
    let given = [given.clone().or(initials), suffix.clone()];
    let given: Vec<String> = given.into_iter().flatten().collect();
    if given.is_empty() {
        return family.clone();
    }
    format!("{family}, {}", given.join(" "))
}

/// MEDLINE's word for a status; none where the source's words are not one of them.
fn status(status: Option<&str>) -> Option<String> {
    let status = one_line(&status?.to_lowercase().replace(['-', '_', '–'], " "));
    let known = STATUSES.iter().find(|(words, _)| *words == status);
    known.map(|(_, status)| (*status).to_owned())
}

/// The publication types, with PubMed's own for a retracted work.
fn publication_types(citation: &Citation) -> Vec<String> {
    let mut types = all_filled(&citation.publication_types);
    let retracted = "Retracted Publication";
    if integrity_note(citation).is_some_and(|note| note.eq_ignore_ascii_case(retracted))
        && !types.iter().any(|kind| kind.eq_ignore_ascii_case(retracted))
    {
        types.push(retracted.to_owned());
    }
    types
}

fn source(citation: &Citation, doi: Option<&str>) -> String {
    let journal = vancouver::journal(&citation.journal);
    let source = format!("{journal}. {}.", vancouver::source(citation));
    match doi {
        Some(doi) => format!("{source} doi: {doi}."),
        None => source,
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{bare, bracketed, nasty, vertebral};
    use super::*;

    #[test]
    fn writes_the_whole_record() {
        let expected = include_str!("../../../tests/fixtures/citations/pmid29143901.nbib");
        assert_eq!(format(&vertebral()), expected);
    }

    #[test]
    fn leaves_out_what_is_missing() {
        assert_eq!(
            format(&bare()),
            "DP  - 1987\nTI  - Spinal pain.\nJT  - The Spine Journal\n\
             SO  - The Spine Journal. 1987.\n"
        );
    }

    #[test]
    fn names_in_their_order() {
        let record = format(&bracketed());
        assert!(
            record.contains(
                "\nFAU - Müller-Weiß, Jean-Pierre Jr\nAU  - Müller-Weiß JP Jr\n\
                 AUID- ORCID: 0000-0002-1825-0097\nAD  - Klinik, Köln, Germany.\n\
                 CN  - Deutsche Gesellschaft für Wirbelsäule e.V.\nFAU - Ng, A\nAU  - Ng A\n"
            ),
            "{record}"
        );
        assert!(
            record.contains("\nPMC - PMC123\nAID - 10.1055/s-2008-1037 [doi]\n"),
            "{record}"
        );
    }

    #[test]
    fn no_field_begins_a_line_of_its_own() {
        let record = format(&nasty());
        let tags: Vec<&str> = record
            .lines()
            .filter(|line| !line.starts_with("      "))
            .map(|line| line.split('-').next().unwrap_or_default().trim())
            .collect();
        assert_eq!(
            tags.join(" "),
            "PMID OWN STAT VI DP TI PG AB CI FAU AU CN PT JT MH MH OT AID SO",
            "{record}"
        );
        assert!(record.contains("\nPT  - Retracted Publication\n"), "{record}");
    }

    #[test]
    fn wraps_at_spaces_only() {
        let field = |value: &str| {
            let mut record = Record(String::new());
            record.field("AB", Some(value.into()));
            record.0
        };
        let (line, long) = (["word"; 15].join(" "), "x".repeat(100));
        assert_eq!(
            field(&format!("{line} word {long} b")),
            format!("AB  - {line}\n      word\n      {long}\n      b\n")
        );
        let (fits, exceeds) = ("y".repeat(72), "y".repeat(73));
        assert_eq!(field(&format!("a {fits}")), format!("AB  - a {fits}\n"));
        assert_eq!(field(&format!("a {exceeds}")), format!("AB  - a\n      {exceeds}\n"));
    }

    #[test]
    fn statuses_in_medlines_words() {
        assert_eq!(status(Some("in process")).as_deref(), Some("In-Process"));
        assert_eq!(
            status(Some("PubMed-not-MEDLINE")).as_deref(),
            Some("PubMed-not-MEDLINE")
        );
        assert_eq!(status(Some("whatever")), None);
    }
}
