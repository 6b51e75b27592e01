//! A BibTeX entry in UTF-8, fit for BibTeX, biber and the importers of reference managers.
//!
//! Letters stay as they are; what LaTeX gives a meaning is written as a command. Braces in a text
//! become commands too, because BibTeX counts even an escaped brace: an entry is always balanced.

use super::dates::{MONTHS, day, month, season};
use super::facts::{abstract_with_copyright, integrity_note, key, subjects};
use super::names::{Name, given_or_initials};
use super::pages::{page_range, pages};
use super::text::{all_filled, bare_title, filled, one_line};
use super::{Citation, language};

/// The citation as one `@article` entry.
pub(super) fn format(citation: &Citation) -> String {
    let mut entry = Entry(format!("@article{{{},\n", key(citation)));
    let authors = citation.authors.iter().filter_map(Name::of).map(|name| author(&name));
    entry.text("author", Some(authors.collect::<Vec<_>>().join(" and ")));
    entry.text("title", Some(protected_title(&bare_title(&citation.title))));
    locate(&mut entry, citation);
    identify(&mut entry, citation);
    entry.text("language", languages(citation));
    entry.text("keywords", Some(keywords(citation)));
    entry.text("abstract", abstract_with_copyright(citation).map(|text| escaped(&text)));
    entry.plain("note", integrity_note(citation));
    entry.0.push_str("}\n");
    entry.0
}

/// Journal, date, volume, issue and pages.
fn locate(entry: &mut Entry, citation: &Citation) {
    let date = &citation.publication_date;
    entry.text("journal", Some(escaped(&one_line(&citation.journal.title))));
    entry.plain("shortjournal", citation.journal.iso_abbreviation.as_deref());
    entry.text("year", Some(date.year.to_string()));
    match (month(date), season(date)) {
        (Some(month), _) => entry.raw("month", &MONTHS[month - 1].to_lowercase()),
        (None, Some((_, season))) => entry.text("month", Some(season.to_owned())),
        (None, None) => {}
    }
    entry.text("day", day(date).map(|day| day.to_string()));
    entry.plain("volume", citation.volume.as_deref());
    entry.plain("number", citation.issue.as_deref());
    entry.text("pages", page_field(citation));
}

/// DOI and address are verbatim in BibTeX: no escapes, only what would unbalance the entry is coded.
fn identify(entry: &mut Entry, citation: &Citation) {
    entry.text("doi", citation.doi.as_ref().map(|doi| verbatim(doi.as_str())));
    entry.plain("issn", citation.journal.issn.as_ref().map(|id| id.as_str()));
    entry.plain("pmid", citation.pmid.as_ref().map(|id| id.as_str()));
    entry.plain("pmcid", citation.pmcid.as_ref().map(|id| id.as_str()));
    entry.text("url", citation.url.as_deref().map(verbatim));
}

struct Entry(String);

impl Entry {
    /// Appends a field whose value is balanced and escaped already; an empty one is left out.
    fn text(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.raw(name, &format!("{{{value}}}"));
        }
    }

    fn plain(&mut self, name: &str, value: Option<&str>) {
        self.text(name, filled(value).map(|value| escaped(&value)));
    }

    fn raw(&mut self, name: &str, value: &str) {
        self.0.push_str(&format!("  {name} = {value},\n"));
    }
}

