//! The handlers' declarations, written out for each kind of content.
//!
//! A handler is declared once, for "the document" under `/v1/admin/{collection}`. In the OpenAPI document
//! each kind has its own operations with its own types: `publishArticle`, `ArticleDocument`.

use std::collections::BTreeMap;

use utoipa::{
    ToSchema,
    openapi::{
        HttpMethod, Object, OpenApi, PathItem, Ref, RefOr, Schema,
        path::Operation,
        schema::{AdditionalProperties, OneOf},
        security::SecurityRequirement,
    },
};
use utoipa_actix_web::OpenApiFactory;

use super::content::{Content, Names};
use crate::access::Scope;

type Schemas = BTreeMap<String, RefOr<Schema>>;

/// Stands for the content of a kind in the handlers' declarations.
#[derive(Debug, ToSchema)]
#[schema(as = ContentTemplate)]
pub(super) struct ContentTemplate {}

/// Stands for a patch of that content.
#[derive(Debug, ToSchema)]
#[schema(as = PatchTemplate)]
pub(super) struct PatchTemplate {}

/// One handler's declaration.
pub(super) struct Template {
    path: String,
    item: PathItem,
    schemas: Vec<(String, RefOr<Schema>)>,
}

/// The path of one thing of a kind.
pub(super) fn item_path(names: &Names) -> String {
    let id = if names.is_single { "" } else { "/{id}" };
    format!("/v1/admin/{}{id}", names.path)
}

impl Template {
    pub(super) fn new(documented: impl OpenApiFactory) -> Self {
        let mut schemas = Vec::new();
        documented.schemas(&mut schemas);
        let mut paths = documented.paths().paths.into_iter();
        let (path, item) = paths.next().unwrap_or_default();
        Self { path, item, schemas }
    }

    /// The operation as this kind of content has it: path, method and declaration, unless it has none.
    pub(super) fn operations_for(&self, names: &Names) -> Vec<(String, HttpMethod, Operation)> {
        let path = match self.path.split_once("/{id}") {
            Some((_, rest)) => item_path(names) + rest,
            None => format!("/v1/admin/{}", names.path),
        };
        let item = &self.item;
        [
            (HttpMethod::Get, &item.get),
            (HttpMethod::Post, &item.post),
            (HttpMethod::Patch, &item.patch),
        ]
        .into_iter()
        .filter_map(|(method, operation)| Some((method, operation.clone()?)))
        .filter(|(_, operation)| {
            let id = operation.operation_id.as_deref().unwrap_or_default();
            !names.omits.contains(&id)
        })
        .map(|(method, mut operation)| {
            if self.path.contains("{id}") {
                add_error(&mut operation, "404", "NotFound");
            }
            // What is archived is not changed.
            if method == HttpMethod::Patch && !names.is_single {
                add_error(&mut operation, "409", "Conflict");
            }
            (path.clone(), method, written_for(operation, names))
        })
        .collect()
    }
}

/// Declares an error by the name of the answer that all operations share.
fn add_error(operation: &mut Operation, status: &str, name: &str) {
    let shared = RefOr::Ref(Ref::from_response_name(name));
    operation.responses.responses.insert(status.to_owned(), shared);
}

/// The declaration with the names and types of a kind.
fn written_for(mut operation: Operation, names: &Names) -> Operation {
    let id = operation.operation_id.clone().unwrap_or_default();
    let scope = scope_of(&id, names);
    operation.tags = Some(vec![names.tag.to_owned()]);
    operation.security = Some(vec![SecurityRequirement::new("api_key", [scope.as_str()])]);
    if names.is_single
        && let Some(parameters) = &mut operation.parameters
    {
        parameters.retain(|parameter| !matches!(parameter, RefOr::T(parameter) if parameter.name == "id"));
    }
    let Ok(text) = serde_json::to_string(&operation) else {
        return operation;
    };
    serde_json::from_str(&renamed(&text, names)).unwrap_or(operation)
}

/// What a key needs for an operation: the verbs that change what the public sees need more than the others.
fn scope_of(operation_id: &str, names: &Names) -> Scope {
    match operation_id.split('_').next() {
        Some("list" | "get" | "compare" | "preview") => names.read,
        Some("create" | "update") => names.write,
        _ if operation_id.ends_with("_revision") => names.write,
        _ => names.publish,
    }
}

