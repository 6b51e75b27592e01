//! The handlers' declarations, written out for each kind of content.
//!
//! A handler is declared once, for "the document" under `/v1/admin/{collection}`. In the OpenAPI document
//! each kind has its own operations with its own types: `publishArticle`, `ArticleDocument`.

use std::borrow::Cow;

use utoipa::{
    ToSchema,
    openapi::{
        HttpMethod, Object, ObjectBuilder, OpenApi, PathItem, Ref, RefOr, Schema, Type, path::Operation,
        schema::OneOfBuilder, security::SecurityRequirement,
    },
};
use utoipa_actix_web::OpenApiFactory;

use super::{
    content::{Content, Names},
    derived::{Derived, Schemas},
    wire::Previewed,
};
use crate::access::Scope;

/// The content of the document.
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
    operation.description = operation.description.map(|text| described(&text, &id, names));
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

/// The description without the sentences on what such content does not have.
fn described(text: &str, operation_id: &str, names: &Names) -> String {
    let is_omitted = |operation| names.omits.contains(&operation);
    let lacks = [
        ("slug", names.is_single),
        ("archived", is_omitted("archive_document")),
        ("scheduled", is_omitted("schedule_document")),
    ];
    let is_true = |sentence: &&str| !lacks.iter().any(|(word, lacks)| *lacks && sentence.contains(word));
    let text = text.replace('\n', " ");
    let own = (operation_id == "create_document").then_some(names.when_made);
    let sentences = text.split_inclusive(". ").map(str::trim_end).filter(is_true);
    sentences.chain(own).collect::<Vec<&str>>().join(" ")
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
        .replace(
            "A document:",
            &format!("{} {singular}:", article(names, ["The", "A", "An"])),
        )
        .replace("_documents", &format!("_{plural}"))
        .replace("_document", &format!("_{singular}"))
        .replace(
            " a document",
            &format!(" {} {singular}", article(names, ["the", "a", "an"])),
        )
        .replace(" documents", &format!(" {plural}"))
        .replace(" document", &format!(" {singular}"))
}

/// The one of these articles that stands before a name: there is but one, or its first letter is no vowel, or is one.
fn article(names: &Names, [the, a, an]: [&'static str; 3]) -> &'static str {
    match names.singular.starts_with(['A', 'E', 'I', 'O', 'U']) {
        _ if names.is_single => the,
        true => an,
        false => a,
    }
}

/// Adds the operations and types of a kind of content to the document.
pub(super) fn add<C: Content>(document: &mut OpenApi, templates: &[Template]) {
    let names = &C::NAMES;
    let mut schemas = Schemas::new();
    let mut collected = vec![(C::name().into_owned(), C::schema())];
    C::schemas(&mut collected);
    schemas.extend(collected);
    Derived::Patch.add(&C::name(), &mut schemas);
    Derived::Content.add(&C::name(), &mut schemas);
    let content = Derived::Content.name(&C::name());
    for template in templates {
        for (name, schema) in &template.schemas {
            if let Some((name, mut schema)) = schema_for(name, schema, names)
                && !name.ends_with("Template")
            {
                name_content(&mut schema, &content);
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

/// Lets the content of a document or a revision be of its kind's type: that of the declaration stands inside it.
fn name_content(schema: &mut RefOr<Schema>, name: &str) {
    if let RefOr::T(Schema::Object(object)) = schema
        && let Some(RefOr::T(Schema::Object(content))) = object.properties.get("content")
    {
        let mut reference = Ref::from_schema_name(name);
        reference.description = content.description.clone().unwrap_or_default();
        object.properties.insert("content".to_owned(), RefOr::Ref(reference));
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

/// The set of the kinds that a preview can show.
const PREVIEWED_KIND: &str = "PreviewedKind";

/// Gives the schema of what a preview shows a property for each kind, with the type that the public receives.
pub(super) fn add_previewed(document: &mut OpenApi, kinds: &[(&Names, Cow<'static, str>)]) {
    let schemas = &mut document.components.get_or_insert_default().schemas;
    let names = kinds.iter().map(|(names, _)| names.entity_type.as_str());
    let kind = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names));
    schemas.insert(PREVIEWED_KIND.to_owned(), kind.into());
    let Some(RefOr::T(Schema::Object(previewed))) = schemas.get_mut(&*Previewed::name()) else {
        return;
    };
    let mut kind = Ref::from_schema_name(PREVIEWED_KIND);
    kind.description = "What kind it is.".to_owned();
    previewed.properties.insert("entity_type".to_owned(), kind.into());
    for (names, public) in kinds {
        let property = names.entity_type.as_str().to_owned();
        let singular = names.singular.to_lowercase();
        let words = format!("The {singular} as the public will receive it; null where it is none.");
        let choice = OneOfBuilder::new()
            .item(Ref::from_schema_name(&**public))
            .item(Object::with_type(Type::Null))
            .description(Some(words));
        previewed.required.push(property.clone());
        previewed.properties.insert(property, choice.into());
    }
}
