//! Brings every schema into the form that clients' generators read best.
//!
//! - A checked text such as a slug is told where it stands: a reference to a bare string gives
//!   generators a type without a use, and a nullable one a union that few of them understand. So is a
//!   list that a property holds.
//! - What may be null and is a text or a number says so in its `type`; what may be null and is an
//!   object is a choice of the object and null, with its description beside the choice.
//! - Where the example of a property's type does not suit the object, the object's own example names
//!   that property alone; it becomes the property's.
//! - An enum is a component of its own, so that it is one type in every client; one that stands inline
//!   becomes a component by the name in its title.
//! - What is answered has no closed enum.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::openapi::{
    Content, Object, OpenApi, Ref, RefOr, Schema, Type,
    extensions::ExtensionsBuilder,
    path::PathItem,
    schema::{AdditionalProperties, AllOf, Array, ArrayItems, OneOf, SchemaType},
};

use super::{
    open::{answered, opened},
    operation::operations_of,
};

type Named = BTreeMap<String, RefOr<Schema>>;

/// Where a reference to a schema points.
pub(super) const PLACE: &str = "#/components/schemas/";

/// Brings all schemas of the document into form.
pub(super) fn tidy(document: &mut OpenApi) {
    let answered = answered(document);
    let Some(components) = &mut document.components else {
        return;
    };
    let given = components.schemas.clone();
    let mut tidy = Tidy {
        given: &given,
        hoisted: Named::new(),
        is_answer: false,
    };
    components.schemas.retain(|_, schema| !is_bare(schema));
    for (name, schema) in &mut components.schemas {
        tidy.is_answer = answered.contains(name) && !is_enum(schema);
        tidy.schema(schema);
    }
    tidy.is_answer = false;
    for item in document.paths.paths.values_mut() {
        tidy.path(item);
    }
    components.schemas.extend(tidy.hoisted);
}

/// The schema that a reference names.
pub(super) fn named<'a>(reference: &Ref, schemas: &'a Named) -> Option<&'a RefOr<Schema>> {
    schemas.get(reference.ref_location.strip_prefix(PLACE)?)
}

/// Whether a schema is of one text or number and has no use under a name.
fn is_bare(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if object.enum_values.is_none()
        && matches!(object.schema_type, SchemaType::Type(Type::String | Type::Integer | Type::Number)))
}

fn is_enum(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if object.enum_values.is_some())
}

struct Tidy<'a> {
    given: &'a Named,
    hoisted: Named,
    /// Whether the schema at hand is part of an answer.
    is_answer: bool,
}

