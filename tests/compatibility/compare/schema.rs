//! Compares two schemas, through references and recursion, by the way that the values travel.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{
    Comparison, Place,
    keywords::{Change, changes, types_of},
};

/// Which way the values of a schema travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Direction {
    /// From the client: what was allowed must stay so.
    Request,
    /// To the client: what was promised must stay so.
    Answer,
}

use Direction::{Answer, Request};

impl Comparison<'_> {
    /// Compares a schema as it was with what it is.
    pub(super) fn schema(&mut self, place: &Place, old: &Value, new: &Value, direction: Direction) {
        match (is_nullable(self.old, old), is_nullable(self.new, new), direction) {
            (false, true, Answer) => self.breaks(place, "may be null now"),
            (false, true, Request) => self.adds(place, "may be null now"),
            (true, false, Request) => self.breaks(place, "may not be null any more"),
            (true, false, Answer) => self.adds(place, "is never null any more"),
            _ => {}
        }
        self.shape(place, old, new, direction);
    }

    /// Compares what is allowed beside null, which no parameter and no header can hold.
    pub(super) fn shape(&mut self, place: &Place, old: &Value, new: &Value, direction: Direction) {
        match (choices(old).as_deref(), choices(new).as_deref()) {
            (Some([one]), _) => return self.shape(place, one, new, direction),
            (_, Some([one])) => return self.shape(place, old, one, direction),
            _ => {}
        }
        let (old_name, new_name) = (name_of(old), name_of(new));
        if old_name.is_none() && new_name.is_none() {
            return match (choices(old), choices(new)) {
                (None, None) => self.thing(place, &merged(self.old, old), &merged(self.new, new), direction),
                (olds, news) => {
                    let (olds, news) = (olds.unwrap_or_else(|| vec![old]), news.unwrap_or_else(|| vec![new]));
                    self.alternatives(place, &olds, &news, direction);
                }
            };
        }
        // What refers to itself comes by here again with the same two.
        if !self.seen.insert((old.to_string(), new.to_string(), direction)) {
            return;
        }
        if let (Some(was), Some(is)) = (old_name, new_name)
            && was != is
        {
            self.breaks(place, format!("is the schema `{is}` instead of `{was}`"));
        }
        let (old, new) = (resolved(self.old, old).clone(), resolved(self.new, new).clone());
        match (old_name, new_name) {
            (Some(_), Some(name)) => self.shape(&Place::of(name), &old, &new, direction),
            _ => self.shape(place, &old, &new, direction),
        }
    }

    /// Compares two schemas that are neither references nor choices.
    fn thing(&mut self, place: &Place, old: &Map<String, Value>, new: &Map<String, Value>, direction: Direction) {
        for (change, text) in changes(old, new) {
            match (change, direction) {
                (Change::Narrower, Request) | (Change::Wider, Answer) | (Change::Other, _) => self.breaks(place, text),
                (Change::Wider, Request) => self.adds(place, text),
                // Answers promise more than before: nobody needs to do anything.
                (Change::Narrower, Answer) => {}
            }
        }
        if let (Some(was), Request) = (old.get("default"), direction)
            && new.get("default") != Some(was)
        {
            let is = new
                .get("default")
                .map_or_else(|| "none".to_owned(), |is| format!("`{is}`"));
            self.breaks(place, format!("has the default {is} instead of `{was}`"));
        }
        self.known_values(place, old, new);
        if old.get("deprecated") != Some(&Value::Bool(true)) && new.get("deprecated") == Some(&Value::Bool(true)) {
            self.adds(place, "is deprecated");
        }
        for (word, inside) in [("items", "[]"), ("propertyNames", "*")] {
            if let (Some(old), Some(new)) = (old.get(word), new.get(word)) {
                self.schema(&place.inside(inside), old, new, direction);
            }
        }
        self.properties(place, old, new, direction);
        self.other_properties(place, old, new, direction);
    }

    /// Compares the known values of an open set, which readers do not rely on to be all.
    fn known_values(&mut self, place: &Place, old: &Map<String, Value>, new: &Map<String, Value>) {
        let known = |schema: &Map<String, Value>, closed| -> Vec<Value> {
            schema
                .get(closed)
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default()
        };
        let (was, is) = (known(old, "x-extensible-enum"), known(new, "x-extensible-enum"));
        if was.is_empty() {
            return;
        }
        for value in is.iter().filter(|value| !was.contains(value)) {
            self.adds(place, format!("may be `{}` too", value.as_str().unwrap_or_default()));
        }
    }

    fn properties(&mut self, place: &Place, old: &Map<String, Value>, new: &Map<String, Value>, direction: Direction) {
        let (olds, news) = (inner(old, "properties"), inner(new, "properties"));
        for (name, was) in olds {
            let place = place.inside(name);
            let Some(is) = news.get(name) else {
                self.breaks(&place, "is gone");
                continue;
            };
            match (is_required(old, name), is_required(new, name), direction) {
                (false, true, Request) => self.breaks(&place, "is required now"),
                (true, false, Request) => self.adds(&place, "may be left out now"),
                (true, false, Answer) => self.breaks(&place, "may be missing now"),
                (false, true, Answer) => self.adds(&place, "is always there now"),
                _ => {}
            }
            self.schema(&place, was, is, direction);
        }
        for name in news.keys().filter(|name| !olds.contains_key(*name)) {
            let place = place.inside(name);
            match direction {
                Request if is_required(new, name) => self.breaks(&place, "is new and required"),
                _ => self.adds(&place, "is new"),
            }
        }
    }

    /// Compares what is allowed of properties without a name. Answers may always get more of them.
    fn other_properties(
        &mut self,
        place: &Place,
        old: &Map<String, Value>,
        new: &Map<String, Value>,
        direction: Direction,
    ) {
        let is_closed = |schema: &Map<String, Value>| schema.get("additionalProperties") == Some(&Value::Bool(false));
        let of = |schema: &Map<String, Value>| schema.get("additionalProperties").filter(|of| of.is_object()).cloned();
        match (of(old), of(new)) {
            (Some(old), Some(new)) => self.schema(&place.inside("*"), &old, &new, direction),
            (None, Some(_)) if !is_closed(old) => self.breaks(&place.inside("*"), "has a schema now"),
            (Some(_), None) => self.breaks(&place.inside("*"), "has no schema any more"),
            _ if direction == Request && is_closed(new) && !is_closed(old) => {
                self.breaks(place, "takes no other properties any more");
            }
            _ => {}
        }
    }

    /// Compares several schemas of which a value follows one.
    fn alternatives(&mut self, place: &Place, olds: &[&Value], news: &[&Value], direction: Direction) {
        let (olds, news) = (labelled(olds), labelled(news));
        for (label, was) in &olds {
            match news.iter().find(|(other, _)| other == label) {
                Some((_, is)) => self.shape(place, was, is, direction),
                None if direction == Request => self.breaks(place, format!("may not be {label} any more")),
                None => {}
            }
        }
        for (label, _) in news
            .iter()
            .filter(|(label, _)| olds.iter().all(|(other, _)| other != label))
        {
            match direction {
                Request => self.adds(place, format!("may be {label} too")),
                Answer => self.breaks(place, format!("may be {label} too")),
            }
        }
    }
}

