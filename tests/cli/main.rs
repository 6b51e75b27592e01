//! The program itself, as an operator runs it: its commands, its settings, its log and its end.

#![expect(clippy::expect_used, reason = "a test fails by panicking, and so do its helpers")]

// The parts of the tests' support that need no application in this process.
#[path = "../support/cluster.rs"]
mod cluster;
#[path = "../support/database.rs"]
mod database;
#[path = "../support/place.rs"]
mod place;

mod bench_data;
mod erase;
mod key;
mod killed_writes;
mod program;
mod resanitise;
mod serve;

use std::{fs, net::TcpListener};

use database::{TestDatabase, create_database};
use program::Program;
use vertebra::{config::Settings, db::migrations};

#[test]
fn help_lists_every_command_and_setting() {
    let outcome = Program::new().run(&["--help"]);
    assert!(outcome.is_success, "{outcome:?}");
    for command in ["serve", "migrate", "demo", "bench-data", "key", "openapi"] {
        assert!(outcome.out.contains(&format!("\n  {command} ")), "{command}");
    }
    // Long lines are wrapped, so the words are compared.
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let help = words(&outcome.out);
    assert!(help.contains("RUST_LOG"));
    assert!(Settings::HELP.len() > 15);
    for setting in Settings::HELP {
        assert!(
            outcome.out.contains(&format!("\n{}\n", setting.variable)),
            "{}",
            setting.variable
        );
        for part in [setting.help, setting.allowed, setting.default] {
            assert!(help.contains(&words(part)), "{}: {part}", setting.variable);
        }
    }
}

#[test]
fn version_is_that_of_the_package() {
    let outcome = Program::new().run(&["--version"]);
    assert!(outcome.is_success);
    assert_eq!(outcome.out, format!("vertebra {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn an_unknown_command_is_refused_with_the_known_ones() {
    let outcome = Program::new().run(&["paint"]);
    assert!(!outcome.is_success);
    assert!(
        outcome.err.contains("paint") && outcome.err.contains("--help"),
        "{}",
        outcome.err
    );
}

#[test]
fn a_wrong_setting_is_named_with_its_value_and_what_is_allowed() {
    for command in ["serve", "migrate", "demo"] {
        let program = Program::new()
            .set("VERTEBRA_WORKERS", "many")
            .set("VERTEBRA_BIND", "8080");
        let outcome = program.run(&[command]);
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        assert_eq!(
            outcome.err,
            "vertebra: VERTEBRA_BIND is \"8080\", but it must be an address and port such as 127.0.0.1:8080\n\
             VERTEBRA_WORKERS is \"many\", but it must be a whole number from 1 to 512\n"
        );
    }
}

#[test]
fn settings_may_stand_in_a_file() {
    let program = Program::new().file(".env", "VERTEBRA_DEMO=sometimes\nVERTEBRA_WORKERS=2\n");
    let outcome = program.run(&["migrate"]);
    assert_eq!(outcome.code, Some(1));
    assert!(
        outcome
            .err
            .starts_with("vertebra: VERTEBRA_DEMO is \"sometimes\", but "),
        "{}",
        outcome.err
    );
    let broken = Program::new().file(".env", "this is no setting\n").run(&["migrate"]);
    assert_eq!(broken.code, Some(1));
    assert!(
        broken.err.starts_with("vertebra: the file .env cannot be read: "),
        "{}",
        broken.err
    );
}

/// A database in which nothing has been done yet.
fn unmigrated() -> TestDatabase {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    runtime.block_on(async {
        let database = create_database().await;
        migrations::revert_all(database.url())
            .await
            .expect("everything can be undone");
        database
    })
}

#[test]
fn migrate_then_demo_fill_an_empty_database_once() {
    let database = unmigrated();
    let run = |command| Program::new().set("DATABASE_URL", database.url()).run(&[command]);
    let first = run("migrate");
    assert!(first.is_success, "{first:?}");
    assert!(
        first.err.contains("The database is up to date (migrations run: "),
        "{}",
        first.err
    );
    assert!(!first.err.contains("(migrations run: 0)"), "{}", first.err);
    let second = run("migrate");
    assert!(
        second.is_success && second.err.contains("(migrations run: 0)"),
        "{}",
        second.err
    );
    let demo = run("demo");
    assert!(demo.is_success, "{demo:?}");
    assert!(demo.err.contains("The demonstration clinic is loaded"), "{}", demo.err);
    let again = run("demo");
    assert_eq!(again.code, Some(1));
    let sentence = "vertebra: the database has content already; \
         the demonstration clinic goes into an empty database only\n";
    assert!(again.err.ends_with(sentence), "{}", again.err);
}

#[test]
fn demo_brings_the_database_up_to_date_first() {
    let database = unmigrated();
    let outcome = Program::new().set("DATABASE_URL", database.url()).run(&["demo"]);
    assert!(outcome.is_success, "{outcome:?}");
}

#[test]
fn openapi_writes_the_documents() {
    let program = Program::new();
    let outcome = program.run(&["openapi", "--out", "new/folder"]);
    assert!(outcome.is_success, "{outcome:?}");
    for (name, document) in [
        ("public.json", vertebra::app::public_document()),
        ("admin.json", vertebra::app::admin_document()),
    ] {
        let written = fs::read_to_string(program.dir().join("new/folder").join(name)).expect("it is written");
        assert!(written.ends_with("}\n"));
        let written: serde_json::Value = serde_json::from_str(&written).expect("it is JSON");
        assert_eq!(written, serde_json::to_value(document).expect("it is JSON"), "{name}");
    }
    let onto_a_file = program.file("taken", "").run(&["openapi", "--out", "taken"]);
    assert_eq!(onto_a_file.code, Some(1));
    assert!(
        onto_a_file
            .err
            .starts_with("vertebra: cannot write taken/public.json: "),
        "{}",
        onto_a_file.err
    );
}

#[test]
fn a_database_that_is_not_there_is_said_in_a_sentence() {
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let closed = closed.expect("there is a free port");
    for command in ["serve", "migrate", "demo"] {
        let url = format!("postgres://clinic:hidden-word@{closed}/clinic");
        let outcome = Program::new().set("DATABASE_URL", &url).run(&[command]);
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        let line = outcome.err.lines().last().expect("it is said why");
        assert!(
            line.starts_with("vertebra: cannot connect to the database: "),
            "{}",
            outcome.err
        );
        assert!(line.contains("refused"), "{line}");
        assert!(!outcome.err.contains("hidden-word"), "{}", outcome.err);
    }
    for (url, why) in [
        (
            "mysql://localhost/clinic",
            "DATABASE_URL is not a valid PostgreSQL address, such as postgres://",
        ),
        (
            "postgres://localhost/clinic?sslmode=on",
            "sslmode is on, but it must be ",
        ),
    ] {
        let outcome = Program::new().set("DATABASE_URL", url).run(&["serve"]);
        assert_eq!(outcome.code, Some(1));
        assert!(
            outcome.err.starts_with("vertebra: ") && outcome.err.contains(why),
            "{}",
            outcome.err
        );
    }
}
