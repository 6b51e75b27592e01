//! The clinic and its places, as one answer each.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;
use vertebra::clinic::wire::{ClinicIn, CoordinatesIn, LocationIn};

use crate::support::{
    app::{NOW, TestApp},
    content::{Content, clinic, location},
    list::slugs,
};

/// A clinic with something in every part, its id, and its main place.
fn filled() -> (TestApp, Uuid, Uuid) {
    let app = TestApp::start();
    let content = Content::of(&app);
    let whole = json!({
        "name": "Test clinic",
        "legal_name": "Test Clinic Ltd",
        "founded_year": 2005,
        "phone": "+442079460000",
        "email": "desk@clinic.example",
        "website": "https://clinic.example",
        "time_zone": "Europe/London",
        "default_locale": "en-GB",
        "cqc_provider_id": "1-100",
        "companies_house_number": "01234567",
        "social_links": [{"platform": "x", "url": "https://x.com/clinic"}],
        "affiliated_hospitals": [{"name": "Hospital"}],
        "texts": {"en-GB": {
            "tagline": "Tagline in en-GB",
            "about": "About.",
            "notice": "Notice.",
            "headings": {"about": "A", "services": "B", "share": "C", "testimonials": "D"},
            "highlights": [{"title": "First", "body": "Sooner."}, {"title": "Second", "body": "Later."}],
            "statistics": [{
                "label": "Patients",
                "value": 5000,
                "display_value": "over 5000",
                "unit": "patients",
                "as_of": "2026-01-31",
                "source": {"name": "Register", "url": "https://clinic.example/figures"},
            }],
        }},
    });
    let clinic = content.seed(written::<ClinicIn>(whole), NOW);
    content.location("second", 2, false);
    let main = LocationIn {
        coordinates: Some(CoordinatesIn {
            latitude: 51.5,
            longitude: -0.15,
        }),
        phone: Some("+442079460001".to_owned()),
        ..location("main", 1, true)
    };
    let main = content.seed(main, NOW);
    (app, clinic, main)
}

/// What an editor writes in JSON.
fn written<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("the content has its form")
}

fn main_location(id: Uuid) -> Value {
    json!({
        "id": id,
        "slug": "main",
        "name": "main",
        "is_primary": true,
        "address": {
            "street_address": "1 Test Street",
            "address_locality": "London",
            "address_region": null,
            "postal_code": "W1G 9QJ",
            "address_country": "GB",
            "formatted": "1 Test Street, London, W1G 9QJ",
        },
        "coordinates": {"latitude": 51.5, "longitude": -0.15},
        "phone": "+442079460001",
        "opening_hours": [],
        "special_hours": [],
        "open_now": null,
        "next_change_at": null,
        "updated_at": NOW,
    })
}

#[test]
fn the_clinic_is_all_in_one_answer() {
    let (app, id, main) = filled();
    let expected = json!({
        "id": id,
        "name": "Test clinic",
        "legal_name": "Test Clinic Ltd",
        "is_demonstration": false,
        "notice": "Notice.",
        "tagline": "Tagline in en-GB",
        "about": "About.",
        "headings": {"about": "A", "services": "B", "share": "C", "testimonials": "D"},
        "founded_year": 2005,
        "contact": {"phone": "+442079460000", "email": "desk@clinic.example", "website": "https://clinic.example"},
        "registrations": {"cqc_provider_id": "1-100", "companies_house_number": "01234567"},
        "time_zone": "Europe/London",
        "default_locale": "en-GB",
        "locales": ["en-GB"],
        "primary_location": main_location(main),
        "highlights": [{"title": "First", "body": "Sooner."}, {"title": "Second", "body": "Later."}],
        "statistics": [{
            "label": "Patients",
            "value": 5000,
            "display_value": "over 5000",
            "unit": "patients",
            "as_of": "2026-01-31",
            "source": {"name": "Register", "url": "https://clinic.example/figures"},
        }],
        "social_links": [{"platform": "x", "url": "https://x.com/clinic"}],
        "affiliated_hospitals": [{"name": "Hospital", "url": null}],
        "locale": "en-GB",
        "updated_at": NOW,
    });
    let clinic = app.get("/v1/clinic");
    assert_eq!((clinic.status, clinic.json()), (200, expected));
}

#[test]
fn a_database_without_a_clinic_has_none_to_show() {
    let app = TestApp::start();
    let problem = app.get("/v1/clinic").problem(404, "not_found");
    assert_eq!(problem["detail"], "No clinic is published here yet.");
}

#[test]
fn a_clinic_without_a_main_place_has_none_to_show() {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&[]);
    content.location("branch", 1, false);
    assert_eq!(app.get("/v1/clinic").json()["primary_location"], Value::Null);
}

#[test]
fn locations_come_in_the_clinic_s_order() {
    let (app, _, main) = filled();
    let list = app.get("/v1/locations?include_total=true").json();
    assert_eq!((&list["items"][0], &list["total"]), (&main_location(main), &json!(2)));
    assert_eq!(slugs(&app, "/v1/locations"), ["main", "second"]);
}

#[test]
fn a_location_is_the_same_by_id_and_by_slug() {
    let (app, _, main) = filled();
    let location = app.get("/v1/locations/main");
    assert_eq!((location.status, location.json()), (200, main_location(main)));
    assert_eq!(app.get(&format!("/v1/locations/{main}")).body, location.body);
    let problem = app.get("/v1/locations/other").problem(404, "not_found");
    assert_eq!(problem["detail"], "No location has this id or slug.");
}

#[test]
fn a_figure_that_has_expired_is_gone_from_its_first_moment_on() {
    let app = TestApp::builder().at("2026-05-31T22:59:59Z").start();
    let figure = |(label, expires_on): (&str, Option<&str>)| {
        json!({
            "label": label,
            "value": 1,
            "display_value": "1",
            "unit": "one",
            "as_of": "2026-01-01",
            "expires_on": expires_on,
            "source": {"name": "Register"},
        })
    };
    let mut new = clinic(&[]);
    let text = new.texts.get_mut("en-GB").expect("there is an English text");
    let figures = [
        ("soon", Some("2026-06-01")),
        ("later", Some("2026-06-03")),
        ("never", None),
    ];
    text.statistics = written(figures.map(figure).into());
    Content::of(&app).seed(new, NOW);
    // Midnight in London is an hour before midnight in UTC.
    let labels = || {
        let clinic = app.get("/v1/clinic").json();
        let figures = clinic["statistics"].as_array().expect("there is a list").clone();
        figures
            .iter()
            .map(|figure| figure["label"].as_str().map(String::from))
            .collect::<Option<Vec<_>>>()
    };
    for (now, expected) in [
        ("2026-05-31T22:59:59Z", &["soon", "later", "never"][..]),
        ("2026-05-31T23:00:00Z", &["later", "never"]),
        ("2026-06-02T22:59:59Z", &["later", "never"]),
        ("2026-06-02T23:00:00Z", &["never"]),
        ("2030-01-01T00:00:00Z", &["never"]),
    ] {
        app.set_clock(now);
        assert_eq!(
            labels(),
            Some(expected.iter().map(|label| (*label).to_owned()).collect()),
            "{now}"
        );
    }
}
