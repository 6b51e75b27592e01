//! Stand-ins for what differs from run to run: ids, keys, tokens, the cursors that hold ids, and seconds to wait.
//!
//! They are given out in the order in which the values appear, so that two recordings are the same. Each has the form
//! of what it stands for; those of keys and tokens say that they open nothing.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use regex::{Captures, Regex};
use serde_json::Value;

/// The properties and parameters that hold a token: 32 random bytes.
const TOKENS: [&str; 2] = ["token", "withdrawal_token"];

/// What was met, and what stands for it.
pub(super) struct StandIns {
    id: Regex,
    key: Regex,
    wait: Regex,
    ids: HashMap<String, String>,
    keys: HashMap<String, String>,
    tokens: HashMap<String, String>,
}

impl StandIns {
    pub(super) fn new() -> Self {
        let regex = |pattern| Regex::new(pattern).expect("the pattern is valid");
        Self {
            id: regex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
            key: regex("vtb_([0-9A-Za-z]{10})(_[0-9A-Za-z]{49})?"),
            wait: regex("try again in [0-9]+ s"),
            ids: HashMap::new(),
            keys: HashMap::new(),
            tokens: HashMap::new(),
        }
    }

    /// A value with stand-ins in it.
    pub(super) fn put_into(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.put_into_text(text)),
            Value::Array(items) => items.iter().map(|item| self.put_into(item)).collect(),
            Value::Object(properties) => properties
                .iter()
                .map(|(name, value)| (name.clone(), self.put_into_property(name, value)))
                .collect(),
            other => other.clone(),
        }
    }

    fn put_into_property(&mut self, name: &str, value: &Value) -> Value {
        match value {
            Value::String(token) if TOKENS.contains(&name) => {
                let number = self.tokens.len() + 1;
                // Of 43 letters in base64, the last holds four bits only.
                let new = || format!("An-example-that-opens-nothing-{number:0>12}A");
                self.tokens.entry(token.clone()).or_insert_with(new).clone().into()
            }
            Value::String(cursor) if name == "next_cursor" => self.put_into_cursor(cursor).into(),
            other => self.put_into(other),
        }
    }

    fn put_into_text(&mut self, text: &str) -> String {
        let text = self.id.replace_all(text, |found: &Captures<'_>| {
            let number = self.ids.len() + 1;
            let new = || format!("01a20846-fe00-7000-8000-{number:012x}");
            self.ids.entry(found[0].to_owned()).or_insert_with(new).clone()
        });
        // What is left of a minute.
        let text = self.wait.replace(&text, "try again in 60 s");
        let mut text = self
            .key
            .replace_all(&text, |found: &Captures<'_>| {
                let number = self.keys.len() + 1;
                let new = || format!("Example{number:03}");
                let lookup = self.keys.entry(found[1].to_owned()).or_insert_with(new);
                match found.get(2) {
                    Some(_) => format!("vtb_{lookup}_{:0<49}", "ThisIsAnExampleThatOpensNothing"),
                    None => format!("vtb_{lookup}"),
                }
            })
            .into_owned();
        for (token, stand_in) in &self.tokens {
            text = text.replace(token, stand_in);
        }
        text
    }

    fn put_into_cursor(&mut self, cursor: &str) -> String {
        let inside = URL_SAFE_NO_PAD.decode(cursor).expect("a cursor is base64");
        let inside = String::from_utf8(inside).expect("a cursor holds text");
        URL_SAFE_NO_PAD.encode(self.put_into_text(&inside))
    }
}
