//! How long what a write has changed can still be seen, and what is given while the database is away.

use std::thread;

use serde_json::json;
use tokio::runtime::Runtime;
use tokio_postgres::NoTls;
use vertebra::access::Scope;

use crate::support::{
    app::TestApp,
    client::Answer,
    content::{Content, article},
    database::{TestDatabase, create_database},
    editor::Editor,
    poll,
    proxy::{Fault, Part, Proxy},
};

const LIST: &str = "/v1/topics";

/// Beyond this number of seconds nothing counts as known that was not seen again.
const TRUSTED: u64 = 4;

/// Two instances on one database, of which the second reaches it over a way that can fail.
struct Pair {
    one: TestApp,
    other: TestApp,
    proxy: Proxy,
    _database: TestDatabase,
    _runtime: Runtime,
}

impl Pair {
    fn start() -> Self {
        let runtime = Runtime::new().expect("a runtime can be made");
        let database = runtime.block_on(create_database());
        let proxy = Proxy::to(database.url());
        let one = TestApp::builder().on(database.url()).start();
        Content::of(&one).clinic(&[]);
        Self {
            one,
            other: TestApp::builder().on(proxy.url()).start(),
            proxy,
            _database: database,
            _runtime: runtime,
        }
    }
}

fn names(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let list = answer.json();
    let items = list["items"].as_array().expect("there are items").iter();
    items
        .map(|item| item["name"].as_str().expect("it has a name").to_owned())
        .collect()
}

fn publish_topic(editor: &Editor<'_>, name: &str) {
    let content = json!({"texts": {"en-GB": {"name": name, "description": null}}});
    editor.create("topics", &content).step("publish");
}

fn age(answer: &Answer) -> u64 {
    answer.header("age").parse().expect("it is a number")
}

#[test]
fn who_writes_reads_it_at_once_though_nobody_is_told_of_changes() {
    for fault in [Fault::Cut, Fault::Silent] {
        let Pair { other: app, proxy, .. } = &Pair::start();
        proxy.fail(Part::Listeners, fault);
        let editor = Editor::of(app);
        let mut written = Vec::new();
        for number in 0..10 {
            assert_eq!(names(&app.get(LIST)), written);
            let name = format!("Topic {number}");
            publish_topic(&editor, &name);
            written.push(name);
            assert_eq!(names(&app.get(LIST)), written);
        }
    }
}

#[test]
fn another_instance_learns_of_a_write_though_it_is_not_told() {
    for fault in [Fault::Cut, Fault::Silent] {
        let Pair { one, other, proxy, .. } = &Pair::start();
        assert_eq!(names(&other.get(LIST)), [""; 0]);
        proxy.fail(Part::Listeners, fault);
        publish_topic(&Editor::of(one), "Spine");
        poll::until("the other shows it", || names(&other.get(LIST)) == ["Spine"]);
        // Nothing is kept that was not looked after: the answers stay young.
        assert!(age(&other.get(LIST)) <= TRUSTED);
    }
}

#[test]
fn what_is_kept_is_given_while_the_database_is_away_and_says_how_old_it_is() {
    for fault in [Fault::Cut, Fault::Silent] {
        let Pair { one, other, proxy, .. } = &Pair::start();
        let editor = Editor::of(other);
        publish_topic(&editor, "Spine");
        let before = other.get(LIST);
        assert_eq!((names(&before), age(&before)), (vec!["Spine".to_owned()], 0));
        assert_eq!(other.metric("vertebra_stale_answers_total"), 0);
        proxy.fail(Part::All, fault);
        poll::until("its age is beyond what is trusted", || age(&other.get(LIST)) > TRUSTED);
        let unchanged = other
            .request("GET", LIST)
            .header("if-none-match", before.header("etag"));
        let unchanged = unchanged.send();
        assert!(unchanged.status == 304 && age(&unchanged) > TRUSTED);
        assert!(other.metric("vertebra_stale_answers_total") >= 2);
        assert!(other.metric("vertebra_change_log_unseen_seconds") > 4);
        other.get("/v1/services").problem(503, "database_unavailable");
        let content = json!({"texts": {"en-GB": {"name": "Neck", "description": null}}});
        editor
            .try_create("topics", &content)
            .problem(503, "database_unavailable");
        publish_topic(&Editor::of(one), "Knee");
        assert_eq!(names(&other.get(LIST)), ["Spine"]);
        proxy.mend();
        poll::until("what was written meanwhile is shown", || {
            names(&other.get(LIST)) == ["Knee", "Spine"]
        });
        assert!(age(&other.get(LIST)) <= TRUSTED);
    }
}

