//! Whether a place is open, told at the moment of the request by the clocks of London.

use serde_json::{Value, json};

use vertebra::clinic::wire::{
    LocationIn, OpeningHoursIn, SpecialHoursIn,
    Weekday::{self, Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday},
};

use crate::support::{
    app::{NOW, TestApp},
    content::{Content, location},
};

const WORKING: [Weekday; 5] = [Monday, Tuesday, Wednesday, Thursday, Friday];

/// A moment, whether the place is open then, and when that changes.
type State<'a> = (&'a str, bool, Option<&'a str>);

/// A clinic whose main place has these weekly hours and special days.
fn open(now: &str, weekly: &[(Weekday, &str, &str)], special: &[(&str, Option<(&str, &str)>)]) -> TestApp {
    let app = TestApp::builder().at(now).start();
    let content = Content::of(&app);
    content.clinic(&[]);
    let weekly = weekly.iter().map(|(weekday, opens, closes)| OpeningHoursIn {
        weekday: *weekday,
        opens: (*opens).to_owned(),
        closes: (*closes).to_owned(),
    });
    let special = special.iter().map(|(date, hours)| SpecialHoursIn {
        date: (*date).to_owned().try_into().expect("the date is valid"),
        opens: hours.map(|(opens, _)| opens.to_owned()),
        closes: hours.map(|(_, closes)| closes.to_owned()),
        reason: Some("A reason".to_owned()),
    });
    let place = LocationIn {
        opening_hours: weekly.collect(),
        special_hours: special.collect(),
        ..location("main", 1, true)
    };
    content.seed(place, NOW);
    app.wait_for_head();
    app
}

#[test]
fn a_clock_that_is_set_back_is_believed() {
    let app = open("2026-11-23T08:00:00Z", &[(Monday, "09:00", "17:00")], &[]);
    let [closed, opened] = [
        ("2026-11-23T08:00:00Z", false, Some("2026-11-23T09:00:00Z")),
        ("2026-11-23T12:00:00Z", true, Some("2026-11-23T17:00:00Z")),
    ];
    holds(&app, &[closed, opened, closed]);
}

/// Checks the state at moments one after another, wherever it is told.
#[track_caller]
fn holds(app: &TestApp, states: &[State]) {
    for (now, is_open, next) in states {
        app.set_clock(now);
        let places = [
            app.get("/v1/clinic").json()["primary_location"].clone(),
            app.get("/v1/locations").json()["items"][0].clone(),
            app.get("/v1/locations/main").json(),
        ];
        for place in places {
            assert_eq!(
                (&place["open_now"], &place["next_change_at"]),
                (&json!(is_open), &json!(next)),
                "{now}"
            );
        }
    }
}

#[test]
fn a_week_of_ordinary_days() {
    let weekdays = WORKING.map(|day| (day, "09:00", "17:30"));
    let app = open("2026-11-23T00:00:00Z", &weekdays, &[]);
    holds(
        &app,
        &[
            ("2026-11-23T08:59:59.999999Z", false, Some("2026-11-23T09:00:00Z")),
            ("2026-11-23T09:00:00Z", true, Some("2026-11-23T17:30:00Z")),
            ("2026-11-23T17:29:59Z", true, Some("2026-11-23T17:30:00Z")),
            ("2026-11-23T17:30:00Z", false, Some("2026-11-24T09:00:00Z")),
            ("2026-11-27T12:00:00Z", true, Some("2026-11-27T17:30:00Z")),
            ("2026-11-27T17:30:00Z", false, Some("2026-11-30T09:00:00Z")),
        ],
    );
    let hours = app.get("/v1/locations/main").json()["opening_hours"].clone();
    assert_eq!(hours.as_array().map(Vec::len), Some(5));
    assert_eq!(
        hours[4],
        json!({"weekday": "friday", "opens": "09:00", "closes": "17:30"})
    );
}

#[test]
fn the_day_on_which_the_clocks_go_forward() {
    let hours = [(Saturday, "22:00", "06:00"), (Sunday, "09:00", "17:00")];
    let app = open("2026-03-28T00:00:00Z", &hours, &[]);
    holds(
        &app,
        &[
            ("2026-03-28T21:59:59Z", false, Some("2026-03-28T22:00:00Z")),
            ("2026-03-28T22:00:00Z", true, Some("2026-03-29T05:00:00Z")),
            ("2026-03-29T05:00:00Z", false, Some("2026-03-29T08:00:00Z")),
            ("2026-03-29T08:00:00Z", true, Some("2026-03-29T16:00:00Z")),
            ("2026-03-29T16:00:00Z", false, Some("2026-04-04T21:00:00Z")),
        ],
    );
}

