//! An editor at work on documents, over HTTP.

use serde_json::Value;
use vertebra::access::Scope;

use super::{
    app::TestApp,
    client::{Answer, Request},
};

/// An editor with a key to content.
pub(crate) struct Editor<'a> {
    app: &'a TestApp,
    key: String,
}

/// A document that an editor works on, with the version that the editor knows.
pub(crate) struct Draft<'a> {
    editor: &'a Editor<'a>,
    /// Its id.
    pub(crate) id: String,
    /// The document as it was last answered.
    pub(crate) document: Value,
    /// Its address.
    pub(crate) path: String,
    /// The entity tag of the version that the editor knows.
    pub(crate) etag: String,
}

impl<'a> Editor<'a> {
    /// An editor who may write and publish content.
    pub(crate) fn of(app: &'a TestApp) -> Self {
        let scopes = [Scope::ContentRead, Scope::ContentWrite, Scope::ContentPublish];
        Self {
            app,
            key: app.key(&scopes),
        }
    }

    /// A request with the editor's key.
    pub(crate) fn request(&self, method: &str, path: &str) -> Request {
        self.app.request(method, path).key(&self.key)
    }

    /// Asks for a document in a collection such as `services`.
    pub(crate) fn try_create(&self, collection: &str, content: &Value) -> Answer {
        let path = format!("/v1/admin/{collection}");
        self.request("POST", &path).json(content).send()
    }

    /// Makes a document.
    #[track_caller]
    pub(crate) fn create(&'a self, collection: &str, content: &Value) -> Draft<'a> {
        let answer = self.try_create(collection, content);
        assert_eq!(answer.status, 201, "{}", answer.text());
        let document = answer.json();
        Draft {
            editor: self,
            id: document["id"].as_str().expect("it has an id").to_owned(),
            path: answer.header("location").to_owned(),
            etag: answer.header("etag").to_owned(),
            document,
        }
    }
}

impl Draft<'_> {
    /// Asks for a change of the content.
    pub(crate) fn try_patch(&self, patch: &Value) -> Answer {
        let request = self.editor.request("PATCH", &self.path);
        request.header("if-match", &self.etag).json(patch).send()
    }

    /// Asks for a step such as `publish`.
    pub(crate) fn try_step(&self, step: &str) -> Answer {
        let path = format!("{}/{step}", self.path);
        let request = self.editor.request("POST", &path);
        request.header("if-match", &self.etag).send()
    }

    /// Asks for a step with a body, such as `schedule`.
    pub(crate) fn try_step_with(&self, step: &str, body: &Value) -> Answer {
        let path = format!("{}/{step}", self.path);
        let request = self.editor.request("POST", &path);
        request.header("if-match", &self.etag).json(body).send()
    }

    /// Changes the content.
    #[track_caller]
    pub(crate) fn patch(&mut self, patch: &Value) {
        let answer = self.try_patch(patch);
        self.take(&answer);
    }

    /// Takes a step such as `publish`.
    #[track_caller]
    pub(crate) fn step(&mut self, step: &str) {
        let answer = self.try_step(step);
        self.take(&answer);
    }

    /// Takes a step with a body, such as `schedule`.
    #[track_caller]
    pub(crate) fn step_with(&mut self, step: &str, body: &Value) {
        let answer = self.try_step_with(step, body);
        self.take(&answer);
    }

    #[track_caller]
    fn take(&mut self, answer: &Answer) {
        assert_eq!(answer.status, 200, "{}", answer.text());
        self.document = answer.json();
        self.etag = answer.header("etag").to_owned();
    }
}

/// The pointers and words of a refusal, as its answer lists them.
#[track_caller]
pub(crate) fn faults(answer: &Answer, status: u16, code: &str) -> Vec<(String, String)> {
    let problem = answer.problem(status, code);
    let errors = problem["errors"].as_array().expect("there is a list of errors");
    let text = |error: &Value, name: &str| error[name].as_str().unwrap_or_default().to_owned();
    errors
        .iter()
        .map(|error| (text(error, "pointer"), text(error, "detail")))
        .collect()
}