impl Tidy<'_> {
    fn path(&mut self, item: &mut PathItem) {
        for operation in operations_of(item) {
            for parameter in operation.parameters.iter_mut().flatten() {
                if let RefOr::T(parameter) = parameter
                    && let Some(schema) = &mut parameter.schema
                {
                    self.schema(schema);
                }
            }
            if let Some(RefOr::T(body)) = &mut operation.request_body {
                self.contents(body.content.values_mut());
            }
            for response in operation.responses.responses.values_mut() {
                if let RefOr::T(response) = response {
                    self.contents(response.content.values_mut());
                }
            }
        }
    }

    fn contents<'a>(&mut self, contents: impl Iterator<Item = &'a mut RefOr<Content>>) {
        for content in contents {
            if let RefOr::T(content) = content
                && let Some(schema) = &mut content.schema
            {
                self.schema(schema);
            }
        }
    }

    fn schema(&mut self, schema: &mut RefOr<Schema>) {
        let tidied = match std::mem::take(schema) {
            RefOr::Ref(reference) => self.reference(reference),
            RefOr::T(Schema::Object(object)) => self.object(object),
            RefOr::T(Schema::Array(array)) => self.array(array),
            RefOr::T(Schema::OneOf(choice)) => self.choice(choice),
            RefOr::T(Schema::AllOf(whole)) => self.whole(whole),
            other => other,
        };
        *schema = tidied;
    }

    fn reference(&mut self, reference: Ref) -> RefOr<Schema> {
        match named(&reference, self.given) {
            Some(RefOr::T(Schema::Object(bare))) if is_bare(&RefOr::T(bare.clone().into())) => {
                let mut bare = bare.clone();
                if !reference.description.is_empty() {
                    bare.description = Some(reference.description);
                }
                RefOr::T(bare.into())
            }
            Some(RefOr::T(Schema::Object(set))) if self.is_answer && set.enum_values.is_some() => {
                RefOr::T(opened(set, reference.description).into())
            }
            _ => RefOr::Ref(reference),
        }
    }

    fn object(&mut self, mut object: Object) -> RefOr<Schema> {
        for property in object.properties.values_mut() {
            self.tell_list(property);
            self.schema(property);
        }
        if let Some(AdditionalProperties::RefOr(values)) = object.additional_properties.as_deref_mut() {
            self.schema(values);
        }
        hand_down_example(&mut object);
        match object.title.take() {
            Some(title) if object.enum_values.is_some() => {
                name_variants(&mut object);
                let reference = Ref::from_schema_name(&title);
                self.hoisted.insert(title, RefOr::T(object.into()));
                RefOr::Ref(reference)
            }
            title => {
                object.title = title;
                RefOr::T(object.into())
            }
        }
    }

    /// Puts a list with a name of its own in the place of the reference to it.
    fn tell_list(&self, property: &mut RefOr<Schema>) {
        if let RefOr::Ref(reference) = property
            && let Some(RefOr::T(Schema::Array(list))) = named(reference, self.given)
        {
            let mut list = list.clone();
            list.description = Some(std::mem::take(&mut reference.description));
            *property = RefOr::T(list.into());
        }
    }

    fn array(&mut self, mut array: Array) -> RefOr<Schema> {
        if let ArrayItems::RefOrSchema(items) = &mut array.items {
            self.schema(items);
        }
        RefOr::T(array.into())
    }

    /// A thing or null: the null goes into the type of a text or number.
    fn choice(&mut self, mut choice: OneOf) -> RefOr<Schema> {
        for item in &mut choice.items {
            self.schema(item);
        }
        let thing = choice.items.iter_mut().find(|item| !is_null(item));
        match thing {
            Some(RefOr::T(Schema::Object(object))) => {
                if let SchemaType::Type(of) = &object.schema_type {
                    object.schema_type = SchemaType::from_iter([of.clone(), Type::Null]);
                }
                if choice.description.is_some() {
                    object.description = choice.description;
                }
                RefOr::T(object.clone().into())
            }
            Some(RefOr::Ref(reference)) => {
                if !reference.description.is_empty() {
                    choice.description = Some(std::mem::take(&mut reference.description));
                }
                RefOr::T(choice.into())
            }
            _ => RefOr::T(choice.into()),
        }
    }

    /// A schema and, apart from it, words on its use: the words go into it.
    fn whole(&mut self, whole: AllOf) -> RefOr<Schema> {
        let mut items = whole.items.into_iter();
        let (Some(RefOr::T(Schema::Object(mut object))), Some(RefOr::T(Schema::Object(words))), None) =
            (items.next(), items.next(), items.next())
        else {
            return RefOr::T(Schema::default());
        };
        object.default = words.default.or(object.default);
        object.description = words.description.or(object.description);
        self.object(object)
    }
}

/// Says how a client may call values that begin with a minus sign, which no name in a program does.
fn name_variants(object: &mut Object) {
    let values = || object.enum_values.iter().flatten().filter_map(Value::as_str);
    if !values().any(|value| value.starts_with('-')) {
        return;
    }
    let names: Vec<String> = values()
        .map(|value| match value.strip_prefix('-') {
            Some(name) => format!("{}_DESCENDING", name.to_uppercase()),
            None => value.to_uppercase(),
        })
        .collect();
    object.extensions = Some(ExtensionsBuilder::new().add("x-enum-varnames", names).build());
}

/// Gives the properties that an object's own example names their examples; where the object needs none of
/// its properties, it is an example of the whole as well.
fn hand_down_example(object: &mut Object) {
    let Some(Value::Object(own)) = object.example.clone() else {
        return;
    };
    if !object.required.is_empty() {
        object.example = None;
    }
    for (name, example) in own {
        match object.properties.get_mut(&name) {
            Some(RefOr::T(Schema::Object(property))) => property.example = Some(example),
            Some(RefOr::T(Schema::Array(property))) => property.example = Some(example),
            Some(RefOr::T(Schema::OneOf(property))) => property.example = Some(example),
            _ => {}
        }
    }
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if matches!(object.schema_type, SchemaType::Type(Type::Null)))
}
