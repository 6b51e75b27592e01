//! `vertebra bench-data`: what it fills, what it leaves alone, and that it is the same each time.

use nix::sys::signal::Signal;
use serde_json::{Value, json};
use tokio_postgres::NoTls;

use crate::{
    database::{TestDatabase, create_database},
    program::{Outcome, Program, get},
    serve::address,
};

/// The tables that it fills.
const TABLES: &[&str] = &[
    "topics",
    "topic_texts",
    "services",
    "service_texts",
    "service_treats",
    "journals",
    "citations",
    "citation_authors",
    "articles",
    "article_texts",
    "article_topics",
    "article_services",
];

fn empty() -> TestDatabase {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    runtime.block_on(create_database())
}

fn run(database: &TestDatabase, arguments: &[&str]) -> Outcome {
    Program::new().set("DATABASE_URL", database.url()).run(arguments)
}

fn filled(arguments: &[&str]) -> TestDatabase {
    let database = empty();
    let outcome = run(&database, &[&["bench-data"], arguments].concat());
    assert!(outcome.is_success, "{outcome:?}");
    database
}

/// What a query that gives one text gives.
fn ask(database: &TestDatabase, sql: &str) -> String {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    runtime.block_on(async {
        let connected = tokio_postgres::connect(database.url(), NoTls).await;
        let (client, connection) = connected.expect("it answers");
        tokio::spawn(connection);
        let row = client.query_one(sql, &[]).await.expect("the query runs");
        row.get(0)
    })
}

/// All rows of the tables, each as one hash.
fn hashes(database: &TestDatabase) -> Vec<String> {
    let hash = |table: &&str| {
        let sql = format!("select coalesce(md5(string_agg(t::text, '|' order by t::text)), 'empty') from {table} t");
        format!("{table} {}", ask(database, &sql))
    };
    TABLES.iter().map(hash).collect()
}

#[test]
fn a_number_and_a_seed_give_the_same_rows_in_every_table() {
    let first = hashes(&filled(&["--articles", "300", "--seed", "7"]));
    assert!(first.iter().all(|table| !table.ends_with("empty")), "{first:#?}");
    assert_eq!(hashes(&filled(&["--articles", "300", "--seed", "7"])), first);
    let other = hashes(&filled(&["--articles", "300", "--seed", "8"]));
    assert!(
        other.iter().zip(&first).all(|(other, first)| other != first),
        "{other:#?}"
    );
}

#[test]
fn a_server_beside_it_shows_the_articles() {
    let database = empty();
    let mut serving = Program::new().set("DATABASE_URL", database.url()).start(&[]);
    let address = address(&mut serving, "API");
    let read = |path: &str| -> Value { serde_json::from_str(&get(&address, path, "").1).expect("it is JSON") };
    let list = "/v1/articles?include_total=true&limit=100";
    assert_eq!(read(list)["total"], 0);
    let outcome = run(&database, &["bench-data", "--articles", "250"]);
    assert!(outcome.is_success, "{outcome:?}");
    // What was kept goes within moments, as the log has another epoch.
    let begun = std::time::Instant::now();
    while read(list)["total"] != json!(250) {
        assert!(
            begun.elapsed() < std::time::Duration::from_secs(30),
            "the empty list stays"
        );
    }
    let items = read(list)["items"].take();
    let items = items.as_array().expect("there are items");
    assert_eq!(items.len(), 100);
    for item in items.iter().take(20) {
        let slug = item["slug"].as_str().expect("it has a slug");
        let whole = read(&format!("/v1/articles/{slug}"));
        assert_eq!(whole["id"], item["id"]);
        assert!(
            item["title"]
                .as_str()
                .is_some_and(|title| title.starts_with("Benchmark article "))
        );
    }
    let of = |filter: &str| read(&format!("/v1/articles?include_total=true&limit=1&{filter}"))["total"].take();
    let (common, rare) = (of("topic=benchmark-topic-1"), of("topic=benchmark-topic-40"));
    assert!(common.as_u64() > Some(30) && rare.as_u64() < Some(5), "{common} {rare}");
    assert!(of("author=Author%201").as_u64() > Some(0));
    let (code, lines) = serving.end(Signal::SIGTERM);
    assert_eq!(code, Some(0), "{lines:#?}");
}

#[test]
fn it_takes_the_demonstration_and_no_content_of_anybody() {
    let database = empty();
    assert!(run(&database, &["demo"]).is_success);
    let beside = run(&database, &["bench-data", "--articles", "20"]);
    assert!(beside.is_success, "{beside:?}");
    assert!(
        beside.err.contains("20 benchmark articles are there (seed 1)"),
        "{}",
        beside.err
    );
    assert_eq!(ask(&database, "select count(*)::text from article_texts"), "29");

    let before = hashes(&database);
    let again = run(&database, &["bench-data", "--articles", "20"]);
    assert_eq!(again.code, Some(1));
    let already = "vertebra: the database holds benchmark articles already; use an empty database\n";
    assert!(again.err.ends_with(already), "{}", again.err);

    let edited = empty();
    assert!(run(&edited, &["demo"]).is_success);
    let by_an_editor = "with written as (insert into revisions
            select document_id, version + 1, 'updated', content, 'An editor', created_at from revisions
            order by document_id, version desc limit 1 returning 1)
        select count(*)::text from written";
    assert_eq!(ask(&edited, by_an_editor), "1");
    let shown = hashes(&edited);
    let refused = run(&edited, &["bench-data", "--articles", "20"]);
    assert_eq!(refused.code, Some(1));
    let own = "vertebra: the database holds content of its own, \
         and benchmark articles must not stand among it; use an empty database\n";
    assert!(refused.err.ends_with(own), "{}", refused.err);
    assert_eq!((hashes(&database), hashes(&edited)), (before, shown));
}

#[test]
fn what_fails_half_way_leaves_nothing() {
    let database = empty();
    let in_the_way = "with taken as (insert into journals (id, slug, title)
            values (gen_random_uuid(), 'benchmark-journal-300', 'Taken') returning 1)
        select count(*)::text from taken";
    assert_eq!(ask(&database, in_the_way), "1");
    let before = hashes(&database);
    let outcome = run(&database, &["bench-data", "--articles", "20"]);
    assert_eq!(outcome.code, Some(1));
    let why = "vertebra: cannot fill the database: db error: ERROR: duplicate key value violates unique constraint";
    assert!(outcome.err.contains(why), "{}", outcome.err);
    assert_eq!(hashes(&database), before);
}

#[test]
fn a_number_of_articles_is_needed() {
    for arguments in [&["bench-data"][..], &["bench-data", "--articles", "0"]] {
        let outcome = Program::new().run(arguments);
        assert_eq!(outcome.code, Some(2), "{outcome:?}");
        assert!(outcome.err.contains("--articles"), "{}", outcome.err);
    }
}
