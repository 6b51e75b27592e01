//! CSL-JSON 1.0.2, the input of citation processors: an array of one item, as its schema has it.

use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::dates::{day, month, season};
use super::facts::{abstract_with_copyright, integrity_note, key, subjects};
use super::names::{Name, given_or_initials};
use super::pages::{page_range, pages};
use super::text::{all_filled, bare_title, filled};
use super::{Citation, language};
use crate::values::PartialDate;

/// An item of CSL-JSON 1.0.2; what the record does not have is left out.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CslItem {
    /// Key of the item.
    #[schema(max_length = 400, example = "pmid29143901")]
    id: String,
    /// Kind of work.
    #[serde(rename = "type")]
    #[schema(max_length = 50, example = "article-journal")]
    kind: &'static str,
    /// Title of the work, without the full stop at its end.
    #[schema(max_length = 2000)]
    title: String,
    /// The authors in the order of the work.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10000)]
    author: Vec<CslName>,
    /// Title of the journal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        nullable = false,
        max_length = 500,
        example = "Current Treatment Options in Oncology"
    )]
    container_title: Option<String>,
    /// Abbreviation of that title.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 500, example = "Curr Treat Options Oncol")]
    container_title_short: Option<String>,
    /// Date of publication.
    issued: CslDate,
    /// Volume of the journal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 100, example = "18")]
    volume: Option<String>,
    /// Issue within the volume.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 100, example = "12")]
    issue: Option<String>,
    /// Pages, a single range in full, or the article number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 100, example = "74")]
    page: Option<String>,
    /// Digital Object Identifier.
    #[serde(rename = "DOI", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 300, example = "10.1007/s11864-017-0516-7")]
    doi: Option<String>,
    /// International Standard Serial Number of the journal.
    #[serde(rename = "ISSN", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 9, example = "1534-6277")]
    issn: Option<String>,
    /// PubMed identifier.
    #[serde(rename = "PMID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 9, example = "29143901")]
    pmid: Option<String>,
    /// PubMed Central identifier.
    #[serde(rename = "PMCID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 13)]
    pmcid: Option<String>,
    /// Address of the record.
    #[serde(rename = "URL", skip_serializing_if = "Option::is_none")]
    #[schema(
        nullable = false,
        max_length = 2000,
        example = "https://pubmed.ncbi.nlm.nih.gov/29143901/"
    )]
    url: Option<String>,
    /// Language of the work, a BCP 47 tag where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 5000, example = "en")]
    language: Option<String>,
    /// Keywords and subject headings, parted by semicolons.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 10000000)]
    keyword: Option<String>,
    /// The abstract in one paragraph, with its copyright line.
    #[serde(rename = "abstract", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 10000000)]
    abstract_text: Option<String>,
    /// `retracted` where the work was retracted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = String, max_length = 50, example = "retracted")]
    status: Option<&'static str>,
    /// What there is to say of the state of the scientific record.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = String, max_length = 200, example = "Retracted publication")]
    note: Option<&'static str>,
}

/// A name in CSL-JSON: of a person, or the literal name of a group.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct CslName {
    /// Family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 5000, example = "Kam")]
    family: Option<String>,
    /// Given names or initials.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 5000, example = "N. M.")]
    given: Option<String>,
    /// Suffix such as `Jr`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 5000, example = "Jr")]
    suffix: Option<String>,
    /// The name of a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 5000)]
    literal: Option<String>,
}

/// A date in CSL-JSON.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CslDate {
    /// One date: its year, then its month and day where they are known.
    #[schema(value_type = Vec<CslDateParts>, min_items = 1, max_items = 1, example = json!([[2017, 11, 16]]))]
    date_parts: [CslDateParts; 1],
    /// The season where no month is known: 1 is spring, 4 is winter.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = i32, minimum = 1, maximum = 4, example = 4)]
    season: Option<usize>,
}

/// A year, then its month and day where they are known.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(min_items = 1, max_items = 3)]
pub struct CslDateParts(Vec<CslDatePart>);

/// A year, a month or a day.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(value_type = i32, minimum = 0, maximum = 9999)]
pub struct CslDatePart(i16);

/// The citation as CSL-JSON.
pub(super) fn format(citation: &Citation) -> String {
    format!("{:#}\n", json!([item(citation)]))
}

fn item(citation: &Citation) -> CslItem {
    let text = |text: &str| filled(Some(text));
    CslItem {
        id: key(citation),
        kind: "article-journal",
        title: bare_title(&citation.title),
        author: citation.authors.iter().filter_map(author).collect(),
        container_title: text(&citation.journal.title),
        container_title_short: filled(citation.journal.iso_abbreviation.as_deref()),
        issued: issued(&citation.publication_date),
        volume: filled(citation.volume.as_deref()),
        issue: filled(citation.issue.as_deref()),
        page: page(citation),
        doi: citation.doi.as_ref().and_then(|id| text(id.as_str())),
        issn: citation.journal.issn.as_ref().and_then(|id| text(id.as_str())),
        pmid: citation.pmid.as_ref().and_then(|id| text(id.as_str())),
        pmcid: citation.pmcid.as_ref().and_then(|id| text(id.as_str())),
        url: filled(citation.url.as_deref()),
        language: all_filled(&citation.languages).first().map(|code| tag(code)),
        keyword: text(&subjects(citation).join("; ")),
        abstract_text: abstract_with_copyright(citation),
        status: (citation.integrity == "retracted").then_some("retracted"),
        note: integrity_note(citation),
    }
}

fn author(author: &super::Author) -> Option<CslName> {
    Some(match Name::of(author)? {
        Name::Collective(collective) => CslName {
            literal: Some(collective),
            ..CslName::default()
        },
        Name::Person {
            family,
            given,
            initials,
            suffix,
        } => CslName {
            family: Some(family),
            given: given_or_initials(given.as_deref(), initials.as_deref()),
            suffix,
            literal: None,
        },
    })
}

/// The date's parts, and the number of a season.
fn issued(date: &PartialDate) -> CslDate {
    let month = month(date).and_then(|month| i16::try_from(month).ok());
    let parts = [Some(date.year), month, day(date).map(i16::from)];
    CslDate {
        date_parts: [CslDateParts(parts.into_iter().flatten().map(CslDatePart).collect())],
        season: season(date).map(|(number, _)| number),
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
    use serde_json::{Map, Value};

    use super::super::samples::{bare, bracketed, date, nasty, vertebral};
    use super::{Citation, format, json, page};

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
