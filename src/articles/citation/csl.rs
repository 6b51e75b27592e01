//! CSL-JSON 1.0.2, the input of citation processors: an array of one item, as its schema has it.

use serde_json::{Map, Value, json};

use super::dates::{day, month, season};
use super::facts::{abstract_with_copyright, integrity_note, key, subjects};
use super::names::{Name, given_or_initials};
use super::pages::{page_range, pages};
use super::text::{all_filled, bare_title, filled, one_line};
use super::{Citation, language};
use crate::values::PartialDate;

/// The citation as CSL-JSON.
pub(super) fn format(citation: &Citation) -> String {
    let mut item = Item(Map::new());
    item.set("id", Some(key(citation)));
    item.0.insert("type".into(), json!("article-journal"));
    item.set("title", Some(bare_title(&citation.title)));
    let authors: Vec<Value> = citation.authors.iter().filter_map(author).collect();
    if !authors.is_empty() {
        item.0.insert("author".into(), Value::Array(authors));
    }
    locate(&mut item, citation);
    identify(&mut item, citation);
    item.set(
        "language",
        all_filled(&citation.languages).first().map(|code| tag(code)),
    );
    item.set("keyword", Some(subjects(citation).join("; ")));
    item.set("abstract", abstract_with_copyright(citation));
    if citation.integrity == "retracted" {
        item.set("status", Some("retracted".into()));
    }
    item.set("note", integrity_note(citation).map(Into::into));
    format!("{:#}\n", Value::Array(vec![Value::Object(item.0)]))
}

/// Journal, date, volume, issue and pages.
fn locate(item: &mut Item, citation: &Citation) {
    item.set("container-title", Some(one_line(&citation.journal.title)));
    item.set(
        "container-title-short",
        filled(citation.journal.iso_abbreviation.as_deref()),
    );
    item.0.insert("issued".into(), issued(&citation.publication_date));
    item.set("volume", filled(citation.volume.as_deref()));
    item.set("issue", filled(citation.issue.as_deref()));
    item.set("page", page(citation));
}

fn identify(item: &mut Item, citation: &Citation) {
    let text = |id: &str| filled(Some(id));
    item.set("DOI", citation.doi.as_ref().and_then(|id| text(id.as_str())));
    item.set("ISSN", citation.journal.issn.as_ref().and_then(|id| text(id.as_str())));
    item.set("PMID", citation.pmid.as_ref().and_then(|id| text(id.as_str())));
    item.set("PMCID", citation.pmcid.as_ref().and_then(|id| text(id.as_str())));
    item.set("URL", filled(citation.url.as_deref()));
}

struct Item(Map<String, Value>);

impl Item {
    fn set(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.0.insert(name.into(), Value::String(value));
        }
    }
}

fn author(author: &super::Author) -> Option<Value> {
    let mut name = Item(Map::new());
    match Name::of(author)? {
        Name::Collective(collective) => name.set("literal", Some(collective)),
        Name::Person {
            family,
            given,
            initials,
            suffix,
        } => {
            let given = given_or_initials(given.as_deref(), initials.as_deref());
            name.set("family", Some(family));
            name.set("given", given);
            name.set("suffix", suffix);
        }
    }
    Some(Value::Object(name.0))
}

/// The date's parts, and the number of a season.
fn issued(date: &PartialDate) -> Value {
    let year = date.year;
    let parts = match (month(date), day(date)) {
        (Some(month), Some(day)) => json!([year, month, day]),
        (Some(month), None) => json!([year, month]),
        (None, _) => json!([year]),
    };
    match season(date) {
        Some((number, _)) => json!({ "date-parts": [parts], "season": number }),
        None => json!({ "date-parts": [parts] }),
    }
}

/// A single range in full; anything else as the record has it.
fn page(citation: &Citation) -> Option<String> {
    let pages = pages(citation)?;
    match page_range(citation) {
        Some((first, Some(last))) if !pages.contains([',', ';']) => Some(format!("{first}-{last}")),
        _ => Some(pages),
    }
}

fn tag(code: &str) -> String {
    language::bcp47(code).unwrap_or(code).to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{bare, bracketed, date, nasty, vertebral};
    use super::*;

    fn parsed(citation: &Citation) -> Value {
        serde_json::from_str(&format(citation)).unwrap_or_default()
    }

    #[test]
    fn writes_the_whole_item() {
        let expected = include_str!("../../../tests/fixtures/citations/pmid29143901.json");
        assert_eq!(format(&vertebral()), expected);
    }

    #[test]
    fn leaves_out_what_is_missing() {
        assert_eq!(
            parsed(&bare()),
            json!([{
                "id": "cite1987-spinal-pain",
                "type": "article-journal",
                "title": "Spinal pain",
                "container-title": "The Spine Journal",
                "issued": { "date-parts": [[1987]] },
            }])
        );
    }

    #[test]
    fn names_pages_and_season() {
        let item = &parsed(&bracketed())[0];
        assert_eq!(
            item["author"],
            json!([
                { "family": "Müller-Weiß", "given": "Jean-Pierre", "suffix": "Jr" },
                { "literal": "Deutsche Gesellschaft für Wirbelsäule e.V." },
                { "family": "Ng", "given": "A." },
            ])
        );
        assert_eq!(item["issued"], json!({ "date-parts": [[1999]], "season": 4 }));
        assert_eq!(item["page"], "2441-2450");
        assert_eq!(item["language"], "de");
        assert_eq!(item["id"], "doi-10-1055-s-2008-1037");
    }

    #[test]
    fn retraction_shows_and_control_characters_do_not() {
        let item = &parsed(&nasty())[0];
        assert_eq!(item["status"], "retracted");
        assert_eq!(item["note"], "Retracted publication");
        let values = item.as_object().into_iter().flat_map(Map::values);
        assert!(
            values
                .filter_map(Value::as_str)
                .all(|text| !text.contains(char::is_control))
        );
    }

    #[test]
    fn several_ranges_stay_as_they_are() {
        let mut citation = bare();
        citation.pages = Some("12-5; discussion 16".into());
        assert_eq!(page(&citation).as_deref(), Some("12-5; discussion 16"));
        citation.publication_date = date((2017, Some(3), None), "month", "2017 Mar");
        assert_eq!(parsed(&citation)[0]["issued"], json!({ "date-parts": [[2017, 3]] }));
    }
}
