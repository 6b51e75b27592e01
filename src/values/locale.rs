//! The language of a text.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A BCP 47 tag of a language with an optional region, such as `en-GB`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 2, max_length = 6, pattern = "^[a-z]{2,3}(-[A-Z]{2})?$", example = "en-GB")]
pub struct Locale(String);

super::checked_string!(Locale);

impl Locale {
    /// The language without the region.
    pub fn language(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }

    fn check(text: &str) -> Result<String, String> {
        let (language, region) = match text.split_once('-') {
            Some((language, region)) => (language, Some(region)),
            None => (text, None),
        };
        let language_ok = matches!(language.len(), 2 | 3) && language.bytes().all(|b| b.is_ascii_alphabetic());
        let region_ok = region.is_none_or(|r| r.len() == 2 && r.bytes().all(|b| b.is_ascii_alphabetic()));
        if !language_ok || !region_ok {
            return Err("must be a language with an optional region, such as en-GB".to_owned());
        }
        let language = language.to_ascii_lowercase();
        Ok(match region {
            Some(region) => format!("{language}-{}", region.to_ascii_uppercase()),
            None => language,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Locale;

    #[test]
    fn takes_a_language_with_an_optional_region_in_any_case() {
        for (given, kept) in [("en-GB", "en-GB"), ("en-gb", "en-GB"), ("CY", "cy"), ("gsw", "gsw")] {
            assert_eq!(given.parse::<Locale>().map(String::from), Ok(kept.to_owned()));
        }
        for bad in ["", "e", "english", "en_GB", "en-GBR", "en-", "e1", "en-GB-x"] {
            assert!(bad.parse::<Locale>().is_err(), "{bad}");
        }
    }
}
