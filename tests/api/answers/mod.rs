//! Every answer that an operation declares is really given: each test brings one status about, at all the
//! operations of both documents that declare it. The requests are made from the documents themselves.
//!
//! What each answer must be is checked by the client; which were seen, by the report that CI makes after the tests.

mod reads;
mod refusals;
mod trouble;

use std::collections::BTreeMap;

use serde_json::Value;
use vertebra::access::Scope;

use crate::support::{
    app::{Builder, TestApp},
    client::{Answer, Request},
    contract::{self, resolve},
    patient,
};

/// An id that nothing has.
const UNKNOWN: &str = "01a2097f-1116-77af-986c-a21b1d5b17f6";

/// An operation of one of the documents.
struct Operation {
    document: &'static Value,
    declared: &'static Value,
    method: String,
    path: &'static str,
}

/// The operations of the public document and of the editors'.
fn operations() -> Vec<Operation> {
    let mut operations = Vec::new();
    for document in ["/v1/", "/v1/admin/"].map(contract::document) {
        for (path, item) in document["paths"].as_object().expect("there are paths") {
            for (method, declared) in item.as_object().expect("a path has operations") {
                operations.push(Operation {
                    document,
                    declared,
                    method: method.to_uppercase(),
                    path,
                });
            }
        }
    }
    operations
}

/// The operations that declare a status.
fn declaring(status: &str) -> Vec<Operation> {
    let declaring: Vec<_> = operations()
        .into_iter()
        .filter(|operation| operation.declared["responses"][status].is_object())
        .collect();
    assert!(!declaring.is_empty(), "no operation declares {status}");
    declaring
}

impl Operation {
    fn id(&self) -> &'static str {
        self.declared["operationId"].as_str().expect("it has an id")
    }

    fn is_admin(&self) -> bool {
        self.path.starts_with("/v1/admin/")
    }

    /// The collection that its path begins with, such as `topics`.
    fn collection(&self) -> &'static str {
        let rest = self.path.trim_start_matches("/v1/admin/").trim_start_matches("/v1/");
        rest.split('/').next().unwrap_or_default()
    }

    fn parameters(&self) -> impl Iterator<Item = &'static Value> {
        let parameters = self.declared["parameters"].as_array().into_iter().flatten();
        parameters.map(|parameter| resolve(self.document, parameter))
    }

    fn takes(&self, name: &str) -> bool {
        self.parameters().any(|parameter| parameter["name"] == name)
    }

    /// The query that it cannot do without: versions to compare, properties to show.
    fn query(&self) -> String {
        let needed = self
            .parameters()
            .filter(|parameter| parameter["in"] == "query" && parameter["required"] == true);
        let pairs: Vec<String> = needed
            .map(|parameter| {
                let name = parameter["name"].as_str().expect("it has a name");
                let value = parameter["example"][0].as_str().unwrap_or("1");
                format!("{name}={value}")
            })
            .collect();
        if pairs.is_empty() {
            String::new()
        } else {
            format!("?{}", pairs.join("&"))
        }
    }

    /// The body that the document shows.
    fn example(&self) -> Option<&'static Value> {
        let contents = self.declared["requestBody"]["content"].as_object()?;
        let content = &contents.values().next()?;
        let named = content["examples"]
            .as_object()
            .and_then(|examples| examples.values().next());
        named
            .map(|example| &example["value"])
            .or_else(|| content.get("example"))
    }
}

/// A request to an operation, well formed until a test spoils it.
struct Call {
    method: String,
    path: String,
    headers: BTreeMap<&'static str, String>,
    body: Option<String>,
}

