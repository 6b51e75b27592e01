//! Lists page by page: every item once, in one order, whatever happens meanwhile.

use serde_json::{Value, json};
use vertebra::services::wire::ServiceKind;

use crate::support::{
    app::TestApp,
    client::Answer,
    content::{Content, article, citation, literature},
    list::{column, items, next, slugs, walk, with},
};

/// Every list that has pages.
const LISTS: [&str; 6] = [
    "/v1/articles",
    "/v1/services",
    "/v1/testimonials",
    "/v1/topics",
    "/v1/journals",
    "/v1/locations",
];

/// Every order of articles.
const SORTS: [&str; 4] = ["-published_at", "published_at", "title", "-updated_at"];

/// Three days, one of them with several articles.
const DAYS: [&str; 3] = [
    "2026-03-01T00:00:00Z",
    "2026-03-02T00:00:00.123456Z",
    "2026-03-03T00:00:00Z",
];

#[test]
fn an_empty_list_is_a_page_without_items() {
    let app = TestApp::start();
    Content::of(&app).clinic(&[]);
    for list in LISTS {
        let page = app.get(list);
        assert_eq!(page.status, 200);
        assert_eq!(page.json(), json!({"items": [], "next_cursor": null, "total": null}));
        assert_eq!(next(&page), None);
        let counted = app.get(&with(list, "include_total=true"));
        assert_eq!(counted.json(), json!({"items": [], "next_cursor": null, "total": 0}));
    }
}

#[test]
fn every_order_of_articles_gives_each_once_on_pages_of_any_size() {
    let app = TestApp::start();
    let expected = articles_with_ties(&app);
    for (sort, expected) in SORTS.into_iter().zip(&expected) {
        let list = format!("/v1/articles?sort={sort}");
        assert_eq!(&slugs(&app, &list), expected, "{sort}");
        pages_hold(&app, &list);
    }
    assert_eq!(slugs(&app, "/v1/articles"), expected[0]);
}

/// Seven articles with the same days and titles here and there; their slugs in each of [`SORTS`].
fn articles_with_ties(app: &TestApp) -> [Vec<String>; 4] {
    let content = Content::of(app);
    content.clinic(&[]);
    for (name, day) in ["a", "b", "c", "d", "e", "f", "g"]
        .into_iter()
        .zip([1, 0, 1, 2, 1, 0, 1])
    {
        content.article(&article(name, DAYS[day]));
    }
    app.sql(
        "update article_texts set title = 'Same' where slug in ('b', 'd', 'g');
         update article_texts set title = 'Zebra' where slug = 'a';
         update article_texts set updated_at = '2026-04-01T00:00:00.000001Z' where slug in ('c', 'f');
         update article_texts set updated_at = '2026-04-01T00:00:00Z' where slug = 'd'",
    );
    // The ids grow from a to g, and they break the ties.
    ["dgecafb", "bfacegd", "bdgcefa", "gebafcd"].map(|order| order.chars().map(String::from).collect())
}

#[test]
fn every_other_list_gives_each_once_on_pages_of_any_size() {
    let app = TestApp::start();
    lists_with_ties(&app);
    for (list, order) in [
        ("/v1/services", "acdbe"),
        ("/v1/topics", "acdbe"),
        ("/v1/journals", "beacd"),
        ("/v1/locations", "baced"),
        ("/v1/testimonials", "decab"),
    ] {
        let items = items(&app.get(list));
        let slug = |item: &Value| item["slug"].as_str().map(String::from);
        let found: Option<String> = items.iter().map(slug).collect();
        assert_eq!(found.as_deref(), Some(order), "{list}");
        pages_hold(&app, list);
    }
}

/// Five of each thing, named a to e in the order of their ids, three of them alike in the key of their list.
fn lists_with_ties(app: &TestApp) {
    let content = Content::of(app);
    content.clinic(&[]);
    for (name, place) in ["a", "b", "c", "d", "e"].into_iter().zip([1_u8, 0, 1, 2, 1]) {
        content.topic(name);
        content.service(name, ServiceKind::Treatment, &[], &[]);
        content.location(name, i32::from(place), false);
        content.testimonial(name, DAYS[usize::from(place)], None);
        let pmid = name.as_bytes()[0].to_string();
        content.article(&literature(name, citation(&pmid, name, "Ng")));
    }
    app.sql(
        "update topic_texts set name = 'Same' where slug in ('a', 'c', 'd');
         update service_texts set name = 'Same' where slug in ('a', 'c', 'd');
         update journals set title = 'Same' where slug in ('a', 'c', 'd')",
    );
}

/// The whole list is the pages of every size one after another, and each says the same of the next.
#[track_caller]
fn pages_hold(app: &TestApp, list: &str) {
    let whole = items(&app.get(list));
    for limit in 1..=3 {
        let first = with(list, &format!("limit={limit}"));
        let pages = walk(app, &first);
        let all: Vec<_> = pages.iter().flat_map(items).collect();
        assert_eq!(all, whole, "{first}");
        assert_eq!(pages.len(), whole.len().div_ceil(limit), "{first}");
        for page in &pages {
            the_cursor_leads_where_the_link_leads(app, &first, page);
        }
    }
}

#[track_caller]
fn the_cursor_leads_where_the_link_leads(app: &TestApp, list: &str, page: &Answer) {
    let body = page.json();
    let by_link = next(page).map(|address| app.get(&address).body);
    let cursor = body["next_cursor"].as_str();
    let by_cursor = cursor.map(|cursor| app.get(&with(list, &format!("cursor={cursor}"))).body);
    assert_eq!(by_link, by_cursor);
}

#[test]
fn a_list_that_changes_between_two_pages_neither_repeats_nor_skips() {
    let app = TestApp::start();
    articles_with_ties(&app);
    let firsts = SORTS.map(|sort| app.get(&format!("/v1/articles?sort={sort}&limit=3")));
    assert_eq!(firsts.each_ref().map(slugs_of), ["dge", "bfa", "bdg", "geb"]);

    let content = Content::of(&app);
    content.article(&article("h", DAYS[1]));
    content.article(&article("i", DAYS[0]));
    app.sql(
        "update article_texts set title = 'Same', updated_at = '2026-04-01T00:00:00Z' where slug = 'i';
         update article_texts set status = 'archived' where slug in ('a', 'g')",
    );
    let rests = firsts.map(|first| {
        let pages = walk(&app, &next(&first).expect("there is a second page"));
        pages.iter().map(slugs_of).collect::<String>()
    });
    assert_eq!(rests, ["cifb", "cehd", "icefh", "fcid"]);
}

fn slugs_of(page: &Answer) -> String {
    column(page, "slug").concat()
}

#[test]
fn every_list_counts_all_its_items_on_request() {
    let app = TestApp::start();
    lists_with_ties(&app);
    for list in LISTS {
        assert_eq!(app.get(list).json()["total"], Value::Null, "{list}");
        let first = with(list, "limit=2&include_total=true");
        let totals: Vec<Value> = walk(&app, &first)
            .iter()
            .map(|page| page.json()["total"].clone())
            .collect();
        assert_eq!(totals, [json!(5), json!(5), json!(5)], "{list}");
    }
}

#[test]
fn the_total_counts_what_the_filter_lets_through() {
    let app = TestApp::start();
    articles_with_ties(&app);
    let counted = app.get("/v1/articles?include_total=true&limit=1&published_before=2026-03-02");
    assert_eq!(counted.json()["total"], 2);
}
