//! A number from a client, within its bounds.

use serde::{Deserialize, Serialize};

use super::InvalidValue;

/// A whole number from `LEAST` to `MOST`, written in digits alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct WholeNumber<const LEAST: i16, const MOST: i16>(i16);

impl<const LEAST: i16, const MOST: i16> WholeNumber<LEAST, MOST> {
    /// A number known when the program is built; the compiler refuses one out of bounds where it
    /// is used in a constant.
    pub const fn new(number: i16) -> Self {
        assert!(LEAST <= number && number <= MOST, "the number is out of its bounds");
        Self(number)
    }

    /// The number.
    pub fn get(self) -> i16 {
        self.0
    }
}

impl<const LEAST: i16, const MOST: i16> TryFrom<String> for WholeNumber<LEAST, MOST> {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let digits_alone = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse::<i16>().ok();
        number
            .filter(|number| digits_alone && (LEAST..=MOST).contains(number))
            .map(Self)
            .ok_or_else(|| InvalidValue(format!("must be a whole number from {LEAST} to {MOST}")))
    }
}

impl<const LEAST: i16, const MOST: i16> From<WholeNumber<LEAST, MOST>> for String {
    fn from(number: WholeNumber<LEAST, MOST>) -> Self {
        number.0.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::WholeNumber;

    #[test]
    fn takes_digits_within_the_bounds_alone() {
        let read = |text: &str| WholeNumber::<1, 100>::try_from(text.to_owned()).map(WholeNumber::get);
        assert_eq!((read("1"), read("100")), (Ok(1), Ok(100)));
        for bad in ["0", "101", "-1", "+5", "1e30", "", "1.5", " 1", "99999999999999999999"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
