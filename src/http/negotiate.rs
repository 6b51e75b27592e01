//! Choosing the language and the encoding of an answer.

use crate::{cache::Encoding, db::locales::Locales, values::Locale};

/// The published language that a reader prefers: the same tag, else the same language, else the
/// clinic's default.
pub fn locale(accept_language: Option<&str>, locales: &Locales) -> Locale {
    for range in preferences(accept_language.unwrap_or_default()) {
        if range == "*" {
            break;
        }
        let Ok(wanted) = range.parse::<Locale>() else {
            continue;
        };
        let exact = locales.available.iter().find(|have| **have == wanted);
        let same_language = |have: &&Locale| have.language() == wanted.language();
        if let Some(found) = exact.or_else(|| locales.available.iter().find(same_language)) {
            return found.clone();
        }
    }
    locales.default.clone()
}

/// Encodings that we offer, by the names that clients have for them, the smallest body first.
const OFFERED: [(&str, Encoding); 4] = [
    ("br", Encoding::Brotli),
    ("zstd", Encoding::Zstandard),
    ("gzip", Encoding::Gzip),
    ("x-gzip", Encoding::Gzip),
];

/// The encoding that a client likes best of those that we offer, and of several the smallest.
pub fn encoding(accept_encoding: Option<&str>) -> Encoding {
    let accepted = weighted(accept_encoding.unwrap_or_default());
    let weight_of = |name: &str| {
        let given = accepted.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        given.map(|(_, weight)| *weight)
    };
    let mut best = (0.0, Encoding::Identity);
    for (name, encoding) in OFFERED {
        match weight_of(name) {
            Some(weight) if weight > best.0 => best = (weight, encoding),
            _ => {}
        }
    }
    best.1
}

/// The values of a header, the most wanted first; refused ones are left out.
fn preferences(header: &str) -> impl Iterator<Item = &str> {
    weighted(header).into_iter().map(|(value, _)| value)
}

/// The values of a header with their weights, the most wanted first; refused ones are left out.
fn weighted(header: &str) -> Vec<(&str, f32)> {
    let mut weighted: Vec<(&str, f32)> = header
        .split(',')
        .filter_map(|item| {
            let mut parts = item.split(';');
            let value = parts.next()?.trim();
            let weight = parts
                .find_map(|part| {
                    part.trim()
                        .strip_prefix("q=")
                        .or_else(|| part.trim().strip_prefix("Q="))
                })
                .map_or(Some(1.0), |weight| weight.trim().parse().ok())?;
            (!value.is_empty() && weight > 0.0).then_some((value, weight))
        })
        .take(20)
        .collect();
    weighted.sort_by(|a, b| b.1.total_cmp(&a.1));
    weighted
}

#[cfg(test)]
mod tests {
    use super::{Encoding, Locales, encoding, locale};
    use crate::values::Locale;

    fn chosen(header: &str) -> String {
        let tag = |text: &str| Locale::stored(text.to_owned());
        let locales = Locales {
            default: tag("en-GB"),
            available: vec![tag("en-GB"), tag("fr"), tag("cy")],
        };
        locale(Some(header), &locales).into()
    }

    #[test]
    fn prefers_what_the_reader_prefers() {
        assert_eq!(chosen("fr"), "fr");
        assert_eq!(chosen("cy;q=0.5, fr;q=0.9"), "fr");
        assert_eq!(chosen("fr-CA"), "fr");
        assert_eq!(chosen("en-US, fr"), "en-GB");
    }

    #[test]
    fn falls_back_to_the_default() {
        for header in ["", "de", "*", "*, fr", "fr;q=0", "!!", "fr;q=x"] {
            assert_eq!(chosen(header), "en-GB", "{header}");
        }
    }

    #[test]
    fn offers_the_smallest_of_what_the_client_likes_best() {
        assert_eq!(encoding(Some("gzip, deflate, br, zstd")), Encoding::Brotli);
        assert_eq!(encoding(Some("gzip, zstd")), Encoding::Zstandard);
        assert_eq!(encoding(Some("gzip;q=1.0, br;q=0")), Encoding::Gzip);
        assert_eq!(encoding(Some("gzip, br;q=0.5")), Encoding::Gzip);
        assert_eq!(encoding(Some("br;Q=0")), Encoding::Identity);
        assert_eq!(encoding(Some("x-gzip")), Encoding::Gzip);
        assert_eq!(encoding(Some("deflate, *")), Encoding::Identity);
        assert_eq!(encoding(None), Encoding::Identity);
    }
}
