//! Compares the answers with a plain walk over every minute, for random hours in the weeks in which
//! clocks change.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::{SpecialHours, WeeklyHours, open_spans, open_state};

/// The dates of one window; minutes are counted a little past it, for intervals that run out of it.
const DAYS: usize = 9;
const MINUTES: usize = (DAYS + 3) * 1440;

/// Random schedules tried in each window.
const SCHEDULES: usize = 25;

fn day(first: Date, days: usize) -> Date {
    first + (days as i64).days()
}

/// The same generator on every run, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    /// Half of the times fall in the small hours, where clocks change.
    fn time(&mut self) -> Time {
        let quarters = if self.below(2) == 0 { 16 } else { 96 };
        Time::midnight() + SignedDuration::from_mins(self.below(quarters) as i64 * 15)
    }

    fn schedule(&mut self, first: Date) -> (Vec<WeeklyHours>, Vec<SpecialHours>) {
        let weekly = (0..self.below(15))
            .map(|_| {
                let weekday = Weekday::from_monday_zero_offset(self.below(7) as i8).unwrap();
                WeeklyHours {
                    weekday,
                    opens: self.time(),
                    closes: self.time(),
                }
            })
            .collect();
        let special = (0..self.below(5))
            .map(|_| {
                let date = day(first, self.below(DAYS as u64) as usize);
                let hours = (self.below(3) > 0).then(|| (self.time(), self.time()));
                SpecialHours { date, hours }
            })
            .collect();
        (weekly, special)
    }
}

/// Some days around a clock change, as the clock on the wall shows them.
struct Window {
    zone: TimeZone,
    first: Date,
    /// Local midnight of the first day; both kinds of minutes count from here.
    start: Timestamp,
    /// For each wall-clock minute the real minute in which it first comes, or, for one that never
    /// comes, in which it would have come had the clock been left alone.
    comes_first: Vec<usize>,
}

impl Window {
    fn new(zone: TimeZone, first: Date) -> Self {
        let midnight = first.to_datetime(Time::midnight());
        let start = zone.to_timestamp(midnight).unwrap();
        let mut comes_first = Vec::new();
        for minute in 0..MINUTES {
            let wall = zone.to_datetime(start + SignedDuration::from_mins(minute as i64));
            let reading = wall.duration_since(midnight).as_mins() as usize;
            let skipped = reading.saturating_sub(comes_first.len());
            if reading >= comes_first.len() {
                comes_first.extend(minute..minute + skipped);
                comes_first.push(minute);
            }
        }
        Self {
            zone,
            first,
            start,
            comes_first,
        }
    }

    fn at(&self, minute: usize) -> Timestamp {
        self.start + SignedDuration::from_mins(minute as i64)
    }

    /// Marks every wall-clock minute that a row covers.
    fn covered(&self, weekly: &[WeeklyHours], special: &[SpecialHours]) -> Vec<bool> {
        let mut wall = vec![false; MINUTES];
        for days in 0..DAYS {
            let date = day(self.first, days);
            let replaced = special.iter().filter(|row| row.date == date).map(|row| row.hours);
            let mut rows: Vec<_> = replaced.collect();
            if rows.is_empty() {
                let usual = weekly.iter().filter(|row| row.weekday == date.weekday());
                rows = usual.map(|row| Some((row.opens, row.closes))).collect();
            }
            for (opens, closes) in rows.into_iter().flatten() {
                let minute = |at: Time| days * 1440 + at.hour() as usize * 60 + at.minute() as usize;
                let overnight = if closes <= opens { 1440 } else { 0 };
                wall[minute(opens)..minute(closes) + overnight].fill(true);
            }
        }
        wall
    }

    /// Marks every real minute between the ends of each stretch of covered wall-clock minutes.
    fn open(&self, weekly: &[WeeklyHours], special: &[SpecialHours]) -> Vec<bool> {
        let wall = self.covered(weekly, special);
        let mut open = vec![false; MINUTES];
        let mut from = 0;
        for stretch in wall.chunk_by(|one, next| one == next) {
            let to = from + stretch.len();
            if stretch[0] {
                // An end before its beginning gives no range, and marks nothing.
                let real = open.get_mut(self.comes_first[from]..self.comes_first[to]);
                real.unwrap_or_default().fill(true);
            }
            from = to;
        }
        open
    }

    /// Holds one schedule against the walk: every minute, and the whole answer at some.
    fn compare(&self, weekly: &[WeeklyHours], special: &[SpecialHours]) {
        let expected = self.open(weekly, special);
        let mut spans = open_spans(weekly, special, &self.zone, self.first..day(self.first, DAYS));
        spans.reverse();
        for (minute, open) in expected.iter().enumerate() {
            let now = self.at(minute);
            spans.pop_if(|span| span.end <= now);
            let found = spans.last().is_some_and(|span| span.contains(&now));
            assert_eq!(found, *open, "{now} {weekly:?} {special:?}");
        }
        if weekly.is_empty() && special.is_empty() {
            return;
        }
        // Days outside the window do not reach these minutes, nor the flips before its last day.
        for minute in (3 * 1440..7 * 1440).step_by(601) {
            let now = self.at(minute);
            let state = open_state(weekly, special, &self.zone, now);
            assert_eq!(state.open_now, Some(expected[minute]), "{now} {weekly:?} {special:?}");
            let mut later = minute..(DAYS - 1) * 1440;
            if let Some(flip) = later.find(|later| expected[*later] != expected[minute]) {
                let next = Some(self.at(flip));
                assert_eq!(state.next_change_at, next, "{now} {weekly:?} {special:?}");
            }
        }
    }
}

#[test]
fn agrees_with_a_walk_over_every_minute() {
    // Clocks change by an hour, by half an hour, at midnight, by a whole day.
    let weeks = [
        ("Europe/London", "2026-03-25"),
        ("Europe/London", "2026-10-21"),
        ("America/New_York", "2026-03-04"),
        ("America/New_York", "2026-10-28"),
        ("Australia/Lord_Howe", "2026-04-01"),
        ("Australia/Lord_Howe", "2026-09-30"),
        ("Africa/Cairo", "2026-04-20"),
        ("Africa/Cairo", "2026-10-26"),
        ("Pacific/Apia", "2011-12-26"),
    ];
    let mut dice = Dice(2026);
    for (name, first) in weeks {
        let window = Window::new(TimeZone::get(name).unwrap(), first.parse().unwrap());
        for _ in 0..SCHEDULES {
            let (weekly, special) = dice.schedule(window.first);
            window.compare(&weekly, &special);
        }
    }
}
