//! Numbers under which a clinic in the United Kingdom is registered.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The identifier of a provider at the Care Quality Commission: `1-` and digits, or an NHS trust's code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 3, max_length = 14, pattern = "^(1-[0-9]{3,12}|[A-Z][A-Z0-9]{2,4})$", example = "1-101234567")]
pub struct CqcProviderId(String);

/// The number of a company at Companies House: eight characters, with letters first outside of England and Wales.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(
    value_type = String,
    min_length = 8,
    max_length = 8,
    pattern = "^([0-9]{8}|[A-Z]{2}[0-9]{6}|R[0-9]{7}|(IP|SP)([0-9]{5}R|[0-9]{4}RS))$",
    example = "01234567"
)]
pub struct CompanyNumber(String);

super::checked_string!(CqcProviderId);
super::checked_string!(CompanyNumber);

fn are_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

impl CqcProviderId {
    fn check(text: &str) -> Result<String, String> {
        let is_number = |text: &str| (3..=12).contains(&text.len()) && are_digits(text);
        let is_code = (3..=5).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_uppercase())
            && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if text.strip_prefix("1-").is_some_and(is_number) || is_code {
            Ok(text.to_owned())
        } else {
            Err("must be a provider's identifier at the Care Quality Commission, such as 1-101234567".to_owned())
        }
    }
}

impl CompanyNumber {
    fn check(text: &str) -> Result<String, String> {
        let has_letters = |text: &str| text.bytes().all(|b| b.is_ascii_uppercase());
        let is_number = text.len() == 8
            && text.is_ascii()
            && match text.split_at(2) {
                ("IP" | "SP", rest) if !are_digits(rest) => {
                    let number = rest.strip_suffix("RS").or_else(|| rest.strip_suffix('R'));
                    number.is_some_and(are_digits)
                }
                (first, rest) => {
                    let is_first =
                        are_digits(first) || has_letters(first) || first.starts_with('R') && are_digits(&first[1..]);
                    is_first && are_digits(rest)
                }
            };
        if is_number {
            Ok(text.to_owned())
        } else {
            Err(
                "must be a company's number at Companies House, eight characters such as 01234567 or SC123456"
                    .to_owned(),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CompanyNumber, CqcProviderId};
    use crate::values::agreement;

    #[test]
    fn takes_providers() {
        let good = ["1-101234567", "1-100", "RJ1", "RRK97"];
        let bad = [
            "",
            "1-",
            "2-101234567",
            "1-10123456a",
            "1-1234567890123",
            "rj1",
            "R1",
            "1RJ",
            "RJ1 ",
        ];
        agreement::<CqcProviderId>(CqcProviderId::accept, &good, &bad);
    }

    #[test]
    fn takes_companies() {
        let good = [
            "01234567", "SC123456", "NI012345", "OC300001", "R0000123", "IP12345R", "SP1234RS", "IP123456",
        ];
        let bad = [
            "",
            "1234567",
            "012345678",
            "sc123456",
            "S1234567",
            "R000012R",
            "SC12345R",
            "IP1234R5",
            "IP1234RR",
            "0123456é",
        ];
        agreement::<CompanyNumber>(CompanyNumber::accept, &good, &bad);
    }
}
