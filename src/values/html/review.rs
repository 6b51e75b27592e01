//! What is wrong with a text that an editor sent, all at once.
//!
//! Whatever the sanitiser would take away is told here, and what would leave readers out who hear a
//! text or go through it by its headings. Words from the text itself are never repeated: a fault
//! counts images, headings and links from the beginning.

use std::collections::BTreeMap;

use url::Url;
use validator::ValidationError;

use super::{
    sanitise::{Address, ELEMENTS, IMAGE_SCHEMES, LINK_SCHEMES, judge},
    tokens::{Tag, Token},
};
use crate::values::faults::fault;

/// Elements of HTML that no text may have and that a fault can name; others may be an editor's slip.
const REFUSED: &str = "address applet area article audio base big blink body button canvas center dialog embed \
                       fieldset font footer form frame frameset head header html iframe input label link main map \
                       marquee math meta nav noscript object option picture script select source strike style svg \
                       template textarea title video";

/// As deep as elements may stand in each other.
pub(super) const DEEPEST: usize = 100;

/// Stands for the elements that are not in that list.
const UNKNOWN: &str = "~unknown";

/// Goes through the HTML as it was written.
#[derive(Default)]
pub(super) struct Review<'a> {
    decorative: &'a [Url],
    faults: Vec<ValidationError>,
    refused: BTreeMap<&'static str, usize>,
    has_handlers: bool,
    headings: usize,
    level: u32,
    links: usize,
    images: usize,
    /// The elements round the present place.
    round: Vec<String>,
    /// Whether elements stand so deep in each other that the sanitiser would take long.
    pub(super) is_too_deep: bool,
    /// The addresses of the images.
    pub(super) sources: Vec<Url>,
}

impl<'a> Review<'a> {
    /// Reads the HTML; the images at these addresses are decorative.
    pub(super) fn of(raw: &[Token], decorative: &'a [Url]) -> Self {
        let mut review = Self {
            decorative,
            level: 1,
            ..Self::default()
        };
        for token in raw {
            match token {
                Token::Open(tag) => review.open(tag),
                Token::Close(name) => review.close(name),
                Token::Words(_) => {}
            }
        }
        review
    }

    /// All faults, also those that show only in the sanitised HTML, where each element is closed.
    pub(super) fn faults(mut self, sanitised: &[Token]) -> Vec<ValidationError> {
        self.faults.extend(empty_links(sanitised));
        let count = |(name, times): (&str, usize)| {
            let times = if times == 1 {
                "once".to_owned()
            } else {
                format!("{times} times")
            };
            let detail = match name {
                UNKNOWN => format!("must not have elements that HTML does not know, which stand there {times}"),
                name => format!("must not have the element `{name}`, which stands there {times}"),
            };
            fault("element_not_allowed", detail)
        };
        self.faults.extend(self.refused.into_iter().map(count));
        if self.has_handlers {
            let detail = "must not have attributes that run scripts (`on…`)";
            self.faults.push(fault("script_not_allowed", detail));
        }
        self.faults
    }

    fn open(&mut self, tag: &Tag) {
        if nests(&tag.name) {
            self.is_too_deep |= self.round.len() == DEEPEST;
            if !self.is_too_deep {
                self.round.push(tag.name.clone());
            }
        }
        self.has_handlers |= tag.attributes.iter().any(|(name, _)| name.starts_with("on"));
        match tag.name.as_str() {
            "a" => self.link(tag),
            "img" => self.image(tag),
            "h1" => self.heading(1),
            "h2" => self.heading(2),
            "h3" => self.heading(3),
            "h4" => self.heading(4),
            "h5" => self.heading(5),
            "h6" => self.heading(6),
            name if ELEMENTS.contains(name) => {}
            name => {
                let known = REFUSED.split(' ').find(|known| *known == name);
                *self.refused.entry(known.unwrap_or(UNKNOWN)).or_default() += 1;
            }
        }
    }

    fn close(&mut self, name: &str) {
        // A tag that closes what is not open changes nothing, and one out of turn closes its own element alone.
        if let Some(place) = self.round.iter().rposition(|open| open == name) {
            self.round.remove(place);
        }
    }

    fn heading(&mut self, level: u32) {
        self.headings += 1;
        let number = self.headings;
        if level == 1 {
            let detail = format!("heading {number} has level 1, which is the title's: headings begin at level 2");
            self.faults.push(fault("heading_level", detail));
        } else if level > self.level + 1 {
            let detail = format!(
                "heading {number} has level {level} and must have at most {}",
                self.level + 1
            );
            self.faults.push(fault("heading_level", detail));
        }
        self.level = level;
    }

    fn link(&mut self, tag: &Tag) {
        self.links += 1;
        let Some(address) = tag.get("href") else { return };
        if address.trim().is_empty() {
            self.faults
                .push(fault("unsafe_address", format!("link {} has no address", self.links)));
        } else if judge(address, &LINK_SCHEMES) == Address::Unsafe {
            let detail = format!(
                "link {} has an address that is not http, https, mailto or tel",
                self.links
            );
            self.faults.push(fault("unsafe_address", detail));
        }
    }

    fn image(&mut self, tag: &Tag) {
        self.images += 1;
        let number = self.images;
        let address = tag.get("src").unwrap_or_default();
        if judge(address, &IMAGE_SCHEMES) != Address::Allowed {
            let detail = format!("image {number} must have a whole address that starts with http:// or https://");
            self.faults.push(fault("unsafe_address", detail));
        }
        let url = Url::parse(address).ok();
        let is_listed = url.as_ref().is_some_and(|url| self.decorative.contains(url));
        self.sources.extend(url);
        let is_marked = matches!(tag.get("role"), Some("presentation" | "none"));
        let has_alt = !is_blank(tag.get("alt").unwrap_or_default());
        if has_alt && (is_listed || is_marked) {
            let detail = format!("image {number} has an alt text and is marked as decorative: it can be only one");
            self.faults.push(fault("alt_text", detail));
        } else if !has_alt && !is_listed && !is_marked {
            let detail = format!("image {number} needs an alt text, or to be marked as decorative");
            self.faults.push(fault("alt_text", detail));
        }
    }
}

/// Whether an element stays open until it is closed; the others have no end or may lack it.
fn nests(name: &str) -> bool {
    const OTHERS: &str = "area base br col embed hr img input link meta source wbr \
                          p li dt dd td th tr tbody thead tfoot colgroup caption rp rt option";
    !OTHERS.split_whitespace().any(|other| other == name)
}

/// The links that a reader could not see or hear.
fn empty_links(sanitised: &[Token]) -> Vec<ValidationError> {
    let mut faults = Vec::new();
    let (mut links, mut is_empty) = (0, false);
    for token in sanitised {
        match token {
            Token::Open(tag) if tag.name == "a" => (links, is_empty) = (links + 1, true),
            Token::Open(tag) if tag.name == "img" => is_empty &= is_blank(tag.get("alt").unwrap_or_default()),
            Token::Words(words) => is_empty &= is_blank(words),
            Token::Close(name) if name == "a" && is_empty => {
                faults.push(fault("empty_link", format!("link {links} must have a text")));
            }
            _ => {}
        }
    }
    faults
}

/// Whether nothing of some words can be seen or heard.
pub(super) fn is_blank(words: &str) -> bool {
    let is_invisible = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    words
        .chars()
        .all(|c| c.is_whitespace() || c.is_control() || is_invisible(c))
}
