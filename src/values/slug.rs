//! The name of a thing in addresses.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Lower-case letters, digits and single hyphens, at most 100 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 1, max_length = 100, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", example = "spinal-metastases")]
pub struct Slug(String);

super::checked_string!(Slug);

impl Slug {
    fn check(text: &str) -> Result<String, String> {
        let part_ok =
            |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if text.len() <= 100 && text.split('-').all(part_ok) {
            Ok(text.to_owned())
        } else {
            Err("must be a slug: 1 to 100 lower-case letters and digits, in parts joined by single hyphens".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Slug;

    #[test]
    fn takes_slugs_and_nothing_else() {
        for good in ["a", "spinal-metastases", "l4-l5", &"x".repeat(100)] {
            assert!(good.parse::<Slug>().is_ok(), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "A", "a b", "é", "a\0", &"x".repeat(101)] {
            assert!(bad.parse::<Slug>().is_err(), "{bad:?}");
        }
    }
}
