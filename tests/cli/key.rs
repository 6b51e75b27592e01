//! `vertebra key`: what it does, what it prints where, and how it ends.

use nix::sys::signal::Signal;
use serde_json::Value;

use crate::{
    database::{TestDatabase, create_database},
    program::{Outcome, Program, Serving, get},
};

fn database() -> TestDatabase {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    runtime.block_on(create_database())
}

/// Runs `vertebra key` on a database.
fn key(database: &TestDatabase, arguments: &[&str]) -> Outcome {
    let arguments: Vec<&str> = ["key"].iter().chain(arguments).copied().collect();
    Program::new().set("DATABASE_URL", database.url()).run(&arguments)
}

#[track_caller]
fn json(outcome: &Outcome) -> Value {
    assert!(outcome.is_success, "{outcome:?}");
    serde_json::from_str(&outcome.out).expect("it is JSON")
}

#[test]
fn a_key_is_printed_once_and_listed_without_its_secret() {
    let database = database();
    let made = key(
        &database,
        &[
            "create",
            "--name",
            "Website CMS",
            "--scope",
            "content:write,content:read",
            "--scope",
            "content:read",
        ],
    );
    assert!(made.is_success, "{made:?}");
    let secret = made.out.trim_end();
    assert!(
        secret.starts_with("vtb_") && secret.len() == 64 && made.out.ends_with('\n'),
        "{made:?}"
    );
    assert!(
        made.err.contains("\"Website CMS\"") && made.err.contains("shown this once"),
        "{}",
        made.err
    );
    assert!(!made.err.contains(&secret[15..]));
    let list = key(&database, &["list"]);
    let lines: Vec<&str> = list.out.lines().collect();
    assert_eq!(lines.len(), 2, "{list:?}");
    for (column, cell) in [
        ("NAME", "Website CMS"),
        ("STATUS", "valid"),
        ("SCOPES", "content:read, content:write"),
        ("EXPIRES", "never"),
        ("LAST USED", "never"),
    ] {
        let at = lines[0].find(column).expect("there is such a column");
        assert!(lines[1][at..].starts_with(cell), "{column}: {}", list.out);
    }
    assert_eq!(list.err, "");
    let listed = json(&key(&database, &["list", "--json"]));
    assert_eq!(listed[0]["prefix"], secret[..14]);
    assert_eq!(listed[0]["created_by"], "vertebra key");
    assert!(!listed.to_string().contains(&secret[15..]) && !list.out.contains(&secret[15..]));
}

#[test]
fn a_key_is_rotated_and_revoked_by_its_name_or_id() {
    let database = database();
    let create = [
        "create",
        "--name",
        "App",
        "--scope",
        "audit:read",
        "--expires",
        "90d",
        "--json",
    ];
    let first = json(&key(&database, &create));
    let id = first["api_key"]["id"].as_str().expect("it has an id");
    let second = json(&key(&database, &["rotate", id, "--overlap", "2h", "--json"]));
    assert_eq!(second["api_key"]["name"], "App");
    assert_ne!(second["secret"], first["secret"]);
    let third = key(&database, &["rotate", "App"]);
    assert!(third.is_success && third.out.starts_with("vtb_"), "{third:?}");
    assert!(
        third.err.contains("The old key") && third.err.contains("works until"),
        "{}",
        third.err
    );
    let again = key(&database, &["rotate", id]);
    assert_eq!(again.code, Some(1));
    assert!(
        again
            .err
            .starts_with("vertebra: the key has been revoked, has expired or has a successor"),
        "{again:?}"
    );
    let list = key(&database, &["list"]);
    assert_eq!(list.out.matches("valid, replaced").count(), 2, "{}", list.out);
    let revoked = key(&database, &["revoke", "App"]);
    assert_eq!(revoked.out.matches("Revoked the key \"App\"").count(), 3, "{revoked:?}");
    let left = key(&database, &["list"]);
    assert_eq!((left.out.as_str(), left.code), ("", Some(0)));
    assert!(left.err.contains("No key is in use"), "{}", left.err);
    let all = json(&key(&database, &["list", "--all", "--json"]));
    let all = all.as_array().expect("it is a list");
    assert!(
        all.len() == 3 && all.iter().all(|key| key["status"] == "revoked"),
        "{all:?}"
    );
}

