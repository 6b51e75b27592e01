//! A text as an editor sends it.

use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;
use validator::{Validate, ValidationError, ValidationErrors, ValidationErrorsKind};

use super::{
    Html, TextFormat, raw,
    review::{DEEPEST, Review, is_blank},
    tokens::tokens,
};
use crate::values::{
    WebUrl,
    faults::{add, fault},
};

/// The most characters of a source.
const LONGEST_SOURCE: usize = 200_000;

/// The most characters of the HTML that a source becomes.
const LONGEST_HTML: usize = 1_000_000;

/// The most images that can be described.
const MOST_IMAGES: usize = 200;

/// A text as it is written: Markdown or HTML.
///
/// A link may go to `http`, `https`, `mailto` or `tel` addresses or to a path of the website, and has
/// a text. An image has a whole `http` or `https` address and an alt text, or is decorative. The title
/// of the page is its heading of the first level, so that headings begin at the second (`##`), and no
/// level is skipped. Scripts, frames, forms and other elements that are not text are refused; styles,
/// classes, ids and comments are kept in the source and not shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RichTextIn {
    /// In what the source is written.
    #[schema(example = "markdown")]
    pub format: TextFormat,
    /// The text as written.
    #[schema(
        min_length = 1,
        max_length = 200000,
        pattern = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$",
        example = "## Before the treatment\n\nEat nothing for six hours."
    )]
    pub source: String,
    /// Which images of the source are decorative; an image that is not listed needs an alt text.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub images: Vec<RichTextImage>,
}

/// What an editor says of an image in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RichTextImage {
    /// The image's address, as in the source.
    #[schema(value_type = WebUrl)]
    pub src: String,
    /// Whether the image says nothing that the text does not, so that it is not read aloud and has no alt text.
    #[schema(example = true)]
    pub decorative: bool,
}

impl RichTextIn {
    /// Renders the text.
    pub fn render(&self) -> Html {
        Html::new(self.format, &self.source)
    }

    /// What is wrong with the images' descriptions, and with the source.
    fn review(&self, errors: &mut ValidationErrors) {
        let raw = tokens(&raw(self.format, &self.source));
        let decorative: Vec<Url> = self.images.iter().filter_map(RichTextImage::decorative).collect();
        let review = Review::of(&raw, &decorative);
        let images = self.images.iter().enumerate();
        let wrong = images.filter_map(|(index, image)| Some((index, Box::new(image.fault(&review.sources)?))));
        let wrong = ValidationErrorsKind::List(wrong.collect());
        if matches!(&wrong, ValidationErrorsKind::List(faults) if !faults.is_empty()) {
            errors.errors_mut().insert("images".into(), wrong);
        }
        if review.is_too_deep {
            let detail = format!("must not have more than {DEEPEST} elements in each other");
            return add(errors, "source", fault("invalid_content", detail));
        }
        let shown = self.render();
        for found in review.faults(&tokens(&shown.html)) {
            add(errors, "source", found);
        }
        if is_blank(&shown.text) && !shown.html.contains("<img") {
            add(
                errors,
                "source",
                fault("invalid_content", "must have words or an image"),
            );
        }
        if shown.html.chars().count() > LONGEST_HTML {
            let detail = format!("must have at most {LONGEST_HTML} characters when it is rendered");
            add(errors, "source", fault("invalid_content", detail));
        }
    }
}

impl RichTextImage {
    fn decorative(&self) -> Option<Url> {
        Url::parse(&self.src).ok().filter(|_| self.decorative)
    }

    fn fault(&self, sources: &[Url]) -> Option<ValidationErrors> {
        let is_there = || Url::parse(&self.src).is_ok_and(|url| sources.contains(&url));
        let found = match WebUrl::accept(&self.src) {
            Err(found) => found,
            Ok(()) if !is_there() => fault("invalid_content", "must be the address of an image in the source"),
            Ok(()) => return None,
        };
        let mut errors = ValidationErrors::new();
        add(&mut errors, "src", found);
        Some(errors)
    }
}

