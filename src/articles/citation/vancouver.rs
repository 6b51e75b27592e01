//! The one-line form that PubMed prints under "Cite", after NLM's Citing Medicine: all authors,
//! title, journal, date;volume(issue):pages, language, DOI, identifiers.
//!
//! It is what `Citation.formatted` is filled with, so it must never read that field.

use super::dates::medline_date;
use super::facts::integrity_note;
use super::names::Name;
use super::pages::pages;
use super::text::{all_filled, filled, one_line, sentence};
use super::{Author, Citation, Journal, language};

/// The citation as one line in the Vancouver style; `formatted` is not read and may be empty.
pub(super) fn format(citation: &Citation) -> String {
    let title = filled(Some(&citation.title));
    [
        authors(&citation.authors),
        title.map(|title| sentence(&title)),
        Some(sentence(&journal(&citation.journal))),
        Some(format!("{}.", source(citation))),
        foreign_languages(&citation.languages),
        citation
            .doi
            .as_ref()
            .map(|doi| format!("doi: {}.", one_line(doi.as_str()))),
        integrity_note(citation).map(|note| format!("{note}.")),
        identifiers(citation),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(" ")
}

/// The journal's abbreviation without a full stop at its end, or its title.
pub(super) fn journal(journal: &Journal) -> String {
    filled(journal.iso_abbreviation.as_deref())
        .unwrap_or_else(|| one_line(&journal.title))
        .trim_end_matches('.')
        .to_owned()
}

/// Date, volume, issue and pages: `2017 Nov 16;18(12):74`.
pub(super) fn source(citation: &Citation) -> String {
    let mut source = medline_date(&citation.publication_date);
    let volume = filled(citation.volume.as_deref());
    let issue = filled(citation.issue.as_deref());
    if volume.is_some() || issue.is_some() {
        source.push(';');
        source.push_str(volume.as_deref().unwrap_or_default());
    }
    if let Some(issue) = issue {
        source.push_str(&format!("({issue})"));
    }
    if let Some(pages) = pages(citation) {
        source.push(':');
        source.push_str(pages.trim_end_matches('.'));
    }
    source
}

/// An author as PubMed's `AU` line has it: `Smith JA Jr`.
pub(super) fn author(name: &Name) -> String {
    match name {
        Name::Collective(name) => name.clone(),
        Name::Person {
            family,
            initials,
            suffix,
            ..
        } => {
            let initials = initials.as_deref().map(|i| i.replace(['.', ' '], ""));
            let parts = [Some(family.clone()), initials, suffix.clone()];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
    }
}

/// All authors; PubMed sets a collective apart by semicolons.
fn authors(authors: &[Author]) -> Option<String> {
    let mut line = String::new();
    let mut after_collective = false;
    for name in authors.iter().filter_map(Name::of) {
        let collective = matches!(name, Name::Collective(_));
        if !line.is_empty() {
            line.push_str(if collective || after_collective { "; " } else { ", " });
        }
        line.push_str(&author(&name));
        after_collective = collective;
    }
    (!line.is_empty()).then(|| sentence(&line))
}

/// The languages, where the work is not in English alone.
fn foreign_languages(codes: &[String]) -> Option<String> {
    let codes = all_filled(codes);
    let names: Vec<&str> = codes.iter().filter_map(|code| language::english_name(code)).collect();
    let foreign = !names.is_empty() && names != ["English"];
    foreign.then(|| format!("{}.", names.join(", ")))
}

fn identifiers(citation: &Citation) -> Option<String> {
    let pmid = citation.pmid.as_ref().map(|id| format!("PMID: {}", id.as_str()));
    let pmcid = citation.pmcid.as_ref().map(|id| format!("PMCID: {}", id.as_str()));
    let identifiers: Vec<String> = [pmid, pmcid].into_iter().flatten().collect();
    (!identifiers.is_empty()).then(|| format!("{}.", identifiers.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{bare, bracketed, date, nasty, person, vertebral};
    use super::*;

    #[test]
    fn prints_pubmeds_own_line() {
        assert_eq!(
            format(&vertebral()),
            "Kam NM, Maingard J, Kok HK, Ranatunga D, Brooks D, Torreggiani WC, Munk PL, Lee MJ, \
             Chandra RV, Asadi H. Combined Vertebral Augmentation and Radiofrequency Ablation in \
             the Management of Spinal Metastases: an Update. Curr Treat Options Oncol. 2017 Nov \
             16;18(12):74. doi: 10.1007/s11864-017-0516-7. PMID: 29143901."
        );
    }

    #[test]
    fn never_reads_the_stored_line() {
        let mut citation = vertebral();
        let line = format(&citation);
        citation.formatted = "something else".into();
        assert_eq!(format(&citation), line);
    }

    #[test]
    fn keeps_what_there_is() {
        assert_eq!(format(&bare()), "Spinal pain. The Spine Journal. 1987.");
    }

    #[test]
    fn translated_title_language_and_season() {
        assert_eq!(
            format(&bracketed()),
            "Müller-Weiß JP Jr; Deutsche Gesellschaft für Wirbelsäule e.V.; Ng A. [Does the disc \
             heal?]. Z Orthop. 1999 Winter;137(2):2441-50. German, French. \
             doi: 10.1055/s-2008-1037. PMCID: PMC123."
        );
    }

    #[test]
    fn control_characters_leave_one_line_and_retraction_shows() {
        let line = format(&nasty());
        assert!(!line.chars().any(char::is_control), "{line}");
        assert!(line.ends_with("Retracted publication. PMID: 7."), "{line}");
    }

    #[test]
    fn sources_without_volume_issue_or_pages() {
        let source_of = |volume: Option<&str>, issue: Option<&str>, pages: Option<&str>| {
            let mut citation = bare();
            citation.volume = volume.map(Into::into);
            citation.issue = issue.map(Into::into);
            citation.pages = pages.map(Into::into);
            source(&citation)
        };
        assert_eq!(source_of(Some("18"), None, Some("74")), "1987;18:74");
        assert_eq!(source_of(None, Some("354"), Some("12-9")), "1987;(354):12-9");
        assert_eq!(source_of(None, None, Some("e12")), "1987:e12");
        assert_eq!(source_of(Some("18"), Some(" "), None), "1987;18");
    }

    #[test]
    fn dates_as_precise_as_the_source() {
        let mut citation = bare();
        let mut source_on = |parts, precision, raw| {
            citation.publication_date = date(parts, precision, raw);
            source(&citation)
        };
        assert_eq!(source_on((2017, Some(11), None), "month", ""), "2017 Nov");
        assert_eq!(source_on((2017, Some(11), Some(6)), "day", "06/11/2017"), "2017 Nov 6");
        assert_eq!(
            source_on((1998, Some(12), None), "month", "1998 Dec-1999 Jan"),
            "1998 Dec-1999 Jan"
        );
        assert_eq!(source_on((2017, None, None), "season", "Fall 2017"), "2017 Autumn");
        assert_eq!(source_on((2017, Some(13), Some(1)), "day", ""), "2017");
        assert_eq!(source_on((2017, Some(1), Some(1)), "year", "2017-01-01"), "2017");
    }

    #[test]
    fn titles_that_end_a_sentence_get_no_second_full_stop() {
        let mut citation = bare();
        let mut line_of = |title: &str| {
            citation.title = title.into();
            format(&citation)
        };
        assert_eq!(line_of("Why?"), "Why? The Spine Journal. 1987.");
        assert_eq!(line_of("So it is."), "So it is. The Spine Journal. 1987.");
        assert_eq!(
            line_of("What is \"pain?\""),
            "What is \"pain?\" The Spine Journal. 1987."
        );
        assert_eq!(line_of("[Pain]."), "[Pain]. The Spine Journal. 1987.");
        assert_eq!(line_of(" "), "The Spine Journal. 1987.");
    }

    #[test]
    fn initials_come_from_given_names_when_missing() {
        let mut kam = person("Kam", Some("Nicole Marie-Anne"), None);
        assert_eq!(Name::of(&kam).map(|name| author(&name)).as_deref(), Some("Kam NMA"));
        kam.family = None;
        assert_eq!(Name::of(&kam).map(|n| author(&n)).as_deref(), Some("Nicole Marie-Anne"));
    }
}
