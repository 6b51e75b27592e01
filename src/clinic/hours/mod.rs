//! Whether a location is open at an instant, and when that flips next, by the location's own clock.
//!
//! Pure: no clock, no database, no time zone lookup; all three come from the caller. The rules:
//! - An interval is half-open, `[opens, closes)`. Intervals that touch or overlap are one, so the
//!   next change is always a real flip and never a seam.
//! - A special day replaces what *starts* on its date. Last night's interval still runs into it,
//!   and its own overnight interval still runs out of it. A closed row beside rows with hours on
//!   the same date adds nothing: the hours hold.
//! - Lengths are told by the wall clock: an interval over a clock change lasts an hour more or less.
//! - When the clock goes forward, a skipped opening or closing time moves on by what was skipped
//!   (01:30 becomes 02:30). Hours that then end before they begin are not held that day.
//! - When the clock goes back, a time that comes twice is its first coming, for opening and for
//!   closing: the doors open once and shut once, and "open" is never said after the staff has left.
//! - No rows at all is unknown, which is not closed. With any row, a date without hours is closed.

mod overlap;

use std::ops::Range;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

pub use self::overlap::{overlapping_special, overlapping_weekly};

/// An interval ends on the next day at the latest, and a zone that skips a whole day adds another.
const DAYS_BACK: i32 = 2;

/// More than a year, so that a yearly special day is always in sight.
const DAYS_AHEAD: i32 = 400;

/// Past the last special day every week is alike, save one in which a clock change swallows an
/// interval.
const DAYS_UNTIL_REPEATED: i32 = 21;

/// One interval that begins on this weekday every week; a weekday may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeeklyHours {
    /// The weekday on which the interval begins.
    pub weekday: Weekday,
    /// The local time from which the location is open.
    pub opens: Time,
    /// The local time from which it is closed: on the next day if not after `opens`, so that equal
    /// times mean 24 hours.
    pub closes: Time,
}

/// One row of a date whose hours differ; all rows of that date together replace its weekly hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpecialHours {
    /// The local date on which the interval begins.
    pub date: Date,
    /// Opening and closing time, read as in [`WeeklyHours`]; `None` means closed all day.
    pub hours: Option<(Time, Time)>,
}

/// What a location's hours say about one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenState {
    /// Whether the location is open; `None` when no hours are recorded.
    pub open_now: Option<bool>,
    /// The instant at which `open_now` flips; `None` when no flip is known within 400 days.
    pub next_change_at: Option<Timestamp>,
}

/// Tells whether a location with these hours is open at `now`, and when that flips next.
pub fn open_state(weekly: &[WeeklyHours], special: &[SpecialHours], zone: &TimeZone, now: Timestamp) -> OpenState {
    if weekly.is_empty() && special.is_empty() {
        return OpenState {
            open_now: None,
            next_change_at: None,
        };
    }
    let dates = dates_to_search(special, zone.to_datetime(now).date());
    let searched = zone.to_timestamp(dates.end.to_datetime(Time::midnight()));
    let spans = open_spans(weekly, special, zone, dates);

    let next = spans.iter().find(|span| now < span.end);
    let open_now = next.is_some_and(|span| span.start <= now);
    let flip = next.map(|span| if open_now { span.end } else { span.start });
    // A span that reaches the end of the search may be carried on by a day that was not looked at.
    OpenState {
        open_now: Some(open_now),
        next_change_at: flip.filter(|at| searched.is_ok_and(|end| *at < end)),
    }
}

/// The dates whose intervals can bear on today or on the next flip.
fn dates_to_search(special: &[SpecialHours], today: Date) -> Range<Date> {
    let last_special = special.iter().map(|row| row.date).fold(today, Ord::max);
    let repeated = last_special.saturating_add(DAYS_UNTIL_REPEATED.days());
    let limit = today.saturating_add((DAYS_AHEAD + 1).days());
    today.saturating_sub(DAYS_BACK.days())..repeated.min(limit)
}

/// The instants between which the location is open, apart and in order, for intervals that begin
/// on these dates.
fn open_spans(
    weekly: &[WeeklyHours],
    special: &[SpecialHours],
    zone: &TimeZone,
    dates: Range<Date>,
) -> Vec<Range<Timestamp>> {
    let local = dates
        .start
        .series(1.day())
        .take_while(|date| *date < dates.end)
        .flat_map(|date| hours_of(date, weekly, special))
        .collect();
    // Joined as local times first, so that a seam inside a skipped hour leaves no trace; joined again
    // as instants, because times moved out of a skipped hour can pass others.
    let instants = joined::<DateTime>(local)
        .into_iter()
        .filter_map(|span| {
            let opens = zone.to_timestamp(span.start).ok()?;
            let closes = zone.to_timestamp(span.end).ok()?;
            (opens < closes).then_some(opens..closes)
        })
        .collect();
    joined(instants)
}

/// The intervals that begin on this date, in local time.
fn hours_of(date: Date, weekly: &[WeeklyHours], special: &[SpecialHours]) -> impl Iterator<Item = Range<DateTime>> {
    let is_special = special.iter().any(|row| row.date == date);
    let usual = weekly
        .iter()
        .filter(move |row| !is_special && row.weekday == date.weekday())
        .map(|row| (row.opens, row.closes));
    let replaced = special
        .iter()
        .filter(move |row| row.date == date)
        .filter_map(|row| row.hours);
    usual.chain(replaced).filter_map(move |(opens, closes)| {
        Some(date.to_datetime(opens)..last_date(date, opens, closes)?.to_datetime(closes))
    })
}

/// The date on which an interval ends; none at the end of the calendar.
fn last_date(date: Date, opens: Time, closes: Time) -> Option<Date> {
    if closes <= opens {
        date.tomorrow().ok()
    } else {
        Some(date)
    }
}

/// The same time covered by the fewest spans, in order.
fn joined<T: Ord + Copy>(mut spans: Vec<Range<T>>) -> Vec<Range<T>> {
    spans.sort_unstable_by_key(|span| span.start);
    let mut joined: Vec<Range<T>> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}

#[cfg(test)]
mod brute_force;
#[cfg(test)]
mod tests;
