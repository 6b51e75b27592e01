//! The types that follow from those that editors write: a patch of the content, and the content as it
//! is read again.
//!
//! What is read has every property, whatever was left out when it was written: content is read into the
//! type of today and serialised from it, also that of old versions. It keeps the rules of form, as nothing
//! else is ever stored; whoever makes a rule stricter brings what is stored to it, or takes the rule out of
//! the content here.

use std::collections::BTreeMap;

use utoipa::openapi::{
    Object, Ref, RefOr, Schema, Type,
    schema::{AdditionalProperties, Array, ArrayItems, OneOf, OneOfBuilder},
};

pub(super) type Schemas = BTreeMap<String, RefOr<Schema>>;

/// Where a reference to a schema points.
const PLACE: &str = "#/components/schemas/";

/// What follows from a type that editors write.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Derived {
    /// A merge patch of it (RFC 7396): nothing must be there, and null removes a language.
    Patch,
    /// What is read of it.
    Content,
}

impl Derived {
    /// The name of the derived type.
    pub(super) fn name(self, written: &str) -> String {
        let stem = written.strip_suffix("In").unwrap_or(written);
        match self {
            Self::Patch => format!("{stem}Patch"),
            Self::Content => format!("{stem}Content"),
        }
    }

    /// Adds the type that follows from the written one of this name, and those that it needs.
    pub(super) fn add(self, written: &str, schemas: &mut Schemas) {
        let mut waiting = vec![written.to_owned()];
        while let Some(name) = waiting.pop() {
            let derived = self.name(&name);
            if schemas.contains_key(&derived) {
                continue;
            }
            if let Some(RefOr::T(Schema::Object(object))) = schemas.get(&name).cloned() {
                let mut work = Work {
                    derived: self,
                    schemas,
                    waiting: &mut waiting,
                };
                let object = work.object(object);
                schemas.insert(derived, RefOr::T(object.into()));
            }
        }
    }
}

struct Work<'a> {
    derived: Derived,
    schemas: &'a Schemas,
    waiting: &'a mut Vec<String>,
}

impl Work<'_> {
    fn object(&mut self, mut object: Object) -> Object {
        for property in object.properties.values_mut() {
            self.property(property);
        }
        object.required = match self.derived {
            Derived::Patch => Vec::new(),
            Derived::Content => object.properties.keys().cloned().collect(),
        };
        if self.derived == Derived::Patch {
            object.min_properties = None;
        } else if let Some(words) = &mut object.description {
            nothing_absent(words);
        }
        if let Some(AdditionalProperties::RefOr(values)) = object.additional_properties.as_deref_mut() {
            self.property(values);
            if self.derived == Derived::Patch {
                allow_null(values);
            }
        }
        object
    }

    /// Lets a property that holds what editors write hold what follows from it.
    fn property(&mut self, schema: &mut RefOr<Schema>) {
        if let RefOr::Ref(reference) = schema
            && let Some(RefOr::T(Schema::Array(list))) = self.schemas.get(name_of(reference))
        {
            let mut list = list.clone();
            list.description = Some(std::mem::take(&mut reference.description));
            *schema = RefOr::T(list.into());
        }
        if self.derived == Derived::Content
            && let Some(words) = description_of(schema)
        {
            nothing_absent(words);
        }
        match schema {
            RefOr::Ref(reference) => self.reference(reference),
            RefOr::T(Schema::OneOf(OneOf { items, .. })) => items.iter_mut().for_each(|item| self.property(item)),
            RefOr::T(Schema::Array(array)) => self.array(array),
            // What is absent from a patch stays as it is, and nothing is absent from what is read.
            RefOr::T(Schema::Object(object)) => object.default = None,
            RefOr::T(_) => {}
        }
    }

    fn reference(&mut self, reference: &mut Ref) {
        let name = name_of(reference).to_owned();
        let is_object = matches!(
            self.schemas.get(&name),
            Some(RefOr::T(Schema::Object(object)))
                if !object.properties.is_empty() || object.additional_properties.is_some()
        );
        if is_object {
            reference.ref_location = format!("{PLACE}{}", self.derived.name(&name));
            self.waiting.push(name);
        }
    }

    /// A patch puts the whole of an array in the place of another.
    fn array(&mut self, array: &mut Array) {
        if self.derived == Derived::Content
            && let ArrayItems::RefOrSchema(items) = &mut array.items
        {
            self.property(items);
        }
    }
}

fn name_of(reference: &Ref) -> &str {
    reference.ref_location.strip_prefix(PLACE).unwrap_or_default()
}

/// What a schema says of itself.
fn description_of(schema: &mut RefOr<Schema>) -> Option<&mut String> {
    match schema {
        RefOr::Ref(reference) => Some(&mut reference.description),
        RefOr::T(Schema::Object(object)) => object.description.as_mut(),
        RefOr::T(Schema::Array(array)) => array.description.as_mut(),
        RefOr::T(Schema::OneOf(choice)) => choice.description.as_mut(),
        RefOr::T(_) => None,
    }
}

/// Says of what is read that it is null where of what is written is said that it may be absent, too.
fn nothing_absent(words: &mut String) {
    *words = words.replace("absent or null", "null");
}

/// Makes a reference one that may be null.
fn allow_null(schema: &mut RefOr<Schema>) {
    if let RefOr::Ref(reference) = schema {
        let choice = OneOfBuilder::new()
            .item(reference.clone())
            .item(Object::with_type(Type::Null));
        *schema = RefOr::T(choice.build().into());
    }
}
