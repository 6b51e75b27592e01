//! The beginnings of quotes.

/// Longest excerpt that is cut from a quote, in characters.
const EXCERPT: usize = 120;

/// Longest headline that is made of a quote, in characters.
const HEADLINE: usize = 60;

/// The beginning of a quote for lists; a short quote is its own excerpt.
pub(super) fn excerpt(quote: &str) -> String {
    beginning(quote, EXCERPT)
}

/// The headline of a quote that has none: its first words, all in one line.
pub(super) fn headline(quote: &str) -> String {
    let line = quote.split_whitespace().collect::<Vec<_>>().join(" ");
    beginning(&line, HEADLINE)
}

/// The beginning of a text, cut after a whole word.
fn beginning(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return text.to_owned();
    };
    let cut = text[..end]
        .rsplit_once(char::is_whitespace)
        .map_or(&text[..end], |(words, _)| words);
    format!("{}…", cut.trim_end_matches(|c: char| !c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::{excerpt, headline};

    #[test]
    fn an_excerpt_ends_after_a_whole_word() {
        assert_eq!(excerpt("Short."), "Short.");
        let long = "word ".repeat(60);
        let cut = excerpt(&long);
        assert!(cut.ends_with("word…") && cut.chars().count() <= 121, "{cut}");
    }

    #[test]
    fn a_headline_is_one_line() {
        assert_eq!(headline("Two\nlines,\tone  headline."), "Two lines, one headline.");
        assert!(headline(&"word ".repeat(60)).chars().count() <= 61);
    }
}
