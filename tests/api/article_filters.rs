//! Every filter of the list of articles: values of one are alternatives, different ones must all hold.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use uuid::Uuid;
use vertebra::{
    articles::wire::{ArticleKind, ArticleSummary, AuthorIn, CitationIn},
    services::wire::ServiceKind,
};

use crate::support::{
    app::TestApp,
    client::Answer,
    content::{Content, NewArticle, article, citation, literature},
    list::{items, slugs, walk, with},
};

/// What the articles of [`library`] are about.
struct Library {
    app: TestApp,
    topics: [Uuid; 2],
    services: [Uuid; 2],
}

/// Two guides, one piece of news and three works, told apart by every filter.
fn library() -> Library {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&[]);
    let topics = ["spine", "pain"].map(|name| content.topic(name));
    let services = ["fusion", "scan"].map(|name| content.service(name, ServiceKind::Treatment, &[], &[]));
    let about = |new: NewArticle, topics: &[Uuid], services: &[Uuid]| NewArticle {
        topics: topics.to_vec(),
        services: services.to_vec(),
        ..new
    };
    let news = NewArticle {
        kind: ArticleKind::News,
        ..article("news", "2026-03-03T12:00:00Z")
    };
    for new in [
        about(
            article("guide-one", "2026-03-01T00:00:00Z"),
            &topics[..1],
            &services[..1],
        ),
        about(article("guide-two", "2026-03-02T00:00:00Z"), &topics, &[]),
        about(news, &topics[1..], &services[1..]),
        about(
            literature("work-one", work_of("11", "bone", "Asadi", "H")),
            &topics[..1],
            &services,
        ),
        literature("work-two", work_of("12", "nerve", "Asadi", "HJ")),
        literature("work-three", group_work()),
    ] {
        content.article(&new);
    }
    app.sql("update article_texts set updated_at = '2026-12-01T09:00:00Z' where slug in ('news', 'work-two')");
    Library { app, topics, services }
}

fn work_of(pmid: &str, journal: &str, family: &str, initials: &str) -> CitationIn {
    let mut work = citation(pmid, journal, family);
    work.authors[0].initials = Some(initials.to_owned());
    work.authors[0].orcid = (pmid == "11").then(|| "0000-0002-1694-233X".to_owned());
    work
}

fn group_work() -> CitationIn {
    let mut work = citation("13", "nerve", "Ng");
    work.publication_types = vec!["Review".to_owned(), "Guideline".to_owned()];
    let first = work.authors[0].clone();
    work.authors.push(AuthorIn {
        family: None,
        initials: None,
        collective_name: Some("Spine Study Group".to_owned()),
        ..first
    });
    work
}

impl Library {
    /// Checks that a query gives these articles and counts them, in whatever order.
    #[track_caller]
    fn gives(&self, query: &str, expected: &[&str]) {
        let list = format!("/v1/articles?{query}");
        let found: BTreeSet<String> = slugs(&self.app, &list).into_iter().collect();
        let expected: BTreeSet<String> = expected.iter().map(|slug| (*slug).to_owned()).collect();
        assert_eq!(found, expected, "{query}");
        let counted = self.app.get(&with(&list, "include_total=true"));
        assert_eq!(counted.json()["total"], expected.len(), "{query}");
    }
}

#[test]
fn articles_are_filtered_by_topic() {
    let library = library();
    let [spine, pain] = library.topics;
    library.gives("topic=spine", &["guide-one", "guide-two", "work-one"]);
    library.gives(&format!("topic={spine}"), &["guide-one", "guide-two", "work-one"]);
    library.gives("topic=pain", &["guide-two", "news"]);
    library.gives(
        "topic=pain&topic=spine",
        &["guide-one", "guide-two", "news", "work-one"],
    );
    library.gives(
        &format!("topic={pain}&topic=spine&topic=other"),
        &["guide-one", "guide-two", "news", "work-one"],
    );
}

#[test]
fn articles_are_filtered_by_service() {
    let library = library();
    let [fusion, scan] = library.services;
    library.gives("service=fusion", &["guide-one", "work-one"]);
    library.gives(&format!("service={scan}"), &["news", "work-one"]);
    library.gives(
        &format!("service={fusion}&service=scan"),
        &["guide-one", "news", "work-one"],
    );
}

#[test]
fn articles_are_filtered_by_kind() {
    let library = library();
    library.gives("kind=guide", &["guide-one", "guide-two"]);
    library.gives(
        "kind=news&kind=literature",
        &["news", "work-one", "work-two", "work-three"],
    );
}

#[test]
fn articles_are_filtered_by_journal() {
    let library = library();
    let journals = items(&library.app.get("/v1/journals"));
    let id = journals[0]["id"].as_str().expect("a journal has an id");
    assert_eq!(journals[0]["slug"], "bone");
    library.gives("journal=nerve", &["work-two", "work-three"]);
    library.gives(&format!("journal={id}"), &["work-one"]);
    library.gives(
        &format!("journal={id}&journal=nerve"),
        &["work-one", "work-two", "work-three"],
    );
}

