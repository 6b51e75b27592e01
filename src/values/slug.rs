//! The name of a thing in addresses.

use deunicode::deunicode_char;
use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use utoipa::ToSchema;

/// The most characters of a slug.
const LONGEST: usize = 100;

/// Lower-case letters, digits and single hyphens, at most 100 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 1, max_length = 100, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", example = "spinal-metastases")]
pub struct Slug(String);

super::checked_string!(Slug);

impl Slug {
    /// Makes a slug of a title's words in Latin letters; none where it has no letter and no digit.
    pub fn from_title(title: &str) -> Option<Self> {
        let latin = in_latin(title);
        let mut words = latin
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty());
        let mut slug = words.next()?.to_owned();
        slug.truncate(LONGEST);
        for word in words {
            if slug.len() + 1 + word.len() > LONGEST {
                break;
            }
            slug.push('-');
            slug.push_str(word);
        }
        Some(Self(slug))
    }

    /// The slug with a number behind it, for a thing whose own slug is taken.
    pub fn numbered(&self, number: u32) -> Self {
        let end = format!("-{number}");
        let room = LONGEST - end.len();
        let (start, rest) = self.0.split_at(room.min(self.0.len()));
        // A cut within a word goes back to the word's start, unless it is the only one.
        let base = match rest.is_empty() || rest.starts_with('-') {
            true => start,
            false => start.rsplit_once('-').map_or(start, |(whole, _)| whole),
        };
        Self(format!("{base}{end}"))
    }

    fn check(text: &str) -> Result<String, String> {
        let part_ok =
            |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if text.len() <= LONGEST && text.split('-').all(part_ok) {
            Ok(text.to_owned())
        } else {
            Err("must be a slug: 1 to 100 lower-case letters and digits, in parts joined by single hyphens".to_owned())
        }
    }
}

/// The words in lower-case Latin letters, parted by anything that is neither letter nor digit.
fn in_latin(title: &str) -> String {
    let mut latin = String::new();
    for letter in title.nfc() {
        if letter.is_alphanumeric() {
            latin.push_str(deunicode_char(letter).unwrap_or(" "));
        } else if !is_combining_mark(letter) && !is_apostrophe(letter) {
            // Not transliterated: what is no letter would become words that nobody wrote.
            latin.push(' ');
        }
    }
    latin.make_ascii_lowercase();
    latin.replace('\'', "")
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '\u{2018}' | '\u{2019}' | '\u{2bc}' | '\u{ff07}')
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Slug};

    fn made(title: &str) -> Option<String> {
        Slug::from_title(title).map(String::from)
    }

    #[test]
    fn makes_slugs_of_titles_in_any_script() {
        for (title, slug) in [
            (
                "Combined Vertebral Augmentation: an Update.",
                "combined-vertebral-augmentation-an-update",
            ),
            ("  L4–L5 & S1  ", "l4-l5-s1"),
            (
                "A Patient's Guide, the patients’ own",
                "a-patients-guide-the-patients-own",
            ),
            ("Rückenschmerzen: Größe & Maß", "ruckenschmerzen-grosse-mass"),
            ("Ru\u{308}cken", "rucken"),
            ("Zażółć gęślą jaźń", "zazolc-gesla-jazn"),
            ("Σπονδυλική στήλη", "spondulike-stele"),
            ("脊柱转移", "ji-zhu-zhuan-yi"),
            ("L’os qui s’effondre", "los-qui-seffondre"),
            ("MRI 😀 scan", "mri-scan"),
        ] {
            assert_eq!(made(title).as_deref(), Some(slug), "{title}");
        }
        for title in ["العمود الفقري", "रीढ़ की हड्डी", "척추 전이", "กระดูกสันหลัง", "Позвоночник"]
        {
            let slug = made(title).unwrap_or_default();
            assert!(slug.parse::<Slug>().is_ok(), "{title} became {slug:?}");
        }
    }

    #[test]
    fn makes_none_where_nothing_is_left() {
        for title in ["", "   ", "😀🎉", "---", "?!…", "\u{301}", "\0"] {
            assert_eq!(made(title), None, "{title:?}");
        }
    }

    #[test]
    fn makes_only_slugs_whatever_the_title() {
        // Characters from all over Unicode, alone and in a long title.
        let characters = ('\0'..=char::MAX).step_by(61);
        for letter in characters {
            for title in [letter.to_string(), format!("a {letter}b{letter} c ").repeat(20)] {
                if let Some(slug) = Slug::from_title(&title) {
                    assert!(slug.as_str().parse::<Slug>().is_ok(), "{letter:?} gave {slug}");
                    assert!(
                        slug.numbered(2).as_str().parse::<Slug>().is_ok(),
                        "{letter:?} gave {slug}"
                    );
                }
            }
        }
    }

    #[test]
    fn cuts_at_a_word_and_only_a_single_word_within() {
        let long = made(&"vertebra ".repeat(20)).unwrap();
        assert_eq!(long, ["vertebra"; 11].join("-"));
        assert_eq!(made(&"x".repeat(150)), Some("x".repeat(LONGEST)));
        assert_eq!(made(&format!("a {}", "x".repeat(150))).as_deref(), Some("a"));
    }

    #[test]
    fn numbers_within_the_limit() {
        let numbered = |slug: &str, number| Slug::stored(slug.to_owned()).numbered(number).to_string();
        assert_eq!(numbered("spinal-metastases", 2), "spinal-metastases-2");
        assert_eq!(
            numbered(&format!("{}-yy", "x".repeat(97)), 10),
            format!("{}-10", "x".repeat(97))
        );
        assert_eq!(
            numbered(&"x".repeat(100), u32::MAX),
            format!("{}-{}", "x".repeat(89), u32::MAX)
        );
        assert_eq!(
            numbered(&format!("{}-y", "x".repeat(98)), 2),
            format!("{}-2", "x".repeat(98))
        );
    }

    #[test]
    fn takes_slugs_and_nothing_else() {
        for good in ["a", "spinal-metastases", "l4-l5", &"x".repeat(100)] {
            assert!(good.parse::<Slug>().is_ok(), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "A", "a b", "é", "a\0", &"x".repeat(101)] {
            assert!(bad.parse::<Slug>().is_err(), "{bad:?}");
        }
    }
}
