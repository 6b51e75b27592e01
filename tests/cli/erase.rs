//! `vertebra erase`: erasing, exporting the ledger, replaying it on a restored database.

use serde_json::{Value, json};
use tokio_postgres::NoTls;

use crate::{
    database::{TestDatabase, create_database},
    program::{Outcome, Program},
};

const ID: &str = "01a2097f-113f-7022-8120-ac2fa19b5141";

fn database() -> TestDatabase {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    runtime.block_on(create_database())
}

/// The number of rows that a statement gives or changes.
fn sql(database: &TestDatabase, statement: &str) -> u64 {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(database.url(), NoTls)
            .await
            .expect("it answers");
        tokio::spawn(connection);
        client.execute(statement, &[]).await.expect("the statement runs")
    })
}

/// A testimonial as a backup has it.
fn restore(database: &TestDatabase) {
    let made = format!(
        "insert into documents (id, entity_type, version, content_version, facts_version, content, created_at, updated_at)
         values ('{ID}', 'testimonial', 3, 1, 1, '{{}}', now(), now())"
    );
    assert_eq!(sql(database, &made), 1);
}

fn erase(database: &TestDatabase, arguments: &[&str]) -> Outcome {
    let arguments: Vec<&str> = ["erase"].iter().chain(arguments).copied().collect();
    Program::new().set("DATABASE_URL", database.url()).run(&arguments)
}

#[test]
fn what_was_erased_is_erased_again_after_a_restore() {
    let database = database();
    restore(&database);
    let done = erase(&database, &[ID, "--reason", "requested"]);
    assert!(done.is_success, "{done:?}");
    assert_eq!(done.out, format!("Erased the testimonial {ID}\n"));
    let again = erase(&database, &[ID, "--reason", "requested"]);
    assert_eq!((again.code, again.out.as_str()), (Some(1), ""));
    assert!(again.err.contains("no testimonial has the id"), "{again:?}");

    let program = Program::new().set("DATABASE_URL", database.url());
    let file = program.dir().join("erasures.jsonl");
    let path = file.to_str().expect("it is text");
    let exported = program.run(&["erase", "--export", path]);
    assert!(
        exported.is_success && exported.err.starts_with("Wrote 1 entries"),
        "{exported:?}"
    );
    let ledger = std::fs::read_to_string(&file).expect("it is written");
    assert_eq!(erase(&database, &["--export", "-"]).out, ledger);
    let entry: Value = serde_json::from_str(ledger.trim_end()).expect("it is one line of JSON");
    assert_eq!((&entry["id"], &entry["actor"]), (&json!(ID), &json!("vertebra erase")));

    let restored = self::database();
    restore(&restored);
    for erased in [json!([ID]), json!([])] {
        let replayed = erase(&restored, &["--replay", path, "--json"]);
        let said: Value = serde_json::from_str(&replayed.out).expect("it is JSON");
        assert_eq!(said, json!({"entries": 1, "erased": erased}));
        assert_eq!(sql(&restored, "select from documents"), 0);
        assert_eq!(sql(&restored, "select from erasures"), 1);
        assert_eq!(
            sql(&restored, "select from changes where action = 'erased' and version = 4"),
            1
        );
    }
    assert_eq!(erase(&restored, &["--export", "-"]).out, ledger);
}

#[test]
fn wrong_use_is_told_and_erases_nothing() {
    let database = database();
    restore(&database);
    let program = Program::new().file("wrong.jsonl", "{}\n");
    let wrong = program.dir().join("wrong.jsonl");
    let wrong = wrong.to_str().expect("it is text");
    for (arguments, code, why) in [
        (&[][..], 2, "required"),
        (&[ID], 2, "--reason"),
        (&[ID, "--reason", "whim"], 2, "requested"),
        (&["not-an-id", "--reason", "requested"], 2, "invalid value"),
        (
            &[ID, "--reason", "requested", "--replay", wrong],
            2,
            "cannot be used with",
        ),
        (&["--replay", wrong], 2, "line 1 of the ledger"),
        (&["--replay", "/nowhere/at-all"], 1, "/nowhere/at-all"),
    ] {
        let refused = erase(&database, arguments);
        assert_eq!(refused.code, Some(code), "{refused:?}");
        assert!(refused.err.contains(why), "{refused:?}");
    }
    assert_eq!(sql(&database, "select from documents"), 1);
    assert_eq!(sql(&database, "select from erasures"), 0);
}
