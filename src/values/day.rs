//! A day of the calendar.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::InvalidValue;

// `Date` itself is read in other forms too, some with a time of day that would be lost.
/// A day from the year 0 to 9999, in its one form `2026-01-31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, format = Date, example = "2026-01-31")]
pub struct Day(Date);

impl Day {
    /// The day as the rest of the program knows it.
    pub fn date(self) -> Date {
        self.0
    }
}

impl TryFrom<String> for Day {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let date: Option<Date> = text.parse().ok();
        date.filter(|date| date.to_string() == text && date.year() >= 0)
            .map(Self)
            .ok_or_else(|| InvalidValue("must be a date such as 2026-01-31".to_owned()))
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.0.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Day;

    #[test]
    fn takes_days_in_one_form() {
        let read = |text: &str| Day::try_from(text.to_owned()).map(String::from).ok();
        for good in ["2026-01-31", "2024-02-29", "0000-01-01", "9999-12-31"] {
            assert_eq!(read(good).as_deref(), Some(good));
        }
        for bad in [
            "",
            "2026-02-29",
            "20260131",
            "2026-01-31T00:00:00",
            "2026-01-31 ",
            "-000001-01-01",
            "31/01/2026",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
