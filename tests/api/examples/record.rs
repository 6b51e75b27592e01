//! What is noted of one document's operations: the parameters, the body and the answer of each, as they went over the
//! wire.

use std::{collections::BTreeSet, env, fs, path::PathBuf};

use serde_json::{Map, Value, json};
use url::form_urlencoded::Serializer;
use utoipa::openapi::OpenApi;

use super::stand_ins::StandIns;
use crate::support::{
    app::TestApp,
    client::{Answer, Request},
};

/// Has the notes written instead of compared.
const RECORD: &str = "RECORD_EXAMPLES";

/// The notes on one document.
pub(super) struct Record {
    name: &'static str,
    document: Value,
    operations: Map<String, Value>,
    problems: Map<String, Value>,
}

/// A request to an operation by its name in the document.
pub(super) struct Call<'a> {
    /// The operationId.
    pub(super) operation: &'a str,
    /// Those in the path and in the query, by name.
    pub(super) parameters: Value,
    /// What is sent.
    pub(super) body: Option<Value>,
}

impl Record {
    /// No notes yet.
    pub(super) fn new(name: &'static str, document: &OpenApi) -> Self {
        Self {
            name,
            document: serde_json::to_value(document).expect("the document is JSON"),
            operations: Map::new(),
            problems: Map::new(),
        }
    }

    /// The names of all operations, as the document orders them.
    fn names(&self) -> impl Iterator<Item = &str> {
        let paths = self.document["paths"].as_object().into_iter().flatten();
        paths
            .flat_map(|(_, item)| item.as_object().into_iter().flatten())
            .filter_map(|(_, operation)| operation["operationId"].as_str())
    }

    /// The request that a call makes.
    pub(super) fn request(&self, app: &TestApp, call: &Call<'_>) -> Request {
        let paths = self.document["paths"].as_object().into_iter().flatten();
        let mut operations = paths.flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flatten();
            methods.map(move |(method, operation)| (path, method, operation))
        });
        let (path, method, operation) = operations
            .find(|(.., operation)| operation["operationId"] == call.operation)
            .unwrap_or_else(|| panic!("{} is no operation", call.operation));
        let request = app.request(&method.to_uppercase(), &address(path, operation, &call.parameters));
        match &call.body {
            Some(body) => request.json(body),
            None => request,
        }
    }

    /// The same call as a dry run, where the operation makes something.
    pub(super) fn trial_of<'a>(&self, call: &Call<'a>) -> Option<Call<'a>> {
        let paths = self.document["paths"].as_object().into_iter().flatten();
        let mut operations = paths.flat_map(|(_, item)| item.as_object().into_iter().flatten());
        let (_, operation) = operations.find(|(_, operation)| operation["operationId"] == call.operation)?;
        let makes = ["201", "202"]
            .iter()
            .any(|status| operation["responses"][status].is_object());
        makes.then(|| {
            let mut parameters = call.parameters.clone();
            parameters["dry_run"] = json!(true);
            Call {
                operation: call.operation,
                parameters,
                body: call.body.clone(),
            }
        })
    }

    /// Notes the first answer to an operation in each media type, and how it was called first.
    pub(super) fn note(&mut self, call: &Call<'_>, answer: &Answer, stand_ins: &mut StandIns) {
        let content_type = answer.header("content-type");
        let media_type = content_type.split(';').next().unwrap_or_default();
        let noted = self.operations.entry(call.operation).or_insert_with(|| {
            let mut noted = json!({"parameters": stand_ins.put_into(&call.parameters)});
            if let Some(body) = &call.body {
                noted["request"] = stand_ins.put_into(body);
            }
            noted["response"] = json!({});
            noted
        });
        if !answer.body.is_empty() && noted["response"].get(media_type).is_none() {
            let body = match media_type.ends_with("json") {
                true => answer.json(),
                false => answer.text().into(),
            };
            noted["response"][media_type] = stand_ins.put_into(&body);
        }
    }

    /// Notes a problem by its code.
    pub(super) fn note_problem(&mut self, code: &str, problem: Value) {
        self.problems.insert(code.to_owned(), problem);
    }

    /// Holds the notes against the committed ones, or writes them.
    pub(super) fn settle(&self) {
        let name = self.name;
        let missing: Vec<&str> = self
            .names()
            .filter(|name| !self.operations.contains_key(*name))
            .collect();
        assert!(
            missing.is_empty(),
            "nobody has called {missing:?} of openapi/{name}.json"
        );
        let in_order: Map<String, Value> = self
            .names()
            .map(|name| (name.to_owned(), self.operations[name].clone()))
            .collect();
        let live = json!({"operations": in_order, "problems": self.problems});
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("openapi/examples/{name}.json"));
        if env::var_os(RECORD).is_some() {
            let text = serde_json::to_string_pretty(&live).expect("it is JSON") + "\n";
            return fs::write(path, text).expect("the notes are written");
        }
        let committed = fs::read(&path).expect("there are committed examples");
        let committed: Value = serde_json::from_slice(&committed).expect("the examples are JSON");
        for part in ["operations", "problems"] {
            compare(&format!("openapi/examples/{name}.json"), &committed[part], &live[part]);
        }
    }
}

fn compare(file: &str, committed: &Value, live: &Value) {
    let names = |part: &Value| -> BTreeSet<String> {
        part.as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect()
    };
    for name in names(committed).union(&names(live)) {
        assert!(
            committed[name] == live[name],
            "{name} is now\n{:#}\nand not what {file} says. If that is meant: \
             `{RECORD}=1 cargo test --test api examples && cargo run -- openapi`, then read and commit what they write",
            live[name]
        );
    }
}

/// The path with its query.
fn address(path: &str, operation: &Value, parameters: &Value) -> String {
    let mut path = path.to_owned();
    let mut query = Serializer::new(String::new());
    for (name, value) in parameters.as_object().into_iter().flatten() {
        let place = format!("{{{name}}}");
        match value {
            value if path.contains(&place) => path = path.replace(&place, &plain(value)),
            Value::Array(items) if is_one_text(operation, name) => {
                let items: Vec<String> = items.iter().map(plain).collect();
                query.append_pair(name, &items.join(","));
            }
            Value::Array(items) => {
                query.extend_pairs(items.iter().map(|item| (name, plain(item))));
            }
            value => {
                query.append_pair(name, &plain(value));
            }
        }
    }
    match query.finish() {
        query if query.is_empty() => path,
        query => format!("{path}?{query}"),
    }
}

/// Whether the entries of a list are sent in one text.
fn is_one_text(operation: &Value, name: &str) -> bool {
    let mut parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters.any(|parameter| parameter["name"] == name && parameter["explode"] == false)
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}
