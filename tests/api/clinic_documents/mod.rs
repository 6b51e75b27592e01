//! The clinic and its places as editors write them: from the draft to the public, and back.

mod faults;
mod places;

use serde_json::{Value, json};

use crate::support::{
    app::TestApp,
    client::Answer,
    editor::{Draft, Editor, faults},
};

/// A clinic with something in every field that editors write.
fn clinic() -> Value {
    json!({
        "name": "Test clinic",
        "legal_name": "Test Clinic Ltd",
        "is_demonstration": true,
        "founded_year": 2005,
        "phone": "+442079460000",
        "email": "desk@clinic.example",
        "website": "https://clinic.example/",
        "time_zone": "Europe/London",
        "default_locale": "en-GB",
        "cqc_provider_id": "1-101234567",
        "companies_house_number": "SC123456",
        "social_links": [{"platform": "x", "url": "https://x.com/clinic"}],
        "affiliated_hospitals": [{"name": "Hospital", "url": "https://hospital.example/"}],
        "texts": {"en-GB": {
            "tagline": "A tagline.",
            "about": "About.",
            "notice": "Notice.",
            "headings": {"about": "A", "services": "B", "share": "C", "testimonials": "D"},
            "highlights": [{"title": "First", "body": "Sooner."}, {"title": "Second", "body": "Later."}],
            "statistics": [figure("Patients", Some("2026-12-01"))],
        }},
    })
}

fn figure(label: &str, expires_on: Option<&str>) -> Value {
    json!({
        "label": label,
        "value": 5000,
        "display_value": "over 5000",
        "unit": "patients",
        "as_of": "2026-01-31",
        "expires_on": expires_on,
        "source": {"name": "Register", "url": "https://clinic.example/figures"},
    })
}

/// A place with something in every field that editors write.
fn place(name: &str) -> Value {
    json!({
        "name": name,
        "is_primary": true,
        "position": 1,
        "address": {
            "street_address": "1 Test Street",
            "address_locality": "London",
            "address_region": "Greater London",
            "postal_code": "W1G 9QJ",
            "address_country": "GB",
        },
        "coordinates": {"latitude": 51.520_300_000_000_004, "longitude": -0.147_9},
        "phone": "+442079460001",
        "opening_hours": [{"weekday": "monday", "opens": "09:00", "closes": "17:30"}],
        "special_hours": [{"date": "2026-12-25", "reason": "Christmas Day"}],
    })
}

/// Reads a public address as soon as the instance knows of all that was written.
fn public(app: &TestApp, path: &str) -> Answer {
    app.wait_for_head();
    app.get(path)
}

/// A clinic and its main place, both public.
fn published<'a>(editor: &'a Editor<'a>) -> (Draft<'a>, Draft<'a>) {
    let mut clinic = editor.create("clinic", &clinic());
    let mut place = editor.create("locations", &place("Harley Street"));
    clinic.step("publish");
    place.step("publish");
    (clinic, place)
}

#[test]
fn everything_that_the_public_sees_of_the_clinic_is_written_here() {
    let app = TestApp::start();
    let editor = Editor::of(&app);
    let mut draft = editor.create("clinic", &clinic());
    assert_eq!(draft.path, "/v1/admin/clinic");
    let read = editor.request("GET", "/v1/admin/clinic").send();
    assert_eq!(read.json(), draft.document);
    public(&app, "/v1/clinic").problem(404, "not_found");
    draft.step("publish");
    let shown = public(&app, "/v1/clinic").json();
    let written = &draft.document["content"];
    let text = &written["texts"]["en-GB"];
    let same = |names: &[&str], from: &Value| {
        names
            .iter()
            .for_each(|name| assert_eq!(shown[name], from[name], "{name}"))
    };
    same(
        &[
            "name",
            "legal_name",
            "is_demonstration",
            "founded_year",
            "time_zone",
            "default_locale",
        ],
        written,
    );
    same(&["social_links", "affiliated_hospitals"], written);
    same(&["tagline", "about", "notice", "headings", "highlights"], text);
    for (group, names) in [
        ("contact", &["phone", "email", "website"][..]),
        ("registrations", &["cqc_provider_id", "companies_house_number"]),
    ] {
        names
            .iter()
            .for_each(|name| assert_eq!(shown[group][name], written[name], "{name}"));
    }
    let mut figure = text["statistics"][0].clone();
    figure.as_object_mut().expect("it is an object").remove("expires_on");
    assert_eq!(shown["statistics"], json!([figure]));
    assert_eq!((&shown["id"], &shown["locale"]), (&json!(draft.id), &json!("en-GB")));
    let own = [
        "id",
        "contact",
        "registrations",
        "locales",
        "locale",
        "primary_location",
        "statistics",
        "updated_at",
    ];
    for name in shown.as_object().expect("it is an object").keys() {
        let is_written = written.get(name).is_some() || text.get(name).is_some();
        assert!(is_written || own.contains(&name.as_str()), "nobody can change {name}");
    }
}

