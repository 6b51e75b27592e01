//! Which language an answer is in, and that medical text never mixes languages.

use serde_json::{Value, json};
use vertebra::services::wire::ServiceKind::Condition;

use crate::support::{
    app::TestApp,
    client::Answer,
    content::{Content, NewArticle, article, article_text},
    list::{column, items},
};

/// A clinic in three languages with an article in English, one in French, one in both, and none in Welsh.
fn trilingual() -> TestApp {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&["fr", "cy"]);
    let topics = ["spine", "pain"].map(|name| content.topic(name));
    let service = content.service("sciatica", Condition, &topics, &[]);
    let about = |new: NewArticle| NewArticle {
        topics: topics.to_vec(),
        services: vec![service],
        ..new
    };
    let mut both = about(article("both", "2026-01-01T00:00:00Z"));
    both.texts.push(article_text("fr", "les-deux"));
    let mut french = about(article("unused", "2026-01-02T00:00:00Z"));
    french.texts = vec![article_text("fr", "francais")];
    for new in [both, french, about(article("english", "2026-01-03T00:00:00Z"))] {
        content.article(&new);
    }
    app.sql(
        "insert into topic_texts select topic_id, 'fr', 'rachis', 'Rachis', null, 'published', updated_at
             from topic_texts where slug = 'spine';
         insert into highlights values (gen_random_uuid(), 'en-GB', 'Care', 'Care.', 1),
             (gen_random_uuid(), 'fr', 'Soin', 'Soin.', 1)",
    );
    app
}

fn read(app: &TestApp, path: &str, language: &str) -> Answer {
    let answer = app.request("GET", path).header("Accept-Language", language).send();
    assert_eq!(answer.header("vary"), "Accept-Language, Accept-Encoding");
    answer
}

#[test]
fn a_reader_gets_the_language_that_suits_best() {
    let app = trilingual();
    for (wanted, given) in [
        ("fr", "fr"),
        ("FR", "fr"),
        ("fr-CA", "fr"),
        ("en", "en-GB"),
        ("en-US, fr", "en-GB"),
        ("de, fr;q=0.5", "fr"),
        ("en;q=0.3, fr;q=0.8", "fr"),
        ("fr;q=0.3, en;q=0.8", "en-GB"),
        ("fr;q=0", "en-GB"),
        ("de", "en-GB"),
        ("*", "en-GB"),
        ("*;q=0.1, fr;q=0.2", "fr"),
        ("", "en-GB"),
        ("!!, ;;q=, fr", "fr"),
    ] {
        let clinic = read(&app, "/v1/clinic", wanted);
        assert_eq!(clinic.header("content-language"), given, "{wanted}");
        assert_eq!(clinic.json()["locale"], given, "{wanted}");
        assert_eq!(clinic.json()["tagline"], format!("Tagline in {given}"));
        assert_eq!(read(&app, "/v1/articles", wanted).header("content-language"), given);
    }
    assert_eq!(app.get("/v1/clinic").header("content-language"), "en-GB");
}

#[test]
fn two_headers_count_as_one_list() {
    let app = trilingual();
    let request = app.request("GET", "/v1/clinic").header("Accept-Language", "de");
    let clinic = request.header("Accept-Language", "fr").send();
    assert_eq!(clinic.header("content-language"), "fr");
}

#[test]
fn the_clinic_is_in_one_language_and_names_all() {
    let app = trilingual();
    let french = read(&app, "/v1/clinic", "fr").json();
    assert_eq!(french["highlights"], json!([{"title": "Soin", "body": "Soin."}]));
    assert_eq!(french["locales"], json!(["cy", "en-GB", "fr"]));
    assert_eq!(french["default_locale"], "en-GB");
}

#[test]
fn a_list_is_in_one_language() {
    let app = trilingual();
    for (language, articles, topics) in [
        ("en", ["english", "both"], &["pain", "spine"][..]),
        ("fr", ["francais", "les-deux"], &["rachis"]),
    ] {
        assert_eq!(column(&read(&app, "/v1/articles", language), "slug"), articles);
        assert_eq!(column(&read(&app, "/v1/topics", language), "slug"), topics);
        let total = read(&app, "/v1/articles?include_total=true", language).json()["total"].clone();
        assert_eq!(total, 2);
    }
    assert_eq!(items(&read(&app, "/v1/services", "fr")), [] as [Value; 0]);
}

