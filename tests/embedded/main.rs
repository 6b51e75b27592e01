//! The private PostgreSQL: whatever happened to the last run, the next one starts and has the data.

#![expect(clippy::expect_used, reason = "a test fails by panicking, and so do its helpers")]

mod download;
mod killed;
#[path = "../support/place.rs"]
mod place;
mod scratch;

use std::fs;
use std::path::PathBuf;

use vertebra::db::embedded::process::Process;
use vertebra::db::embedded::{EmbeddedError, EmbeddedPostgres, EmbeddedSettings};

use scratch::{Scratch, query, read_note, write_note};

#[test]
fn a_second_start_has_the_data_of_the_first() {
    let scratch = Scratch::new();
    let first = scratch.start();
    assert_eq!(first.data_dir(), scratch.0.canonicalize().expect("it exists"));
    assert_eq!(query(first.url(), "SELECT current_database()"), "vertebra");
    assert_eq!(query(first.url(), "SHOW fsync"), "on");
    assert_eq!(query(first.url(), "SELECT lower('ÄÉ')"), "äé");
    write_note(first.url());
    let server = Process::find(scratch.server_pid()).expect("the server runs");
    first.stop().expect("the server stops");
    assert!(!server.is_alive());

    let second = scratch.start();
    assert_eq!(read_note(second.url()), "kept");
    let server = Process::find(scratch.server_pid()).expect("the server runs");
    drop(second);
    assert!(!server.is_alive());
}

#[test]
fn only_the_owner_can_enter_the_directory() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new();
    let _server = scratch.start();
    for (path, mode) in [("", 0o700), ("password", 0o600), ("server.log", 0o600)] {
        let found = fs::metadata(scratch.0.join(path)).expect("it exists");
        assert_eq!(found.permissions().mode() & 0o777, mode, "{path}");
    }
}

#[test]
fn a_dropped_database_is_made_again() {
    let scratch = Scratch::new();
    let first = scratch.start();
    let other = first.url().strip_suffix("/vertebra").expect("its name");
    query(&format!("{other}/postgres"), "DROP DATABASE vertebra");
    drop(first);
    assert_eq!(query(scratch.start().url(), "SELECT 1"), "1");
}

#[test]
fn a_half_made_cluster_is_made_anew() {
    let scratch = Scratch::new();
    drop(scratch.start());
    fs::rename(scratch.0.join("data"), scratch.0.join("data.new")).expect("it can be renamed");
    fs::remove_file(scratch.0.join("data.new/PG_VERSION")).expect("it can be removed");
    let server = scratch.start();
    assert_eq!(query(server.url(), "SELECT lower('ÄÉ')"), "äé");
    assert!(!scratch.0.join("data.new").exists());
}

#[test]
fn a_path_too_long_for_a_socket_uses_a_port_and_a_password() {
    let scratch = Scratch::new();
    let mut settings = scratch.settings();
    drop(scratch.start());
    let long = scratch.0.with_extension("x".repeat(90));
    fs::rename(&scratch.0, &long).expect("it can be renamed");
    let long = Scratch(long);
    settings.data_dir = Some(long.0.clone());
    let server = EmbeddedPostgres::start(&settings).expect("the server starts");
    assert!(server.url().contains("@127.0.0.1:"));
    assert_eq!(query(server.url(), "SELECT 1"), "1");
    let config: tokio_postgres::Config = server.url().parse().expect("a URL");
    let password = String::from_utf8_lossy(config.get_password().expect("a password")).into_owned();
    let wrong: String = server.url().replace(&password, "wrong");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let answer = runtime.block_on(tokio_postgres::connect(&wrong, tokio_postgres::NoTls));
    let error = answer.err().expect("a wrong password is refused");
    let state = tokio_postgres::error::SqlState::INVALID_PASSWORD;
    assert_eq!(error.code(), Some(&state));
}

#[test]
fn files_of_something_else_are_not_touched() {
    let scratch = Scratch::new();
    fs::create_dir(&scratch.0).expect("it is new");
    fs::write(scratch.0.join("letter.txt"), "Dear").expect("it can be written");
    let error = EmbeddedPostgres::start(&scratch.settings()).expect_err("it is not empty");
    assert!(matches!(error, EmbeddedError::Occupied(_)), "{error}");
    assert_eq!(fs::read_dir(&scratch.0).expect("it is there").count(), 1);
}

#[test]
fn a_wrong_directory_of_programs_is_named() {
    let scratch = Scratch::new();
    let settings = EmbeddedSettings {
        bin_dir: Some(PathBuf::from("/nonexistent/bin")),
        ..scratch.settings()
    };
    let error = EmbeddedPostgres::start(&settings).expect_err("nothing is there");
    let text = error.to_string();
    assert!(text.starts_with("PG_BIN_DIR is /nonexistent/bin"), "{text}");
}

#[test]
fn data_of_a_version_that_is_not_installed_is_refused_with_advice() {
    let scratch = Scratch::new();
    drop(scratch.start());
    fs::write(scratch.0.join("data/PG_VERSION"), "99\n").expect("it can be written");
    let error = EmbeddedPostgres::start(&scratch.settings()).expect_err("99 is not there");
    let text = error.to_string();
    assert!(text.contains("version 99") && text.contains("postgresql-99"), "{text}");
    assert!(text.contains("bin ("), "the places are listed: {text}");
}