#[test]
fn everything_that_the_public_sees_of_a_place_is_written_here() {
    let app = TestApp::start();
    let editor = Editor::of(&app);
    let (_, mut place) = published(&editor);
    let shown = public(&app, "/v1/locations/harley-street").json();
    let written = place.document["content"].clone();
    for name in [
        "name",
        "slug",
        "is_primary",
        "coordinates",
        "phone",
        "opening_hours",
        "special_hours",
    ] {
        assert_eq!(shown[name], written[name], "{name}");
    }
    let line = "1 Test Street, London, Greater London, W1G 9QJ, GB";
    assert_eq!(shown["address"]["formatted"], line);
    assert_eq!(written["address"]["formatted"], Value::Null);
    let own = ["id", "open_now", "next_change_at", "updated_at"];
    for name in shown.as_object().expect("it is an object").keys() {
        assert!(
            written.get(name).is_some() || own.contains(&name.as_str()),
            "nobody can change {name}"
        );
    }
    assert_eq!(public(&app, "/v1/clinic").json()["primary_location"], shown);
    let known = place.etag.clone();
    place.patch(&json!({"coordinates": shown["coordinates"]}));
    assert_eq!(place.etag, known, "numbers are read as they were written");
}

#[test]
fn there_is_one_clinic() {
    let app = TestApp::start();
    let editor = Editor::of(&app);
    editor
        .request("GET", "/v1/admin/clinic")
        .send()
        .problem(404, "not_found");
    let answers: Vec<Answer> = std::thread::scope(|threads| {
        let makers: Vec<_> = (0..10)
            .map(|_| threads.spawn(|| editor.try_create("clinic", &clinic())))
            .collect();
        makers
            .into_iter()
            .map(|maker| maker.join().expect("it is answered"))
            .collect()
    });
    let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!((made.len(), refused.len()), (1, 9));
    for answer in refused {
        answer.problem(409, "conflict");
    }
    editor.try_create("clinic", &clinic()).problem(409, "conflict");
    for step in ["archive", "restore"] {
        let request = editor.request("POST", &format!("/v1/admin/clinic/{step}"));
        assert_eq!(request.header("if-match", "*").send().status, 404, "{step}");
    }
    assert_eq!(app.rows("select from documents").len(), 1);
}

