//! Pages: as the record has them, and the first range with its last page in full.

use super::Citation;
use super::text::filled;

/// The pages on one line with plain hyphens, as the record has them.
pub(super) fn pages(citation: &Citation) -> Option<String> {
    filled(citation.pages.as_deref()).map(|pages| pages.replace(['‐', '‑', '‒', '–', '—', '−'], "-"))
}

/// First and last page of the first range, the last one in full: `2441-50` is 2441 and 2450.
pub(super) fn page_range(citation: &Citation) -> Option<(String, Option<String>)> {
    let pages = pages(citation)?;
    let range = pages.split([',', ';']).next().unwrap_or_default().trim();
    Some(match range.split_once('-') {
        Some((first, last)) if !first.trim().is_empty() && !last.trim().is_empty() => {
            let (first, last) = (first.trim(), last.trim());
            (first.to_owned(), Some(full_last_page(first, last)))
        }
        _ => (range.to_owned(), None),
    })
}

fn full_last_page(first: &str, last: &str) -> String {
    let number_at = first
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |i| i + first[i..].chars().next().map_or(0, char::len_utf8));
    let number = &first[number_at..];
    let shortened = last.bytes().all(|b| b.is_ascii_digit()) && last.len() <= number.len();
    if shortened {
        format!("{}{last}", &first[..first.len() - last.len()])
    } else {
        last.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::bare;
    use super::*;

    #[test]
    fn page_ranges_in_full() {
        let mut citation = bare();
        let mut range_of = |pages: &str| {
            citation.pages = Some(pages.into());
            page_range(&citation)
        };
        let range = |first: &str, last: &str| Some((first.to_owned(), Some(last.to_owned())));
        let single = |page: &str| Some((page.to_owned(), None));
        assert_eq!(range_of("2441-50"), range("2441", "2450"));
        assert_eq!(range_of("2441–2450"), range("2441", "2450"));
        assert_eq!(range_of("S12-8"), range("S12", "S18"));
        assert_eq!(range_of("e123-e130"), range("e123", "e130"));
        assert_eq!(range_of("98-102"), range("98", "102"));
        assert_eq!(range_of("xii-xv"), range("xii", "xv"));
        assert_eq!(range_of("é1-2"), range("é1", "é2"));
        assert_eq!(range_of("12-5; discussion 16"), range("12", "15"));
        assert_eq!(range_of("74"), single("74"));
        assert_eq!(range_of("12-"), single("12-"));
        assert_eq!(range_of(" "), None);
    }
}
