//! Which properties of an item a client wants.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::InvalidValue;

/// Names of properties, separated by commas; the parameter may also be repeated.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "Vec<String>", into = "String")]
pub struct Fields(BTreeSet<String>);

/// Most names in one request, as the document says of the parameter.
const MAX: usize = 20;

impl Fields {
    /// The first name that is not among these.
    pub fn unknown<'a>(&'a self, known: &[&str]) -> Option<&'a str> {
        self.0.iter().map(String::as_str).find(|name| !known.contains(name))
    }

    /// Takes out of an object everything that was not asked for.
    pub fn keep(&self, object: &mut serde_json::Map<String, serde_json::Value>) {
        object.retain(|name, _| self.0.contains(name));
    }
}

impl TryFrom<Vec<String>> for Fields {
    type Error = InvalidValue;

    fn try_from(texts: Vec<String>) -> Result<Self, Self::Error> {
        let names = || texts.iter().flat_map(|text| text.split(','));
        if names().count() > MAX {
            return Err(InvalidValue(format!("must be at most {MAX} names")));
        }
        let names: BTreeSet<String> = names().map(|name| name.trim().to_owned()).collect();
        if names.contains("") {
            return Err(InvalidValue(
                "must be names of properties separated by commas".to_owned(),
            ));
        }
        Ok(Self(names))
    }
}

impl From<Fields> for String {
    fn from(fields: Fields) -> Self {
        Vec::from_iter(fields.0).join(",")
    }
}