impl Validate for RichTextIn {
    fn validate(&self) -> Result<(), ValidationErrors> {
        let mut errors = ValidationErrors::new();
        if self.images.len() > MOST_IMAGES {
            let detail = format!("must have at most {MOST_IMAGES} entries");
            add(&mut errors, "images", fault("invalid_content", detail));
        }
        if let Err(found) = check_source(&self.source) {
            add(&mut errors, "source", found);
        }
        // What is too much is not read.
        if errors.is_empty() {
            self.review(&mut errors);
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

fn check_source(source: &str) -> Result<(), ValidationError> {
    let is_refused = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if source.is_empty() || source.chars().count() > LONGEST_SOURCE {
        let detail = format!("must be 1 to {LONGEST_SOURCE} characters");
        Err(fault("invalid_content", detail))
    } else if source.chars().any(is_refused) {
        let detail = "must have no control characters but line breaks and tabs";
        Err(fault("invalid_content", detail))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use validator::Validate;

    use super::{RichTextImage, RichTextIn};
    use crate::values::{TextFormat, faults::field_errors};

    const SPINE: &str = "https://example.org/spine.png";

    fn markdown(source: &str) -> RichTextIn {
        RichTextIn {
            format: TextFormat::Markdown,
            source: source.to_owned(),
            images: Vec::new(),
        }
    }

    fn html(source: &str) -> RichTextIn {
        RichTextIn {
            format: TextFormat::Html,
            ..markdown(source)
        }
    }

    fn with_image(text: RichTextIn, src: &str, decorative: bool) -> RichTextIn {
        let images = vec![RichTextImage {
            src: src.to_owned(),
            decorative,
        }];
        RichTextIn { images, ..text }
    }

    fn faults(text: &RichTextIn) -> Vec<String> {
        let errors = text.validate().err().unwrap_or_default();
        let told = field_errors(&errors, "").into_iter();
        told.map(|error| format!("{} {}: {}", error.pointer, error.code, error.detail))
            .collect()
    }

    #[test]
    fn takes_texts_in_both_formats() {
        for text in [
            markdown(
                "Words.\r\n\n## A\n\n### B\n\n## C\n\n![A spine](https://example.org/a b)\n\n1 < 2 & <https://example.org>\n",
            ),
            html(
                "<div class=\"x\" style=\"color:red\"><h2>A</h2><h3>B</h3><h4>C</h4><h2>D</h2><p>E<wbr>F <!-- G --></p></div>",
            ),
            html(
                "<a href=\"/topics\">a</a><a href=\"tel:+442079460000\"><img src=\"https://example.org/a\" alt=\"b\"></a>",
            ),
            html("<img src=\"https://example.org/a\" alt=\"\" role=\"presentation\">"),
        ] {
            assert_eq!(faults(&text), [""; 0], "{text:?}");
        }
    }

    #[test]
    fn tells_all_faults_at_once() {
        let text = markdown(
            "# One\n\n#### Four\n\n![](https://example.org/canary.png) ![a](canary.png)\n\n[](https://example.org) \
             [x](javascript:canary) [y]()\n\n<script>canary</script>\n\n<p onclick=\"canary\">z</p><canary>",
        );
        assert_eq!(
            faults(&text),
            [
                "/source heading_level: heading 1 has level 1, which is the title's: headings begin at level 2",
                "/source heading_level: heading 2 has level 4 and must have at most 2",
                "/source alt_text: image 1 needs an alt text, or to be marked as decorative",
                "/source unsafe_address: image 2 must have a whole address that starts with http:// or https://",
                "/source unsafe_address: link 2 has an address that is not http, https, mailto or tel",
                "/source unsafe_address: link 3 has no address",
                "/source empty_link: link 1 must have a text",
                "/source element_not_allowed: must not have the element `script`, which stands there once",
                "/source element_not_allowed: must not have elements that HTML does not know, which stand there once",
                "/source script_not_allowed: must not have attributes that run scripts (`on…`)",
            ]
        );
    }

    #[test]
    fn takes_a_decorative_image_in_both_formats() {
        for text in [
            markdown(&format!("![]({SPINE})")),
            html(&format!("<img src=\"{SPINE}\">")),
        ] {
            assert_eq!(faults(&text).len(), 1, "{text:?}");
            assert_eq!(faults(&with_image(text.clone(), SPINE, false)).len(), 1, "{text:?}");
            let decorated = with_image(text, SPINE, true);
            assert_eq!(faults(&decorated), [""; 0]);
            assert!(
                decorated.render().html.contains("alt=\"\""),
                "{}",
                decorated.render().html
            );
        }
        let spelt_otherwise = with_image(
            markdown("![](https://EXAMPLE.org/wirbelsäule.png)"),
            "https://example.org/wirbels%C3%A4ule.png",
            true,
        );
        assert_eq!(faults(&spelt_otherwise), [""; 0]);
    }

    #[test]
    fn refuses_what_is_said_of_images_that_does_not_hold() {
        let both = with_image(markdown(&format!("![A spine]({SPINE})")), SPINE, true);
        assert_eq!(
            faults(&both),
            ["/source alt_text: image 1 has an alt text and is marked as decorative: it can be only one"]
        );
        let none = with_image(markdown("a"), SPINE, true);
        assert_eq!(
            faults(&none),
            ["/images/0/src invalid_content: must be the address of an image in the source"]
        );
        let wrong = with_image(markdown("a"), "spine.png", true);
        assert!(faults(&wrong)[0].starts_with("/images/0/src invalid_content: must be a web address"));
    }

    #[test]
    fn refuses_sources_that_are_empty_too_long_or_have_control_characters() {
        for (source, why) in [
            ("", "must be 1 to 200000 characters"),
            (&*"a".repeat(200_001), "must be 1 to 200000 characters"),
            ("a\0b", "must have no control characters but line breaks and tabs"),
            (" \n", "must have words or an image"),
            ("&#8203;", "must have words or an image"),
            (&*"> ".repeat(150), "must not have more than 100 elements in each other"),
        ] {
            assert_eq!(faults(&markdown(source)), [format!("/source invalid_content: {why}")]);
        }
    }

    #[test]
    fn reads_the_longest_texts_in_a_moment() {
        // Without a bound on the depth these take minutes.
        for part in ["<div></b>", "<b><p>", "> "] {
            let text = markdown(&part.repeat(200_000 / part.len()));
            let began = Instant::now();
            assert_eq!(
                faults(&text),
                ["/source invalid_content: must not have more than 100 elements in each other"]
            );
            assert!(began.elapsed() < Duration::from_secs(20), "{part}");
        }
    }
}