#[test]
fn the_day_on_which_the_clocks_go_back() {
    let hours = [(Saturday, "22:00", "06:00"), (Sunday, "09:00", "17:00")];
    let app = open("2026-10-24T00:00:00Z", &hours, &[]);
    holds(
        &app,
        &[
            ("2026-10-24T20:59:59Z", false, Some("2026-10-24T21:00:00Z")),
            ("2026-10-24T21:00:00Z", true, Some("2026-10-25T06:00:00Z")),
            ("2026-10-25T06:00:00Z", false, Some("2026-10-25T09:00:00Z")),
            ("2026-10-25T09:00:00Z", true, Some("2026-10-25T17:00:00Z")),
            ("2026-10-25T17:00:00Z", false, Some("2026-10-31T22:00:00Z")),
        ],
    );
}

#[test]
fn an_hour_that_is_skipped_and_one_that_comes_twice() {
    let forward = open("2026-03-29T00:00:00Z", &[(Sunday, "01:30", "04:00")], &[]);
    holds(
        &forward,
        &[
            ("2026-03-29T01:29:59Z", false, Some("2026-03-29T01:30:00Z")),
            ("2026-03-29T01:30:00Z", true, Some("2026-03-29T03:00:00Z")),
        ],
    );
    let back = open("2026-10-24T22:00:00Z", &[(Sunday, "00:00", "01:30")], &[]);
    holds(
        &back,
        &[
            ("2026-10-24T23:00:00Z", true, Some("2026-10-25T00:30:00Z")),
            ("2026-10-25T00:30:00Z", false, Some("2026-11-01T00:00:00Z")),
            ("2026-10-25T01:15:00Z", false, Some("2026-11-01T00:00:00Z")),
        ],
    );
}

#[test]
fn a_special_day_stands_in_for_the_weekday() {
    let weekdays = WORKING.map(|day| (day, "09:00", "17:30"));
    let special = [("2026-12-24", Some(("10:00", "13:00"))), ("2026-12-25", None)];
    let app = open("2026-12-23T18:00:00Z", &weekdays, &special);
    holds(
        &app,
        &[
            ("2026-12-23T18:00:00Z", false, Some("2026-12-24T10:00:00Z")),
            ("2026-12-24T10:00:00Z", true, Some("2026-12-24T13:00:00Z")),
            ("2026-12-24T13:00:00Z", false, Some("2026-12-28T09:00:00Z")),
            ("2026-12-25T12:00:00Z", false, Some("2026-12-28T09:00:00Z")),
        ],
    );
}

#[test]
fn special_days_are_shown_until_they_are_over() {
    let special = [("2026-06-01", Some(("10:00", "13:00"))), ("2026-06-02", None)];
    let app = open("2026-05-31T12:00:00Z", &[(Friday, "09:00", "17:00")], &special);
    let half_day = json!({"date": "2026-06-01", "opens": "10:00", "closes": "13:00", "reason": "A reason"});
    let closed = json!({"date": "2026-06-02", "opens": null, "closes": null, "reason": "A reason"});
    for (now, expected) in [
        ("2026-05-31T12:00:00Z", json!([half_day, closed])),
        ("2026-06-01T12:30:00Z", json!([half_day, closed])),
        ("2026-06-01T22:59:59Z", json!([half_day, closed])),
        ("2026-06-01T23:00:00Z", json!([closed])),
        ("2026-06-02T22:59:59Z", json!([closed])),
        ("2026-06-02T23:00:00Z", json!([])),
    ] {
        app.set_clock(now);
        assert_eq!(app.get("/v1/locations/main").json()["special_hours"], expected, "{now}");
        assert_eq!(
            app.get("/v1/locations").json()["items"][0]["special_hours"],
            expected,
            "{now}"
        );
        assert_eq!(
            app.get("/v1/clinic").json()["primary_location"]["special_hours"],
            expected,
            "{now}"
        );
    }
}

#[test]
fn a_place_without_hours_is_neither_open_nor_closed() {
    let app = open("2026-11-23T12:00:00Z", &[], &[]);
    let place = app.get("/v1/locations/main").json();
    assert_eq!(
        (&place["open_now"], &place["next_change_at"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn a_place_that_never_closes_has_no_next_change() {
    let always = [Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday].map(|day| (day, "00:00", "00:00"));
    let app = open("2026-11-23T12:00:00Z", &always, &[]);
    holds(&app, &[("2026-11-23T12:00:00Z", true, None)]);
}

#[test]
fn a_kept_answer_ends_with_the_moment_at_which_it_changes() {
    let app = open("2026-11-23T10:00:00Z", &[(Monday, "09:00", "17:30")], &[]);
    for address in ["/v1/clinic", "/v1/locations", "/v1/locations/main"] {
        for (now, loads) in [
            ("2026-11-23T10:00:00Z", 1),
            ("2026-11-23T17:29:59.999999Z", 0),
            ("2026-11-23T17:30:00Z", 1),
            ("2026-11-23T18:00:00Z", 0),
        ] {
            app.set_clock(now);
            let before = app.metric("vertebra_cache_misses_total");
            app.get(address);
            assert_eq!(
                app.metric("vertebra_cache_misses_total") - before,
                loads,
                "{address} at {now}"
            );
        }
    }
}