#[test]
fn what_is_kept_is_given_no_longer_than_is_set() {
    let runtime = Runtime::new().expect("a runtime can be made");
    let database = runtime.block_on(create_database());
    let proxy = Proxy::to(database.url());
    let app = TestApp::builder()
        .set("VERTEBRA_STALE_IF_ERROR_MS", "5000")
        .on(proxy.url())
        .start();
    assert_eq!(app.get(LIST).status, 200);
    proxy.fail(Part::All, Fault::Cut);
    let mut oldest = 0;
    poll::until("the database is asked", || {
        let answer = app.get(LIST);
        if answer.status == 200 {
            oldest = age(&answer);
            return false;
        }
        answer.problem(503, "database_unavailable");
        true
    });
    assert!((TRUSTED..=5).contains(&oldest), "{oldest}");
    proxy.mend();
    poll::until("it is given again", || app.get(LIST).status == 200);
}

#[test]
fn a_thousand_readers_of_what_is_not_kept_cost_one_query() {
    const READERS: usize = 1_000;
    let app = TestApp::builder()
        .set("VERTEBRA_DATABASE_TIMEOUT_MS", "60000")
        .set("VERTEBRA_MAX_IN_FLIGHT", "2000")
        .start();
    Content::of(&app).article(&article("cold", "2026-01-01T00:00:00Z"));
    app.wait_for_head();
    // So that no reader has more to ask than the article.
    assert_eq!(app.get("/v1/services").status, 200);
    let misses = app.metric("vertebra_cache_misses_total");
    let (client, connection) = app
        .block_on(tokio_postgres::connect(app.database_url(), NoTls))
        .expect("the database answers");
    thread::spawn(move || Runtime::new().expect("a runtime can be made").block_on(connection));
    let run = |sql| app.block_on(client.batch_execute(sql)).expect("it runs");
    run("begin; lock table article_texts in access exclusive mode");
    let answers = thread::scope(|threads| {
        let readers: Vec<_> = (0..READERS)
            .map(|_| threads.spawn(|| app.get("/v1/articles/cold")))
            .collect();
        poll::until("all of them wait", || {
            app.metric("vertebra_requests_in_flight") == READERS as i64
        });
        let waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        poll::until("the query waits", || !app.rows(waiting).is_empty());
        assert_eq!(app.rows(waiting).len(), 1);
        run("commit");
        readers
            .into_iter()
            .map(|reader| reader.join().expect("it is answered"))
            .collect::<Vec<_>>()
    });
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert!(answers.iter().all(|answer| answer.body == answers[0].body));
    assert_eq!(app.metric("vertebra_cache_misses_total"), misses + 1);
}

#[test]
fn a_repeated_write_is_seen_where_it_is_repeated() {
    let Pair { one, other, proxy, .. } = &Pair::start();
    let key = one.key(&[Scope::ContentRead, Scope::ContentWrite, Scope::ContentPublish]);
    let publish = |app: &TestApp, path: &str, etag: &str| {
        let request = app.request("POST", path).key(&key).header("if-match", etag);
        let answer = request.header("idempotency-key", "publishes-the-topic").send();
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer
    };
    let content = json!({"texts": {"en-GB": {"name": "Spine", "description": null}}});
    let draft = one.request("POST", "/v1/admin/topics").key(&key).json(&content).send();
    let path = format!("{}/publish", draft.header("location"));
    assert_eq!(names(&other.get(LIST)), [""; 0]);
    proxy.fail(Part::Listeners, Fault::Cut);
    publish(one, &path, draft.header("etag"));
    let repeated = publish(other, &path, draft.header("etag"));
    assert_eq!(repeated.header("idempotency-replayed"), "true");
    assert_eq!(names(&other.get(LIST)), ["Spine"]);
}
