//! HTML as a row of tags and words.

use std::cell::RefCell;

use html5ever::{
    tendril::StrTendril,
    tokenizer::{BufferQueue, TagKind, Token as Html5Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts},
};

/// A part of some HTML; comments and declarations are none.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A tag that opens an element.
    Open(Tag),
    /// A tag that closes the element of this name.
    Close(String),
    /// Words between tags.
    Words(String),
}

/// A tag that opens an element.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag {
    /// The element's name in small letters.
    pub(super) name: String,
    /// Its attributes by name, in small letters.
    pub(super) attributes: Vec<(String, String)>,
}

impl Tag {
    /// The value of an attribute.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Takes HTML apart, without regard to how its elements nest.
pub(super) fn tokens(html: &str) -> Vec<Token> {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    // Only a script stops it, and the sink names none.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

#[derive(Default)]
struct Sink(RefCell<Vec<Token>>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Html5Token, _line: u64) -> TokenSinkResult<()> {
        let token = match token {
            Html5Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                let attribute = |a: &html5ever::Attribute| (a.name.local.to_string(), a.value.to_string());
                Token::Open(Tag {
                    name: tag.name.to_string(),
                    attributes: tag.attrs.iter().map(attribute).collect(),
                })
            }
            Html5Token::TagToken(tag) => Token::Close(tag.name.to_string()),
            Html5Token::CharacterTokens(words) => Token::Words(words.to_string()),
            _ => return TokenSinkResult::Continue,
        };
        self.0.borrow_mut().push(token);
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::{Tag, Token, tokens};

    #[test]
    fn takes_html_apart() {
        let link = Tag {
            name: "a".to_owned(),
            attributes: vec![("href".to_owned(), "/?a&b".to_owned())],
        };
        assert_eq!(link.get("href"), Some("/?a&b"));
        assert_eq!(
            tokens("<!-- x --><A HREF='/?a&amp;b'>1 &lt; 2</a>"),
            [
                Token::Open(link),
                Token::Words("1 ".to_owned()),
                Token::Words("<".to_owned()),
                Token::Words(" ".to_owned()),
                Token::Words("2".to_owned()),
                Token::Close("a".to_owned()),
            ]
        );
    }
}
