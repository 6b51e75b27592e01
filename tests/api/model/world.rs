//! The instances, and the editor's and the readers' hands.

use std::sync::atomic::{AtomicU32, Ordering};

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use vertebra::{
    access::Scope,
    clinic::wire::{LocationIn, OpeningHoursIn, Weekday},
};

use super::steps::At;
use crate::support::{
    app::{NOW, TestApp},
    client::{Answer, Request},
    content::{Content, location},
    database::{TestDatabase, create_database},
    poll,
    proxy::Proxy,
};

/// More than the connections that an instance has for requests.
const CONNECTIONS: u32 = 10;

/// Two instances, the one that tells what is true, and the way that can fail.
pub(super) struct World {
    one: TestApp,
    other: TestApp,
    truth: TestApp,
    pub(super) proxy: Proxy,
    key: String,
    numbers: AtomicU32,
    _database: TestDatabase,
    _runtime: Runtime,
}

impl World {
    /// A clinic in two languages that is open in the daytime.
    pub(super) fn start(cache_bytes: &str) -> Self {
        let runtime = Runtime::new().expect("a runtime can be made");
        let database = runtime.block_on(create_database());
        let proxy = Proxy::to(database.url());
        let on = |url: &str, bytes| {
            let builder = TestApp::builder().set("VERTEBRA_CACHE_BYTES", bytes);
            builder.set("VERTEBRA_POOL_SIZE", "4").on(url).start()
        };
        let one = on(database.url(), cache_bytes);
        let content = Content::of(&one);
        content.clinic(&["fr"]);
        let daily = OpeningHoursIn {
            weekday: Weekday::Monday,
            opens: "09:00".to_owned(),
            closes: "17:00".to_owned(),
        };
        let place = LocationIn {
            opening_hours: [daily].into_iter().collect(),
            ..location("main", 1, true)
        };
        content.seed(place, NOW);
        Self {
            key: one.key(Scope::ALL),
            other: on(proxy.url(), cache_bytes),
            truth: on(database.url(), "0"),
            one,
            proxy,
            numbers: AtomicU32::new(1),
            _database: database,
            _runtime: runtime,
        }
    }

    /// A number that was not given before.
    pub(super) fn next_number(&self) -> u32 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    fn instance(&self, at: At) -> &TestApp {
        match at {
            At::One => &self.one,
            At::Other => &self.other,
        }
    }

    /// A reader's request.
    pub(super) fn read(&self, at: At, path: &str, language: &str, encoding: &str) -> Request {
        let request = self.instance(at).request("GET", path);
        request
            .header("accept-language", language)
            .header("accept-encoding", encoding)
    }

    /// What is true.
    pub(super) fn true_answer(&self, path: &str, language: &str) -> Answer {
        let request = self.truth.request("GET", path);
        request
            .header("accept-language", language)
            .header("accept-encoding", "identity")
            .send()
    }

    /// Asks for a write, of the version that there is.
    pub(super) fn write(&self, at: At, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let mut request = self.instance(at).request(method, path).key(&self.key);
        if path.matches('/').count() > 3 {
            let document = path.split('/').take(5).collect::<Vec<_>>().join("/");
            let known = self.one.request("GET", &document).key(&self.key).send();
            request = request.header("if-match", known.header("etag"));
        }
        match body {
            Some(body) => request.json(body).send(),
            None => request.send(),
        }
    }

    /// Publishes a testimonial past both instances, and gives its id.
    pub(super) fn publish_testimonial(&self, name: &str) -> String {
        Content::of(&self.one).testimonial(name, NOW, None).to_string()
    }

    /// Waits until both instances know of all that was written, and the second one has replaced what it lost.
    pub(super) fn come_to_rest(&self) {
        self.one.wait_for_head();
        self.other.wait_for_head();
        let mut answered = 0;
        poll::until("no connection is left that is lost", || {
            // Addresses for which nothing is kept, with one statement and with two.
            let asked = self.next_number();
            let paths = [
                format!("/v1/topics/none-{asked}"),
                format!("/v1/articles?include_total=true&author=none-{asked}"),
            ];
            let is_well = paths.iter().all(|path| self.other.get(path).status != 503);
            answered = if is_well { answered + 1 } else { 0 };
            answered > CONNECTIONS
        });
    }

    /// Sets all clocks, and waits until what has fallen due is done.
    pub(super) fn set_clock(&self, now: Timestamp) {
        for app in [&self.one, &self.other, &self.truth] {
            app.set_clock(&now.to_string());
        }
        let due = format!("select from document_languages where publish_at <= '{now}' or unpublish_at <= '{now}'");
        poll::until("what has fallen due is done", || self.one.rows(&due).is_empty());
    }

    /// An article in two languages.
    pub(super) fn article(slug: &str, title: &str) -> Value {
        let text = |locale: &str| {
            // Long enough to be compressed.
            let summary = format!("{title} ").repeat(40);
            json!({"slug": format!("{slug}-{locale}").to_lowercase(), "title": title, "summary": summary.trim()})
        };
        json!({"kind": "guide", "texts": {"en-GB": text("en-GB"), "fr": text("fr")}})
    }
}