#[test]
fn articles_are_filtered_by_author() {
    let library = library();
    for asadi in ["Asadi", "asadi", "ASADI", "%20Asadi%20"] {
        library.gives(&format!("author={asadi}"), &["work-one", "work-two"]);
    }
    for one in ["Asadi+H", "aSADI%20h", "0000-0002-1694-233X", "0000-0002-1694-233x"] {
        library.gives(&format!("author={one}"), &["work-one"]);
    }
    library.gives("author=Asadi+HJ", &["work-two"]);
    library.gives("author=spine+study+group", &["work-three"]);
    library.gives("author=Ng&author=Asadi+H", &["work-one", "work-three"]);
    for part in ["Asa", "Spine+Study", "%25", "_sadi", "H"] {
        library.gives(&format!("author={part}"), &[]);
    }
}

#[test]
fn articles_are_filtered_by_pmid_and_publication_type() {
    let library = library();
    library.gives("pmid=12", &["work-two"]);
    library.gives("pmid=11&pmid=13", &["work-one", "work-three"]);
    library.gives("publication_type=Review", &["work-three"]);
    library.gives("publication_type=Journal+Article", &["work-one", "work-two"]);
    library.gives(
        "publication_type=Guideline&publication_type=Journal%20Article",
        &["work-one", "work-two", "work-three"],
    );
}

#[test]
fn articles_are_filtered_by_when_they_were_published_and_changed() {
    let library = library();
    let works = ["work-one", "work-two", "work-three"];
    library.gives("published_before=2026-03-01", &works);
    library.gives(
        "published_before=2026-03-01T00:00:00.000001Z",
        &["guide-one", works[0], works[1], works[2]],
    );
    library.gives("published_after=2026-03-02", &["news"]);
    library.gives("published_after=2026-03-01T23:59:59.999999Z", &["guide-two", "news"]);
    library.gives(
        "published_after=2026-03-02T00:59:59.999999%2B01:00",
        &["guide-two", "news"],
    );
    library.gives("published_after=2026-03-01&published_before=2026-03-03", &["guide-two"]);
    library.gives("published_after=2026-03-03&published_before=2026-03-03", &[]);
    library.gives("updated_after=2026-12-01", &["news", "work-two"]);
    library.gives("updated_after=2026-12-01T09:00:00Z", &[]);
}

#[test]
fn different_filters_must_all_hold() {
    let library = library();
    library.gives("topic=spine&service=fusion", &["guide-one", "work-one"]);
    library.gives("topic=spine&service=fusion&kind=guide", &["guide-one"]);
    library.gives("topic=spine&topic=pain&service=scan", &["news", "work-one"]);
    library.gives("author=Asadi&journal=nerve", &["work-two"]);
    library.gives("author=Asadi&pmid=13", &[]);
    library.gives(
        "author=Asadi&publication_type=Journal+Article&topic=spine&journal=bone&pmid=11",
        &["work-one"],
    );
    library.gives("kind=literature&updated_after=2026-12-01", &["work-two"]);
    library.gives("kind=guide&author=Asadi", &[]);
}

#[test]
fn a_value_that_names_nothing_gives_an_empty_list() {
    let library = library();
    let nobody = Uuid::nil();
    for filter in ["topic", "service", "journal"] {
        library.gives(&format!("{filter}=other"), &[]);
        library.gives(&format!("{filter}={nobody}"), &[]);
    }
    for query in ["author=Nobody", "pmid=999999999", "publication_type=review"] {
        library.gives(query, &[]);
    }
    let page = library.app.get("/v1/articles?topic=other");
    assert_eq!(page.json(), json!({"items": [], "next_cursor": null, "total": null}));
}

#[test]
fn fields_keeps_the_properties_asked_for_and_no_others() {
    let library = library();
    let whole = library.app.get("/v1/articles");
    assert_eq!(whole.header("content-type"), "application/json");
    let names: Vec<&str> = ArticleSummary::FIELDS.to_vec();
    let two_by_two = names.windows(2).map(|pair| pair.join(","));
    let one_by_one = names.iter().map(|name| (*name).to_owned());
    for fields in one_by_one.chain(two_by_two).chain([names.join(",")]) {
        let sparse = library.app.get(&format!("/v1/articles/sparse?fields={fields}"));
        assert_eq!(sparse.header("content-type"), "application/json");
        assert_eq!(sparse.json(), only(&whole, &fields), "{fields}");
    }
}

/// A page with nothing but some properties of its items.
fn only(page: &Answer, fields: &str) -> Value {
    let wanted: BTreeSet<&str> = fields.split(',').collect();
    let kept = |item: &Value| -> Value {
        let properties = item.as_object().expect("an item is an object").clone();
        Value::Object(Map::from_iter(
            properties
                .into_iter()
                .filter(|(name, _)| wanted.contains(name.as_str())),
        ))
    };
    let items: Vec<Value> = items(page).iter().map(kept).collect();
    json!({"items": items, "next_cursor": null, "total": null})
}

#[test]
fn fields_go_with_filters_sorts_and_pages() {
    let library = library();
    let list = "/v1/articles/sparse?kind=literature&sort=title&limit=2&fields=slug";
    let pages = walk(&library.app, list);
    let bodies: Vec<Value> = pages.iter().map(|page| page.json()["items"].clone()).collect();
    assert_eq!(
        bodies,
        [
            json!([{"slug": "work-one"}, {"slug": "work-three"}]),
            json!([{"slug": "work-two"}])
        ]
    );
}