#[test]
fn what_a_text_points_to_is_in_its_language_or_left_out() {
    let app = trilingual();
    let french = read(&app, "/v1/articles/les-deux", "fr").json();
    assert_eq!(french["topics"][0]["name"], "Rachis");
    assert_eq!(french["topics"].as_array().map(Vec::len), Some(1));
    assert_eq!(french["services"], json!([]));
    let in_list = items(&read(&app, "/v1/articles", "fr"));
    assert_eq!(in_list[1]["topics"], french["topics"]);
    let related = read(&app, "/v1/articles/les-deux/related", "en");
    assert_eq!(column(&related, "slug"), ["francais"]);
    assert_eq!(related.header("content-language"), "fr");
}

#[test]
fn a_filter_takes_the_slugs_of_the_reader_s_language() {
    let app = trilingual();
    assert_eq!(
        column(&read(&app, "/v1/articles?topic=rachis", "fr"), "slug"),
        ["francais", "les-deux"]
    );
    assert_eq!(
        column(&read(&app, "/v1/articles?topic=spine", "en"), "slug"),
        ["english", "both"]
    );
    assert_eq!(
        column(&read(&app, "/v1/articles?topic=rachis", "en"), "slug"),
        [] as [&str; 0]
    );
    let counts = items(&read(&app, "/v1/topics", "fr"));
    assert_eq!(counts[0]["article_count"], 2);
}

#[test]
fn a_detail_by_id_is_in_the_reader_s_language_or_else_in_the_clinic_s() {
    let app = trilingual();
    let id = |slug: &str| {
        app.get(&format!("/v1/articles/{slug}")).json()["id"]
            .as_str()
            .map(String::from)
    };
    for (of, wanted, slug, given) in [
        ("both", "fr", "les-deux", "fr"),
        ("both", "en", "both", "en-GB"),
        ("both", "de", "both", "en-GB"),
        ("both", "cy", "both", "en-GB"),
        ("francais", "cy", "francais", "fr"),
        ("english", "fr", "english", "en-GB"),
        ("francais", "en", "francais", "fr"),
    ] {
        let path = format!("/v1/articles/{}", id(of).expect("it has an id"));
        let article = read(&app, &path, wanted);
        assert_eq!(article.header("content-language"), given, "{of} in {wanted}");
        assert_eq!(
            (&article.json()["slug"], &article.json()["locale"]),
            (&json!(slug), &json!(given))
        );
    }
}

#[test]
fn a_slug_is_found_whatever_the_reader_s_language() {
    let app = trilingual();
    for (slug, wanted, given) in [
        ("les-deux", "en", "fr"),
        ("both", "fr", "en-GB"),
        ("francais", "de", "fr"),
    ] {
        let article = read(&app, &format!("/v1/articles/{slug}"), wanted);
        assert_eq!(article.header("content-language"), given, "{slug} in {wanted}");
        assert_eq!(article.json()["slug"], slug);
    }
}

#[test]
fn the_same_slug_in_two_languages_is_the_reader_s() {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&["fr"]);
    let english = content.article(&article("agenda", "2026-01-01T00:00:00Z"));
    let mut new = article("unused", "2026-01-01T00:00:00Z");
    new.texts = vec![article_text("fr", "agenda")];
    let french = content.article(&new);
    for (wanted, id) in [("en", english), ("fr", french), ("de", english)] {
        assert_eq!(read(&app, "/v1/articles/agenda", wanted).json()["id"], id.to_string());
    }
}

#[test]
fn a_cursor_belongs_to_one_language() {
    let app = trilingual();
    let first = read(&app, "/v1/articles?limit=1", "fr").json();
    let cursor = first["next_cursor"].as_str().expect("there is a second page");
    let second = format!("/v1/articles?limit=1&cursor={cursor}");
    assert_eq!(column(&read(&app, &second, "fr"), "slug"), ["les-deux"]);
    let in_english = app.request("GET", &second).header("Accept-Language", "en").send();
    in_english.problem(400, "invalid_cursor");
}
