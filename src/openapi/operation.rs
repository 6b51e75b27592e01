//! What follows from an operation's own declaration: a body can be malformed, a version can be stale.

use utoipa::openapi::{
    Content, OpenApi, PathItem, Ref, RefOr, Required, Response, Schema,
    path::{Operation, Parameter, ParameterIn, ParameterStyle},
};

/// What an operation takes.
pub(super) struct Takes {
    body: bool,
    if_match: bool,
    idempotency_key: bool,
    dry_run: bool,
    cursor: bool,
}

impl Takes {
    pub(super) fn of(operation: &Operation) -> Self {
        let takes = |name: &str| {
            let mut parameters = operation.parameters.iter().flatten();
            parameters.any(|parameter| matches!(parameter, RefOr::T(known) if known.name == name))
        };
        Self {
            body: operation.request_body.is_some(),
            if_match: takes("If-Match"),
            idempotency_key: takes("Idempotency-Key"),
            dry_run: takes("dry_run"),
            cursor: takes("cursor"),
        }
    }

    /// Whether it changes something.
    pub(super) fn is_write(&self) -> bool {
        self.body || self.if_match || self.idempotency_key || self.dry_run
    }

    /// Whether it is done to a version that the client knows.
    pub(super) fn is_conditional(&self) -> bool {
        self.if_match
    }

    /// Whether it can be repeated and is then answered as before.
    pub(super) fn is_repeatable(&self) -> bool {
        self.idempotency_key
    }

    /// Declares the errors that follow from what it takes.
    pub(super) fn declare_errors(&self, operation: &mut Operation) {
        let follows = [
            ("400", "BadRequest", true),
            ("400", "BadPageRequest", self.cursor),
            ("400", "BadWrite", self.is_write()),
            ("409", "Conflict", self.idempotency_key),
            ("412", "PreconditionFailed", self.if_match),
            ("413", "PayloadTooLarge", self.body),
            ("415", "UnsupportedMediaType", self.body),
            ("422", "Unprocessable", self.body || self.idempotency_key),
            ("428", "PreconditionRequired", self.if_match),
            ("500", "InternalError", true),
            ("503", "Unavailable", true),
            ("default", "Error", true),
        ];
        for (status, name, _) in follows.into_iter().filter(|(.., follows)| *follows) {
            refer(operation, status, name);
        }
    }
}

/// The operations of a path.
pub(super) fn operations_of(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let methods = [
        &mut item.get,
        &mut item.post,
        &mut item.put,
        &mut item.patch,
        &mut item.delete,
    ];
    methods.into_iter().filter_map(Option::as_mut)
}

/// The answers of an operation that are no errors.
pub(super) fn successes(operation: &mut Operation) -> impl Iterator<Item = (&str, &mut Response)> {
    let responses = operation.responses.responses.iter_mut();
    responses.filter_map(|(status, response)| match response {
        RefOr::T(response) if status.starts_with('2') => Some((status.as_str(), response)),
        _ => None,
    })
}

/// Gives an operation a response that is declared once for all.
pub(super) fn refer(operation: &mut Operation, status: &str, name: &str) {
    let reference = RefOr::Ref(Ref::from_response_name(name));
    operation.responses.responses.insert(status.to_owned(), reference);
}

/// Whether a handler or its path says that what is asked for may not be there.
pub(super) fn may_find_nothing(path: &str, operation: &Operation) -> bool {
    path.contains('{') || operation.responses.responses.contains_key("404")
}

/// Whether the answer is a page of a list.
pub(super) fn has_page(response: &Response) -> bool {
    response.content.values().any(|content| match content {
        RefOr::T(Content {
            schema: Some(RefOr::Ref(schema)),
            ..
        }) => schema.ref_location.ends_with("Page"),
        _ => false,
    })
}

/// A body that may be left out is declared as one that may be null, which it may not be.
pub(super) fn leave_out_null(operation: &mut Operation) {
    let Some(RefOr::T(body)) = &mut operation.request_body else {
        return;
    };
    for content in body.content.values_mut() {
        if let RefOr::T(content) = content
            && let Some(RefOr::T(Schema::OneOf(choice))) = &content.schema
            && let Some(body @ RefOr::Ref(_)) = choice.items.iter().find(|item| matches!(item, RefOr::Ref(_)))
        {
            content.schema = Some(body.clone());
        }
    }
}

/// Says of each parameter that is a list what would hold in silence: it is repeated for each value.
pub(super) fn spell_out_lists(operation: &mut Operation) {
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter
            && matches!(parameter.schema, Some(RefOr::T(Schema::Array(_))))
        {
            parameter.style.get_or_insert(ParameterStyle::Form);
            parameter.explode.get_or_insert(true);
        }
    }
}

/// Puts what must be given before what may be.
pub(super) fn begin_with_required(operation: &mut Operation) {
    let may_be_absent =
        |parameter: &RefOr<Parameter>| !matches!(parameter, RefOr::T(known) if known.required == Required::True);
    if let Some(parameters) = &mut operation.parameters {
        parameters.sort_by_key(may_be_absent);
    }
}

/// Declares each request header once; operations refer to it.
pub(super) fn share_request_headers(document: &mut OpenApi) {
    let Some(components) = &mut document.components else {
        return;
    };
    let operations = document.paths.paths.values_mut().flat_map(operations_of);
    for parameter in operations.flat_map(|operation| operation.parameters.iter_mut().flatten()) {
        let RefOr::T(given) = &*parameter else { continue };
        if given.parameter_in == ParameterIn::Header {
            let name = given.name.clone();
            let reference = Ref::new(format!("#/components/parameters/{name}"));
            let shared = std::mem::replace(parameter, RefOr::Ref(reference));
            components.parameters.insert(name, shared);
        }
    }
}
