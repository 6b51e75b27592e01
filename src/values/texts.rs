//! What differs between languages.

use std::{borrow::Cow, collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, MapAccess, Visitor},
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, Ref, RefOr, Schema, schema::AdditionalProperties},
};
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use super::{Locale, faults};

/// The most languages that a thing may have.
const MOST_LANGUAGES: usize = 20;

/// A thing's words, by language: one entry for each, under its tag such as `en-GB`.
///
/// A field has an alias as its type (`type ArticleTexts = Texts<ArticleTextIn>`), or the schema's
/// name repeats that of the words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Texts<T>(BTreeMap<String, T>);

impl<T> Texts<T> {
    /// The words in each language, in the order of the tags.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(locale, text)| (locale.as_str(), text))
    }

    /// The words in one language.
    pub fn get(&self, locale: &str) -> Option<&T> {
        self.0.get(locale)
    }

    /// The words in one language, to be changed.
    pub fn get_mut(&mut self, locale: &str) -> Option<&mut T> {
        self.0.get_mut(locale)
    }
}

impl<T> FromIterator<(Locale, T)> for Texts<T> {
    fn from_iter<I: IntoIterator<Item = (Locale, T)>>(texts: I) -> Self {
        Self(texts.into_iter().map(|(locale, text)| (locale.into(), text)).collect())
    }
}

// Written by hand: a derived map keeps the last of two entries under one key, and loses the first.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Texts<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TextsVisitor(PhantomData))
    }
}

struct TextsVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for TextsVisitor<T> {
    type Value = Texts<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut texts = BTreeMap::new();
        while let Some((locale, text)) = entries.next_entry()? {
            if texts.insert(locale, text).is_some() {
                return Err(A::Error::custom("may give each language only once"));
            }
        }
        Ok(Texts(texts))
    }
}

impl<T: Validate> Validate for Texts<T> {
    fn validate(&self) -> Result<(), ValidationErrors> {
        let mut errors = ValidationErrors::new();
        if !(1..=MOST_LANGUAGES).contains(&self.0.len()) {
            let detail = format!("must have from 1 to {MOST_LANGUAGES} languages");
            faults::add(&mut errors, faults::WHOLE, faults::fault("invalid_content", detail));
        }
        for (locale, text) in &self.0 {
            let mut found = text.validate().err().unwrap_or_default();
            if let Err(fault) = Locale::accept(locale) {
                faults::add(&mut found, faults::WHOLE, fault);
            }
            if !found.is_empty() {
                let nested = ValidationErrorsKind::Struct(Box::new(found));
                errors.errors_mut().insert(Cow::Owned(locale.clone()), nested);
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

impl<T: ToSchema> ToSchema for Texts<T> {
    fn name() -> Cow<'static, str> {
        let name = T::name();
        format!("{}sIn", name.strip_suffix("In").unwrap_or(&name)).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

impl<T: ToSchema> PartialSchema for Texts<T> {
    fn schema() -> RefOr<Schema> {
        let tag = match Locale::schema() {
            RefOr::T(schema) => Some(schema),
            RefOr::Ref(_) => None,
        };
        let text = RefOr::Ref(Ref::from_schema_name(T::name()));
        ObjectBuilder::new()
            .description(Some("The words in each language, under its tag such as `en-GB`."))
            .property_names(tag)
            .additional_properties(Some(AdditionalProperties::RefOr(text)))
            .min_properties(Some(1))
            .max_properties(Some(MOST_LANGUAGES))
            .into()
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};
    use serde_json::json;
    use utoipa::{OpenApi, ToSchema};
    use validator::Validate;

    use super::Texts;
    use crate::values::{Line, faults::field_errors, json::read_value};

    /// The words of a note.
    #[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
    struct NoteText {
        /// What it is called.
        #[validate(custom(function = Line::<5>::accept))]
        #[schema(value_type = Line<5>)]
        title: String,
    }

    /// The words of a label.
    #[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
    struct LabelText {
        /// What stands on it.
        label: String,
    }

    type NoteTexts = Texts<NoteText>;
    type LabelTexts = Texts<LabelText>;

    /// A note.
    #[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
    struct Note {
        /// Its words.
        #[validate(nested)]
        texts: NoteTexts,
        /// Its labels.
        #[validate(nested)]
        labels: LabelTexts,
    }

    #[derive(OpenApi)]
    #[openapi(components(schemas(Note)))]
    struct Document;

    fn pointers(texts: serde_json::Value) -> Vec<(String, String)> {
        let note = json!({"texts": texts, "labels": {"cy": {"label": "x"}}});
        let errors = read_value::<Note>(note).unwrap().validate().err().unwrap_or_default();
        let errors = field_errors(&errors, "/body").into_iter();
        errors.map(|error| (error.pointer, error.detail)).collect()
    }

    fn one(pointer: &str, detail: &str) -> Vec<(String, String)> {
        vec![(pointer.to_owned(), detail.to_owned())]
    }

    #[test]
    fn nests_what_is_wrong_under_the_language() {
        assert_eq!(pointers(json!({"en-GB": {"title": "a"}, "cy": {"title": "b"}})), []);
        assert_eq!(
            pointers(json!({"en-GB": {"title": ""}})),
            one("/body/texts/en-GB/title", "must be 1 to 5 characters")
        );
        assert_eq!(
            pointers(json!({})),
            one("/body/texts", "must have from 1 to 20 languages")
        );
        let many: serde_json::Map<_, _> = ('a'..='u')
            .map(|c| (format!("{c}{c}"), json!({"title": "a"})))
            .collect();
        assert_eq!(
            pointers(many.into()),
            one("/body/texts", "must have from 1 to 20 languages")
        );
    }

    #[test]
    fn tells_of_a_wrong_tag_and_of_the_words_under_it() {
        let found = pointers(json!({"english": {"title": ""}, "en-gb": {"title": "a"}}));
        let places: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(
            places,
            ["/body/texts/en-gb", "/body/texts/english", "/body/texts/english/title"]
        );
    }

    #[test]
    fn refuses_a_language_that_is_given_twice() {
        let twice = r#"{"cy": {"title": "a"}, "cy": {"title": "b"}}"#;
        let why = serde_json::from_str::<NoteTexts>(twice).unwrap_err().to_string();
        assert!(why.starts_with("may give each language only once"), "{why}");
    }

    #[test]
    fn has_a_schema_of_its_own_for_each_kind_of_words() {
        let document = serde_json::to_value(Document::openapi()).unwrap();
        let schemas = &document["components"]["schemas"];
        assert_eq!(
            schemas["NoteTextsIn"],
            json!({
                "type": "object",
                "description": "The words in each language, under its tag such as `en-GB`.",
                "additionalProperties": {"$ref": "#/components/schemas/NoteText"},
                "propertyNames": serde_json::to_value(<crate::values::Locale as utoipa::PartialSchema>::schema()).unwrap(),
                "minProperties": 1,
                "maxProperties": 20,
            })
        );
        assert_eq!(
            schemas["LabelTextsIn"]["additionalProperties"]["$ref"],
            "#/components/schemas/LabelText"
        );
        assert_eq!(
            schemas["Note"]["properties"]["texts"]["$ref"],
            "#/components/schemas/NoteTextsIn"
        );
        assert!(schemas["NoteText"].is_object() && schemas["LabelText"].is_object() && schemas["Line5"].is_object());
    }
}
