//! Operations that will go away: from the one annotation of the handler the document gets its mark, a
//! sentence, and the headers of every answer.

use utoipa::openapi::{Components, Deprecated, OpenApi, RefOr, path::Operation};

use super::{
    answers::{add_headers, response_header},
    operation::operations_of,
};
use crate::http::deprecation::Deprecation;

const LINK: &str = "`rel=\"deprecation\"` is the address of what to know about the end of this operation, \
`rel=\"successor-version\"` of what to use instead; on lists `rel=\"next\"` is that of the next page (RFC 8288).";

/// Declares what the answers of such operations say. A wrong annotation stays without effect here, as
/// the program does not start with it.
pub(super) fn declare(document: &mut OpenApi) {
    let Some(components) = &document.components else {
        return;
    };
    for operation in document.paths.paths.values_mut().flat_map(operations_of) {
        if let Ok(Some(declared)) = Deprecation::of(operation) {
            mark(operation, &declared);
            declare_headers(operation, &declared, components);
        }
    }
}

fn mark(operation: &mut Operation, declared: &Deprecation) {
    operation.deprecated = Some(Deprecated::True);
    let Deprecation {
        since,
        sunset,
        link,
        successor,
    } = declared;
    let instead = successor.as_ref().map(|path| format!(" Use `{path}` instead."));
    let told = format!(
        "**Deprecated** since {since}; gone from {sunset} on.{} See [what to know]({link}).",
        instead.unwrap_or_default()
    );
    let words = operation.description.take();
    operation.description = Some(words.map_or_else(|| told.clone(), |words| format!("{words}\n\n{told}")));
}

/// Answers that operations share become this operation's own, with its headers.
fn declare_headers(operation: &mut Operation, declared: &Deprecation, components: &Components) {
    let links: Vec<String> = declared.links().collect();
    for answer in operation.responses.responses.values_mut() {
        if let RefOr::Ref(reference) = answer {
            let name = reference.ref_location.rsplit('/').next().unwrap_or_default();
            if let Some(shared) = components.responses.get(name) {
                *answer = shared.clone();
            }
        }
        if let RefOr::T(answer) = answer {
            let link = response_header("Link", LINK, &links.join(", "));
            answer.headers.insert("Link".to_owned(), RefOr::T(link));
            add_headers(answer, ["Deprecation", "Sunset"]);
        }
    }
}
