//! The order of a document's paths: as they are read.
//!
//! They follow the order of the tags. Within a tag the list that is called like it comes first and what
//! belongs to it after it, then other lists; the shallow before the deep, so that a thing is listed and
//! got before it is changed. Otherwise they stay in the order in which the handlers are mounted.

use utoipa::openapi::{OpenApi, path::PathItem};

/// From here on paths are equally deep: `/v1/admin/clinic/publish` and what is below it, and where there are several of
/// a kind `/v1/admin/articles/{id}/publish`, which is one deeper.
const DEEPEST: usize = 4;

/// Puts the paths in order.
pub(super) fn arrange(document: &mut OpenApi) {
    let tags: Vec<String> = document.tags.iter().flatten().map(|tag| tag.name.clone()).collect();
    let paths = std::mem::take(&mut document.paths.paths);
    let mut ordered: Vec<(String, PathItem)> = paths.into_iter().collect();
    ordered.sort_by_cached_key(|(path, item)| place(&tags, path, item));
    document.paths.paths = ordered.into_iter().collect();
}

/// What comes first has the smallest.
fn place(tags: &[String], path: &str, item: &PathItem) -> (usize, bool, usize) {
    let operations = [&item.get, &item.post, &item.put, &item.patch, &item.delete];
    let mut operations = operations.into_iter().flatten();
    let tag = operations.find_map(|operation| operation.tags.as_ref()?.first());
    let at = tags.iter().position(|known| Some(known) == tag);
    let is_aside = !path.split('/').any(|segment| tag.is_some_and(|tag| tag == segment));
    let depth = path
        .matches('/')
        .count()
        .min(DEEPEST + usize::from(path.contains("{id}")));
    (at.unwrap_or(tags.len()), is_aside, depth)
}
