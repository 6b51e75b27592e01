//! Writes while the server is killed again and again: none is lost, none is done twice.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

use nix::sys::signal::{Signal, kill};
use serde_json::{Value, json};
use tokio_postgres::NoTls;

use crate::{
    database::TestDatabase,
    program::{Program, Serving},
    serve::{address, database},
};

/// How many topics are made.
const WRITES: u32 = 400;

/// A server is killed in the course of about every twentieth of them.
const KILLED: u32 = 20;

/// Numbers without a pattern, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(most)).expect("it is smaller")
    }
}

fn serve_on(database: &TestDatabase) -> (Serving, String) {
    let mut serving = Program::new().set("DATABASE_URL", database.url()).start(&[]);
    let address = address(&mut serving, "API");
    (serving, address)
}

/// Makes a topic; an error where the server went away before its answer was here.
fn write(address: &str, secret: &str, number: u32) -> io::Result<Value> {
    let body = json!({"texts": {"en-GB": {"name": format!("Topic {number}")}}}).to_string();
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    write!(
        stream,
        "POST /v1/admin/topics HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: Bearer {secret}\r\n\
         idempotency-key: write-number-{number:06}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    let document = serde_json::from_str(body).map_err(|_| io::ErrorKind::UnexpectedEof)?;
    assert!(head.starts_with("HTTP/1.1 201"), "{answer}");
    Ok(document)
}

/// Kills a server some microseconds from now.
fn kill_soon(serving: &Serving, wait: Duration) -> thread::JoinHandle<()> {
    let pid = serving.pid();
    thread::spawn(move || {
        thread::sleep(wait);
        kill(pid, Signal::SIGKILL).expect("it runs");
    })
}

async fn rows(database: &TestDatabase, sql: &str) -> Vec<String> {
    let (client, connection) = tokio_postgres::connect(database.url(), NoTls)
        .await
        .expect("the database answers");
    tokio::spawn(connection);
    let rows = client.query(sql, &[]).await.expect("the question is sound");
    rows.iter().map(|row| row.get(0)).collect()
}

#[test]
fn a_write_that_was_repeated_after_a_kill_is_there_once() {
    let database = database();
    let key = [
        "key",
        "create",
        "--name",
        "Writer",
        "--scope",
        "content:write",
        "--json",
    ];
    let made = Program::new().set("DATABASE_URL", database.url()).run(&["migrate"]);
    assert!(made.is_success, "{made:?}");
    let made = Program::new().set("DATABASE_URL", database.url()).run(&key);
    let made: Value = serde_json::from_str(&made.out).unwrap_or_else(|_| panic!("{made:?}"));
    let secret = made["secret"].as_str().expect("it is shown once");

    let mut numbers = Numbers(1);
    let (mut serving, mut address) = serve_on(&database);
    let mut ids = Vec::new();
    let mut kills = 0;
    for number in 0..WRITES {
        let is_killed = numbers.below(KILLED) == 0;
        let killer = is_killed.then(|| kill_soon(&serving, Duration::from_micros(numbers.below(12_000).into())));
        let mut answer = write(&address, secret, number);
        if let Some(killer) = killer {
            killer.join().expect("it kills");
            kills += 1;
            drop(serving);
            (serving, address) = serve_on(&database);
            // Again in any case: where the answer had come, the same one comes once more.
            let first = answer.ok();
            answer = write(&address, secret, number);
            if let (Some(first), Ok(again)) = (&first, &answer) {
                assert_eq!(first, again);
            }
        }
        let document = answer.expect("a server that is not killed answers");
        ids.push(document["id"].as_str().expect("it has an id").to_owned());
    }
    assert!(kills > 5, "{kills}");

    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    let stored = runtime.block_on(rows(&database, "select id::text from documents order by id"));
    ids.sort();
    assert_eq!(stored, ids);
    let logged = "select entity_id::text from changes where entity_type = 'topic' order by entity_id";
    assert_eq!(runtime.block_on(rows(&database, logged)), ids);
    let gaps =
        "select seq::text from (select seq, row_number() over (order by seq) as n from changes) c where seq <> n";
    assert_eq!(runtime.block_on(rows(&database, gaps)), Vec::<String>::new());
}
