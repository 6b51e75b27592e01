//! Countries, time zones and times of day.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A country's code of two letters (ISO 3166-1 alpha-2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 2, max_length = 2, pattern = "^[A-Z]{2}$", example = "GB")]
pub struct CountryCode(String);

/// The name of a time zone in the IANA database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, max_length = 100, pattern = "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$", example = "Europe/London")]
pub struct TimeZoneName(String);

/// A time of day in hours and minutes, from `00:00` to `23:59`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 5, max_length = 5, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "09:30")]
pub struct ClockTime(String);

super::checked_string!(CountryCode);
super::checked_string!(TimeZoneName);
super::checked_string!(ClockTime);

/// Every code that ISO 3166-1 assigns.
const COUNTRIES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ \
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO \
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE \
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO \
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW \
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM \
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

impl CountryCode {
    fn check(text: &str) -> Result<String, String> {
        if COUNTRIES.split(' ').any(|code| code == text) {
            Ok(text.to_owned())
        } else {
            Err("must be a country's code of two letters (ISO 3166-1), such as GB".to_owned())
        }
    }
}

impl TimeZoneName {
    fn check(text: &str) -> Result<String, String> {
        // The database is read in any case; one zone has one spelling here.
        let is_known = TimeZone::get(text).is_ok_and(|zone| zone.iana_name() == Some(text));
        if is_known {
            Ok(text.to_owned())
        } else {
            Err("must be the name of a time zone in the IANA database, such as Europe/London".to_owned())
        }
    }
}

impl ClockTime {
    fn check(text: &str) -> Result<String, String> {
        let two_digits = |part: &str, below: u8| {
            part.len() == 2
                && part.bytes().all(|b| b.is_ascii_digit())
                && part.parse::<u8>().is_ok_and(|number| number < below)
        };
        if text
            .split_once(':')
            .is_some_and(|(hour, minute)| two_digits(hour, 24) && two_digits(minute, 60))
        {
            Ok(text.to_owned())
        } else {
            Err("must be a time of day from 00:00 to 23:59".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{COUNTRIES, ClockTime, CountryCode, TimeZoneName};
    use crate::values::agreement;

    #[test]
    fn takes_countries_that_there_are() {
        assert_eq!(COUNTRIES.split(' ').count(), 249);
        agreement::<CountryCode>(CountryCode::accept, &["GB", "PL", "AX"], &["", "gb", "GBR", "G", "GB "]);
        assert!(CountryCode::accept("UK").is_err() && CountryCode::accept("ZZ").is_err());
    }

    #[test]
    fn takes_time_zones_that_there_are() {
        let good = ["Europe/London", "UTC", "Etc/GMT+5", "America/Argentina/Buenos_Aires"];
        agreement::<TimeZoneName>(TimeZoneName::accept, &good, &["", "../etc/passwd", "+01:00", "Europe/"]);
        assert!(TimeZoneName::accept("Europe/Atlantis").is_err() && TimeZoneName::accept("europe/london").is_err());
    }

    #[test]
    fn takes_times_of_day() {
        agreement::<ClockTime>(
            ClockTime::accept,
            &["00:00", "09:30", "23:59"],
            &["", "24:00", "9:30", "09:60", "09:30:00", "+9:30"],
        );
    }
}