#[test]
fn wrong_use_ends_with_2_and_what_cannot_be_done_with_1() {
    let database = database();
    let code = |arguments: &[&str]| {
        let outcome = key(&database, arguments);
        assert_eq!(outcome.out, "", "{outcome:?}");
        (outcome.code, outcome.err)
    };
    for wrong in [
        &[][..],
        &["create", "--name", "a"],
        &["create", "--scope", "keys"],
        &["create", "--name", "", "--scope", "keys"],
        &["create", "--name", "a", "--scope", "everything"],
        &["create", "--name", "a", "--scope", "keys", "--expires", "tomorrow"],
        &["create", "--name", "a", "--scope", "keys", "--expires", "2020-01-01"],
        &["rotate", "a", "--overlap", "31d"],
        &["rotate", "a", "--overlap", "-1h"],
        &["revoke"],
    ] {
        assert_eq!(code(wrong).0, Some(2), "{wrong:?}");
    }
    for verb in ["revoke", "rotate"] {
        for which in ["Nobody", "01a2097f-1116-77af-986c-a21b1d5b17f6"] {
            assert_eq!(
                code(&[verb, which]),
                (Some(1), "vertebra: there is no such key\n".to_owned())
            );
        }
    }
    let create = ["create", "--name", "App", "--scope", "keys"];
    assert!(key(&database, &create).is_success);
    let (taken, why) = code(&create);
    assert!(
        taken == Some(1) && why.contains("another key that is not revoked has this name"),
        "{why}"
    );
}

#[test]
fn help_says_what_each_scope_allows() {
    let help = Program::new().run(&["key", "create", "--help"]).out;
    // Long lines are wrapped.
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for scope in vertebra::access::Scope::ALL {
        assert!(
            help.contains(&format!("- {scope}:")) && help.contains(scope.help()),
            "{scope}: {help}"
        );
    }
    for command in ["create", "list", "revoke", "rotate"] {
        let help = Program::new().run(&["key", command, "--help"]);
        assert!(help.is_success && help.out.contains("--json"), "{command}: {help:?}");
    }
}

/// The address of the API of a serving program.
fn api(serving: &mut Serving) -> String {
    let line = serving.line("API ");
    let (_, rest) = line.split_once("http://").expect("there is an address");
    rest[..rest.find('/').expect("there is a path")].to_owned()
}

#[test]
fn keys_are_looked_after_beside_a_server_that_runs_its_own_postgresql() {
    // The second path is too long for a socket, so that its PostgreSQL listens on the loopback address.
    for folder in ["data".to_owned(), format!("data/{}", "d".repeat(90))] {
        let program = Program::new();
        let data = program.dir().join(folder);
        let data = data.to_str().expect("it is text").to_owned();
        let on_it = |program: Program| program.set("VERTEBRA_DATA_DIR", &data).set("VERTEBRA_DRAIN_MS", "1");
        let made_before = on_it(Program::new()).run(&["key", "create", "--name", "Before", "--scope", "audit:read"]);
        assert!(made_before.is_success, "{made_before:?}");
        let mut serving = on_it(program).start(&[]);
        let api = api(&mut serving);
        let made = on_it(Program::new()).run(&["key", "create", "--name", "App", "--scope", "audit:read"]);
        assert!(made.is_success, "{made:?}");
        let status = |secret: &str| {
            let header = format!("authorization: Bearer {}\r\n", secret.trim_end());
            get(&api, "/v1/admin/changes", &header).0
        };
        assert_eq!((status(&made_before.out), status(&made.out)), (200, 200));
        let revoked = on_it(Program::new()).run(&["key", "revoke", "App"]);
        assert!(revoked.is_success, "{revoked:?}");
        assert_eq!((status(&made_before.out), status(&made.out)), (200, 401));
        let (code, lines) = serving.end(Signal::SIGTERM);
        assert_eq!(code, Some(0), "{lines:#?}");
        assert!(!lines.iter().any(|line| line.contains("vtb_")), "{lines:#?}");
    }
}
