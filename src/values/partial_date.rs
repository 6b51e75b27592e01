//! A date that may lack its day or its month.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A date of publication, as precise as the source states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartialDate {
    /// The year.
    #[schema(minimum = 0, maximum = 9999, example = 2017)]
    pub year: i16,
    /// The month from 1 to 12; null where the source names none.
    #[schema(required, minimum = 1, maximum = 12, example = 11)]
    pub month: Option<i8>,
    /// The day of the month; null where the source names none.
    #[schema(required, minimum = 1, maximum = 31, example = 16)]
    pub day: Option<i8>,
    /// How much of the date is known.
    #[schema(value_type = DatePrecision)]
    pub precision: String,
    /// The date in the source's own words.
    #[schema(max_length = 100, example = "2017 Nov 16")]
    pub raw: String,
}

/// How much of a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DatePrecision {
    /// The year.
    Year,
    /// The year and a season, which the source's words name.
    Season,
    /// The year and the month.
    Month,
    /// The whole date.
    Day,
}

impl DatePrecision {
    /// The name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Season => "season",
            Self::Month => "month",
            Self::Day => "day",
        }
    }
}
