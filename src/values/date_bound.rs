//! The end of a span of time in a filter.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::InvalidValue;

/// A moment (`2026-01-31T09:00:00Z`) or a date (`2026-01-31`), which means its first moment in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, format = DateTime, max_length = 35, example = "2026-01-31T09:00:00Z")]
pub struct DateBound(Timestamp);

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
            let date: Date = text.parse().ok().filter(|_| text.len() == 10)?;
            date.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
        };
        let moment = || text.parse::<Timestamp>().ok();
        let bound = date().or_else(moment).filter(|moment| is_storable(*moment));
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
    use super::DateBound;

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
