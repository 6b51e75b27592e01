//! What several formats say of a record as a whole: abstract, subjects, integrity, key.

use super::Citation;
use super::text::{all_filled, filled};

/// The abstract in one paragraph with its labels, none where it may not be shown.
pub(super) fn abstract_paragraph(citation: &Citation) -> Option<String> {
    let sections = citation.abstract_text.as_ref()?.sections.iter();
    let texts: Vec<String> = sections
        .filter_map(|section| {
            let text = filled(Some(&section.text))?;
            Some(match filled(section.label.as_deref()) {
                Some(label) => format!("{}: {text}", label.trim_end_matches(':')),
                None => text,
            })
        })
        .collect();
    (!texts.is_empty()).then(|| texts.join(" "))
}

/// The copyright line of an abstract that may be shown.
pub(super) fn abstract_copyright(citation: &Citation) -> Option<String> {
    filled(citation.abstract_text.as_ref()?.copyright.as_deref())
}

/// The abstract with its copyright line, for formats that have no field for that line.
pub(super) fn abstract_with_copyright(citation: &Citation) -> Option<String> {
    let paragraph = abstract_paragraph(citation)?;
    Some(match abstract_copyright(citation) {
        Some(copyright) => format!("{paragraph} {copyright}"),
        None => paragraph,
    })
}

/// Authors' keywords, then subject headings without MEDLINE's asterisk for a major topic, each once.
pub(super) fn subjects(citation: &Citation) -> Vec<String> {
    let mut subjects = all_filled(&citation.keywords);
    for heading in all_filled(&citation.mesh_headings) {
        let heading = heading.replace('*', "");
        if !subjects.contains(&heading) {
            subjects.push(heading);
        }
    }
    subjects
}

/// What a reader of the work must know of it, in PubMed's words.
pub(super) fn integrity_note(citation: &Citation) -> Option<&'static str> {
    match citation.integrity.as_str() {
        "retracted" => Some("Retracted publication"),
        "concern" => Some("Expression of concern published"),
        _ => None,
    }
}

/// A key for the record that stays the same when the record is corrected.
pub(super) fn key(citation: &Citation) -> String {
    if let Some(pmid) = &citation.pmid {
        return format!("pmid{}", pmid.as_str());
    }
    match (&citation.doi, &citation.pmcid) {
        (Some(doi), _) => format!("doi-{}", key_words(doi.as_str(), usize::MAX)),
        (None, Some(pmcid)) => key_words(pmcid.as_str(), usize::MAX),
        (None, None) => {
            let year = citation.publication_date.year;
            let words = key_words(&citation.title, 6);
            format!("cite{year}-{words}").trim_end_matches('-').to_owned()
        }
    }
}

fn key_words(text: &str, at_most: usize) -> String {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(at_most)
        .map(str::to_ascii_lowercase)
        .collect::<Vec<_>>()
        .join("-")
}

#[cfg(test)]
mod tests {
    use super::super::samples::{bare, nasty, vertebral};
    use super::{abstract_with_copyright, integrity_note, key, subjects};

    #[test]
    fn an_abstract_without_a_right_is_in_no_format() {
        use super::super::{CitationFormat, render, render_csl};
        let formats = ["vancouver", "ris", "bibtex", "nbib"];
        let formats = formats.map(|name| serde_json::from_value::<CitationFormat>(name.into()));
        let mut citation = vertebral();
        for (shown, expected) in [(true, 4), (false, 0)] {
            if !shown {
                citation.abstract_text = None;
            }
            let texts = formats.iter().flatten().map(|format| render(&citation, *format));
            let texts = texts.chain([render_csl(&citation)]);
            let with_abstract = texts.filter(|text| text.contains("OPINION STATEMENT"));
            assert_eq!(with_abstract.count(), expected);
        }
    }

    #[test]
    fn labels_copyright_and_subjects() {
        let citation = nasty();
        let with_copyright = abstract_with_copyright(&citation);
        assert_eq!(with_copyright.as_deref(), Some("AIM: One PMID- 9 } Two © 2001"));
        assert_eq!(subjects(&citation), ["a ER -", "Spine/surgery", "Models, {Molecular"]);
    }

    #[test]
    fn concern_and_retraction_show() {
        let mut citation = bare();
        let mut note_of = |integrity: &str| {
            citation.integrity = integrity.into();
            integrity_note(&citation)
        };
        assert_eq!(note_of("ok"), None);
        assert_eq!(note_of("corrected"), None);
        assert_eq!(note_of("concern"), Some("Expression of concern published"));
        assert_eq!(note_of("retracted"), Some("Retracted publication"));
    }

    #[test]
    fn keys_are_made_of_what_does_not_change() {
        let mut citation = bare();
        citation.title = "Ünder {the} Spine, \\ and so on and on".into();
        assert_eq!(key(&citation), "cite1987-nder-the-spine-and-so-on");
        citation.title = "脊椎".into();
        assert_eq!(key(&citation), "cite1987");
        citation.pmcid = "PMC12".parse().ok();
        assert_eq!(key(&citation), "pmc12");
        citation.doi = "10.1000/A_b".parse().ok();
        assert_eq!(key(&citation), "doi-10-1000-a-b");
        citation.pmid = "7".parse().ok();
        assert_eq!(key(&citation), "pmid7");
    }
}
