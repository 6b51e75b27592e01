//! Who walks: readers at the demonstration clinic, and an editor and patients at a clinic that is built out of its
//! content.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use vertebra::{
    access::{Scope, store::NewKey},
    app::{admin_document, public_document},
};

use super::{
    record::{Call, Record},
    stand_ins::StandIns,
};
use crate::support::{
    app::{NOW, TestApp},
    client::Answer,
};

/// The walk through all operations.
pub(super) struct Walk {
    /// The demonstration clinic, which nobody changes.
    pub(super) demo: TestApp,
    demo_key: String,
    /// The clinic that the editor makes.
    pub(super) clinic: TestApp,
    pub(super) key: String,
    now: Timestamp,
    /// Ids of the demonstration's content, and those that the same content has at the clinic.
    ids: HashMap<String, String>,
    stand_ins: StandIns,
    public: Record,
    admin: Record,
}

/// Which document speaks of a call.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Public,
    Admin,
}

/// A thing that an editor or a member of staff works on.
pub(super) struct Known {
    /// Its id.
    pub(super) id: String,
    /// The entity tag of its newest version.
    pub(super) etag: String,
}

impl Known {
    /// The parameter that names it.
    pub(super) fn named(&self) -> Value {
        json!({"id": self.id})
    }

    /// Learns the newest version from an answer.
    pub(super) fn learn(&mut self, answer: &Answer) {
        self.etag = answer.header("etag").to_owned();
    }
}

/// A key that may do everything.
fn key(app: &TestApp) -> String {
    let new = NewKey {
        name: "Website CMS".to_owned(),
        scopes: Scope::ALL.to_vec(),
        expires_at: None,
    };
    app.key_by("vertebra key", &new)
}

impl Walk {
    pub(super) fn begin() -> Self {
        let demo = TestApp::with_demo();
        let clinic = TestApp::builder().set("VERTEBRA_SUBMISSIONS", "100,100/second").start();
        Self {
            demo_key: key(&demo),
            demo,
            key: key(&clinic),
            clinic,
            now: NOW.parse().expect("the moment is valid"),
            ids: HashMap::new(),
            stand_ins: StandIns::new(),
            public: Record::new("public", &public_document()),
            admin: Record::new("admin", &admin_document()),
        }
    }

    /// Somebody reads at the demonstration clinic.
    #[track_caller]
    pub(super) fn read(&mut self, operation: &str, parameters: Value) -> Answer {
        let call = Call {
            operation,
            parameters,
            body: None,
        };
        let answer = self.public.request(&self.demo, &call).send();
        assert_eq!(answer.status, 200, "{operation}: {}", answer.text());
        self.public.note(&call, &answer, &mut self.stand_ins);
        answer
    }

    /// A patient or a reader calls the clinic, without a key.
    #[track_caller]
    pub(super) fn visit(&mut self, operation: &str, parameters: Value, body: Option<Value>) -> Answer {
        self.pass_a_minute();
        let call = Call {
            operation,
            parameters,
            body,
        };
        let tried = self
            .public
            .trial_of(&call)
            .map(|trial| self.public.request(&self.clinic, &trial).send());
        let answer = self.public.request(&self.clinic, &call).send();
        tried.inspect(|tried| check_trial(tried, &answer));
        assert!([200, 202].contains(&answer.status), "{operation}: {}", answer.text());
        self.public.note(&call, &answer, &mut self.stand_ins);
        answer
    }

    /// The editor reads.
    #[track_caller]
    pub(super) fn look(&mut self, operation: &str, parameters: Value) -> Answer {
        self.ask(operation, parameters, None, None)
    }

    /// The editor writes something new.
    #[track_caller]
    pub(super) fn make(&mut self, operation: &str, parameters: Value, body: Value) -> Answer {
        self.ask(operation, parameters, None, Some(body))
    }

    /// The editor takes a step with something that is known.
    #[track_caller]
    pub(super) fn step(&mut self, operation: &str, known: &mut Known, body: Option<Value>) -> Answer {
        self.step_at(operation, known.named(), known, body)
    }

    /// The editor takes a step that more than its id names.
    #[track_caller]
    pub(super) fn step_at(
        &mut self,
        operation: &str,
        parameters: Value,
        known: &mut Known,
        body: Option<Value>,
    ) -> Answer {
        let answer = self.ask(operation, parameters, Some(&known.etag), body);
        known.learn(&answer);
        answer
    }

