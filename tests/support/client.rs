//! A client that holds every answer against the API's documents.

use std::{net::SocketAddr, time::Duration};

use serde_json::Value;
use ureq::{
    Agent,
    http::{HeaderMap, Method, request::Builder},
};

use super::contract;

/// A request to be sent.
pub(crate) struct Request {
    path: String,
    method: String,
    builder: Builder,
    body: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body as it came.
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// A request to a server.
    pub(crate) fn new(server: SocketAddr, method: &str, path: &str) -> Self {
        let method_of = Method::from_bytes(method.as_bytes()).expect("the method is valid");
        Self {
            path: path.to_owned(),
            method: method.to_owned(),
            builder: ureq::http::Request::builder()
                .method(method_of)
                .uri(format!("http://{server}{path}")),
            body: Vec::new(),
        }
    }

    /// Adds a header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }

    /// Sends a key along.
    pub(crate) fn key(self, key: &str) -> Self {
        self.header("authorization", &format!("Bearer {key}"))
    }

    /// Sets a JSON body.
    pub(crate) fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    /// Sets the body.
    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it, and checks the answer against the document.
    pub(crate) fn send(self) -> Answer {
        let agent: Agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .allow_non_standard_methods(true)
            .timeout_global(Some(Duration::from_secs(30)))
            .build()
            .into();
        let request = self.builder.body(self.body).expect("the request is valid");
        let mut response = agent.run(request).expect("the server answers");
        let answer = Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.body_mut().read_to_vec().expect("the body arrives"),
        };
        contract::check(&self.method, &self.path, &answer);
        answer
    }
}

impl Answer {
    /// A header's value; empty where it is absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("the header is text"))
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    /// The body as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is text")
    }

    /// Checks that the answer is a problem document with this status and code, and gives it.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(
            (self.status, problem["code"].as_str()),
            (status, Some(code)),
            "{problem}"
        );
        assert_eq!(problem["status"], status);
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        assert_eq!(self.header("cache-control"), "no-store");
        problem
    }

    /// Checks that this says that nothing is there, in the very words and headers of another such answer.
    #[track_caller]
    pub(crate) fn is_missing_like(&self, other: &Self) {
        let blank = |answer: &Self| {
            let problem = answer.problem(404, "not_found");
            let text = ["instance", "request_id"]
                .iter()
                .fold(answer.text().to_owned(), |text, own| {
                    text.replace(&problem[own].to_string(), "\"\"")
                });
            let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
            names.sort_unstable();
            (text, names)
        };
        assert_eq!(blank(self), blank(other));
    }
}