/// The name of the component that a reference points to.
fn name_of(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

/// What a value is, or what it refers to.
pub(super) fn resolved<'v>(document: &'v Value, value: &'v Value) -> &'v Value {
    let mut value = value;
    while let Some(reference) = value["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#'));
        value = target.unwrap_or_else(|| panic!("{reference} points to nothing"));
    }
    value
}

/// The schemas of which a value follows one, without null; none where the schema is no choice.
fn choices(schema: &Value) -> Option<Vec<&Value>> {
    let items = ["oneOf", "anyOf"].iter().find_map(|word| schema[*word].as_array())?;
    Some(items.iter().filter(|item| item["type"] != "null").collect())
}

fn is_nullable(document: &Value, schema: &Value) -> bool {
    let schema = resolved(document, schema);
    let is_null = |of: &Value| of == "null" || of.as_array().is_some_and(|types| types.iter().any(|of| of == "null"));
    let mut choices = ["oneOf", "anyOf"]
        .iter()
        .filter_map(|word| schema[*word].as_array())
        .flatten();
    is_null(&schema["type"]) || choices.any(|choice| is_nullable(document, choice))
}

/// A schema with what its `allOf` adds to it.
fn merged<'v>(document: &'v Value, schema: &'v Value) -> Cow<'v, Map<String, Value>> {
    let own = schema.as_object().unwrap_or_else(|| panic!("{schema} is no schema"));
    let Some(parts) = schema["allOf"].as_array() else {
        return Cow::Borrowed(own);
    };
    let mut whole = own.clone();
    whole.remove("allOf");
    for part in parts {
        for (keyword, value) in merged(document, resolved(document, part)).iter() {
            match (whole.get_mut(keyword), value) {
                (Some(Value::Object(known)), Value::Object(more)) => known.extend(more.clone()),
                (Some(Value::Array(known)), Value::Array(more)) => known.extend(more.clone()),
                (Some(_), _) => {}
                (None, value) => drop(whole.insert(keyword.clone(), value.clone())),
            }
        }
    }
    Cow::Owned(whole)
}

fn inner<'v>(schema: &'v Map<String, Value>, keyword: &str) -> &'v Map<String, Value> {
    static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    schema.get(keyword).and_then(Value::as_object).unwrap_or(&NONE)
}

fn is_required(schema: &Map<String, Value>, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|required| required.iter().any(|known| known == name))
}

/// Gives each alternative a name by which it is found again in the other document.
fn labelled<'v>(choices: &[&'v Value]) -> Vec<(String, &'v Value)> {
    let mut found: Vec<(String, &Value)> = Vec::new();
    for choice in choices {
        let types = || {
            choice
                .as_object()
                .map(types_of)
                .unwrap_or_default()
                .into_iter()
                .collect::<Vec<_>>()
                .join(" or ")
        };
        let label = name_of(choice).map_or_else(types, |name| format!("`{name}`"));
        let same = found.iter().filter(|(other, _)| other.starts_with(&label)).count();
        let label = if same == 0 {
            label
        } else {
            format!("{label} ({})", same + 1)
        };
        found.push((label, choice));
    }
    found
}
