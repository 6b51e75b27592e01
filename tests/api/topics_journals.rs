//! Topics and journals, each with the number of published articles.

use serde_json::{Value, json};

use crate::support::{
    app::{NOW, TestApp},
    content::{Content, NewArticle, article, article_text, citation, literature},
    list::items,
};

#[test]
fn topics_come_by_name_with_the_number_of_published_articles() {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&["fr"]);
    let [spine, pain] = ["spine", "pain"].map(|name| content.topic(name));
    for name in ["one", "two", "draft", "archived", "french"] {
        let about = NewArticle {
            topics: vec![spine],
            ..article(name, "2026-01-01T00:00:00Z")
        };
        content.article(&about);
    }
    app.sql(
        "update article_texts set status = slug where slug in ('draft', 'archived');
         update article_texts set locale = 'fr' where slug = 'french';
         update topic_texts set description = 'All of it.' where slug = 'spine'",
    );
    let topic = |id, slug: &str, description: Value, count: i64| {
        json!({
            "id": id,
            "slug": slug,
            "name": format!("Topic {slug}"),
            "description": description,
            "article_count": count,
            "updated_at": NOW,
        })
    };
    assert_eq!(
        app.get("/v1/topics").json(),
        json!({
            "items": [topic(pain, "pain", Value::Null, 0), topic(spine, "spine", json!("All of it."), 2)],
            "next_cursor": null,
            "total": null,
        })
    );
}

#[test]
fn journals_come_by_title_with_the_number_of_published_articles() {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&["fr"]);
    for (name, journal) in [
        ("one", "nerve"),
        ("two", "bone"),
        ("three", "nerve"),
        ("draft", "nerve"),
        ("only-draft", "skin"),
    ] {
        let pmid = name.len().to_string() + &name.as_bytes()[1].to_string();
        let mut new = literature(name, citation(&pmid, journal, "Ng"));
        if name == "one" {
            new.texts.push(article_text("fr", "un"));
        }
        content.article(&new);
    }
    app.sql(
        "update article_texts set status = 'draft' where slug like '%draft';
         update journals set iso_abbreviation = 'Bone', issn = '1534-6277' where slug = 'bone'",
    );
    let journals = items(&app.get("/v1/journals?include_total=true"));
    let id = |number: usize| journals[number]["id"].clone();
    let bone = json!({
        "id": id(0), "slug": "bone", "title": "Journal bone", "iso_abbreviation": "Bone", "issn": "1534-6277",
        "article_count": 1,
    });
    let nerve = json!({
        "id": id(1), "slug": "nerve", "title": "Journal nerve", "iso_abbreviation": null, "issn": null,
        "article_count": 2,
    });
    assert_eq!(
        app.get("/v1/journals?include_total=true").json(),
        json!({
            "items": [bone, nerve],
            "next_cursor": null,
            "total": 2,
        })
    );
}
