//! Text without markup, as editors write it.

use std::borrow::Cow;

use unicode_normalization::is_nfc;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};
use validator::ValidationError;

use super::faults::fault;

/// The rule of a text in one line of 1 to `MAX` characters, such as a title.
///
/// The text itself stays a `String`, so that a wrong one is a fault beside others. On a field:
/// `#[validate(custom(function = Line::<200>::accept))]` and `#[schema(value_type = Line<200>)]`.
#[derive(Debug, Clone, Copy)]
pub enum Line<const MAX: usize> {}

/// The rule of a text of 1 to `MAX` characters that may have line breaks and tabs, such as a summary.
///
/// It is used as [`Line`] is.
#[derive(Debug, Clone, Copy)]
pub enum Paragraphs<const MAX: usize> {}

/// Neither blank at an end nor with control characters.
const LINE: &str = r"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?$";

/// The same with line breaks and tabs inside.
const PARAGRAPHS: &str = r"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x08\x0b-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?$";

impl<const MAX: usize> Line<MAX> {
    /// Checks a text; the fault says all that it may be.
    ///
    /// # Errors
    /// The first rule that the text breaks.
    pub fn accept(text: &str) -> Result<(), ValidationError> {
        check(text, MAX, |_| false, "control characters such as line breaks")
    }
}

impl<const MAX: usize> Paragraphs<MAX> {
    /// Checks a text; the fault says all that it may be.
    ///
    /// # Errors
    /// The first rule that the text breaks.
    pub fn accept(text: &str) -> Result<(), ValidationError> {
        check(
            text,
            MAX,
            |c| matches!(c, '\n' | '\t'),
            "control characters but line feeds and tabs",
        )
    }
}

/// Unicode's blanks, and the mark that programs put before a file, which ECMAScript counts among them.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

fn check(text: &str, most: usize, is_layout: fn(char) -> bool, refused: &str) -> Result<(), ValidationError> {
    let is_control = |c: char| c.is_control() && !is_layout(c);
    if !(1..=most).contains(&text.chars().count()) {
        Err(fault("invalid_content", format!("must be 1 to {most} characters")))
    } else if text.chars().any(is_control) {
        Err(fault("invalid_content", format!("must have no {refused}")))
    } else if text.trim_matches(is_blank) != text {
        Err(fault("invalid_content", "must not begin or end with blanks"))
    } else if !is_nfc(text) {
        Err(fault("invalid_content", "must be in Unicode's composed form (NFC)"))
    } else {
        Ok(())
    }
}

impl<const MAX: usize> ToSchema for Line<MAX> {
    fn name() -> Cow<'static, str> {
        format!("Line{MAX}").into()
    }
}

impl<const MAX: usize> PartialSchema for Line<MAX> {
    fn schema() -> RefOr<Schema> {
        text_schema(format!("One line of 1 to {MAX} characters."), MAX, LINE)
    }
}

impl<const MAX: usize> ToSchema for Paragraphs<MAX> {
    fn name() -> Cow<'static, str> {
        format!("Paragraphs{MAX}").into()
    }
}

impl<const MAX: usize> PartialSchema for Paragraphs<MAX> {
    fn schema() -> RefOr<Schema> {
        text_schema(
            format!("A text of 1 to {MAX} characters that may have line breaks."),
            MAX,
            PARAGRAPHS,
        )
    }
}

fn text_schema(description: String, most: usize, pattern: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .min_length(Some(1))
        .max_length(Some(most))
        .pattern(Some(pattern))
        .into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use utoipa::{OpenApi, ToSchema};
    use validator::Validate;

    use super::{Line, Paragraphs};
    use crate::values::{Slug, agreement};

    const GOOD: [&str; 4] = [
        "a",
        "Vertebral augmentation",
        "Łódź, 脊柱 😀",
        "0123456789012345678901234567890123456789",
    ];
    const BAD: [&str; 10] = [
        "",
        " ",
        " a",
        "a ",
        "a\0b",
        "a\u{85}b",
        "a\r\nb",
        "\na",
        "\u{feff}a",
        "a\u{a0}",
    ];

    #[test]
    fn takes_one_line() {
        agreement::<Line<40>>(Line::<40>::accept, &GOOD, &BAD);
        agreement::<Line<40>>(Line::<40>::accept, &[], &["a\nb", "a\tb"]);
    }

    #[test]
    fn takes_paragraphs() {
        agreement::<Paragraphs<40>>(Paragraphs::<40>::accept, &GOOD, &BAD);
        agreement::<Paragraphs<40>>(Paragraphs::<40>::accept, &["a\n\nb", "a\tb"], &[]);
    }

    #[test]
    fn counts_characters_and_wants_composed_ones() {
        let why = |text: &str| Line::<3>::accept(text).unwrap_err().message.unwrap_or_default();
        assert!(Line::<3>::accept("äöü").is_ok());
        assert_eq!(why("äöüß"), "must be 1 to 3 characters");
        assert_eq!(why("a\u{308}"), "must be in Unicode's composed form (NFC)");
    }

    #[test]
    fn shows_its_limits_on_a_field_that_is_documented() {
        #[derive(ToSchema, Validate)]
        struct Content {
            /// What it is called.
            #[validate(custom(function = Line::<200>::accept))]
            #[schema(value_type = Line<200>)]
            title: String,
            /// Its address.
            #[validate(custom(function = Slug::accept))]
            #[schema(value_type = Option<Slug>)]
            slug: Option<String>,
        }
        #[derive(OpenApi)]
        #[openapi(components(schemas(Content)))]
        struct Document;

        let document = serde_json::to_value(Document::openapi()).unwrap();
        let schemas = &document["components"]["schemas"];
        assert_eq!(
            schemas["Content"]["properties"]["title"],
            json!({"$ref": "#/components/schemas/Line200", "description": "What it is called."})
        );
        assert_eq!(schemas["Line200"]["maxLength"], 200);
        assert!(schemas["Slug"]["pattern"].is_string());

        let content = |title: &str, slug: Option<&str>| Content {
            title: title.to_owned(),
            slug: slug.map(str::to_owned),
        };
        assert!(content("a", None).validate().is_ok() && content("a", Some("a")).validate().is_ok());
        let errors = content("", Some("A")).validate().unwrap_err();
        assert_eq!(errors.errors().len(), 2);
    }
}