/// `Family, Suffix, Given`; a collective in braces, so that it is never taken apart.
fn author(name: &Name) -> String {
    match name {
        Name::Collective(name) => format!("{{{}}}", escaped(name)),
        Name::Person {
            family,
            given,
            initials,
            suffix,
        } => {
            let Some(given) = given_or_initials(given.as_deref(), initials.as_deref()) else {
                let whole = [Some(family.as_str()), suffix.as_deref()];
                let whole: Vec<&str> = whole.into_iter().flatten().collect();
                return format!("{{{}}}", escaped(&whole.join(" ")));
            };
            let suffix = suffix.as_deref().map(name_part);
            let parts = [Some(name_part(family)), suffix, Some(name_part(&given))];
            parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
    }
}

/// A part of a name; in braces where BibTeX would split it at a comma or at `and`.
fn name_part(part: &str) -> String {
    let splits = part.contains(',') || part.split(' ').any(|word| word.eq_ignore_ascii_case("and"));
    if splits {
        format!("{{{}}}", escaped(part))
    } else {
        escaped(part)
    }
}

/// The title with braces around the words whose capitals a style must not lower.
fn protected_title(title: &str) -> String {
    let sentence_case = is_sentence_case(title);
    let mut first = true;
    let words = title.split(' ').map(|word| {
        let protect = has_inner_capital(word) || (sentence_case && !first && starts_upper(word));
        first = false;
        match (protect, escaped(word)) {
            (false, word) => word,
            // BibTeX changes the case of a group that begins with a command, so it is put deeper.
            (true, word) if word.starts_with('\\') => format!("{{{{{word}}}}}"),
            (true, word) => format!("{{{word}}}"),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether most of the longer words begin small, so that a capital marks a name.
fn is_sentence_case(title: &str) -> bool {
    let longer = title.split(' ').skip(1).filter(|word| word.chars().count() > 3);
    let (upper, other): (Vec<_>, Vec<_>) = longer.partition(|word| starts_upper(word));
    other.len() > upper.len()
}

fn starts_upper(word: &str) -> bool {
    word.chars()
        .find(|c| c.is_alphanumeric())
        .is_some_and(char::is_uppercase)
}

/// Capitals beyond a first letter: `RFA`, `mRNA`, `F1`; the `An` of `(An` is not one.
fn has_inner_capital(word: &str) -> bool {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphanumeric()).collect();
    let inner = letters.iter().skip(1).any(|c| c.is_uppercase());
    let coded = letters.iter().any(|c| c.is_uppercase()) && letters.iter().any(char::is_ascii_digit);
    inner || coded
}

fn page_field(citation: &Citation) -> Option<String> {
    let pages = pages(citation)?;
    Some(match page_range(citation) {
        Some((first, Some(last))) if !pages.contains([',', ';']) => {
            format!("{}--{}", escaped(&first), escaped(&last))
        }
        _ => escaped(&pages),
    })
}

fn languages(citation: &Citation) -> Option<String> {
    let codes = all_filled(&citation.languages);
    let names: Vec<String> = codes
        .iter()
        .filter_map(|code| language::english_name(code))
        .map(str::to_lowercase)
        .collect();
    (!names.is_empty()).then(|| names.join(" and "))
}

/// Subjects apart by commas, or by semicolons where a subject has a comma of its own.
fn keywords(citation: &Citation) -> String {
    let subjects: Vec<String> = subjects(citation).iter().map(|s| escaped(s)).collect();
    let commas = subjects.iter().any(|subject| subject.contains(','));
    subjects.join(if commas { "; " } else { ", " })
}

fn verbatim(address: &str) -> String {
    one_line(address)
        .replace('\\', "%5C")
        .replace('{', "%7B")
        .replace('}', "%7D")
}

/// Text on one line with LaTeX's special characters as commands.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' => escaped.extend(['\\', c]),
            '{' => escaped.push_str("{\\textbraceleft}"),
            '}' => escaped.push_str("{\\textbraceright}"),
            '~' => escaped.push_str("{\\textasciitilde}"),
            '^' => escaped.push_str("{\\textasciicircum}"),
            '\\' => escaped.push_str("{\\textbackslash}"),
            '<' => escaped.push_str("{\\textless}"),
            '>' => escaped.push_str("{\\textgreater}"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::samples::{bare, bracketed, nasty, vertebral};
    use super::{Name, author, escaped, format, keywords, protected_title, verbatim};

    #[test]
    fn writes_the_whole_entry() {
        let expected = include_str!("../../../tests/fixtures/citations/pmid29143901.bib");
        assert_eq!(format(&vertebral()), expected);
    }

    #[test]
    fn leaves_out_what_is_missing() {
        assert_eq!(
            format(&bare()),
            "@article{cite1987-spinal-pain,\n  title = {Spinal pain},\n  \
             journal = {The Spine Journal},\n  year = {1987},\n}\n"
        );
    }

    #[test]
    fn names_pages_and_season() {
        let entry = format(&bracketed());
        for line in [
            "author = {Müller-Weiß, Jr, Jean-Pierre and {Deutsche Gesellschaft für Wirbelsäule e.V.} and Ng, A.},",
            "title = {[Does the disc heal?]},",
            "month = {Winter},",
            "pages = {2441--2450},",
            "language = {german and french},",
        ] {
            assert!(entry.contains(&format!("  {line}\n")), "{line} in {entry}");
        }
    }

    #[test]
    fn every_entry_is_balanced() {
        let entry = format(&nasty());
        let mut depth = 0;
        for (i, c) in entry.char_indices() {
            depth += i32::from(c == '{') - i32::from(c == '}');
            assert_eq!(depth == 0, i < 8 || i + 2 >= entry.len(), "at {i} of {entry}");
        }
    }

    #[test]
    fn escapes_what_latex_reads() {
        assert_eq!(
            escaped(r"50% of $5 & #1_a ~b^c {d} \e <f> é"),
            r"50\% of \$5 \& \#1\_a {\textasciitilde}b{\textasciicircum}c {\textbraceleft}d{\textbraceright} {\textbackslash}e {\textless}f{\textgreater} é"
        );
        assert_eq!(
            verbatim("10.1002/(SICI)1<1::A_B>3.0%{x}"),
            "10.1002/(SICI)1<1::A_B>3.0%%7Bx%7D"
        );
    }

    #[test]
    fn protects_names_and_abbreviations_only() {
        assert_eq!(
            protected_title("The mRNA of Parkinson's disease: a COVID-19 study in vivo"),
            "The {mRNA} of {Parkinson's} disease: a {COVID-19} study in vivo"
        );
        assert_eq!(
            protected_title("Radiofrequency Ablation (RFA) of the Spine: An Update on &DNA"),
            "Radiofrequency Ablation {(RFA)} of the Spine: An Update on {{\\&DNA}}"
        );
    }

    #[test]
    fn protects_codes_in_a_title_of_capitals() {
        assert_eq!(
            protected_title("Fractures of C5 and L4-L5: The Role of Surgery in Grade II"),
            "Fractures of {C5} and {L4-L5:} The Role of Surgery in Grade {II}"
        );
    }

    #[test]
    fn keywords_with_commas_are_apart_by_semicolons() {
        let mut citation = bare();
        citation.keywords = vec!["Spine".into(), "R&D".into()];
        assert_eq!(keywords(&citation), "Spine, R\\&D");
        citation.mesh_headings = vec!["Models, Molecular".into()];
        assert_eq!(keywords(&citation), "Spine; R\\&D; Models, Molecular");
    }

    #[test]
    fn names_that_bibtex_would_split() {
        let person = |family: &str, given: Option<&str>| Name::Person {
            family: family.into(),
            given: given.map(Into::into),
            initials: None,
            suffix: None,
        };
        assert_eq!(author(&person("Wong Kee Song", None)), "{Wong Kee Song}");
        let junior = Name::Person {
            family: "King".into(),
            given: None,
            initials: None,
            suffix: Some("Jr".into()),
        };
        assert_eq!(author(&junior), "{King Jr}");
        assert_eq!(
            author(&person("Marks and Spencer", Some("A"))),
            "{Marks and Spencer}, A"
        );
        assert_eq!(author(&person("van Raaij", Some("M. J."))), "van Raaij, M. J.");
    }
}
