//! The words of a text without its marks.

use super::tokens::{Tag, Token};

/// Elements that do not break the line they stand in.
const INLINE: &str = "a abbr b bdi bdo cite code data del dfn em i img ins kbd mark q rp rt ruby s samp small span strong \
                      sub sup td th time u var wbr";

/// The words of sanitised HTML: a line for each block, tabs between the cells of a row, and for an image its alt text.
pub(super) fn words(tokens: &[Token]) -> String {
    let mut writer = Writer::default();
    for token in tokens {
        match token {
            Token::Open(tag) => writer.open(tag),
            Token::Close(name) => writer.close(name),
            Token::Words(words) => writer.write(words),
        }
    }
    writer.text.trim().to_owned()
}

#[derive(Default)]
struct Writer {
    text: String,
    /// Blanks were read that count only if something follows on the line.
    has_gap: bool,
    /// How many elements round this place keep blanks as they are.
    verbatim: usize,
    /// The next words stand above the line.
    is_raised: bool,
}

impl Writer {
    fn open(&mut self, tag: &Tag) {
        match tag.name.as_str() {
            "img" => {
                self.has_gap = true;
                self.write(tag.get("alt").unwrap_or_default());
                self.has_gap = true;
            }
            "td" | "th" if !self.is_at_start() => self.push('\t'),
            "sup" => self.is_raised = true,
            // A block that fills a cell stays on the row's line.
            _ if self.text.ends_with('\t') => {}
            name => self.break_line_at(name),
        }
        self.verbatim += usize::from(tag.name == "pre");
    }

    fn close(&mut self, name: &str) {
        self.is_raised = false;
        self.verbatim = self.verbatim.saturating_sub((name == "pre").into());
        self.break_line_at(name);
    }

    fn break_line_at(&mut self, name: &str) {
        if !INLINE.split(' ').any(|inline| inline == name) && !self.is_at_start() {
            self.push('\n');
        }
    }

    fn write(&mut self, words: &str) {
        for letter in words.chars() {
            if self.verbatim > 0 {
                self.text.push(letter);
            } else if letter.is_whitespace() {
                self.has_gap = true;
            } else {
                self.write_letter(letter);
            }
        }
    }

    fn write_letter(&mut self, letter: char) {
        if self.has_gap && !self.is_at_start() && !self.text.ends_with('\t') {
            self.text.push(' ');
        }
        // 10 to the power of 3 must not become 103.
        if self.is_raised && letter.is_ascii_digit() && self.text.ends_with(|c: char| c.is_ascii_digit()) {
            self.text.push('^');
        }
        (self.has_gap, self.is_raised) = (false, false);
        self.text.push(letter);
    }

    fn push(&mut self, blank: char) {
        self.has_gap = false;
        self.text.push(blank);
    }

    fn is_at_start(&self) -> bool {
        self.text.is_empty() || self.text.ends_with('\n')
    }
}

#[cfg(test)]
mod tests {
    use crate::values::Html;

    #[test]
    fn writes_a_line_for_each_block() {
        for (html, text) in [
            ("<h2>A</h2>\n<p>b\n c</p><p>d<br>e</p>", "A\nb c\nd\ne"),
            ("<ul><li>a<ul><li>b</li></ul></li><li><p>c</p></li></ul>", "a\nb\nc"),
            ("<p>a<b>b</b> <i> c</i></p>", "ab c"),
            ("<pre>a\n  b</pre>c", "a\n  b\nc"),
            (
                "<table><tr><th>a</th><th> b </th></tr><tr><td>1</td><td><p>2</p></td></tr></table>",
                "a\tb\n1\t2",
            ),
            ("a&nbsp;&lt;&amp; b", "a <& b"),
            ("a<hr>b<details><summary>c</summary>d</details>", "a\nb\nc\nd"),
        ] {
            assert_eq!(Html::from_html(html).text, text, "{html}");
        }
    }

    #[test]
    fn writes_alt_texts_and_powers() {
        let image = "<p>See<img src=\"https://example.org/a\" alt=\"a spine\">here</p>";
        assert_eq!(Html::from_html(image).text, "See a spine here");
        let powers = "<p>10<sup>3</sup> cells, 5 m<sup>2</sup>, 1<sup>st</sup>, H<sub>2</sub>O</p>";
        assert_eq!(Html::from_html(powers).text, "10^3 cells, 5 m2, 1st, H2O");
    }
}
