//! Markdown of our own becomes a page's HTML.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A text that was rendered.
pub(super) struct Rendered {
    /// The words of its heading of the first level.
    pub(super) title: String,
    /// The whole text, that heading included.
    pub(super) html: String,
}

/// Renders a text of ours; it is trusted and may hold HTML. `to_page` says where a link leads on the site.
pub(super) fn render(source: &str, to_page: impl Fn(&str) -> String) -> Rendered {
    let mut events: Vec<Event> = Parser::new_ext(source, Options::ENABLE_TABLES).collect();
    let mut title = String::new();
    for at in 0..events.len() {
        let words = match events[at] {
            Event::Start(Tag::Heading { .. }) => heading(&events[at..]),
            _ => continue,
        };
        if let Event::Start(Tag::Heading { level, id, .. }) = &mut events[at] {
            *id = Some(anchor(&words).into());
            if *level == HeadingLevel::H1 {
                title = words;
            }
        }
    }
    for event in &mut events {
        if let Event::Start(Tag::Link { dest_url, .. }) = event {
            *dest_url = CowStr::from(to_page(dest_url));
        }
    }
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events.into_iter());
    // Whoever has no mouse scrolls a long line once it has the focus.
    let html = html.replace("<pre>", "<pre tabindex=\"0\">");
    Rendered { title, html }
}

/// The words of the heading that begins here.
fn heading(events: &[Event]) -> String {
    let inside = events
        .iter()
        .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
    inside
        .filter_map(|event| match event {
            Event::Text(text) | Event::Code(text) => Some(&**text),
            _ => None,
        })
        .collect()
}

/// The anchor that a heading has, the same that code hosts give it.
fn anchor(words: &str) -> String {
    let letters = words.to_lowercase().replace(' ', "-");
    letters
        .chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn headings_have_anchors_and_links_lead_to_pages() {
        let page = render("# The `title`, here\n\nSee [it](a.md#b).\n", |link| {
            format!("/docs/{link}")
        });
        assert_eq!(page.title, "The title, here");
        assert_eq!(
            page.html,
            "<h1 id=\"the-title-here\">The <code>title</code>, here</h1>\n<p>See <a href=\"/docs/a.md#b\">it</a>.</p>\n"
        );
    }

    #[test]
    fn long_lines_can_be_scrolled_without_a_mouse() {
        let page = render("```\na <pre> in it\n```\n", str::to_owned);
        assert_eq!(
            page.html,
            "<pre tabindex=\"0\"><code>a &lt;pre&gt; in it\n</code></pre>\n"
        );
    }
}
