//! Compares two operations: what they take and what they answer.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    Comparison, Place, entries, id_of,
    schema::{
        Direction::{Answer, Request},
        resolved,
    },
};

impl Comparison<'_> {
    /// Compares an operation as it was with what it is.
    pub(super) fn operation(&mut self, was: &Value, is: &Value) {
        let place = Place::of(id_of(is));
        // Where another version succeeds an operation, it must have another id.
        let is_same = self.standing == super::Standing::Present;
        if id_of(was) != id_of(is) && is_same {
            let text = format!(
                "was called `{}`: its operationId is a method's name in clients",
                id_of(was)
            );
            self.breaks(&place, text);
        }
        if was["tags"][0] != is["tags"][0] {
            let text = format!(
                "is under the tag {} instead of {}, a service's name in clients",
                is["tags"][0], was["tags"][0]
            );
            self.breaks(&place, text);
        }
        if is["deprecated"] == true && was["deprecated"] != true {
            let until = sunset(is).map(|date| format!(" and goes on {date}"));
            self.adds(&place, format!("is deprecated{}", until.unwrap_or_default()));
        }
        if let (Some(before), Some(now)) = (sunset(was), sunset(is))
            && now < before
        {
            self.breaks(&place, format!("goes on {now} and not on {before}, as was said"));
        }
        self.access(&place, was, is);
        self.parameters(&place, was, is);
        self.request_body(&place, was, is);
        self.answers(&place, was, is);
    }

    /// Compares what a caller must prove: no way in may be closed, no scope may be asked for besides.
    fn access(&mut self, place: &Place, was: &Value, is: &Value) {
        let (olds, news) = (ways_in(self.old, was), ways_in(self.new, is));
        for old in &olds {
            if !news.iter().any(|new| new.is_subset(old)) {
                let way = if old.is_empty() {
                    "no key".to_owned()
                } else {
                    words(old)
                };
                self.breaks(place, format!("does not open with {way} any more"));
            }
        }
        let (olds, news) = (scopes(was), scopes(is));
        if !news.is_subset(&olds) {
            let more: BTreeSet<String> = news.difference(&olds).cloned().collect();
            self.breaks(place, format!("asks for the scope {} too", words(&more)));
        }
    }

    fn parameters(&mut self, place: &Place, was: &Value, is: &Value) {
        let (olds, news) = (parameters(self.old, was), parameters(self.new, is));
        for (name, old) in &olds {
            let place = place.inside(name);
            let Some(new) = news.get(name) else {
                self.breaks(&place, "is gone");
                continue;
            };
            match (old["required"] == true, new["required"] == true) {
                (false, true) => self.breaks(&place, "is required now"),
                (true, false) => self.adds(&place, "may be left out now"),
                _ => {}
            }
            for word in ["style", "explode", "allowReserved", "content"] {
                if old[word] != new[word] {
                    self.breaks(&place, format!("has the {word} {} instead of {}", new[word], old[word]));
                }
            }
            self.shape(&place, &old["schema"], &new["schema"], Request);
        }
        for (name, new) in news.iter().filter(|(name, _)| !olds.contains_key(*name)) {
            match new["required"] == true {
                true => self.breaks(&place.inside(name), "is new and required"),
                false => self.adds(&place.inside(name), "is new"),
            }
        }
    }

    fn request_body(&mut self, place: &Place, was: &Value, is: &Value) {
        let place = place.inside("body");
        let (was, is) = (&was["requestBody"], &is["requestBody"]);
        match (was.is_object(), is.is_object()) {
            (false, false) => return,
            (true, false) => return self.breaks(&place, "is gone"),
            (false, true) if is["required"] == true => return self.breaks(&place, "is new and required"),
            (false, true) => return self.adds(&place, "is new"),
            (true, true) => {}
        }
        let (old, new) = (self.old, self.new);
        let (was, is) = (resolved(old, was), resolved(new, is));
        if was["required"] != true && is["required"] == true {
            self.breaks(&place, "is required now");
        }
        for (kind, content) in entries(&was["content"]) {
            match &is["content"][kind] {
                Value::Null => self.breaks(&place, format!("may not be {kind} any more")),
                other => self.schema(&place, &content["schema"], &other["schema"], Request),
            }
        }
        for (kind, _) in entries(&is["content"]).filter(|(kind, _)| was["content"][*kind].is_null()) {
            self.adds(&place, format!("may be {kind} too"));
        }
    }

    fn answers(&mut self, place: &Place, was: &Value, is: &Value) {
        for (status, old) in entries(&was["responses"]) {
            let place = place.inside(status);
            match &is["responses"][status] {
                Value::Null => self.breaks(&place, "is answered no more"),
                new => {
                    let (before, after) = (self.old, self.new);
                    self.answer(&place, resolved(before, old), resolved(after, new));
                }
            }
        }
        for (status, _) in entries(&is["responses"]).filter(|(status, _)| was["responses"][*status].is_null()) {
            match status.starts_with(['2', '3']) {
                true => self.breaks(&place.inside(status), "is answered now, too"),
                false => self.adds(&place.inside(status), "is declared as an error"),
            }
        }
    }

    fn answer(&mut self, place: &Place, was: &Value, is: &Value) {
        for (kind, old) in entries(&was["content"]) {
            match &is["content"][kind] {
                Value::Null => self.breaks(place, format!("is never {kind} any more")),
                new => self.schema(place, &old["schema"], &new["schema"], Answer),
            }
        }
        for (kind, _) in entries(&is["content"]).filter(|(kind, _)| was["content"][*kind].is_null()) {
            self.adds(place, format!("may be {kind} too"));
        }
        for (name, old) in entries(&was["headers"]) {
            let place = place.inside(name);
            let (before, after) = (self.old, self.new);
            match &is["headers"][name] {
                Value::Null => self.breaks(&place, "is sent no more"),
                new => {
                    let (old, new) = (resolved(before, old), resolved(after, new));
                    if old["required"] == true && new["required"] != true {
                        self.breaks(&place, "may be missing now");
                    }
                    self.shape(&place, &old["schema"], &new["schema"], Answer);
                }
            }
        }
        for (name, _) in entries(&is["headers"]).filter(|(name, _)| was["headers"][*name].is_null()) {
            self.adds(&place.inside(name), "is sent");
        }
        for (name, _) in entries(&was["links"]).filter(|(name, _)| is["links"][*name].is_null()) {
            self.breaks(&place.inside(name), "is linked no more");
        }
    }
}

