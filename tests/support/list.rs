//! Reading lists: the items of a page, and all pages of a list one after another.

use serde_json::Value;

use super::{app::TestApp, client::Answer};

/// The items of a page.
#[track_caller]
pub(crate) fn items(page: &Answer) -> Vec<Value> {
    assert_eq!(page.status, 200, "{}", page.text());
    let page = page.json();
    page["items"].as_array().expect("a page has items").clone()
}

/// One property of every item on a page, where it is a text.
#[track_caller]
pub(crate) fn column(page: &Answer, property: &str) -> Vec<String> {
    let text = |item: &Value| item[property].as_str().expect("the property is a text").to_owned();
    items(page).iter().map(text).collect()
}

/// The slugs of the items that are listed at an address.
#[track_caller]
pub(crate) fn slugs(app: &TestApp, address: &str) -> Vec<String> {
    column(&app.get(address), "slug")
}

/// Where a page says that the next one is.
pub(crate) fn next(page: &Answer) -> Option<String> {
    let link = page.header("link").strip_prefix('<')?;
    let address = link
        .strip_suffix(">; rel=\"next\"")
        .expect("the link is to the next page");
    Some(address.to_owned())
}

/// The pages from an address on, by following each to the next.
#[track_caller]
pub(crate) fn walk(app: &TestApp, address: &str) -> Vec<Answer> {
    let mut pages = vec![app.get(address)];
    while let Some(address) = pages.last().and_then(next) {
        assert!(pages.len() < 100, "{address} has no end");
        pages.push(app.get(&address));
    }
    pages
}

/// Puts a further parameter into an address.
pub(crate) fn with(address: &str, parameter: &str) -> String {
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}{parameter}")
}
