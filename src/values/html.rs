//! Text that an editor wrote, ready to be shown.

use pulldown_cmark::{Event, Options, Parser, TagEnd};

/// A text in its three forms: what was written, safe HTML, and plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Html {
    /// The source as written, Markdown.
    pub source: String,
    /// Sanitised HTML.
    pub html: String,
    /// The words alone.
    pub text: String,
}

impl Html {
    /// Renders Markdown.
    pub fn from_markdown(source: &str) -> Self {
        let parser = || Parser::new_ext(source, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
        let mut html = String::new();
        pulldown_cmark::html::push_html(&mut html, parser());
        Self {
            source: source.to_owned(),
            html: ammonia::clean(&html).trim().to_owned(),
            text: plain_text(parser()),
        }
    }

    /// Whole minutes that a reader at 200 words a minute takes, at least one.
    pub fn reading_minutes(text: &str) -> i32 {
        i32::try_from(text.split_whitespace().count().div_ceil(200))
            .unwrap_or(i32::MAX)
            .max(1)
    }
}

fn plain_text<'a>(events: impl Iterator<Item = Event<'a>>) -> String {
    let mut text = String::new();
    for event in events {
        match event {
            Event::Text(words) | Event::Code(words) => text.push_str(&words),
            Event::SoftBreak | Event::HardBreak => text.push('\n'),
            // The end of a block; a mark within a line ends none.
            Event::End(tag) if !is_inline(tag) && !text.ends_with('\n') => text.push('\n'),
            _ => {}
        }
    }
    text.trim().to_owned()
}

fn is_inline(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Strikethrough
    )
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
    fn drops_what_could_harm_a_reader() {
        let body = Html::from_markdown("<script>alert(1)</script><a href=\"javascript:x\" onclick=\"y\">z</a>");
        assert!(
            !body.html.contains("script") && !body.html.contains("onclick"),
            "{}",
            body.html
        );
    }

    #[test]
    fn counts_minutes() {
        assert_eq!(Html::reading_minutes(""), 1);
        assert_eq!(Html::reading_minutes(&"word ".repeat(201)), 2);
    }
}
