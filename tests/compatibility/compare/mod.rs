//! Compares two OpenAPI documents, the old and the new one, and says what the differences mean for clients.
//!
//! Operations are compared one by one, with all that they refer to: a schema that requests hold may
//! allow more, one that answers hold may promise more. A new path of a new version, `/v2/articles`, is
//! compared with the path that it succeeds, so that the changelog says what a client must change that
//! moves on. What the rules do not know is a breaking change, until somebody teaches it to them.

mod keywords;
mod operation;
mod schema;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::civil::Date;
use serde_json::{Map, Value};

use schema::Direction;

/// What a difference means for a client of the old document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// It may stop working.
    Breaking,
    /// It sees no difference, or more than before.
    Additive,
}

/// Where a difference stands, which decides whether it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// In an operation that clients use.
    Present,
    /// In an operation that said that it would go, and whose day has come.
    AfterSunset,
    /// Between an operation and its successor in a new version: whoever does not move sees nothing.
    NewVersion,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) weight: Weight,
    pub(crate) standing: Standing,
    /// The schema, the operation (by its id) or the part of the document.
    pub(crate) about: String,
    pub(crate) text: String,
}

/// The differences, each with the operations (`GET /v1/topics`) that it is seen in.
pub(crate) type Findings = BTreeMap<Finding, BTreeSet<String>>;

/// Where the comparison stands.
#[derive(Debug, Clone)]
struct Place {
    about: String,
    within: String,
}

impl Place {
    fn of(about: &str) -> Self {
        let (about, within) = (about.to_owned(), String::new());
        Self { about, within }
    }

    fn inside(&self, name: &str) -> Self {
        let dot = if self.within.is_empty() || name == "[]" {
            ""
        } else {
            "."
        };
        let within = format!("{}{dot}{name}", self.within);
        Self {
            about: self.about.clone(),
            within,
        }
    }
}

/// The comparison of two documents.
struct Comparison<'a> {
    old: &'a Value,
    new: &'a Value,
    operation: String,
    standing: Standing,
    seen: HashSet<(String, String, Direction)>,
    findings: Findings,
}

/// Compares two documents; what was to go by `today` may be gone.
pub(crate) fn compare(old: &Value, new: &Value, today: Date) -> Findings {
    let mut comparison = Comparison {
        old,
        new,
        operation: String::new(),
        standing: Standing::Present,
        seen: HashSet::new(),
        findings: Findings::new(),
    };
    comparison.head();
    let (olds, news) = (operations(old), operations(new));
    for (label, was) in &olds {
        comparison.turn_to(label, Standing::Present);
        match news.get(label) {
            Some(is) => comparison.operation(was, is),
            None => comparison.gone(was, today),
        }
    }
    for (label, is) in news.iter().filter(|(label, _)| !olds.contains_key(*label)) {
        comparison.turn_to(label, Standing::NewVersion);
        comparison.adds(&Place::of(id_of(is)), format!("is new: `{label}`"));
        if let Some(was) = predecessor(label, &olds) {
            comparison.operation(was, is);
        }
    }
    comparison.findings
}

impl Comparison<'_> {
    fn turn_to(&mut self, operation: &str, standing: Standing) {
        operation.clone_into(&mut self.operation);
        self.standing = standing;
        self.seen.clear();
    }

    fn breaks(&mut self, place: &Place, text: impl AsRef<str>) {
        self.find(Weight::Breaking, place, text.as_ref());
    }

    fn adds(&mut self, place: &Place, text: impl AsRef<str>) {
        self.find(Weight::Additive, place, text.as_ref());
    }

    fn find(&mut self, weight: Weight, place: &Place, text: &str) {
        let text = match place.within.as_str() {
            "" => text.to_owned(),
            within => format!("`{within}` {text}"),
        };
        let (standing, about) = (self.standing, place.about.clone());
        let finding = Finding {
            weight,
            standing,
            about,
            text,
        };
        let operations = self.findings.entry(finding).or_default();
        operations.extend((!self.operation.is_empty()).then(|| self.operation.clone()));
    }

    /// Compares what belongs to no operation: where the server is, and how clients prove themselves.
    fn head(&mut self) {
        let addresses = |document: &Value| -> Vec<String> {
            let servers = document["servers"].as_array().into_iter().flatten();
            servers
                .filter_map(|server| Some(server["url"].as_str()?.to_owned()))
                .collect()
        };
        let (olds, news) = (addresses(self.old), addresses(self.new));
        for address in olds.iter().filter(|address| !news.contains(address)) {
            self.breaks(&Place::of("servers"), format!("`{address}` is gone"));
        }
        let (old, new) = (self.old, self.new);
        let [olds, news] = [old, new].map(|document| &document["components"]["securitySchemes"]);
        for (name, was) in entries(olds) {
            for word in ["type", "scheme", "in", "name"] {
                if news[name][word] != was[word] {
                    let place = Place::of("securitySchemes").inside(name);
                    self.breaks(&place, format!("has another {word}: {}", news[name][word]));
                }
            }
        }
    }

    /// An operation that is there no more.
    fn gone(&mut self, was: &Value, today: Date) {
        let sunset: Option<Date> = was["x-deprecated"]["sunset"]
            .as_str()
            .and_then(|date| date.parse().ok());
        let text = match sunset {
            Some(sunset) if sunset <= today => {
                self.standing = Standing::AfterSunset;
                format!("is gone, as was said: `{}`", self.operation)
            }
            Some(sunset) => format!("is gone before its sunset on {sunset}: `{}`", self.operation),
            None => format!("is gone: `{}`", self.operation),
        };
        self.breaks(&Place::of(id_of(was)), text);
    }
}

/// Every operation by method and path, with the parameters that its path gives it.
fn operations(document: &Value) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for (path, item) in entries(&document["paths"]) {
        for (method, operation) in entries(item).filter(|(_, operation)| operation["responses"].is_object()) {
            let mut operation = operation.clone();
            let lists = [&item["parameters"], &operation["parameters"]];
            let parameters = lists
                .into_iter()
                .filter_map(Value::as_array)
                .flatten()
                .cloned()
                .collect();
            operation["parameters"] = Value::Array(parameters);
            found.insert(format!("{} {path}", method.to_uppercase()), operation);
        }
    }
    found
}

/// The operation that one of a new version succeeds: the same path in the newest version before it.
fn predecessor<'o>(label: &str, olds: &'o BTreeMap<String, Value>) -> Option<&'o Value> {
    let (method, version, rest) = versioned(label)?;
    if olds
        .keys()
        .any(|known| versioned(known).is_some_and(|(_, known, _)| known == version))
    {
        return None;
    }
    let mut earlier = (1..version).rev();
    earlier.find_map(|version| olds.get(&format!("{method} /v{version}/{rest}")))
}

/// Method, version and rest of an operation's method and path.
fn versioned(label: &str) -> Option<(&str, u32, &str)> {
    let (method, path) = label.split_once(" /v")?;
    let (version, rest) = path.split_once('/')?;
    Some((method, version.parse().ok()?, rest))
}

fn id_of(operation: &Value) -> &str {
    operation["operationId"].as_str().unwrap_or_default()
}

/// What an object has, and nothing where there is none.
fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}
