//! Moments and ids as they are written in their one form: what is read in another elsewhere is refused here, so that
//! what the documents say of them is the whole truth.

use std::{fmt, sync::LazyLock};

use jiff::Timestamp;
use regex::Regex;
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

use super::InvalidValue;

/// A moment as RFC 3339 writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Moment(Timestamp);

impl TryFrom<String> for Moment {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let refused = || InvalidValue("must be a time such as 2026-01-31T09:00:00Z".to_owned());
        read_moment(&text).map(Self).ok_or_else(refused)
    }
}

/// Reads a moment as RFC 3339 writes it; [`Timestamp`] itself takes many other forms of ISO 8601.
pub(super) fn read_moment(text: &str) -> Option<Timestamp> {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let date = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
        let time = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?";
        Regex::new(&format!("^{date}[Tt]{time}([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$")).ok()
    });
    let is_exact = FORM.as_ref().is_some_and(|form| form.is_match(text));
    is_exact.then(|| text.parse().ok()).flatten()
}

/// Reads a moment: `#[serde(deserialize_with = ..)]` on a field.
///
/// # Errors
/// What it must be.
pub fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    Moment::deserialize(deserializer).map(|moment| moment.0)
}

/// Reads a moment or null: `#[serde(default, deserialize_with = ..)]` on a field.
///
/// # Errors
/// What it must be.
pub fn moment_or_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(Option::<Moment>::deserialize(deserializer)?.map(|moment| moment.0))
}

/// A UUID with its hyphens, of 36 characters.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Id(pub Uuid);

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl TryFrom<String> for Id {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let id = Uuid::try_parse(&text).ok().filter(|_| text.len() == 36);
        let refused = || InvalidValue("must be an id such as 01a2097f-10e8-741a-83cf-d6db6b582513".to_owned());
        id.map(Self).ok_or_else(refused)
    }
}

/// Reads ids: `#[serde(deserialize_with = ..)]` on a field.
///
/// # Errors
/// What they must be.
pub fn ids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Uuid>, D::Error> {
    Ok(Vec::<Id>::deserialize(deserializer)?
        .into_iter()
        .map(|id| id.0)
        .collect())
}

/// Reads an id or null: `#[serde(default, deserialize_with = ..)]` on a field.
///
/// # Errors
/// What it must be.
pub fn id_or_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Uuid>, D::Error> {
    Ok(Option::<Id>::deserialize(deserializer)?.map(|id| id.0))
}

#[cfg(test)]
mod tests {
    use super::{Id, read_moment};

    #[test]
    fn takes_moments_of_rfc_3339_alone() {
        for good in [
            "2027-05-01T09:00:00Z",
            "2027-05-01t09:00:00z",
            "2027-05-01T09:00:00.5+01:00",
            "2027-05-01T09:00:00-23:59",
            "2016-12-31T23:59:60Z",
        ] {
            assert!(read_moment(good).is_some(), "{good}");
        }
        for bad in [
            "2027-05-01T09:00Z",
            "2027-05-01T09Z",
            "20270501T090000Z",
            "2027-05-01 09:00:00Z",
            "2027-05-01T09:00:00+01",
            "2027-05-01T09:00:00+0100",
            "2027-05-01T09:00:00+25:00",
            "2027-05-01T09:00:00Z[UTC]",
            "2027-05-01T09:00:00,5Z",
            "+002027-05-01T09:00:00Z",
            "2027-02-30T09:00:00Z",
            "2027-05-01T09:00:00",
            "2027-05-01",
            "",
        ] {
            assert_eq!(read_moment(bad), None, "{bad}");
        }
    }

    #[test]
    fn takes_ids_with_their_hyphens_alone() {
        let id = "01a2097f-10e8-741a-83cf-d6db6b582513";
        for good in [id.to_owned(), id.to_uppercase()] {
            assert!(Id::try_from(good.clone()).is_ok(), "{good}");
        }
        for bad in [
            id.replace('-', ""),
            format!("{{{id}}}"),
            format!("urn:uuid:{id}"),
            String::new(),
        ] {
            assert!(Id::try_from(bad.clone()).is_err(), "{bad}");
        }
    }
}
