//! Text that an editor wrote, ready to be shown.
//!
//! The source is kept as it was written. What is shown comes from it alone: safe HTML, and from that
//! the plain text. [`SANITISER_VERSION`] is stored beside them, so that they can be made again when
//! the rules change. What the sanitiser would take away is refused when it is written, with words
//! that say where it stands, so that no editor loses a thing unnoticed: see [`RichTextIn`].

mod review;
mod rich_text;
mod sanitise;
mod tokens;
mod words;

use pulldown_cmark::{Options, Parser};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

pub use self::rich_text::{RichTextImage, RichTextIn};

/// Counts the rules by which a source becomes HTML and plain text; raised whenever they change.
pub const SANITISER_VERSION: i32 = 1;

/// In what a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TextFormat {
    /// CommonMark with tables and strikethrough.
    Markdown,
    /// HTML.
    Html,
}

/// A text in its three forms: what was written, safe HTML, and plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Html {
    /// The source as written.
    pub source: String,
    /// Sanitised HTML.
    pub html: String,
    /// The words alone, a block to a line; an image stands as its alt text.
    pub text: String,
}

impl Html {
    /// Renders a source.
    pub fn new(format: TextFormat, source: &str) -> Self {
        let html = sanitise::sanitise(&raw(format, source));
        let text = words::words(&tokens::tokens(&html));
        Self {
            source: source.to_owned(),
            html,
            text,
        }
    }

    /// Renders Markdown.
    pub fn from_markdown(source: &str) -> Self {
        Self::new(TextFormat::Markdown, source)
    }

    /// Renders HTML.
    pub fn from_html(source: &str) -> Self {
        Self::new(TextFormat::Html, source)
    }

    /// Whole minutes that a reader at 200 words a minute takes, at least one.
    pub fn reading_minutes(text: &str) -> i32 {
        i32::try_from(text.split_whitespace().count().div_ceil(200))
            .unwrap_or(i32::MAX)
            .max(1)
    }
}

/// The HTML that a source stands for, composed (NFC) and not yet safe.
fn raw(format: TextFormat, source: &str) -> String {
    let source: String = source.nfc().collect();
    match format {
        TextFormat::Html => source,
        TextFormat::Markdown => {
            let mut html = String::new();
            let parser = Parser::new_ext(&source, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
            pulldown_cmark::html::push_html(&mut html, parser);
            html
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Html;

    #[test]
    fn renders_markdown_to_safe_html_and_plain_text() {
        let body = Html::from_markdown("A *small* [link](https://example.org).\n\n- one\n- two\n");
        assert_eq!(
            body.html,
            "<p>A <em>small</em> <a href=\"https://example.org\" rel=\"noopener noreferrer\">link</a>.</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>"
        );
        assert_eq!(body.text, "A small link.\none\ntwo");
    }

    #[test]
    fn renders_tables_and_strikethrough() {
        let body = Html::from_markdown("| a | b |\n|---|---|\n| 1 | ~~2~~ |\n");
        assert_eq!(
            body.html,
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody>\n<tr><td>1</td><td><del>2</del></td></tr>\n</tbody></table>"
        );
        assert_eq!(body.text, "a\tb\n1\t2");
    }

    #[test]
    fn renders_html_as_it_renders_markdown() {
        let body = Html::from_html("<h2>Why</h2><p>A <a href=\"https://example.org\">link</a></p>");
        assert_eq!(
            body.html,
            "<h2>Why</h2><p>A <a href=\"https://example.org\" rel=\"noopener noreferrer\">link</a></p>"
        );
        assert_eq!(body.text, "Why\nA link");
        assert_eq!(body.html, Html::from_html(&body.html).html);
    }

    #[test]
    fn shows_composed_letters_and_keeps_the_source() {
        let body = Html::from_markdown("Ru\u{308}cken");
        assert_eq!((body.text.as_str(), body.source.as_str()), ("Rücken", "Ru\u{308}cken"));
    }

    #[test]
    fn counts_minutes() {
        assert_eq!(Html::reading_minutes(""), 1);
        assert_eq!(Html::reading_minutes(&"word ".repeat(201)), 2);
    }
}
