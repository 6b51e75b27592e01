//! `vertebra resanitise`: what it does, what it says, and how it ends.

use nix::sys::signal::Signal;
use serde_json::{Value, json};
use tokio_postgres::{NoTls, Row};

use crate::{
    database::{TestDatabase, create_database},
    program::{Outcome, Program, get},
    serve::address,
};

/// A database with the demonstration clinic.
fn demonstration() -> TestDatabase {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    let database = runtime.block_on(create_database());
    let loaded = run(&database, &["demo"]);
    assert!(loaded.is_success, "{loaded:?}");
    database
}

fn run(database: &TestDatabase, arguments: &[&str]) -> Outcome {
    Program::new().set("DATABASE_URL", database.url()).run(arguments)
}

fn rows(database: &TestDatabase, sql: &str) -> Vec<Row> {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(database.url(), NoTls)
            .await
            .expect("it answers");
        tokio::spawn(connection);
        client.query(sql, &[]).await.expect("the query runs")
    })
}

/// Has a service's sections made by older rules; with other HTML where it is said.
fn made_before(database: &TestDatabase, slug: &str, html: &str) {
    let sql = format!(
        "update service_texts set sections = (
             select jsonb_agg(it || jsonb_build_object('body_html', {html}, 'sanitiser_version', 0))
             from jsonb_array_elements(sections) it)
         where slug = '{slug}' returning slug"
    );
    assert_eq!(rows(database, &sql).len(), 1);
}

#[track_caller]
fn of_services(outcome: &Outcome) -> Value {
    assert!(outcome.is_success, "{outcome:?}");
    let report: Value = serde_json::from_str(&outcome.out).expect("it is JSON");
    assert_eq!(report["failures"], json!([]));
    let kinds = report["kinds"].as_array().expect("there are kinds");
    let found = kinds.iter().find(|tally| tally["kind"] == "service");
    found.expect("services are among them").clone()
}

fn tally(looked_at: u32, changed: u32) -> Value {
    let unchanged = looked_at - changed;
    json!({"kind": "service", "looked_at": looked_at, "changed": changed, "unchanged": unchanged, "failed": 0})
}

#[test]
fn what_older_rules_made_is_made_anew_beside_a_server() {
    let database = demonstration();
    made_before(&database, "spinal-disorders", "'<p>old</p>'");
    made_before(&database, "vertebral-augmentation", "it -> 'body_html'");
    let mut serving = Program::new().set("DATABASE_URL", database.url()).start(&[]);
    let address = address(&mut serving, "API");
    let shown = || get(&address, "/v1/services/spinal-disorders", "").1;
    assert!(shown().contains("<p>old</p>"));

    let done = run(&database, &["resanitise", "--json"]);
    assert_eq!(of_services(&done), tally(2, 1));
    assert_eq!(done.err, "");
    let changes = rows(
        &database,
        "select action from changes where actor = 'vertebra resanitise'",
    );
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].get::<_, String>(0), "updated");
    let old = rows(
        &database,
        "select from service_texts where sections::text like '%\"sanitiser_version\": 0%'",
    );
    assert!(old.is_empty());
    // The server looks at the log every two seconds at the latest.
    let begun = std::time::Instant::now();
    while shown().contains("<p>old</p>") {
        assert!(
            begun.elapsed() < std::time::Duration::from_secs(30),
            "the kept answer stays"
        );
    }
    let (code, lines) = serving.end(Signal::SIGTERM);
    assert_eq!(code, Some(0), "{lines:#?}");

    let again = run(&database, &["resanitise", "--json"]);
    assert_eq!(of_services(&again), tally(0, 0));
    assert_eq!(again.err, "Nothing is to be made anew.\n");
    let published = rows(&database, "select from service_texts").len();
    let all = run(&database, &["resanitise", "--all", "--json"]);
    assert_eq!(
        of_services(&all),
        tally(u32::try_from(published).expect("it is small"), 0)
    );
}

#[test]
fn a_table_tells_people_what_was_done() {
    let database = demonstration();
    made_before(&database, "spinal-disorders", "'<p>old</p>'");
    let done = run(&database, &["resanitise"]);
    assert!(done.is_success, "{done:?}");
    let cells = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let lines: Vec<_> = done.out.lines().map(cells).collect();
    assert_eq!(lines[0].join(" "), "KIND LOOKED AT CHANGED UNCHANGED FAILED");
    assert!(lines.contains(&cells("service 1 1 0 0")), "{}", done.out);
}

#[test]
fn what_cannot_be_made_anew_is_named_and_the_rest_is_done() {
    let database = demonstration();
    made_before(&database, "spinal-disorders", "'<p>old</p>'");
    made_before(&database, "vertebral-augmentation", "'<p>old</p>'");
    let broken = rows(
        &database,
        "update documents set facts_version = 1, version = version + 1 where id =
             (select service_id from service_texts where slug = 'spinal-disorders')
         returning id::text",
    );
    let id: String = broken[0].get(0);
    rows(&database, "alter table revisions disable trigger user");
    rows(
        &database,
        &format!("update revisions set content = '{{\"kind\": \"cure\"}}' where document_id = '{id}' returning 1"),
    );
    let done = run(&database, &["resanitise"]);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(
        done.err.contains(&format!("The service {id} stays as it is: ")),
        "{}",
        done.err
    );
    assert!(
        done.err.ends_with("vertebra: 1 could not be made anew\n"),
        "{}",
        done.err
    );
    let cells = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        done.out.lines().any(|line| cells(line) == "service 2 1 0 1"),
        "{}",
        done.out
    );
}

#[test]
fn help_says_who_hears_of_it() {
    let help = Program::new().run(&["resanitise", "--help"]);
    assert!(
        help.is_success && help.out.contains("--json") && help.out.contains("change log"),
        "{help:?}"
    );
    assert_eq!(Program::new().run(&["resanitise", "now"]).code, Some(2));
}
