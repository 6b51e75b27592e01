//! Links what shows a version to the writes that it opens: by them a program, and a tester, finds out
//! what can be done with what it has read.

use utoipa::openapi::{OpenApi, RefOr, Response, link::Link, path::Operation};

use super::operation::{operations_of, successes};

/// Links the answers that show a thing with its version to every write to that version.
pub(super) fn link_writes(document: &mut OpenApi) {
    let mut writes = Vec::new();
    for (path, item) in &mut document.paths.paths {
        let found = operations_of(item).filter(|operation| takes_version(operation));
        writes.extend(found.filter_map(|operation| Some((path.clone(), operation.operation_id.clone()?))));
    }
    for (path, item) in &mut document.paths.paths {
        let below = format!("{path}/");
        for operation in operations_of(item).filter(|operation| !takes_version(operation)) {
            for (_, success) in successes(operation).filter(|(_, success)| shows_version(success)) {
                for (write, id) in writes
                    .iter()
                    .filter(|(write, _)| write == path || write.starts_with(&below))
                {
                    success.links.insert(id.clone(), RefOr::T(link(path, write, id)));
                }
            }
        }
    }
}

fn takes_version(operation: &Operation) -> bool {
    let mut parameters = operation.parameters.iter().flatten();
    parameters.any(|parameter| match parameter {
        RefOr::T(parameter) => parameter.name == "If-Match",
        RefOr::Ref(reference) => reference.ref_location.ends_with("/If-Match"),
    })
}

/// Whether it is the thing itself: a new key stands beside its secret, in an answer that is neither.
fn shows_version(response: &Response) -> bool {
    let shows_secret = |schema: &RefOr<_>| matches!(schema, RefOr::Ref(shown) if shown.ref_location.contains("Issued"));
    let mut contents = response.content.values();
    response.headers.contains_key("ETag")
        && !contents
            .any(|content| matches!(content, RefOr::T(content) if content.schema.as_ref().is_some_and(shows_secret)))
}

/// The link from an answer at one path to a write at another; not every answer repeats the id of its path.
fn link(from: &str, path: &str, operation_id: &str) -> Link {
    let mut link = Link::builder()
        .operation_id(operation_id)
        .description("A write to the version that is shown here.")
        .parameter("If-Match", "$response.header.ETag");
    for name in ["id", "version"] {
        let place = format!("{{{name}}}");
        if from.contains(&place) {
            link = link.parameter(name, format!("$request.path.{name}"));
        } else if path.contains(&place) {
            link = link.parameter(name, format!("$response.body#/{name}"));
        }
    }
    link.build()
}
