//! Places have a life of their own, and hours that hold once they are published.

use serde_json::{Value, json};

use super::{place, public, published};
use crate::support::{
    app::TestApp,
    editor::{Editor, faults},
};

#[test]
fn hours_are_open_when_they_are_published_and_not_before() {
    let app = TestApp::start();
    let editor = Editor::of(&app);
    let (_, mut place) = published(&editor);
    let open = || {
        let places = [
            public(&app, "/v1/clinic").json()["primary_location"].clone(),
            app.get("/v1/locations").json()["items"][0].clone(),
            app.get("/v1/locations/harley-street").json(),
        ];
        places.map(|place| (place["open_now"].clone(), place["next_change_at"].clone()))
    };
    let all = |open: bool, next: &str| [(); 3].map(|()| (json!(open), json!(next)));
    // It is noon on a Monday.
    assert_eq!(open(), all(true, "2026-11-23T17:30:00Z"));
    place.patch(&json!({"opening_hours": [
        {"weekday": "monday", "opens": "13:00", "closes": "14:00"},
        {"weekday": "tuesday", "opens": "20:00", "closes": "02:00"},
    ]}));
    assert_eq!(open(), all(true, "2026-11-23T17:30:00Z"));
    place.step("publish");
    assert_eq!(open(), all(false, "2026-11-23T13:00:00Z"));
    place.patch(&json!({"special_hours": [
        {"date": "2026-11-23", "opens": "11:00", "closes": "12:30"},
        {"date": "2026-11-24"},
    ]}));
    place.step("publish");
    assert_eq!(open(), all(true, "2026-11-23T12:30:00Z"));
    app.set_clock("2026-11-24T21:00:00Z");
    assert_eq!(open(), all(false, "2026-11-30T13:00:00Z"));
    place.patch(&json!({"opening_hours": null, "special_hours": []}));
    place.step("publish");
    assert_eq!(open(), [(); 3].map(|()| (Value::Null, Value::Null)));
}

#[test]
fn a_place_comes_and_goes_by_itself() {
    let app = TestApp::start();
    let editor = Editor::of(&app);
    let (mut clinic, mut place) = published(&editor);
    let never = app.get("/v1/locations/never");
    place.patch(&json!({"slug": "main-house"}));
    place.step("publish");
    let moved = public(&app, "/v1/locations/harley-street");
    assert_eq!(
        (moved.status, moved.header("location")),
        (308, "/v1/locations/main-house")
    );
    for (away, back) in [("unpublish", None), ("archive", Some("restore"))] {
        place.step(away);
        for name in ["main-house", "harley-street", &place.id] {
            public(&app, &format!("/v1/locations/{name}")).is_missing_like(&never);
        }
        assert_eq!(app.get("/v1/locations").json()["items"], json!([]));
        assert_eq!(app.get("/v1/clinic").json()["primary_location"], Value::Null);
        for table in ["locations", "opening_hours", "special_hours"] {
            assert!(app.rows(&format!("select from {table}")).is_empty(), "{table}");
        }
        back.into_iter().for_each(|step| place.step(step));
        place.step("publish");
        assert_eq!(public(&app, "/v1/locations/main-house").status, 200);
    }
    clinic.step("unpublish");
    public(&app, "/v1/clinic").problem(404, "not_found");
    // Hours are told in the clinic's time zone, published or not.
    app.set_clock("2026-06-29T08:30:00Z");
    let shown = public(&app, "/v1/locations/main-house").json();
    assert_eq!(shown["next_change_at"], "2026-06-29T16:30:00Z");
}

#[test]
fn one_published_place_is_the_main_one() {
    let app = TestApp::start();
    let editor = Editor::of(&app);
    let (_, mut first) = published(&editor);
    let mut second = editor.create("locations", &place("Second"));
    let refused = second.try_step("publish");
    let told = faults(&refused, 409, "conflict");
    assert_eq!(told[0].0, "/body/is_primary");
    assert!(
        told[0].1.contains("publish that one as an ordinary place first"),
        "{told:?}"
    );
    assert_eq!(public(&app, "/v1/locations/second").status, 404);
    first.patch(&json!({"is_primary": false}));
    second.try_step("publish").problem(409, "conflict");
    first.step("publish");
    second.step("publish");
    assert_eq!(public(&app, "/v1/clinic").json()["primary_location"]["slug"], "second");
}
