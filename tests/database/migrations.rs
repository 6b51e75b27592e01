//! Up, down, up leaves the same schema, and starters that migrate at once take turns.

use std::{path::Path, process::Command};

use vertebra::db::migrations;

use crate::{TestDatabase, all_migrations, create_empty_database, execute, texts};

#[tokio::test(flavor = "multi_thread")]
async fn all_migrations_go_down_and_up_again() {
    let database = create_empty_database().await;
    let count = all_migrations().len();
    let empty = dump(&database).await;

    assert_eq!(migrations::run(database.url()).await.ok(), Some(count));
    let up = dump(&database).await;
    assert!(up.contains("CREATE TABLE public.articles"), "{up}");

    assert_eq!(migrations::revert_all(database.url()).await.ok(), Some(count));
    assert_same(&dump(&database).await, &empty, "all migrations undone");

    assert_eq!(migrations::run(database.url()).await.ok(), Some(count));
    assert_same(&dump(&database).await, &up, "all migrations run for the second time");
    assert_eq!(migrations::run(database.url()).await.ok(), Some(0));
}

#[tokio::test]
async fn each_migration_undoes_what_it_did_and_no_more() {
    let database = create_empty_database().await;
    let mut before = dump(&database).await;
    for migration in all_migrations() {
        execute(&database, &migration.up).await;
        let after = dump(&database).await;
        execute(&database, &migration.down).await;
        assert_same(&dump(&database).await, &before, &format!("{} undone", migration.name));
        execute(&database, &migration.up).await;
        before = after;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn starters_take_turns() {
    let database = create_empty_database().await;
    let starters: Vec<_> = (0..8)
        .map(|_| {
            let url = database.url().to_owned();
            tokio::spawn(async move { migrations::run(&url).await })
        })
        .collect();
    let mut done = Vec::new();
    for starter in starters {
        done.push(starter.await.expect("no starter panics").expect("no starter fails"));
    }
    done.sort_unstable();
    assert_eq!(done, [0, 0, 0, 0, 0, 0, 0, all_migrations().len()]);
}

/// Two dumps are the same, or the panic shows where they part.
fn assert_same(found: &str, wanted: &str, what: &str) {
    let lines = found
        .lines()
        .zip(wanted.lines())
        .position(|(found, wanted)| found != wanted);
    let at = lines.unwrap_or_else(|| found.lines().count().min(wanted.lines().count()));
    let from = |dump: &str| dump.lines().skip(at).take(8).collect::<Vec<_>>().join("\n");
    assert!(
        found == wanted,
        "{what}: from line {at} on there is\n{}\n--- instead of\n{}",
        from(found),
        from(wanted)
    );
}

/// The schema as SQL, without diesel's own table.
async fn dump(database: &TestDatabase) -> String {
    let output = Command::new(pg_dump(database).await)
        .args(["--schema-only", "--exclude-table=__diesel_schema_migrations"])
        .args(["--dbname", database.url()])
        .output()
        .expect("pg_dump of the server's version is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("SQL is text");
    // These lines carry a new random word each time.
    let lines = text
        .lines()
        .filter(|line| !line.starts_with("\\restrict ") && !line.starts_with("\\unrestrict "));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The program that belongs to the server; another machine's server is left to the one in the path.
async fn pg_dump(database: &TestDatabase) -> String {
    let [[folder]] = &texts(database, "select setting from pg_config where name = 'BINDIR'").await[..] else {
        panic!("a server has one folder of programs");
    };
    let beside = format!("{folder}/pg_dump");
    if Path::new(&beside).exists() {
        beside
    } else {
        "pg_dump".to_owned()
    }
}
