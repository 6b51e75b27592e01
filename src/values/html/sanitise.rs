//! What may stand in a text, and taking out what may not.
//!
//! A change here changes what is shown: raise `SANITISER_VERSION` with it.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::{Builder, UrlRelative};
use url::{ParseError, Url};

/// The elements that a text may have; a heading of the first level is the title of the page.
pub(super) static ELEMENTS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let blocks = "aside blockquote br dd details div dl dt figcaption figure h2 h3 h4 h5 h6 hr li ol p pre section \
                  summary ul";
    let tables = "caption col colgroup table tbody td tfoot th thead tr";
    let within_lines = "a abbr b bdi bdo cite code data del dfn em i img ins kbd mark q rp rt ruby s samp small span \
                        strong sub sup time u var wbr";
    [blocks, tables, within_lines]
        .into_iter()
        .flat_map(str::split_whitespace)
        .collect()
});

/// The schemes that a link may have.
pub(super) const LINK_SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// The schemes that an image may have.
pub(super) const IMAGE_SCHEMES: [&str; 2] = ["http", "https"];

/// The attributes of each element; `lang`, `dir` and `title` may stand on all.
const ATTRIBUTES: [(&str, &[&str]); 13] = [
    ("a", &["href", "hreflang"]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("data", &["value"]),
    ("del", &["datetime"]),
    ("details", &["open"]),
    ("img", &["src", "alt", "width", "height"]),
    ("ins", &["datetime"]),
    ("li", &["value"]),
    ("ol", &["start", "reversed"]),
    ("td", &["colspan", "rowspan"]),
    ("th", &["colspan", "rowspan", "scope"]),
    ("time", &["datetime"]),
];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let attributes = ATTRIBUTES
        .iter()
        .map(|(name, known)| (*name, HashSet::from_iter(known.iter().copied())));
    let image = HashMap::from([
        ("loading", HashSet::from(["lazy", "eager"])),
        ("role", HashSet::from(["presentation", "none"])),
    ]);
    let mut sanitiser = Builder::empty();
    sanitiser
        .tags(ELEMENTS.clone())
        .clean_content_tags(["script", "style"].into())
        .generic_attributes(["lang", "dir", "title"].into())
        .tag_attributes(attributes.collect())
        .tag_attribute_values([("img", image)].into())
        .url_schemes(LINK_SCHEMES.into())
        .url_relative(UrlRelative::PassThrough)
        .attribute_filter(keep_attribute)
        .link_rel(Some("noopener noreferrer"))
        .strip_comments(true);
    sanitiser
});

/// Takes out of some HTML all that may harm a reader.
pub(super) fn sanitise(html: &str) -> String {
    complete_images(SANITISER.clean(html).to_string().trim())
}

/// What an address in a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Address {
    /// It has one of the schemes asked for, and is whole.
    Allowed,
    /// It is to be completed by the place where it is shown.
    Relative,
    /// It has another scheme, or is none.
    Unsafe,
}

/// Judges an address as the sanitiser does.
pub(super) fn judge(address: &str, schemes: &[&str]) -> Address {
    match Url::parse(address) {
        Ok(url) if schemes.contains(&url.scheme()) => Address::Allowed,
        Err(ParseError::RelativeUrlWithoutBase) => Address::Relative,
        _ => Address::Unsafe,
    }
}

fn keep_attribute<'a>(element: &str, attribute: &str, value: &'a str) -> Option<Cow<'a, str>> {
    let is_source = element == "img" && attribute == "src";
    // An app has no place that would complete an image's address.
    let is_kept = !is_source || judge(value, &IMAGE_SCHEMES) == Address::Allowed;
    is_kept.then_some(Cow::Borrowed(value))
}

