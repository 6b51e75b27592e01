//! Whatever was killed, the next start works; what was not killed keeps the place to itself.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use vertebra::db::embedded::account::Account;
use vertebra::db::embedded::binaries::Search;
use vertebra::db::embedded::process::Process;
use vertebra::db::embedded::{EmbeddedError, EmbeddedPostgres, EmbeddedSettings};

use crate::scratch::{Scratch, query, read_note, write_note};

fn send(pid: i32, signal: Signal) {
    kill(Pid::from_raw(pid), signal).expect("the process is there");
}

fn wait_for_end(process: &Process) {
    let start = Instant::now();
    while process.is_alive() {
        assert!(start.elapsed() < Duration::from_secs(20), "{process:?} still runs");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_killed_server_is_replaced() {
    let scratch = Scratch::new();
    let first = scratch.start();
    write_note(first.url());
    send(scratch.server_pid(), Signal::SIGKILL);
    drop(first);
    assert_eq!(read_note(scratch.start().url()), "kept");
}

#[test]
fn a_server_that_ended_is_started_again_where_it_was() {
    let scratch = Scratch::new();
    let mut server = scratch.start();
    let url = server.url().to_owned();
    write_note(&url);
    assert!(!server.revive().expect("it runs"), "it runs still");
    let postmaster = Process::find(scratch.server_pid()).expect("it runs");
    send(postmaster.pid, Signal::SIGKILL);
    wait_for_end(&postmaster);
    assert!(server.revive().expect("it starts"), "it had ended");
    assert_eq!((server.url(), read_note(&url).as_str()), (url.as_str(), "kept"));
}

#[test]
fn a_zombie_and_a_stranger_are_not_taken_for_the_server() {
    let scratch = Scratch::new();
    let first = scratch.start();
    write_note(first.url());
    send(scratch.server_pid(), Signal::SIGKILL);
    drop(first);
    let pid_file = scratch.0.join("data/postmaster.pid");
    let text = fs::read_to_string(&pid_file).expect("a killed server leaves its file");
    let (_, rest) = text.split_once('\n').expect("many lines");

    // PostgreSQL itself sees through processes of other accounts than its own.
    let account = Account::choose(&scratch.0).expect("an account");
    let run = |program: &str, argument: &str| {
        let mut command = account.command(program, Signal::SIGKILL);
        command.arg(argument).spawn().expect("it runs")
    };
    let mut stranger = run("sleep", "100");
    let mut zombie = run("true", "");
    wait_for_end(&Process {
        pid: zombie.id() as i32,
        started: Process::find(zombie.id() as i32).map_or_else(String::new, |found| found.started),
        command: String::new(),
    });
    let beside = Scratch::new();
    let other = beside.start();
    let neighbour = beside.server_pid().cast_unsigned();
    for pid in [stranger.id(), zombie.id(), neighbour] {
        fs::write(&pid_file, format!("{pid}\n{rest}")).expect("the file can be written");
        fs::write(scratch.0.join(".s.PGSQL.5432.lock"), format!("{pid}\n")).expect("so can this");
        let server = scratch.start();
        assert_eq!(read_note(server.url()), "kept");
    }
    assert_eq!(query(other.url(), "SELECT 1"), "1");
    assert!(matches!(stranger.try_wait(), Ok(None)), "a stranger was ended");
    stranger.kill().expect("it is ours");
    stranger.wait().expect("it is ours");
    zombie.wait().expect("it is ours");
}

/// Another process that holds the server, and ends when this one does.
struct Holder {
    child: Child,
    _stdin: ChildStdin,
}

const HOLD: &str = "VERTEBRA_TEST_HOLD";

impl Holder {
    fn start(scratch: &Scratch) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "killed::hold_a_server", "--ignored", "--nocapture"])
            .env(HOLD, &scratch.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program runs");
        let stdin = child.stdin.take().expect("a pipe");
        let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut lines = stdout.lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains("holding")), "it did not start");
        Self { child, _stdin: stdin }
    }

    fn kill(mut self) {
        self.child.kill().expect("it is ours");
        self.child.wait().expect("it is ours");
    }
}

#[test]
#[ignore = "the process that other tests start and kill"]
fn hold_a_server() {
    let Some(dir) = std::env::var_os(HOLD) else {
        return;
    };
    let settings = EmbeddedSettings {
        data_dir: Some(PathBuf::from(dir)),
        ..EmbeddedSettings::default()
    };
    let server = EmbeddedPostgres::start(&settings).expect("the server starts");
    write_note(server.url());
    writeln!(std::io::stdout(), "\nholding").expect("someone listens");
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}

#[test]
fn a_killed_holder_leaves_no_obstacle() {
    let scratch = Scratch::new();
    let holder = Holder::start(&scratch);
    let server = Process::find(scratch.server_pid()).expect("the server runs");
    holder.kill();
    // At once: the old server may still be ending.
    let next = scratch.start();
    assert_eq!(read_note(next.url()), "kept");
    assert!(!server.is_alive());
}

#[test]
#[cfg(target_os = "linux")]
fn the_server_ends_with_its_killed_holder() {
    let scratch = Scratch::new();
    let holder = Holder::start(&scratch);
    let server = Process::find(scratch.server_pid()).expect("the server runs");
    holder.kill();
    wait_for_end(&server);
    let log = fs::read_to_string(scratch.0.join("server.log")).expect("a log");
    assert!(log.contains("database system is shut down"), "{log}");
}

#[test]
fn holder_and_server_killed_together_leave_no_obstacle() {
    let scratch = Scratch::new();
    let holder = Holder::start(&scratch);
    send(scratch.server_pid(), Signal::SIGKILL);
    holder.kill();
    assert_eq!(read_note(scratch.start().url()), "kept");
}

#[test]
fn an_orphaned_server_is_stopped_before_the_next_starts() {
    let scratch = Scratch::new();
    let first = scratch.start();
    write_note(first.url());
    first.stop().expect("the server stops");
    // As a server does that nobody told of its parent's death.
    let account = Account::choose(&scratch.0).expect("an account");
    let binaries = Search::of_machine(&scratch.settings())
        .find(None, &account)
        .expect("a server");
    let mut orphan = account
        .command(binaries.program("postgres"), Signal::SIGKILL)
        .arg("-D")
        .arg(scratch.0.join("data"))
        .args(["-c", "listen_addresses=", "-c"])
        .arg(format!("unix_socket_directories={}", scratch.0.display()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    let pid_file = scratch.0.join("data/postmaster.pid");
    let start = Instant::now();
    while !fs::read_to_string(&pid_file).is_ok_and(|text| text.contains("ready")) {
        assert!(start.elapsed() < Duration::from_secs(20), "the orphan does not start");
        std::thread::sleep(Duration::from_millis(5));
    }
    let next = scratch.start();
    assert_eq!(read_note(next.url()), "kept");
    assert_ne!(scratch.server_pid(), orphan.id() as i32);
    assert!(orphan.wait().expect("it is ours").success());
}

#[test]
fn a_held_directory_is_refused_with_advice() {
    let scratch = Scratch::new();
    let holder = Holder::start(&scratch);
    let error = EmbeddedPostgres::start(&scratch.settings()).expect_err("it is held");
    let text = error.to_string();
    assert!(matches!(error, EmbeddedError::Held { .. }), "{text}");
    assert!(text.contains(&format!("process {}", holder.child.id())), "{text}");
    assert!(
        text.contains("VERTEBRA_DATA_DIR") && text.contains("DATABASE_URL"),
        "{text}"
    );
    holder.kill();
}
