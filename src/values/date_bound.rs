//! The end of a span of time in a filter.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use super::{InvalidValue, exact::read_moment};

/// A moment (`2026-01-31T09:00:00Z`) or a date (`2026-01-31`), which means its first moment in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DateBound(Timestamp);

/// A date that there is, of the years 1000 to 2999, alone or with a time and its distance from UTC.
const PATTERN: &str = concat!(
    "^([12][0-9]{3}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)",
    "|([12][0-9](0[48]|[2468][048]|[13579][26])|(12|16|20|24|28)00)-02-29)",
    "(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9]))?$",
);

impl ToSchema for DateBound {}

// Written by hand, as it is the one or the other: a format would name one of them only, and a choice of two is read by
// few generators of clients.
impl PartialSchema for DateBound {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "A moment (`2026-01-31T09:00:00Z`) or a date (`2026-01-31`), which means its first moment in UTC.",
            ))
            .min_length(Some("2026-01-31".len()))
            .max_length(Some("2026-01-31T09:00:00.123456789+01:00".len()))
            .pattern(Some(PATTERN))
            .examples(["2026-01-31T09:00:00Z"])
            .into()
    }
}

impl DateBound {
    /// The moment.
    pub fn timestamp(self) -> Timestamp {
        self.0
    }
}

/// Whether PostgreSQL can hold a moment: it ends in 4713 BC, long after [`Timestamp`] does.
pub fn is_storable(moment: Timestamp) -> bool {
    moment.to_zoned(TimeZone::UTC).year() >= 0
}

impl TryFrom<String> for DateBound {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let date = || {
            let date: Date = text.parse().ok()?;
            let date = (date.to_string() == text).then_some(date)?;
            date.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
        };
        let bound = date()
            .or_else(|| read_moment(&text))
            .filter(|moment| is_storable(*moment));
        bound.map(Self).ok_or_else(|| {
            InvalidValue("must be a date such as 2026-01-31 or a time such as 2026-01-31T09:00:00Z".to_owned())
        })
    }
}

impl From<DateBound> for String {
    fn from(bound: DateBound) -> Self {
        bound.0.to_string()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::{DateBound, PATTERN};

    /// What the document allows is taken, and every day can be written.
    #[test]
    fn the_pattern_has_the_days_that_there_are() {
        let pattern = regex::Regex::new(PATTERN).expect("it is a pattern");
        for year in [1000, 1900, 2000, 2024, 2026, 2100, 2400, 2999] {
            for (month, day) in (0..=13).flat_map(|month| (0..=32).map(move |day| (month, day))) {
                let text = format!("{year}-{month:02}-{day:02}");
                let is_a_day = Date::new(year, month, day).is_ok();
                assert_eq!(pattern.is_match(&text), is_a_day, "{text}");
                for time in ["", "T00:00:00Z", "T23:59:59.123456789+14:59", "T09:00:00-14:59"] {
                    let text = format!("{text}{time}");
                    assert_eq!(pattern.is_match(&text), is_a_day, "{text}");
                    assert_eq!(DateBound::try_from(text.clone()).is_ok(), is_a_day, "{text}");
                }
            }
        }
        for bad in [
            "2026-01-31T09:00:00",
            "2026-01-31T24:00:00Z",
            "2026-01-31T09:00Z",
            "2026-01-31 09:00:00Z",
        ] {
            assert!(!pattern.is_match(bad), "{bad}");
        }
    }

    #[test]
    fn takes_dates_and_times() {
        let read = |text: &str| DateBound::try_from(text.to_owned()).map(String::from).ok();
        assert_eq!(read("2026-01-31").as_deref(), Some("2026-01-31T00:00:00Z"));
        assert_eq!(
            read("2026-01-31T09:00:00+01:00").as_deref(),
            Some("2026-01-31T08:00:00Z")
        );
        for bad in [
            "",
            "2026",
            "31/01/2026",
            "2026-02-30",
            "2026-01-31T09:00:00",
            "now",
            "-000001-01-01T00:00:00Z",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
