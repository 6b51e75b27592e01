//! Names of authors, ready for each format to order and punctuate.

use super::Author;
use super::text::filled;

/// A name ready to print: a person by its parts, or a collective as a whole.
pub(super) enum Name {
    /// A person.
    Person {
        /// Family name; the given name where the source has no family name.
        family: String,
        /// Given names as the source spells them out.
        given: Option<String>,
        /// Initials without full stops, taken from the given names where the source has none.
        initials: Option<String>,
        /// Suffix such as `Jr`.
        suffix: Option<String>,
    },
    /// A group.
    Collective(String),
}

impl Name {
    /// The name of an author, or none where the author is empty.
    pub(super) fn of(author: &Author) -> Option<Self> {
        if let Some(name) = filled(author.collective_name.as_deref()) {
            return Some(Self::Collective(name));
        }
        let given = filled(author.given.as_deref());
        let initials = filled(author.initials.as_deref()).or_else(|| given.as_deref().and_then(initials_of));
        let suffix = filled(author.suffix.as_deref());
        match (filled(author.family.as_deref()), given) {
            (Some(family), given) => Some(Self::Person {
                family,
                given,
                initials,
                suffix,
            }),
            (None, Some(only)) => Some(Self::Person {
                family: only,
                given: None,
                initials: None,
                suffix,
            }),
            (None, None) => None,
        }
    }
}

/// Given names, or initials with full stops (`N. M.`), which every reader takes for initials.
pub(super) fn given_or_initials(given: Option<&str>, initials: Option<&str>) -> Option<String> {
    given
        .map(str::to_owned)
        .or_else(|| initials.map(|initials| spell_initials(initials, ".")))
}

/// Initials apart from each other, each followed by `mark`: `NM` is `N. M.`, `IuA` is `Iu. A.`.
pub(super) fn spell_initials(initials: &str, mark: &str) -> String {
    let mut spelled = String::new();
    let mut hyphenated = false;
    for c in initials.chars().filter(|c| !c.is_whitespace() && *c != '.') {
        if c == '-' {
            hyphenated = true;
            continue;
        }
        if (c.is_uppercase() || hyphenated) && !spelled.is_empty() {
            spelled.push_str(mark);
            spelled.push(if hyphenated { '-' } else { ' ' });
        }
        hyphenated = false;
        spelled.push(c);
    }
    if !spelled.is_empty() {
        spelled.push_str(mark);
    }
    spelled
}

fn initials_of(given: &str) -> Option<String> {
    let initials: String = given
        .split([' ', '-', '.'])
        .filter_map(|name| name.chars().next())
        .flat_map(char::to_uppercase)
        .collect();
    (!initials.is_empty()).then_some(initials)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_spelled_one_by_one() {
        for (initials, spelled) in [
            ("NM", "N. M."),
            ("A", "A."),
            ("IuA", "Iu. A."),
            ("J-P", "J.-P."),
            ("N.M.", "N. M."),
            ("", ""),
        ] {
            assert_eq!(spell_initials(initials, "."), spelled);
        }
        assert_eq!(spell_initials("MJ", ""), "M J");
        assert_eq!(initials_of("Jean-Pierre émile").as_deref(), Some("JPÉ"));
    }
}