#[test]
fn a_patch_of_what_is_nested_keeps_the_rest_and_replaces_lists_whole() {
    let app = TestApp::start();
    let editor = Editor::of(&app);
    let (mut clinic, mut place) = published(&editor);
    clinic.patch(&json!({
        "phone": null,
        "texts": {
            "en-GB": {
                "headings": {"share": null, "about": "Who we are"},
                "highlights": [{"title": "Only", "body": "One."}],
                "statistics": null,
            },
            "fr": {"tagline": "Une devise."},
        },
    }));
    let text = &clinic.document["content"]["texts"]["en-GB"];
    assert_eq!(
        text["headings"],
        json!({"about": "Who we are", "services": "B", "share": null, "testimonials": "D"})
    );
    assert_eq!(text["highlights"], json!([{"title": "Only", "body": "One."}]));
    assert_eq!(
        (&text["statistics"], &text["tagline"]),
        (&json!([]), &json!("A tagline."))
    );
    clinic.patch(&json!({"texts": {"en-GB": {"headings": null}}}));
    clinic.step_with("publish", &json!({"locales": ["en-GB"]}));
    let shown = public(&app, "/v1/clinic").json();
    assert_eq!(
        shown["headings"],
        json!({"about": null, "services": null, "share": null, "testimonials": null})
    );
    assert_eq!(
        (&shown["contact"]["phone"], &shown["statistics"]),
        (&Value::Null, &json!([]))
    );
    assert_eq!(
        (&shown["highlights"][1], &shown["locales"]),
        (&Value::Null, &json!(["en-GB"]))
    );

    place.patch(&json!({"address": {"formatted": "1 Test Street, London"}, "coordinates": {"latitude": 50}}));
    let content = &place.document["content"];
    assert_eq!(content["address"]["street_address"], "1 Test Street");
    assert_eq!(content["coordinates"], json!({"latitude": 50.0, "longitude": -0.147_9}));
    place.patch(&json!({"coordinates": null, "position": null, "is_primary": null}));
    let content = &place.document["content"];
    assert_eq!(
        (&content["coordinates"], &content["position"], &content["is_primary"]),
        (&Value::Null, &json!(0), &json!(false))
    );
    let refused = place.try_patch(&json!({"address": null}));
    assert_eq!(faults(&refused, 400, "invalid_body")[0].0, "/body/address");
}

#[test]
fn a_figure_leaves_the_public_on_the_day_on_which_it_expires() {
    let app = TestApp::start();
    let editor = Editor::of(&app);
    let (mut clinic, _) = published(&editor);
    let figures = || {
        let list = app.get("/v1/clinic").json()["statistics"].clone();
        list.as_array().map(Vec::len)
    };
    app.wait_for_head();
    assert_eq!(figures(), Some(1));
    app.set_clock("2026-11-30T23:59:59Z");
    assert_eq!(figures(), Some(1));
    app.set_clock("2026-12-01T00:00:00Z");
    assert_eq!(figures(), Some(0));
    clinic.patch(&json!({"texts": {"en-GB": {"statistics": [figure("Patients", None), figure("Others", None)]}}}));
    clinic.step("publish");
    app.wait_for_head();
    assert_eq!(figures(), Some(2));
    for (missing, place) in [("source", "source"), ("as_of", "as_of")] {
        let mut incomplete = figure("Patients", None);
        incomplete.as_object_mut().expect("it is an object").remove(missing);
        let refused = clinic.try_patch(&json!({"texts": {"en-GB": {"statistics": [incomplete]}}}));
        let told = faults(&refused, 400, "invalid_body");
        let pointer = format!("/body/texts/en-GB/statistics/0/{place}");
        assert_eq!(told, [(pointer, "is missing".to_owned())]);
    }
}

#[test]
fn a_preview_shows_what_publishing_will_show() {
    let app = TestApp::start();
    let editor = Editor::of(&app);
    let mut clinic = editor.create("clinic", &clinic());
    let mut place = editor.create("locations", &place("Harley Street"));
    let preview = |draft: &Draft<'_>, kind: &str| {
        let answer = editor.request("POST", &format!("{}/preview", draft.path)).send();
        let url = answer.json()["url"].as_str().expect("there is an address").to_owned();
        app.get(&url).json()[kind].take()
    };
    let previews = [preview(&place, "location"), preview(&clinic, "clinic")];
    app.wait_for_head();
    assert_eq!(
        (
            app.get("/v1/clinic").status,
            app.get("/v1/locations/harley-street").status
        ),
        (404, 404)
    );
    clinic.step("publish");
    let published = public(&app, "/v1/clinic").json();
    place.step("publish");
    let shown = [public(&app, "/v1/locations/harley-street").json(), published];
    assert_eq!(previews, shown);
}
