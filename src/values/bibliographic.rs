//! Identifiers of works, journals and authors, as PubMed/MEDLINE and their registries define them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A PubMed identifier.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, max_length = 9, pattern = "^[1-9][0-9]{0,8}$", example = "29143901")]
pub struct Pmid(String);

/// A PubMed Central identifier with its `PMC` prefix.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, max_length = 13, pattern = "^PMC[1-9][0-9]{0,9}$", example = "PMC1234567")]
pub struct Pmcid(String);

/// A Digital Object Identifier, without a resolver's address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, max_length = 300, pattern = r"^10\.[0-9]{4,9}/\S+$", example = "10.1007/s11864-017-0516-7")]
pub struct Doi(String);

/// An International Standard Serial Number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, max_length = 9, pattern = "^[0-9]{4}-[0-9]{3}[0-9X]$", example = "1534-6277")]
pub struct Issn(String);

/// An ORCID iD, dashed, its checksum verified.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, max_length = 19, pattern = "^[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]$", example = "0000-0002-1825-0097")]
pub struct Orcid(String);

super::checked_string!(Pmid);
super::checked_string!(Pmcid);
super::checked_string!(Doi);
super::checked_string!(Issn);
super::checked_string!(Orcid);

/// Whether the text is a whole number without leading zeros of at most `most` digits.
fn is_number(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0')
}

impl Pmid {
    fn check(text: &str) -> Result<String, String> {
        if is_number(text, 9) {
            Ok(text.to_owned())
        } else {
            Err("must be a PMID, a whole number of 1 to 9 digits".to_owned())
        }
    }
}

impl Pmcid {
    fn check(text: &str) -> Result<String, String> {
        match text.strip_prefix("PMC") {
            Some(number) if is_number(number, 10) => Ok(text.to_owned()),
            _ => Err("must be a PMCID, PMC followed by 1 to 10 digits".to_owned()),
        }
    }
}

impl Doi {
    fn check(text: &str) -> Result<String, String> {
        let registrant_and_name = text.strip_prefix("10.").and_then(|rest| rest.split_once('/'));
        let ok = registrant_and_name.is_some_and(|(registrant, name)| {
            (4..=9).contains(&registrant.len())
                && registrant.bytes().all(|b| b.is_ascii_digit())
                && !name.is_empty()
                && !name.chars().any(|c| c.is_whitespace() || c.is_control())
        });
        if ok && text.chars().count() <= 300 {
            Ok(text.to_owned())
        } else {
            Err("must be a DOI of at most 300 characters, such as 10.1000/182".to_owned())
        }
    }
}

impl Issn {
    fn check(text: &str) -> Result<String, String> {
        let digits = dashed_digits(text, &[4, 4]);
        let sum = |d: &[u32]| d.iter().enumerate().map(|(i, v)| (8 - i as u32) * v).sum::<u32>();
        match digits {
            Some(digits) if sum(&digits).is_multiple_of(11) => Ok(text.to_owned()),
            _ => Err("must be an ISSN, NNNN-NNNC with a correct check digit".to_owned()),
        }
    }
}

impl Orcid {
    fn check(text: &str) -> Result<String, String> {
        let digits = dashed_digits(text, &[4, 4, 4, 4]);
        // ISO 7064 MOD 11-2: the whole number, check digit included, leaves 1.
        let remainder = |d: &[u32]| d.iter().fold(0, |sum, v| (sum * 2 + v) % 11);
        match digits {
            Some(digits) if remainder(&digits) == 1 => Ok(text.to_owned()),
            _ => Err("must be an ORCID iD, NNNN-NNNN-NNNN-NNNC with a correct check digit".to_owned()),
        }
    }
}

/// The digits of groups joined by hyphens; only the very last may be an `X`, which is ten.
fn dashed_digits(text: &str, groups: &[usize]) -> Option<Vec<u32>> {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    if lengths != groups {
        return None;
    }
    let characters: Vec<char> = text.chars().filter(|c| *c != '-').collect();
    let last = characters.len().checked_sub(1)?;
    characters
        .iter()
        .enumerate()
        .map(|(i, c)| match c {
            'X' if i == last => Some(10),
            _ => c.to_digit(10),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Doi, Issn, Orcid, Pmcid, Pmid};

    #[test]
    fn takes_well_formed_identifiers() {
        assert!("29143901".parse::<Pmid>().is_ok());
        assert!("PMC1234567".parse::<Pmcid>().is_ok());
        assert!("10.1007/s11864-017-0516-7".parse::<Doi>().is_ok());
        assert!("1534-6277".parse::<Issn>().is_ok());
        assert!("2434-561X".parse::<Issn>().is_ok());
        assert!("0000-0002-1825-0097".parse::<Orcid>().is_ok());
        assert!("0000-0002-1694-233X".parse::<Orcid>().is_ok());
    }

    #[test]
    fn refuses_malformed_ones_and_wrong_check_digits() {
        for bad in ["", "0123", "1234567890", "12a", "-1"] {
            assert!(bad.parse::<Pmid>().is_err(), "{bad}");
        }
        for bad in ["1234567", "PMC", "PMC0"] {
            assert!(bad.parse::<Pmcid>().is_err(), "{bad}");
        }
        for bad in ["10.1/x", "https://doi.org/10.1000/182", "10.1000/", "10.1000/a b"] {
            assert!(bad.parse::<Doi>().is_err(), "{bad}");
        }
        for bad in ["1534-6278", "15346277", "X534-6277", "1534-627"] {
            assert!(bad.parse::<Issn>().is_err(), "{bad}");
        }
        for bad in ["0000-0002-1825-0098", "0000000218250097", "0000-0002-1825-009é"] {
            assert!(bad.parse::<Orcid>().is_err(), "{bad}");
        }
    }
}