/// Puts the names of a kind into a declaration.
fn renamed(text: &str, names: &Names) -> String {
    let (singular, plural) = (names.singular.to_lowercase(), names.plural.to_lowercase());
    text.replace("Document_ContentTemplate", &format!("{}Document", names.singular))
        .replace("Revision_ContentTemplate", &format!("{}Revision", names.singular))
        .replace(
            "#/components/schemas/ContentTemplate",
            &format!("#/components/schemas/{}In", names.singular),
        )
        .replace(
            "#/components/schemas/PatchTemplate",
            &format!("#/components/schemas/{}Patch", names.singular),
        )
        .replace("_documents", &format!("_{plural}"))
        .replace("_document", &format!("_{singular}"))
        .replace(" a document", &format!(" {} {singular}", article(&singular)))
        .replace(" documents", &format!(" {plural}"))
        .replace(" document", &format!(" {singular}"))
}

/// The indefinite article before a name.
fn article(name: &str) -> &'static str {
    match name.starts_with(['a', 'e', 'i', 'o', 'u']) {
        true => "an",
        false => "a",
    }
}

/// Adds the operations and types of a kind of content to the document.
pub(super) fn add<C: Content>(document: &mut OpenApi, templates: &[Template]) {
    let names = &C::NAMES;
    let mut schemas = Schemas::new();
    let mut collected = vec![(C::name().into_owned(), C::schema())];
    C::schemas(&mut collected);
    schemas.extend(collected);
    add_patches::<C>(&mut schemas);
    for template in templates {
        for (name, schema) in &template.schemas {
            if let Some((name, schema)) = schema_for(name, schema, names)
                && !name.ends_with("Template")
            {
                schemas.entry(name).or_insert(schema);
            }
        }
        for (path, method, operation) in template.operations_for(names) {
            let item = document.paths.paths.entry(path).or_default();
            match method {
                HttpMethod::Get => item.get = Some(operation),
                HttpMethod::Post => item.post = Some(operation),
                _ => item.patch = Some(operation),
            }
        }
    }
    let components = document.components.get_or_insert_default();
    for (name, schema) in schemas {
        components.schemas.entry(name).or_insert(schema);
    }
}

/// A schema with the names of a kind; one that has nothing to do with the kind stays as it is.
fn schema_for(name: &str, schema: &RefOr<Schema>, names: &Names) -> Option<(String, RefOr<Schema>)> {
    let text = serde_json::to_string(&(name, schema)).ok()?;
    let renamed = renamed(&text, names);
    if renamed == text {
        return Some((name.to_owned(), schema.clone()));
    }
    serde_json::from_str(&renamed).ok()
}

/// The schemas of a merge patch: of each object that is reached without an array, one in which nothing
/// is required.
fn add_patches<C: Content>(schemas: &mut Schemas) {
    let mut waiting = vec![C::name().into_owned()];
    while let Some(name) = waiting.pop() {
        let patch = patch_name(&name);
        if schemas.contains_key(&patch) {
            continue;
        }
        if let Some(RefOr::T(Schema::Object(object))) = schemas.get(&name).cloned() {
            let object = patch_of(object, schemas, &mut waiting);
            schemas.insert(patch, RefOr::T(Schema::Object(object)));
        }
    }
}

fn patch_name(name: &str) -> String {
    format!("{}Patch", name.strip_suffix("In").unwrap_or(name))
}

fn patch_of(mut object: Object, schemas: &Schemas, waiting: &mut Vec<String>) -> Object {
    object.required.clear();
    object.min_properties = None;
    object.example = None;
    for schema in object.properties.values_mut() {
        // What is absent from a patch stays as it is, whatever it would be in a new document.
        if let RefOr::T(Schema::Object(property)) = schema {
            property.default = None;
        }
        point_to_patch(schema, schemas, waiting);
    }
    if let Some(values) = &mut object.additional_properties
        && let AdditionalProperties::RefOr(schema) = values.as_mut()
    {
        point_to_patch(schema, schemas, waiting);
    }
    object
}

/// Lets a property that holds an object hold a patch of it.
fn point_to_patch(schema: &mut RefOr<Schema>, schemas: &Schemas, waiting: &mut Vec<String>) {
    match schema {
        RefOr::Ref(reference) => {
            let name = reference.ref_location.rsplit('/').next().unwrap_or_default().to_owned();
            let has_properties = matches!(
                schemas.get(&name),
                Some(RefOr::T(Schema::Object(object)))
                    if !object.properties.is_empty() || object.additional_properties.is_some()
            );
            if has_properties {
                reference.ref_location = format!("#/components/schemas/{}", patch_name(&name));
                waiting.push(name);
            }
        }
        RefOr::T(Schema::OneOf(OneOf { items, .. })) => {
            for item in items {
                point_to_patch(item, schemas, waiting);
            }
        }
        RefOr::T(Schema::Object(object)) => {
            let inner = std::mem::take(object);
            *object = patch_of(inner, schemas, waiting);
        }
        RefOr::T(_) => {}
    }
}