/// The day on which an operation goes, as it is written.
fn sunset(operation: &Value) -> Option<&str> {
    operation["x-deprecated"]["sunset"].as_str()
}

/// The parameters by place and name; names of headers in small letters.
fn parameters<'v>(document: &'v Value, operation: &'v Value) -> BTreeMap<String, &'v Value> {
    let given = operation["parameters"].as_array().into_iter().flatten();
    let named = given.map(|parameter| {
        let parameter = resolved(document, parameter);
        let (place, name) = (&parameter["in"], &parameter["name"]);
        let [place, name] = [place, name].map(|word| word.as_str().unwrap_or_default());
        let name = if place == "header" {
            name.to_lowercase()
        } else {
            name.to_owned()
        };
        (format!("{place} {name}"), parameter)
    });
    named.collect()
}

/// The ways to prove oneself: each names the schemes that it needs together.
fn ways_in(document: &Value, operation: &Value) -> Vec<BTreeSet<String>> {
    let own = operation["security"].as_array();
    let ways = own.or_else(|| document["security"].as_array());
    let ways: Vec<_> = ways
        .into_iter()
        .flatten()
        .map(|way| entries(way).map(|(name, _)| name.clone()).collect())
        .collect();
    match ways.is_empty() {
        true => vec![BTreeSet::new()],
        false => ways,
    }
}

/// The scopes that an operation asks for, whether its security or an extension names them.
fn scopes(operation: &Value) -> BTreeSet<String> {
    let ways = operation["security"].as_array().into_iter().flatten();
    let named = ways
        .flat_map(|way| entries(way).map(|(_, scopes)| scopes))
        .chain([&operation["x-required-scopes"]]);
    let scopes = named.filter_map(Value::as_array).flatten();
    scopes.filter_map(|scope| Some(scope.as_str()?.to_owned())).collect()
}

fn words(names: &BTreeSet<String>) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(" and ")
}