impl Call {
    fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.to_owned());
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// Adds to the query.
    fn query(mut self, parameter: &str) -> Self {
        let mark = if self.path.contains('?') { '&' } else { '?' };
        self.path = format!("{}{mark}{parameter}", self.path);
        self
    }

    fn body(mut self, body: &Value) -> Self {
        self.headers.insert("content-type", "application/json".to_owned());
        self.body = Some(body.to_string());
        self
    }

    fn send(self, app: &TestApp) -> Answer {
        let request = app.request(&self.method, &self.path);
        let add = |request: Request, (name, value): (&&str, &String)| request.header(name, value);
        let request = self.headers.iter().fold(request, add);
        request.body(self.body.unwrap_or_default()).send()
    }

    /// Sends it and checks the status, and that an error has one of these codes.
    #[track_caller]
    fn gets(self, app: &TestApp, status: u16, codes: &[&str]) -> Answer {
        let place = format!("{} {}", self.method, self.path);
        let answer = self.send(app);
        let text = String::from_utf8_lossy(&answer.body);
        assert_eq!(answer.status, status, "{place}: {text}");
        let is_expected = |code: &&str| text.contains(&format!("\"code\":\"{code}\""));
        assert!(codes.is_empty() || codes.iter().any(is_expected), "{place}: {text}");
        answer
    }
}

/// An application, a key to all of it, and what there is in it.
struct World {
    app: TestApp,
    key: String,
    /// What stands for the place in a path, by the operation's collection.
    things: BTreeMap<(bool, &'static str), String>,
}

impl World {
    fn with(app: TestApp) -> Self {
        Self {
            key: app.key(Scope::ALL),
            app,
            things: BTreeMap::new(),
        }
    }

    /// An application with nothing in it.
    fn empty() -> Self {
        Self::with(builder().start())
    }

    /// The demonstration clinic, and one of each thing in it.
    fn with_demo() -> Self {
        let mut world = Self::with(builder().start().and_demo());
        world.find_things();
        world
    }

    fn find_things(&mut self) {
        for operation in operations() {
            let is_list = operation.method == "GET" && operation.takes("cursor") && !operation.path.contains('{');
            let collection = operation.collection();
            // A list of something else has an address below the collection's own.
            if is_list && operation.path.ends_with(collection) {
                let name = if operation.is_admin() { "id" } else { "slug" };
                let list = self.call(&operation).gets(&self.app, 200, &[]).json();
                if let Some(thing) = list["items"][0][name].as_str() {
                    self.things.insert((operation.is_admin(), collection), thing.to_owned());
                }
            }
        }
        let preview = self.named(true, "previewTopic").gets(&self.app, 201, &[]).json();
        for (is_admin, collection, name) in [(true, "previews", "id"), (false, "preview", "token")] {
            let thing = preview[name].as_str().expect("it is there").to_owned();
            self.things.insert((is_admin, collection), thing);
        }
    }

    /// A request that the operation takes, where there is what its path names.
    fn call(&self, operation: &Operation) -> Call {
        let thing = self.things.get(&(operation.is_admin(), operation.collection()));
        let thing = thing.map_or(UNKNOWN, String::as_str);
        let part = |part: &'static str| match part {
            "{version}" => "1",
            place if place.starts_with('{') => thing,
            part => part,
        };
        let path: Vec<&str> = operation.path.split('/').map(part).collect();
        let mut call = Call {
            method: operation.method.clone(),
            path: path.join("/") + &operation.query(),
            headers: BTreeMap::new(),
            body: None,
        };
        if operation.is_admin() {
            call = call.header("authorization", &format!("Bearer {}", self.key));
        }
        if operation.takes("If-Match") {
            call = call.header("if-match", "*");
        }
        match operation.example() {
            Some(body) => call.body(body),
            None => call,
        }
    }

    /// A testimonial as a patient sends it.
    fn submission(&self) -> Call {
        let submission = patient::submission("It helped.", &["website", "app"]);
        self.named(false, "submitTestimonial").body(&submission)
    }

    /// A request to the operation with this id.
    fn named(&self, is_admin: bool, id: &str) -> Call {
        let mut operations = operations().into_iter();
        let found = operations.find(|operation| operation.is_admin() == is_admin && operation.id() == id);
        self.call(&found.unwrap_or_else(|| panic!("{id} is no operation")))
    }
}

/// An application without a limit that these tests could reach.
fn builder() -> Builder {
    TestApp::builder()
        .set("VERTEBRA_KEY_ATTEMPTS", "100000,100000/second")
        .set("VERTEBRA_SUBMISSIONS", "100000,100000/second")
}
