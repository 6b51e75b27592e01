//! The languages that MEDLINE names by three letters (ISO 639-2/B): their English names, as PubMed
//! prints them in a citation, and their BCP 47 tags. A code that is not here is never guessed at.

const LANGUAGES: &[(&str, &str, &str)] = &[
    ("afr", "Afrikaans", "af"),
    ("alb", "Albanian", "sq"),
    ("amh", "Amharic", "am"),
    ("ara", "Arabic", "ar"),
    ("arm", "Armenian", "hy"),
    ("aze", "Azerbaijani", "az"),
    ("ben", "Bengali", "bn"),
    ("bos", "Bosnian", "bs"),
    ("bul", "Bulgarian", "bg"),
    ("cat", "Catalan", "ca"),
    ("chi", "Chinese", "zh"),
    ("cze", "Czech", "cs"),
    ("dan", "Danish", "da"),
    ("dut", "Dutch", "nl"),
    ("eng", "English", "en"),
    ("epo", "Esperanto", "eo"),
    ("est", "Estonian", "et"),
    ("fin", "Finnish", "fi"),
    ("fre", "French", "fr"),
    ("geo", "Georgian", "ka"),
    ("ger", "German", "de"),
    ("gla", "Scottish Gaelic", "gd"),
    ("gre", "Greek, Modern", "el"),
    ("heb", "Hebrew", "he"),
    ("hin", "Hindi", "hi"),
    ("hrv", "Croatian", "hr"),
    ("hun", "Hungarian", "hu"),
    ("ice", "Icelandic", "is"),
    ("ind", "Indonesian", "id"),
    ("ita", "Italian", "it"),
    ("jpn", "Japanese", "ja"),
    ("kin", "Kinyarwanda", "rw"),
    ("kor", "Korean", "ko"),
    ("lat", "Latin", "la"),
    ("lav", "Latvian", "lv"),
    ("lit", "Lithuanian", "lt"),
    ("mac", "Macedonian", "mk"),
    ("mal", "Malayalam", "ml"),
    ("mao", "Maori", "mi"),
    ("may", "Malay", "ms"),
    ("nor", "Norwegian", "no"),
    ("per", "Persian", "fa"),
    ("pol", "Polish", "pl"),
    ("por", "Portuguese", "pt"),
    ("pus", "Pushto", "ps"),
    ("rum", "Romanian", "ro"),
    ("rus", "Russian", "ru"),
    ("san", "Sanskrit", "sa"),
    ("slo", "Slovak", "sk"),
    ("slv", "Slovenian", "sl"),
    ("spa", "Spanish", "es"),
    ("srp", "Serbian", "sr"),
    ("swe", "Swedish", "sv"),
    ("tha", "Thai", "th"),
    ("tur", "Turkish", "tr"),
    ("ukr", "Ukrainian", "uk"),
    ("urd", "Urdu", "ur"),
    ("vie", "Vietnamese", "vi"),
    ("wel", "Welsh", "cy"),
];

/// English name of a MEDLINE language code.
pub(super) fn english_name(code: &str) -> Option<&'static str> {
    find(code).map(|(_, name, _)| *name)
}

/// BCP 47 tag of a MEDLINE language code.
pub(super) fn bcp47(code: &str) -> Option<&'static str> {
    find(code).map(|(_, _, tag)| *tag)
}

fn find(code: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    LANGUAGES.iter().find(|(known, _, _)| known.eq_ignore_ascii_case(code))
}

#[cfg(test)]
mod tests {
    use super::{bcp47, english_name};

    #[test]
    fn knows_medline_codes_and_guesses_nothing() {
        assert_eq!(english_name("ger"), Some("German"));
        assert_eq!(english_name("GER"), Some("German"));
        assert_eq!(bcp47("chi"), Some("zh"));
        assert_eq!(english_name("und"), None);
        assert_eq!(bcp47("deu"), None);
    }
}
