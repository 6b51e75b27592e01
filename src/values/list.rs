//! Lists of things that editors write.

use std::{
    borrow::Cow,
    ops::{Deref, DerefMut},
};

use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, Ref, RefOr, Schema},
};
use validator::{Validate, ValidationErrors};

use super::faults;

/// At most `MAX` things that have rules of their own, in their order.
///
/// The validator's `length` and `nested` on one field panic where both find something, so this
/// checks both: the number first, and each thing where there are not too many. A field has an alias
/// as its type (`type Highlights = List<HighlightIn, 100>`), `#[serde(default)]`
/// and `#[validate(nested)]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct List<T, const MAX: usize>(Vec<T>);

impl<T, const MAX: usize> Default for List<T, MAX> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const MAX: usize> Deref for List<T, MAX> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T, const MAX: usize> DerefMut for List<T, MAX> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.0
    }
}

impl<T, const MAX: usize> From<Vec<T>> for List<T, MAX> {
    fn from(things: Vec<T>) -> Self {
        Self(things)
    }
}

impl<T, const MAX: usize> FromIterator<T> for List<T, MAX> {
    fn from_iter<I: IntoIterator<Item = T>>(things: I) -> Self {
        Self(things.into_iter().collect())
    }
}

impl<T: Validate, const MAX: usize> Validate for List<T, MAX> {
    fn validate(&self) -> Result<(), ValidationErrors> {
        if self.0.len() <= MAX {
            return self.0.validate();
        }
        let mut errors = ValidationErrors::new();
        let detail = format!("must have at most {MAX} entries");
        faults::add(&mut errors, faults::WHOLE, faults::fault("invalid_content", detail));
        Err(errors)
    }
}

impl<T: ToSchema, const MAX: usize> ToSchema for List<T, MAX> {
    fn name() -> Cow<'static, str> {
        format!("{}List", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

impl<T: ToSchema, const MAX: usize> PartialSchema for List<T, MAX> {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new()
            .items(RefOr::Ref(Ref::from_schema_name(T::name())))
            .max_items(Some(MAX))
            .into()
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};
    use serde_json::{Value, json};
    use utoipa::{OpenApi, ToSchema};
    use validator::Validate;

    use super::List;
    use crate::values::{Line, faults::field_errors, json::read_value};

    /// A line of a note.
    #[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
    struct Remark {
        /// What it says.
        #[validate(custom(function = Line::<5>::accept))]
        #[schema(value_type = Line<5>)]
        text: String,
    }

    type Remarks = List<Remark, 12>;

    /// A note.
    #[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
    struct Note {
        /// Its lines.
        #[serde(default)]
        #[validate(nested)]
        remarks: Remarks,
    }

    #[derive(OpenApi)]
    #[openapi(components(schemas(Note)))]
    struct Document;

    fn faults(note: Value) -> Vec<(String, String)> {
        let errors = read_value::<Note>(note).unwrap().validate().err().unwrap_or_default();
        let errors = field_errors(&errors, "/body").into_iter();
        errors.map(|error| (error.pointer, error.detail)).collect()
    }

    #[test]
    fn checks_the_things_and_their_number() {
        let remarks = |texts: Vec<&str>| {
            let remarks: Vec<Value> = texts.iter().map(|text| json!({"text": text})).collect();
            faults(json!({"remarks": remarks}))
        };
        assert_eq!(faults(json!({})), []);
        assert_eq!(remarks(vec!["a"; 12]), []);
        let mut texts = vec!["a"; 12];
        (texts[2], texts[11]) = ("", "");
        let wrong = "must be 1 to 5 characters".to_owned();
        let at = |pointer: &str| (pointer.to_owned(), wrong.clone());
        assert_eq!(
            remarks(texts),
            [at("/body/remarks/2/text"), at("/body/remarks/11/text")]
        );
        let too_many = ("/body/remarks".to_owned(), "must have at most 12 entries".to_owned());
        assert_eq!(remarks(vec![""; 13]), [too_many]);
    }

    #[test]
    fn shows_its_limit_and_what_is_in_it() {
        let document = serde_json::to_value(Document::openapi()).unwrap();
        let schemas = &document["components"]["schemas"];
        let shown = &schemas["RemarkList"];
        assert_eq!(
            (&shown["maxItems"], &shown["items"]["$ref"]),
            (&json!(12), &json!("#/components/schemas/Remark"))
        );
        let field = &schemas["Note"]["properties"]["remarks"];
        assert_eq!(field["$ref"], "#/components/schemas/RemarkList");
        assert!(schemas["Remark"].is_object());
    }
}
