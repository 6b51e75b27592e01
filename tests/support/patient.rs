//! A patient who sends a testimonial, and staff who decide on it.

use serde_json::{Value, json};
use vertebra::access::Scope;

use super::{
    app::TestApp,
    client::{Answer, Request},
};

/// Where patients send testimonials.
pub(crate) const SUBMIT: &str = "/v1/testimonials";

/// A testimonial that is complete, with consent to these channels.
pub(crate) fn submission(quote: &str, channels: &[&str]) -> Value {
    json!({
        "quote": quote,
        "attribution": "anonymous",
        "consent": {
            "channels": channels,
            "wording_version": "2026-11",
            "covers_health_data": true,
            "contact": {"name": "A Patient", "email": "patient@example.org"},
        },
    })
}

/// Sends a testimonial and gives the receipt.
#[track_caller]
pub(crate) fn submit(app: &TestApp, submission: &Value) -> Value {
    let answer = app.request("POST", SUBMIT).json(submission).send();
    assert_eq!(answer.status, 202, "{}", answer.text());
    answer.json()
}

/// Takes a consent back with the token of a receipt.
pub(crate) fn take_back(app: &TestApp, token: &Value) -> Answer {
    let body = json!({"token": token});
    app.request("POST", "/v1/testimonials/withdrawals").json(&body).send()
}

/// Staff with the scopes for testimonials.
pub(crate) struct Staff<'a> {
    app: &'a TestApp,
    key: String,
}

impl<'a> Staff<'a> {
    /// Staff of an application.
    pub(crate) fn of(app: &'a TestApp) -> Self {
        let key = app.key(&[Scope::TestimonialsModerate, Scope::TestimonialsPersonal]);
        Self { app, key }
    }

    /// A request below `/v1/admin/`.
    pub(crate) fn request(&self, method: &str, path: &str) -> Request {
        self.app.request(method, &format!("/v1/admin/{path}")).key(&self.key)
    }

    /// Reads something that is there.
    #[track_caller]
    pub(crate) fn read(&self, path: &str) -> Value {
        let answer = self.request("GET", path).send();
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// Makes a testimonial as a draft and gives its id.
    #[track_caller]
    pub(crate) fn create(&self, content: &Value) -> String {
        let answer = self.request("POST", "testimonials").json(content).send();
        assert_eq!(answer.status, 201, "{}", answer.text());
        id_of(&answer.json())
    }

    /// A step with a testimonial as it stands now.
    pub(crate) fn step(&self, id: &str, step: &str, body: Option<&Value>) -> Answer {
        let request = self.request("POST", &format!("testimonials/{id}/{step}"));
        self.with_version(id, request, body)
    }

    /// A change of its content.
    pub(crate) fn patch(&self, id: &str, patch: &Value) -> Answer {
        let request = self.request("PATCH", &format!("testimonials/{id}"));
        self.with_version(id, request, Some(patch))
    }

    /// Approves it.
    #[track_caller]
    pub(crate) fn approve(&self, id: &str) -> Value {
        let answer = self.step(id, "approve", None);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// How it stands.
    #[track_caller]
    pub(crate) fn state(&self, id: &str) -> String {
        let case = self.read(&format!("testimonials/{id}/case"));
        case["state"].as_str().expect("there is a state").to_owned()
    }

    fn with_version(&self, id: &str, request: Request, body: Option<&Value>) -> Answer {
        let known = self.request("GET", &format!("testimonials/{id}/case")).send();
        let request = request.header("if-match", known.header("etag"));
        match body {
            Some(body) => request.json(body).send(),
            None => request.send(),
        }
    }
}

/// The id in an answer.
pub(crate) fn id_of(value: &Value) -> String {
    value["id"].as_str().expect("there is an id").to_owned()
}

/// A testimonial as staff write it down.
pub(crate) fn written_down(quote: &str) -> Value {
    json!({"locale": "en-GB", "quote": quote, "attribution": "anonymous"})
}

/// A consent on paper, to these channels.
pub(crate) fn on_paper(channels: &[&str]) -> Value {
    json!({
        "channels": channels,
        "wording_version": "2026-11",
        "covers_health_data": true,
        "evidence": "Signed form.",
        "given_at": "2026-11-20T10:00:00Z",
    })
}
