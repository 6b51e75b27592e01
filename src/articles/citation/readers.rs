//! What independent readers make of the rendered files: none of the code that wrote them reads them.

use biblatex::{Bibliography, ChunksExt, Entry};
use biblib::{Citation as Read, CitationParser, PubMedParser, RisParser};

use super::samples::{bare, bracketed, nasty, vertebral};
use super::text::{bare_title, one_line};
use super::{Citation, CitationFormat, render};

fn from_ris(citation: &Citation) -> Read {
    let text = render(citation, CitationFormat::Ris);
    let mut records = RisParser::new().parse(&text).unwrap_or_default();
    assert_eq!(records.len(), 1, "{text}");
    records.remove(0)
}

fn from_nbib(citation: &Citation) -> Read {
    let text = render(citation, CitationFormat::Nbib);
    let mut records = PubMedParser::new().parse(&text).unwrap_or_default();
    assert_eq!(records.len(), 1, "{text}");
    records.remove(0)
}

fn from_bibtex(citation: &Citation) -> Entry {
    let text = render(citation, CitationFormat::Bibtex);
    let entries = Bibliography::parse(&text).map(Bibliography::into_vec);
    let [entry] =
        <[Entry; 1]>::try_from(entries.unwrap_or_default()).unwrap_or_else(|entries| panic!("{entries:?} of {text}"));
    entry
}

/// A field of an entry as plain text, its commands decoded.
fn field(entry: &Entry, name: &str) -> String {
    entry
        .fields
        .get(name)
        .map(|chunks| chunks.format_verbatim())
        .unwrap_or_default()
}

fn names(read: &Read) -> Vec<String> {
    let full = |given: &Option<String>| given.clone().unwrap_or_default();
    let authors = read.authors.iter();
    authors
        .map(|a| format!("{} {} {}", a.name, full(&a.given_name), full(&a.middle_name)))
        .map(|name| one_line(&name))
        .collect()
}

#[test]
fn every_reader_finds_one_record_with_its_title() {
    for citation in [vertebral(), bracketed(), nasty(), bare()] {
        let title = bare_title(&citation.title);
        assert_eq!(from_ris(&citation).title, title);
        assert_eq!(from_nbib(&citation).title, one_line(&citation.title));
        assert_eq!(field(&from_bibtex(&citation), "title"), title);
    }
}

#[test]
fn tagged_formats_carry_the_record() {
    for read in [from_ris(&vertebral()), from_nbib(&vertebral())] {
        assert_eq!(read.journal.as_deref(), Some("Current treatment options in oncology"));
        assert_eq!(read.journal_abbr.as_deref(), Some("Curr Treat Options Oncol"));
        let date = read.date.as_ref().map(|date| (date.year, date.month, date.day));
        assert_eq!(date, Some((2017, Some(11), Some(16))));
        assert_eq!(read.volume.as_deref(), Some("18"));
        assert_eq!(read.issue.as_deref(), Some("12"));
        assert_eq!(read.pages.as_deref(), Some("74"));
        assert_eq!(read.issn.len(), 1);
        assert!(read.issn[0].starts_with("1534-6277"));
        assert_eq!(read.doi.as_deref(), Some("10.1007/s11864-017-0516-7"));
        assert_eq!(read.language.as_deref(), Some("eng"));
        assert_eq!(read.keywords, ["Radiofrequency ablation", "Spinal metastases"]);
        let abstract_text = read.abstract_text.as_deref().unwrap_or_default();
        assert!(
            abstract_text.ends_with("in up to 40% of patients with cancer."),
            "{abstract_text}"
        );
    }
}

#[test]
fn tagged_formats_carry_authors_and_pmid() {
    let (ris, nbib) = (from_ris(&vertebral()), from_nbib(&vertebral()));
    assert_eq!((ris.authors.len(), nbib.authors.len()), (10, 10));
    assert_eq!(names(&ris)[..2], ["Kam N. M.", "Maingard J."]);
    assert_eq!(names(&nbib)[..2], ["Kam N M", "Maingard J"]);
    assert_eq!(ris.accession_number.as_deref(), Some("29143901"));
    assert_eq!(nbib.pmid.as_deref(), Some("29143901"));
    assert_eq!(nbib.citation_type, ["Journal Article", "Review"]);
}

#[test]
fn tagged_formats_carry_ranges_and_identifiers() {
    for read in [from_ris(&bracketed()), from_nbib(&bracketed())] {
        assert_eq!(read.pages.as_deref(), Some("2441-2450"));
        assert_eq!(read.pmc_id.as_deref(), Some("PMC123"));
        assert_eq!(read.date.map(|date| (date.year, date.month)), Some((1999, None)));
    }
    assert_eq!(
        names(&from_nbib(&bracketed())),
        [
            "Müller-Weiß Jean-Pierre Jr",
            "Deutsche Gesellschaft für Wirbelsäule e.V.",
            "Ng A"
        ]
    );
}

#[test]
fn bibtex_names_survive() {
    let authors = from_bibtex(&bracketed()).author().unwrap_or_default();
    let parts: Vec<_> = authors
        .iter()
        .map(|a| (a.name.as_str(), a.suffix.as_str(), a.given_name.as_str()))
        .collect();
    let society = "Deutsche Gesellschaft für Wirbelsäule e.V.";
    assert_eq!(
        parts,
        [
            ("Müller-Weiß", "Jr", "Jean-Pierre"),
            (society, "", ""),
            ("Ng", "", "A.")
        ]
    );
    let hostile = from_bibtex(&nasty()).author().unwrap_or_default();
    let parts: Vec<_> = hostile
        .iter()
        .map(|a| (a.name.as_str(), a.given_name.as_str()))
        .collect();
    assert_eq!(
        parts,
        [("Marks and, Spencer} AU - X", "A \\"), ("Group {of} A and B", "")]
    );
}

#[test]
fn bibtex_carries_the_record() {
    let entry = from_bibtex(&vertebral());
    assert_eq!(entry.key, "pmid29143901");
    for (name, value) in [
        ("journal", "Current treatment options in oncology"),
        ("year", "2017"),
        ("month", "November"),
        ("volume", "18"),
        ("number", "12"),
        ("pages", "74"),
        ("doi", "10.1007/s11864-017-0516-7"),
        ("pmid", "29143901"),
        ("url", "https://pubmed.ncbi.nlm.nih.gov/29143901/"),
    ] {
        assert_eq!(field(&entry, name), value);
    }
    assert!(field(&entry, "abstract").contains("up to 40% of patients"));
    assert_eq!(field(&from_bibtex(&nasty()), "journal"), "Spine { & *Bone");
}