    #[track_caller]
    fn ask(&mut self, operation: &str, parameters: Value, if_match: Option<&str>, body: Option<Value>) -> Answer {
        self.pass_a_minute();
        let call = Call {
            operation,
            parameters,
            body,
        };
        let send = |call: &Call<'_>| {
            let request = self.admin.request(&self.clinic, call).key(&self.key);
            match if_match {
                Some(etag) => request.header("if-match", etag).send(),
                None => request.send(),
            }
        };
        let tried = self.admin.trial_of(&call).map(|trial| send(&trial));
        let answer = send(&call);
        tried.inspect(|tried| check_trial(tried, &answer));
        let is_success = [200, 201, 204].contains(&answer.status);
        assert!(is_success, "{operation}: {}", answer.text());
        self.admin.note(&call, &answer, &mut self.stand_ins);
        answer
    }

    /// Notes how something is refused.
    #[track_caller]
    pub(super) fn note_refusal(&mut self, side: Side, answer: &Answer, code: &str) {
        let problem = self.stand_ins.put_into(&answer.problem(answer.status, code));
        match side {
            Side::Public => self.public.note_problem(code, problem),
            Side::Admin => self.admin.note_problem(code, problem),
        }
    }

    fn pass_a_minute(&mut self) {
        self.now += SignedDuration::from_mins(1);
        self.clinic.set_clock(&self.now.to_string());
    }

    /// The content of the demonstration's document with this title, as an editor at the clinic writes it.
    #[track_caller]
    pub(super) fn content(&self, collection: &str, title: &str) -> (String, Value) {
        let get = |path: &str| self.demo.request("GET", path).key(&self.demo_key).send().json();
        let list = get(&format!("/v1/admin/{collection}?limit=100"));
        let mut items = list["items"].as_array().into_iter().flatten();
        let found = items.find(|item| item["languages"][0]["title"] == title);
        let id = found
            .and_then(|item| item["id"].as_str())
            .expect("the demonstration has it");
        let document = get(&format!("/v1/admin/{collection}/{id}"));
        (id.to_owned(), self.here(&document["content"]))
    }

    /// The content of the demonstration's clinic.
    pub(super) fn clinic_content(&self) -> Value {
        let request = self.demo.request("GET", "/v1/admin/clinic");
        self.here(&request.key(&self.demo_key).send().json()["content"])
    }

    /// What a patient sends: words that stand on the clinic's page, nobody's name, and an address for examples.
    pub(super) fn submission(&self) -> Value {
        let (_, content) = self.content("testimonials", "Degenerate lumbar disc");
        json!({
            "locale": "en-GB",
            "headline": content["headline"],
            "quote": content["quote"],
            "attribution": "anonymous",
            "condition": "degenerate-lumbar-disc",
            "consent": {
                "channels": ["website", "app"],
                "wording_version": "2026-11",
                "covers_health_data": true,
                "contact": {"name": "Name of the patient", "email": "patient@example.org"},
            },
        })
    }

    /// Remembers that a thing of the demonstration is at the clinic now.
    pub(super) fn remember(&mut self, there: String, here: &Known) {
        self.ids.insert(there, here.id.clone());
    }

    /// What is not said is left out, and what the clinic does not have is not pointed to.
    fn here(&self, content: &Value) -> Value {
        match content {
            Value::Object(properties) => {
                let said = properties.iter().filter(|(_, value)| !value.is_null());
                let said: Map<String, Value> = said.map(|(name, value)| (name.clone(), self.here(value))).collect();
                Value::Object(said)
            }
            Value::Array(items) => items
                .iter()
                .map(|item| self.here(item))
                .filter(|item| !item.is_null())
                .collect(),
            Value::String(text) if is_id(text) => json!(self.ids.get(text)),
            other => other.clone(),
        }
    }

    /// Holds everything that was noted against the committed examples, or writes it.
    pub(super) fn end(self) {
        self.public.settle();
        self.admin.settle();
    }
}

/// What was tried was answered as what was made, but for what only something stored has.
#[track_caller]
fn check_trial(tried: &Answer, made: &Answer) {
    assert_eq!(tried.status, 200, "{}", tried.text());
    for header in ["etag", "location", "idempotency-replayed"] {
        assert_eq!(tried.header(header), "", "{header}");
    }
    let (tried, made) = (tried.json(), made.json());
    let names = |body: &Value| Vec::from_iter(body.as_object().into_iter().flatten().map(|(name, _)| name.clone()));
    assert_eq!(names(&tried), names(&made));
    assert_eq!(tried["content"], made["content"]);
    for secret in ["secret", "token", "url", "withdrawal_token"] {
        assert_eq!(tried[secret], Value::Null, "{secret}");
    }
}

fn is_id(text: &str) -> bool {
    text.parse::<uuid::Uuid>().is_ok()
}