/// Gives each image without an alt text an empty one: a screen reader would else read its address.
fn complete_images(html: &str) -> String {
    const IMAGE: &str = "<img";
    // The sanitiser escapes angle brackets and quotes in words and in values, so these are tags.
    let mut parts = html.split(IMAGE);
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let has_alt = part.split('>').next().is_some_and(|tag| tag.contains(" alt=\""));
        whole.push_str(IMAGE);
        whole.push_str(if has_alt { "" } else { " alt=\"\"" });
        whole.push_str(part);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::{Address, IMAGE_SCHEMES, LINK_SCHEMES, judge, sanitise};

    #[test]
    fn keeps_what_a_text_may_have() {
        for html in [
            "<h2>a</h2><h3>b</h3><h4>c</h4><h5>d</h5><h6>e</h6>",
            "<figure><img src=\"https://example.org/a.png\" alt=\"A spine\" width=\"10\" height=\"10\" loading=\"lazy\"><figcaption>A spine</figcaption></figure>",
            "<img src=\"https://example.org/a.png\" alt=\"\" role=\"presentation\">",
            "<table><caption>a</caption><thead><tr><th scope=\"col\">b</th></tr></thead><tbody><tr><td colspan=\"2\">c</td></tr></tbody></table>",
            "<p>H<sub>2</sub>O <abbr title=\"spinal cord\">SC</abbr> <q lang=\"fr\">d</q></p><blockquote>e</blockquote><ol start=\"2\"><li>f</li></ol>",
            "<a href=\"mailto:a@example.org\" rel=\"noopener noreferrer\">g</a>",
            "<a href=\"/topics\" rel=\"noopener noreferrer\">h</a>",
        ] {
            assert_eq!(sanitise(html), html);
        }
    }

    #[test]
    fn takes_out_what_could_harm_a_reader() {
        for (html, left) in [
            ("<script>alert(1)</script><style>a{}</style>", ""),
            (
                "<p onclick=\"x\" style=\"color:red\" class=\"c\" id=\"i\">a</p>",
                "<p>a</p>",
            ),
            ("<a href=\"javascript:x\">a</a>", "<a rel=\"noopener noreferrer\">a</a>"),
            (
                "<a href=\" java\nscript:x\">a</a>",
                "<a rel=\"noopener noreferrer\">a</a>",
            ),
            (
                "<a target=\"_blank\" href=\"data:text/html,x\">a</a>",
                "<a rel=\"noopener noreferrer\">a</a>",
            ),
            ("<iframe src=\"https://example.org\"></iframe>", ""),
            ("<form><input></form><h1>a</h1><!-- b -->", "a"),
            ("<svg><script>x</script></svg><math><mi>x</mi></math>", ""),
            ("<img src=\"data:image/png;base64,x\" alt=\"a\">", "<img alt=\"a\">"),
            (
                "<img src=\"/a.png\" alt=\"a\" srcset=\"b\" onerror=\"c\">",
                "<img alt=\"a\">",
            ),
        ] {
            assert_eq!(sanitise(html), left, "{html}");
        }
    }

    #[test]
    fn gives_every_image_an_alt_text() {
        let image = |attributes: &str| format!("<p><img{attributes} src=\"https://example.org/a\"></p>");
        assert_eq!(sanitise(&image("")), image(" alt=\"\""));
        let tricky = "<img title=\"<img alt=&quot;>\" src=\"https://example.org/a\">";
        assert_eq!(
            sanitise(tricky),
            "<img alt=\"\" title=\"&lt;img alt=&quot;&gt;\" src=\"https://example.org/a\">"
        );
        assert_eq!(sanitise("&lt;img &gt; alt"), "&lt;img &gt; alt");
    }

    #[test]
    fn judges_addresses() {
        for (address, judged) in [
            ("https://example.org", Address::Allowed),
            ("tel:+442079460000", Address::Allowed),
            ("/topics", Address::Relative),
            ("", Address::Relative),
            ("javascript:x", Address::Unsafe),
            ("JAVAscript:x", Address::Unsafe),
            ("java\tscript:x", Address::Unsafe),
            ("data:text/html,x", Address::Unsafe),
            ("https://", Address::Unsafe),
        ] {
            assert_eq!(judge(address, &LINK_SCHEMES), judged, "{address}");
        }
        assert_eq!(judge("mailto:a@example.org", &IMAGE_SCHEMES), Address::Unsafe);
    }
}
