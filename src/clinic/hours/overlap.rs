//! Which intervals of what an editor wrote stand in each other's way.
//!
//! [`super::open_state`] takes overlapping intervals as one, so nothing breaks by them; but who wrote
//! them meant something else. Intervals that only touch are no fault.

use std::{collections::BTreeSet, ops::Range};

use jiff::civil::Time;

use super::{SpecialHours, WeeklyHours, last_date};

const MINUTES_OF_DAY: i32 = 24 * 60;
const MINUTES_OF_WEEK: i32 = 7 * MINUTES_OF_DAY;

/// The places, among those given, of the weekly intervals that overlap with one before them in the list.
pub fn overlapping_weekly(weekly: &[(usize, WeeklyHours)]) -> BTreeSet<usize> {
    let spans = weekly.iter().flat_map(|(place, hours)| {
        let start = i32::from(hours.weekday.to_monday_zero_offset()) * MINUTES_OF_DAY + minute(hours.opens);
        let length = match minute(hours.closes) - minute(hours.opens) {
            within if within > 0 => within,
            overnight => overnight + MINUTES_OF_DAY,
        };
        // Again a week later, as Sunday's may run into Monday's.
        [start, start + MINUTES_OF_WEEK].map(|start| (*place, start..start + length))
    });
    overlapping(&spans.collect::<Vec<_>>())
}

/// The places, among those given, of the special intervals that overlap with one before them in the list,
/// and of closed days that have another entry.
pub fn overlapping_special(special: &[(usize, SpecialHours)]) -> BTreeSet<usize> {
    let spans = special.iter().filter_map(|(place, day)| {
        let (opens, closes) = day.hours?;
        let end = last_date(day.date, opens, closes)?.to_datetime(closes);
        Some((*place, day.date.to_datetime(opens)..end))
    });
    let mut found = overlapping(&spans.collect::<Vec<_>>());
    let is_beside_another = |(place, closed): &&(usize, SpecialHours)| {
        let mut others = special.iter().filter(|(other, _)| other != place);
        closed.hours.is_none() && others.any(|(_, other)| other.date == closed.date)
    };
    found.extend(special.iter().filter(is_beside_another).map(|(place, _)| *place));
    found
}

fn minute(time: Time) -> i32 {
    i32::from(time.hour()) * 60 + i32::from(time.minute())
}

fn overlapping<T: Ord>(spans: &[(usize, Range<T>)]) -> BTreeSet<usize> {
    let meets_earlier = |(place, span): &&(usize, Range<T>)| {
        let mut earlier = spans.iter().filter(|(other, _)| other < place);
        earlier.any(|(_, other)| other.start < span.end && span.start < other.end)
    };
    spans.iter().filter(meets_earlier).map(|(place, _)| *place).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Time, Weekday, date};

    use super::{overlapping_special, overlapping_weekly};
    use crate::clinic::hours::{SpecialHours, WeeklyHours};

    fn time(text: &str) -> Time {
        text.parse().unwrap()
    }

    fn weekly(hours: &[(Weekday, &str, &str)]) -> Vec<usize> {
        let rows = hours.iter().map(|(weekday, opens, closes)| WeeklyHours {
            weekday: *weekday,
            opens: time(opens),
            closes: time(closes),
        });
        let found = overlapping_weekly(&rows.enumerate().collect::<Vec<_>>());
        found.into_iter().collect()
    }

    fn special(days: &[(i8, Option<(&str, &str)>)]) -> Vec<usize> {
        let rows = days.iter().map(|(day, hours)| SpecialHours {
            date: date(2026, 12, *day),
            hours: hours.map(|(opens, closes)| (time(opens), time(closes))),
        });
        let found = overlapping_special(&rows.enumerate().collect::<Vec<_>>());
        found.into_iter().collect()
    }

    #[test]
    fn finds_weekly_hours_in_each_other_s_way() {
        use Weekday::{Monday, Saturday, Sunday, Tuesday};
        for apart in [
            &[][..],
            &[(Monday, "09:00", "12:00"), (Monday, "13:00", "17:00")],
            &[(Monday, "12:00", "17:00"), (Monday, "09:00", "12:00")],
            &[(Monday, "09:00", "12:00"), (Tuesday, "09:00", "12:00")],
            &[(Sunday, "22:00", "06:00"), (Monday, "06:00", "12:00")],
            &[(Sunday, "00:00", "00:00"), (Monday, "00:00", "00:00")],
        ] {
            assert!(weekly(apart).is_empty(), "{apart:?}");
        }
        for overlapping in [
            [(Monday, "09:00", "12:00"), (Monday, "09:00", "12:00")],
            [(Monday, "09:00", "12:00"), (Monday, "11:59", "17:00")],
            [(Monday, "10:00", "11:00"), (Monday, "09:00", "12:00")],
            [(Sunday, "22:00", "06:00"), (Monday, "05:00", "12:00")],
            [(Monday, "05:00", "12:00"), (Sunday, "22:00", "06:00")],
            [(Sunday, "12:00", "12:00"), (Saturday, "13:00", "13:00")],
        ] {
            assert_eq!(weekly(&overlapping), [1], "{overlapping:?}");
        }
    }

    #[test]
    fn finds_special_hours_in_each_other_s_way() {
        let morning = Some(("09:00", "12:00"));
        for apart in [
            &[][..],
            &[(24, morning), (24, Some(("12:00", "17:00"))), (25, None)],
            &[(24, Some(("22:00", "06:00"))), (25, morning)],
        ] {
            assert!(special(apart).is_empty(), "{apart:?}");
        }
        assert_eq!(special(&[(24, morning), (24, Some(("11:00", "17:00")))]), [1]);
        assert_eq!(special(&[(25, morning), (24, Some(("22:00", "10:00")))]), [1]);
        assert_eq!(special(&[(24, None), (24, morning)]), [0]);
        assert_eq!(special(&[(24, None), (25, None), (24, None)]), [0, 2]);
    }
}
