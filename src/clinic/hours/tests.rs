//! The rules, one by one, at chosen instants.

use jiff::Timestamp;
use jiff::civil::Weekday::{self, Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
use jiff::tz::TimeZone;

use super::{OpenState, SpecialHours, WeeklyHours, open_state};

const LONDON: &str = "Europe/London";
const EVERY_DAY: [Weekday; 7] = [Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday];
const WORKDAYS: [Weekday; 5] = [Monday, Tuesday, Wednesday, Thursday, Friday];

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn week(days: &[Weekday], opens: &str, closes: &str) -> Vec<WeeklyHours> {
    let (opens, closes) = (opens.parse().unwrap(), closes.parse().unwrap());
    days.iter()
        .map(|&weekday| WeeklyHours { weekday, opens, closes })
        .collect()
}

fn closed(date: &str) -> SpecialHours {
    SpecialHours {
        date: date.parse().unwrap(),
        hours: None,
    }
}

fn on(date: &str, opens: &str, closes: &str) -> SpecialHours {
    let hours = Some((opens.parse().unwrap(), closes.parse().unwrap()));
    SpecialHours {
        date: date.parse().unwrap(),
        hours,
    }
}

/// Each case: now, open then, and the next flip or "" for none.
#[track_caller]
fn check(name: &str, weekly: &[WeeklyHours], special: &[SpecialHours], cases: &[(&str, bool, &str)]) {
    for (now, open, next) in cases {
        let state = open_state(weekly, special, &zone(name), now.parse().unwrap());
        let expected = OpenState {
            open_now: Some(*open),
            next_change_at: next.parse().ok(),
        };
        assert_eq!(state, expected, "at {now}");
    }
}

#[test]
fn no_hours_is_unknown() {
    let state = open_state(&[], &[], &zone(LONDON), Timestamp::UNIX_EPOCH);
    assert_eq!(
        state,
        OpenState {
            open_now: None,
            next_change_at: None
        }
    );
}

#[test]
fn ordinary_day_is_half_open() {
    let cases = [
        ("2026-01-13T08:59:59Z", false, "2026-01-13T09:00:00Z"),
        ("2026-01-13T09:00:00Z", true, "2026-01-13T17:00:00Z"),
        ("2026-01-13T16:59:59.999Z", true, "2026-01-13T17:00:00Z"),
        ("2026-01-13T17:00:00Z", false, "2026-01-14T09:00:00Z"),
        // The same wall-clock day in summer.
        ("2026-07-14T07:59:59Z", false, "2026-07-14T08:00:00Z"),
        // Friday evening looks to Monday.
        ("2026-01-16T18:00:00Z", false, "2026-01-19T09:00:00Z"),
    ];
    check(LONDON, &week(&WORKDAYS, "09:00", "17:00"), &[], &cases);
}

#[test]
fn lunch_break_is_closed_and_a_seam_is_not() {
    let mut hours = week(&[Monday], "13:00", "17:00");
    hours.extend(week(&[Monday], "09:00", "12:00"));
    let lunch = [
        ("2026-01-12T10:00:00Z", true, "2026-01-12T12:00:00Z"),
        ("2026-01-12T12:30:00Z", false, "2026-01-12T13:00:00Z"),
        ("2026-01-12T14:00:00Z", true, "2026-01-12T17:00:00Z"),
    ];
    check(LONDON, &hours, &[], &lunch);
    hours.extend(week(&[Monday], "12:00", "13:00"));
    check(
        LONDON,
        &hours,
        &[],
        &[("2026-01-12T10:00:00Z", true, "2026-01-12T17:00:00Z")],
    );
    hours.extend(week(&[Monday], "16:00", "18:00"));
    hours.extend(week(&[Monday], "10:00", "11:00"));
    check(
        LONDON,
        &hours,
        &[],
        &[("2026-01-12T10:00:00Z", true, "2026-01-12T18:00:00Z")],
    );
}

#[test]
fn overnight_runs_into_the_next_day() {
    let cases = [
        ("2026-01-16T21:00:00Z", false, "2026-01-16T22:00:00Z"),
        ("2026-01-16T23:00:00Z", true, "2026-01-17T06:00:00Z"),
        ("2026-01-17T05:00:00Z", true, "2026-01-17T06:00:00Z"),
        ("2026-01-17T06:00:00Z", false, "2026-01-23T22:00:00Z"),
    ];
    check(LONDON, &week(&[Friday], "22:00", "06:00"), &[], &cases);
    let until_midnight = [("2026-01-16T23:59:00Z", true, "2026-01-17T00:00:00Z")];
    check(LONDON, &week(&[Friday], "22:00", "00:00"), &[], &until_midnight);
}

#[test]
fn equal_times_are_24_hours_and_every_day_is_always() {
    let one = [("2026-01-13T09:59:00Z", true, "2026-01-13T10:00:00Z")];
    check(LONDON, &week(&[Monday], "10:00", "10:00"), &[], &one);
    for (opens, closes) in [("00:00", "00:00"), ("10:00", "10:00"), ("09:00", "10:30")] {
        let mut hours = week(&EVERY_DAY, opens, closes);
        hours.extend(week(&EVERY_DAY, closes, opens));
        let always = [
            ("2026-01-13T00:00:00Z", true, ""),
            ("2026-03-29T01:00:00Z", true, ""),
            ("2026-10-25T00:59:30Z", true, ""),
            ("2026-10-25T01:00:00Z", true, ""),
        ];
        check(LONDON, &hours, &[], &always);
    }
}

#[test]
fn special_day_replaces_what_starts_on_it() {
    let nights = week(&EVERY_DAY, "22:00", "06:00");
    let cases = [
        // The night that began on the 24th still ends at 06:00; the night of the 25th is not held.
        ("2026-12-25T03:00:00Z", true, "2026-12-25T06:00:00Z"),
        ("2026-12-25T06:00:00Z", false, "2026-12-26T22:00:00Z"),
        ("2026-12-26T03:00:00Z", false, "2026-12-26T22:00:00Z"),
    ];
    check(LONDON, &nights, &[closed("2026-12-25")], &cases);

    let always = week(&EVERY_DAY, "00:00", "00:00");
    let shut = [
        ("2026-01-01T00:00:00Z", true, "2026-12-25T00:00:00Z"),
        ("2026-12-25T00:00:00Z", false, "2026-12-26T00:00:00Z"),
        ("2026-12-26T00:00:00Z", true, ""),
    ];
    check(LONDON, &always, &[closed("2026-12-25")], &shut);
    // 400 days ahead is seen, 401 is not.
    let far = [
        ("2025-11-20T12:00:00Z", true, "2026-12-25T00:00:00Z"),
        ("2025-11-19T12:00:00Z", true, ""),
    ];
    check(LONDON, &always, &[closed("2026-12-25")], &far);
}

#[test]
fn special_rows_open_a_sunday_shorten_a_day_and_outweigh_a_closed_row() {
    let hours = week(&WORKDAYS, "09:00", "17:00");
    let special = [
        on("2026-01-18", "10:00", "12:00"),
        closed("2026-01-18"),
        on("2026-01-18", "14:00", "15:00"),
        on("2026-01-20", "22:00", "02:00"),
    ];
    let cases = [
        ("2026-01-16T17:00:00Z", false, "2026-01-18T10:00:00Z"),
        ("2026-01-18T11:00:00Z", true, "2026-01-18T12:00:00Z"),
        ("2026-01-18T13:00:00Z", false, "2026-01-18T14:00:00Z"),
        ("2026-01-18T15:00:00Z", false, "2026-01-19T09:00:00Z"),
        ("2026-01-20T10:00:00Z", false, "2026-01-20T22:00:00Z"),
        ("2026-01-20T23:00:00Z", true, "2026-01-21T02:00:00Z"),
    ];
    check(LONDON, &hours, &special, &cases);
}

#[test]
fn special_days_alone_are_hours_too() {
    let cases = [
        ("2026-01-01T12:00:00Z", false, "2026-05-02T09:00:00Z"),
        ("2026-05-02T09:00:00Z", true, "2026-05-02T12:00:00Z"),
        ("2026-05-02T12:00:00Z", false, ""),
    ];
    check(LONDON, &[], &[on("2026-05-02", "10:00", "13:00")], &cases);
}

#[test]
fn london_goes_forward() {
    let through = [
        ("2026-03-29T00:29:59Z", false, "2026-03-29T00:30:00Z"),
        ("2026-03-29T00:30:00Z", true, "2026-03-29T02:00:00Z"),
        ("2026-03-29T01:00:00Z", true, "2026-03-29T02:00:00Z"),
        ("2026-03-29T02:00:00Z", false, "2026-04-04T23:30:00Z"),
    ];
    check(LONDON, &week(&[Sunday], "00:30", "03:00"), &[], &through);
    // 01:30 does not exist: it is read as 02:30 BST.
    let ends_inside = [("2026-03-29T01:15:00Z", true, "2026-03-29T01:30:00Z")];
    check(LONDON, &week(&[Sunday], "00:30", "01:30"), &[], &ends_inside);
    let starts_inside = [("2026-03-29T01:15:00Z", false, "2026-03-29T01:30:00Z")];
    check(LONDON, &week(&[Sunday], "01:30", "03:00"), &[], &starts_inside);
    // Read as 02:30 to 02:15: not held on this Sunday.
    let lost = [("2026-03-29T00:15:00Z", false, "2026-04-05T00:30:00Z")];
    check(LONDON, &week(&[Sunday], "01:30", "02:15"), &[], &lost);
    // A seam inside the skipped hour changes nothing.
    let mut seam = week(&[Sunday], "00:30", "01:45");
    seam.extend(week(&[Sunday], "01:45", "02:15"));
    check(
        LONDON,
        &seam,
        &[],
        &[("2026-03-29T00:45:00Z", true, "2026-03-29T01:15:00Z")],
    );
    let nine_to_five = [
        ("2026-03-29T07:59:59Z", false, "2026-03-29T08:00:00Z"),
        ("2026-03-29T08:00:00Z", true, "2026-03-29T16:00:00Z"),
    ];
    check(LONDON, &week(&[Sunday], "09:00", "17:00"), &[], &nine_to_five);
}

#[test]
fn london_goes_back() {
    let through = [
        ("2026-10-24T23:29:59Z", false, "2026-10-24T23:30:00Z"),
        ("2026-10-25T00:30:00Z", true, "2026-10-25T03:00:00Z"), // 01:30 BST
        ("2026-10-25T00:59:30Z", true, "2026-10-25T03:00:00Z"), // 01:59:30 BST
        ("2026-10-25T01:30:00Z", true, "2026-10-25T03:00:00Z"), // 01:30 GMT
        ("2026-10-25T03:00:00Z", false, "2026-11-01T00:30:00Z"),
    ];
    check(LONDON, &week(&[Sunday], "00:30", "03:00"), &[], &through);
    // Shut at the first 01:30, and still shut when 01:15 comes again.
    let ends_inside = [
        ("2026-10-25T00:15:00Z", true, "2026-10-25T00:30:00Z"),
        ("2026-10-25T01:15:00Z", false, "2026-11-01T00:30:00Z"),
    ];
    check(LONDON, &week(&[Sunday], "00:30", "01:30"), &[], &ends_inside);
    // Open from the first 01:30, and still open when 01:15 comes again.
    let starts_inside = [
        ("2026-10-25T00:15:00Z", false, "2026-10-25T00:30:00Z"),
        ("2026-10-25T01:15:00Z", true, "2026-10-25T03:00:00Z"),
    ];
    check(LONDON, &week(&[Sunday], "01:30", "03:00"), &[], &starts_inside);
    let nine_to_five = [
        ("2026-10-25T08:30:00Z", false, "2026-10-25T09:00:00Z"),
        ("2026-10-25T09:00:00Z", true, "2026-10-25T17:00:00Z"),
    ];
    check(LONDON, &week(&[Sunday], "09:00", "17:00"), &[], &nine_to_five);
}

#[test]
fn new_york_changes_on_other_days() {
    let hours = week(&[Sunday], "00:30", "03:00");
    let cases = [
        ("2026-03-08T06:00:00Z", true, "2026-03-08T07:00:00Z"),
        ("2026-11-01T04:45:00Z", true, "2026-11-01T08:00:00Z"),
        ("2026-11-01T06:30:00Z", true, "2026-11-01T08:00:00Z"),
        // London's day is an ordinary one here.
        ("2026-03-29T05:00:00Z", true, "2026-03-29T07:00:00Z"),
    ];
    check("America/New_York", &hours, &[], &cases);
}
