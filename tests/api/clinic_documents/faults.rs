//! What is wrong with a clinic or a place is told all at once, at its place.

use serde_json::json;

use super::{clinic, figure, place};
use crate::support::{
    app::TestApp,
    client::Answer,
    editor::{Editor, faults},
};

/// The places of the faults of a refusal.
#[track_caller]
fn places(answer: &Answer) -> Vec<String> {
    let faults = faults(answer, 422, "invalid_content");
    faults.into_iter().map(|(pointer, _)| pointer).collect()
}

#[test]
fn all_that_is_wrong_with_a_clinic_is_told_at_once() {
    let app = TestApp::start();
    let editor = Editor::of(&app);
    let mut wrong = clinic();
    for (name, value) in [
        ("name", json!("")),
        ("founded_year", json!(999)),
        ("phone", json!("020 7946 0000")),
        ("email", json!("desk")),
        ("website", json!("javascript:alert(1)")),
        ("time_zone", json!("Europe/Atlantis")),
        ("default_locale", json!("fr")),
        ("cqc_provider_id", json!("2-1")),
        ("companies_house_number", json!("1234567")),
    ] {
        wrong[name] = value;
    }
    let link = json!({"platform": "x", "url": "https://x.com/other"});
    wrong["social_links"] = json!([link, {"platform": "x", "url": "x.com"}]);
    wrong["affiliated_hospitals"] = json!([{"name": "A"}, {"name": "B"}, {"name": "A"}]);
    let text = &mut wrong["texts"]["en-GB"];
    text["headings"]["about"] = json!("a\nb");
    text["highlights"] = json!(vec![json!({"title": "", "body": ""}); 101]);
    text["statistics"] = json!([figure("", Some("2026-02-01")), figure("Late", Some("2026-01-31"))]);
    text["statistics"][0]["value"] = json!(9_007_199_254_740_992_i64);
    text["statistics"][0]["source"]["url"] = json!("register");
    let mut found = places(&editor.try_create("clinic", &wrong));
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "/body/affiliated_hospitals/2/name",
            "/body/companies_house_number",
            "/body/cqc_provider_id",
            "/body/default_locale",
            "/body/email",
            "/body/founded_year",
            "/body/name",
            "/body/phone",
            "/body/social_links/1/platform",
            "/body/social_links/1/url",
            "/body/texts/en-GB/headings/about",
            "/body/texts/en-GB/highlights",
            "/body/texts/en-GB/statistics/0/label",
            "/body/texts/en-GB/statistics/0/source/url",
            "/body/texts/en-GB/statistics/0/value",
            "/body/texts/en-GB/statistics/1/expires_on",
            "/body/time_zone",
            "/body/website",
        ]
    );
}

#[test]
fn all_that_is_wrong_with_a_place_is_told_at_once() {
    let app = TestApp::start();
    let editor = Editor::of(&app);
    let mut wrong = place("Harley Street");
    wrong["slug"] = json!("Harley");
    wrong["position"] = json!(-1);
    wrong["phone"] = json!("+0");
    wrong["coordinates"] = json!({"latitude": 90.5, "longitude": -181});
    for (name, value) in [
        ("street_address", json!("s".repeat(200))),
        ("address_locality", json!("l".repeat(200))),
        ("address_region", json!("r".repeat(100))),
        ("address_country", json!("UK")),
    ] {
        wrong["address"][name] = value;
    }
    let hours =
        |weekday: &str, opens: &str, closes: &str| json!({"weekday": weekday, "opens": opens, "closes": closes});
    wrong["opening_hours"] = json!([
        hours("sunday", "22:00", "02:00"),
        hours("monday", "01:00", "09:00"),
        hours("tuesday", "25:00", "09:00"),
        hours("monday", "09:00", "17:00"),
        hours("monday", "09:00", "17:00"),
    ]);
    wrong["special_hours"] = json!([
        {"date": "2026-12-24", "opens": "10:00"},
        {"date": "2026-12-25", "closes": "13:00"},
        {"date": "2026-12-26", "opens": "10:00", "closes": "13:00", "reason": ""},
        {"date": "2026-12-26", "opens": "12:00", "closes": "14:00"},
        {"date": "2026-12-26"},
    ]);
    let mut found = places(&editor.try_create("locations", &wrong));
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "/body/address/address_country",
            "/body/address/formatted",
            "/body/coordinates/latitude",
            "/body/coordinates/longitude",
            "/body/opening_hours/1",
            "/body/opening_hours/2/opens",
            "/body/opening_hours/4",
            "/body/phone",
            "/body/position",
            "/body/slug",
            "/body/special_hours/0/closes",
            "/body/special_hours/1/opens",
            "/body/special_hours/2/reason",
            "/body/special_hours/3",
            "/body/special_hours/4",
        ]
    );
    for (field, value) in [
        ("opening_hours", json!([hours("Monday", "09:00", "17:00")])),
        ("special_hours", json!([{"date": "24/12/2026"}])),
        ("coordinates", json!({"latitude": 1})),
        ("address", json!(null)),
    ] {
        let mut unread = place("Harley Street");
        unread[field] = value;
        let told = faults(&editor.try_create("locations", &unread), 400, "invalid_body");
        assert!(told[0].0.starts_with(&format!("/body/{field}")), "{told:?}");
    }
}
