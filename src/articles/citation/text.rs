//! Text as the formats need it: on one line, as a title, as a sentence.
//!
//! Everything that leaves this file is free of control characters and line breaks, so that no
//! field can end its record or begin another one.

/// The text on one line: control characters and line separators become spaces, runs of space one.
pub(super) fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The text on one line, or none when nothing is left of it.
pub(super) fn filled(text: Option<&str>) -> Option<String> {
    text.map(one_line).filter(|text| !text.is_empty())
}

/// The texts on one line each, without the empty ones.
pub(super) fn all_filled(texts: &[String]) -> Vec<String> {
    texts.iter().filter_map(|text| filled(Some(text))).collect()
}

/// The title without the full stop that MEDLINE ends it with; other formats bring their own.
pub(super) fn bare_title(title: &str) -> String {
    let title = one_line(title);
    match title.strip_suffix('.') {
        Some(bare) if !ends_in_abbreviation(bare) => bare.to_owned(),
        _ => title,
    }
}

/// Whether a full stop after this text belongs to it: `U.S` or an ellipsis.
fn ends_in_abbreviation(text: &str) -> bool {
    let mut backwards = text.chars().rev();
    match (backwards.next(), backwards.next()) {
        (Some('.') | None, _) => true,
        (Some(_), before) => before == Some('.'),
    }
}

/// The text with a full stop, unless it ends a sentence already.
pub(super) fn sentence(text: &str) -> String {
    let closes = |c: char| matches!(c, '"' | '\'' | '”' | '’' | '»');
    if text
        .trim_end_matches(closes)
        .ends_with(['.', '?', '!', '。', '？', '！'])
    {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_has_no_way_out() {
        assert_eq!(one_line(" a\r\nb\u{0}c\u{85}\u{2028}d\u{a0}e\t"), "a b c d e");
        assert_eq!(filled(Some("\n\u{1}")), None);
    }

    #[test]
    fn titles_lose_medlines_full_stop_only() {
        for (title, bare) in [
            ("Spinal pain.", "Spinal pain"),
            ("[Spinal pain].", "[Spinal pain]"),
            ("Vitamin B.", "Vitamin B"),
            ("Pain?", "Pain?"),
            ("Care in the U.S.", "Care in the U.S."),
            ("And then...", "And then..."),
        ] {
            assert_eq!(bare_title(title), bare);
        }
    }
}
