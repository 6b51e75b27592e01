//! The date of publication: as MEDLINE writes it, and by the parts that its precision states.

use super::text::one_line;
use crate::values::PartialDate;

/// Month abbreviations as MEDLINE writes them; lower-cased they are BibTeX's macros.
pub(super) const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Seasons in the order that CSL numbers them from 1, each with the words that sources use.
const SEASONS: [(&str, &[&str]); 4] = [
    ("Spring", &["spring"]),
    ("Summer", &["summer"]),
    ("Autumn", &["autumn", "fall"]),
    ("Winter", &["winter"]),
];

/// The date as MEDLINE writes it: the source's words where they have that shape, else its parts.
pub(in crate::articles) fn medline_date(date: &PartialDate) -> String {
    let raw = one_line(&date.raw);
    let year = date.year.to_string();
    let rest = raw.strip_prefix(&year);
    let is_medline = |rest: &str| {
        let mut after = rest.chars();
        rest.is_empty() || (after.next() == Some(' ') && after.next().is_some_and(char::is_alphabetic))
    };
    if rest.is_some_and(is_medline) {
        return raw;
    }
    match (month(date), season(date), day(date)) {
        (Some(month), _, Some(day)) => format!("{year} {} {day}", MONTHS[month - 1]),
        (Some(month), _, None) => format!("{year} {}", MONTHS[month - 1]),
        (None, Some((_, season)), _) => format!("{year} {season}"),
        (None, None, _) => year,
    }
}

/// The month from 1 to 12, none for a season or a year.
pub(super) fn month(date: &PartialDate) -> Option<usize> {
    let month = usize::try_from(date.month?).ok()?;
    let stated = !matches!(date.precision.as_str(), "year" | "season");
    ((1..=12).contains(&month) && stated).then_some(month)
}

/// The day of the month, only together with a month.
pub(super) fn day(date: &PartialDate) -> Option<i8> {
    month(date)?;
    let stated = date.precision != "month";
    date.day.filter(|day| (1..=31).contains(day) && stated)
}

/// The season that the source names, with its number from 1 (spring) to 4 (winter).
pub(super) fn season(date: &PartialDate) -> Option<(usize, &'static str)> {
    if month(date).is_some() {
        return None;
    }
    let raw = date.raw.to_lowercase();
    SEASONS
        .iter()
        .enumerate()
        .find(|(_, (_, words))| words.iter().any(|word| raw.contains(word)))
        .map(|(index, (name, _))| (index + 1, *name))
}

#[cfg(test)]
mod tests {
    use super::super::samples::date;
    use super::{day, month, season};

    #[test]
    fn seasons_by_their_number() {
        let season_of = |raw: &str| season(&date((2017, Some(10), None), "season", raw));
        assert_eq!(season_of("2017 Fall"), Some((3, "Autumn")));
        assert_eq!(season_of("2017 Spring"), Some((1, "Spring")));
        assert_eq!(season_of("2017"), None);
        assert_eq!(season(&date((2017, Some(10), None), "month", "2017 Fall")), None);
    }

    #[test]
    fn days_need_a_month_and_a_precision_that_states_them() {
        assert_eq!(day(&date((2017, Some(2), Some(3)), "day", "")), Some(3));
        assert_eq!(day(&date((2017, Some(2), Some(3)), "month", "")), None);
        assert_eq!(day(&date((2017, None, Some(3)), "day", "")), None);
        assert_eq!(month(&date((2017, Some(0), None), "month", "")), None);
    }
}
