//! A client's connection, seen from the other end of a plain socket: what the parser refuses is a
//! problem document, slow clients are let go, and ordinary traffic is left alone.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Mutex, Once, mpsc};
use std::time::{Duration, Instant};
use std::{io, thread};

use actix_server::{Server, ServerHandle};
use actix_web::dev::Service as _;
use actix_web::error::PayloadError;
use actix_web::{App, Error, HttpRequest, HttpResponse, error, web};
use vertebra::http::connection;
use vertebra::http::connection::Deadlines;
use vertebra::http::request_id;

/// Far more than any deadline here: only a test that fails takes so long.
const PATIENCE: Duration = Duration::from_secs(20);
/// What a client does that keeps sending, but slowly.
const TRICKLE: Duration = Duration::from_millis(20);
const SHORT: Duration = Duration::from_millis(200);
const LONG: Duration = Duration::from_secs(60);

const PATIENT: Deadlines = Deadlines {
    head: LONG,
    body: LONG,
    write: LONG,
    keep_alive: LONG,
};

/// An application's body that ends exactly like an answer of the dispatcher's own.
const LOOKALIKE: &str = "{}HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\
    date: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n";

struct TestServer {
    addr: SocketAddr,
    handle: ServerHandle,
}

impl Drop for TestServer {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

impl TestServer {
    fn start(deadlines: Deadlines) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let (tx, rx) = mpsc::channel();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async move {
                let server = Server::build().workers(1).disable_signals();
                let server = connection::listen(server, listener, deadlines, render, app)
                    .unwrap()
                    .run();
                tx.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        let handle = rx.recv().unwrap();
        Self { addr, handle }
    }

    fn connect(&self) -> Client {
        let stream = TcpStream::connect(self.addr).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Client {
            stream,
            read: Vec::new(),
        }
    }
}

fn render(status: u16, request_id: &str) -> String {
    serde_json::json!({ "status": status, "request_id": request_id }).to_string()
}

fn app() -> App<
    impl actix_web::dev::ServiceFactory<
        actix_web::dev::ServiceRequest,
        Config = (),
        Response = actix_web::dev::ServiceResponse,
        Error = Error,
        InitError = (),
    >,
> {
    async fn hello() -> HttpResponse {
        HttpResponse::Ok().insert_header(("x-request-id", "app")).body("hello")
    }
    async fn bare() -> HttpResponse {
        HttpResponse::BadRequest().finish()
    }
    async fn lookalike() -> HttpResponse {
        HttpResponse::Ok().body(LOOKALIKE)
    }
    async fn large() -> HttpResponse {
        HttpResponse::Ok().body(vec![b'x'; 64 << 20])
    }
    async fn slow() -> HttpResponse {
        tokio::time::sleep(3 * SHORT).await;
        HttpResponse::Ok().insert_header(("x-request-id", "app")).body("hello")
    }
    async fn medium() -> HttpResponse {
        HttpResponse::Ok().body(vec![b'x'; 30_000])
    }
    async fn echo(body: Result<web::Bytes, Error>) -> HttpResponse {
        match body {
            Ok(body) => HttpResponse::Ok().body(body),
            Err(err) => match err.as_error::<PayloadError>() {
                Some(err) if connection::is_body_timeout(err) => HttpResponse::RequestTimeout().body("slow"),
                _ => HttpResponse::BadRequest().body("bad body"),
            },
        }
    }
    async fn about(req: HttpRequest) -> HttpResponse {
        let peer = req.peer_addr().unwrap().ip();
        let config = req.app_config();
        let info = req.connection_info();
        HttpResponse::Ok().body(format!(
            "{peer} {} {} {} {}",
            config.local_addr(),
            config.host(),
            config.secure(),
            info.scheme(),
        ))
    }
    App::new()
        .wrap_fn(|req, app| {
            let failing = req.path() == "/failing";
            let answer = app.call(req);
            async move {
                if failing {
                    return Err(error::ErrorBadRequest(LOOKALIKE));
                }
                answer.await
            }
        })
        .app_data(web::PayloadConfig::new(64 << 20))
        .service(
            web::resource("/hello")
                .route(web::get().to(hello))
                .route(web::head().to(hello)),
        )
        .route("/bare", web::get().to(bare))
        .route("/lookalike", web::get().to(lookalike))
        .route("/large", web::get().to(large))
        .route("/medium", web::get().to(medium))
        .route("/slow", web::get().to(slow))
        .route("/echo", web::post().to(echo))
        .route("/about", web::get().to(about))
}

struct Client {
    stream: TcpStream,
    read: Vec<u8>,
}

struct Reply {
    status: u16,
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

impl Client {
    fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.stream.write_all(bytes.as_ref()).unwrap();
        self
    }

    /// Sends what the server may stop reading half way.
    fn send_unwanted(&mut self, bytes: &[u8]) -> &mut Self {
        let _ = self.stream.write_all(bytes);
        self
    }

    fn fill(&mut self) -> io::Result<usize> {
        let mut chunk = vec![0; 64 * 1024];
        let read = self.stream.read(&mut chunk)?;
        self.read.extend_from_slice(&chunk[..read]);
        Ok(read)
    }

    fn head(&mut self) -> Reply {
        let end = loop {
            if let Some(at) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break at;
            }
            assert_ne!(self.fill().unwrap(), 0, "closed within a head");
        };
        let head: Vec<u8> = self.read.drain(..end + 4).collect();
        let head = String::from_utf8(head).unwrap();
        let mut lines = head.trim_end().split("\r\n");
        let first = lines.next().unwrap();
        assert!(first.starts_with("HTTP/1."), "{first}");
        Reply {
            status: first[9..12].parse().unwrap(),
            headers: lines
                .map(|line| line.split_once(": ").unwrap())
                .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
                .collect(),
            body: Vec::new(),
        }
    }

    fn reply(&mut self) -> Reply {
        let mut reply = self.head();
        let length: usize = reply.headers["content-length"].parse().unwrap();
        while self.read.len() < length {
            assert_ne!(self.fill().unwrap(), 0, "closed within a body");
        }
        reply.body = self.read.drain(..length).collect();
        reply
    }

    /// Reads the end of file, with nothing before it.
    fn closed(&mut self) {
        assert_eq!(self.read, b"");
        assert_eq!(self.fill().unwrap(), 0);
    }

    /// Sends the same bytes over and over, slowly, until something comes back or the end.
    fn trickle(&mut self, bytes: &[u8]) {
        let started = Instant::now();
        self.stream.set_read_timeout(Some(TRICKLE)).unwrap();
        loop {
            assert!(started.elapsed() < PATIENCE, "never let go");
            let sent = self.stream.write_all(bytes);
            match self.fill() {
                Ok(_) => break,
                Err(err) if err.kind() == io::ErrorKind::WouldBlock => sent.unwrap(),
                Err(_) => break,
            }
        }
        self.stream.set_read_timeout(Some(PATIENCE)).unwrap();
    }
}

impl Reply {
    fn is_problem(&self, status: u16) {
        assert_eq!(self.status, status);
        let id = &self.headers["x-request-id"];
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(self.headers["cache-control"], "no-store");
        assert_eq!(self.headers["connection"], "close");
        assert_eq!(self.headers["x-content-type-options"], "nosniff");
        assert!(self.headers["date"].ends_with(" GMT"));
        let body: serde_json::Value = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(body, serde_json::json!({ "status": status, "request_id": id }));
        assert_eq!(uuid::Uuid::parse_str(id).unwrap().get_version_num(), 7, "{id}");
        let lines = LOG.lines.lock().unwrap();
        let lines: Vec<&String> = lines.iter().filter(|line| line.contains(id)).collect();
        assert_eq!(lines.len(), 1);
        assert!(!lines[0].contains("127.0.0.1"), "{lines:?}");
    }

    fn is_hello(&self) {
        assert_eq!(self.status, 200);
        assert_eq!(self.headers["x-request-id"], "app");
        assert_eq!(self.body, b"hello");
    }
}

/// Keeps the log lines of this module.
struct Log {
    lines: Mutex<Vec<String>>,
}

static LOG: Log = Log {
    lines: Mutex::new(Vec::new()),
};

impl log::Log for Log {
    fn enabled(&self, metadata: &log::Metadata) -> bool {
        metadata.target().starts_with("vertebra::http::connection") || metadata.level() == log::Level::Error
    }

    fn log(&self, record: &log::Record) {
        if self.enabled(record.metadata()) {
            let id = request_id::current().unwrap_or_default();
            let line = format!("{} {} {id}", record.target(), record.args());
            self.lines.lock().unwrap().push(line);
        }
    }

    fn flush(&self) {}
}

fn start(deadlines: Deadlines) -> TestServer {
    static LOGGING: Once = Once::new();
    LOGGING.call_once(|| {
        log::set_logger(&LOG).unwrap();
        log::set_max_level(log::LevelFilter::Info);
    });
    TestServer::start(deadlines)
}

const HELLO: &str = "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n";

/// A request is refused with this status, then the connection ends.
fn refused(request: impl AsRef<[u8]>, status: u16) {
    let server = start(PATIENT);
    let mut client = server.connect();
    client.send_unwanted(request.as_ref());
    client.reply().is_problem(status);
    client.closed();
    let lines = LOG.lines.lock().unwrap();
    let noise = lines.iter().find(|line| line.starts_with("actix"));
    assert_eq!(noise, None);
}

#[test]
fn a_query_of_100_kb_is_too_long() {
    let query = "a".repeat(100_000);
    refused(format!("GET /hello?{query} HTTP/1.1\r\nhost: a\r\n\r\n"), 414);
}

#[test]
fn a_query_of_200_kb_is_too_long_before_it_has_all_come() {
    let query = "a".repeat(200_000);
    refused(format!("GET /hello?{query} HTTP/1.1\r\nhost: a\r\n\r\n"), 414);
}

#[test]
fn a_query_of_60_kb_is_served() {
    let server = start(PATIENT);
    let query = "a".repeat(60_000);
    server
        .connect()
        .send(format!("GET /hello?{query} HTTP/1.1\r\nhost: a\r\n\r\n"))
        .reply()
        .is_hello();
}

#[test]
fn a_head_of_200_kb_is_too_large() {
    let value = "a".repeat(200_000);
    refused(format!("GET /hello HTTP/1.1\r\nhost: a\r\nx: {value}\r\n\r\n"), 431);
}

#[test]
fn a_hundred_headers_are_too_many() {
    let headers: String = (0..100).map(|i| format!("x-{i}: 1\r\n")).collect();
    refused(format!("GET /hello HTTP/1.1\r\nhost: a\r\n{headers}\r\n"), 431);
}

#[test]
fn a_malformed_request_line_is_refused() {
    refused("GET\r\n\r\n", 400);
    refused("nonsense\r\n\r\n", 400);
    refused("GET /hello HTTP/9.9\r\nhost: a\r\n\r\n", 400);
    refused(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400);
    refused("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400);
}

#[test]
fn a_nul_in_the_path_is_refused() {
    refused("GET /he\0llo HTTP/1.1\r\nhost: a\r\n\r\n", 400);
}

#[test]
fn bad_headers_are_refused() {
    for header in ["bad header: 1", "x: a\0b", "x : 1", "x: 1\r\n folded", "host: b", ": 1"] {
        refused(format!("GET /hello HTTP/1.1\r\nhost: a\r\n{header}\r\n\r\n"), 400);
    }
    refused("GET /hello HTTP/1.1\r\n\r\n", 400);
}

#[test]
fn doubtful_lengths_are_refused() {
    for headers in [
        "content-length: 1\r\ntransfer-encoding: chunked",
        "transfer-encoding: chunked\r\ncontent-length: 1",
        "content-length: 1\r\ncontent-length: 1",
        "content-length: 1, 1",
        "content-length: +1",
        "content-length: -1",
        "content-length: 0x1",
        "content-length: 99999999999999999999",
        "content-length:",
        "transfer-encoding: chunked\r\ntransfer-encoding: chunked",
        "transfer-encoding: gzip, chunked",
        "transfer-encoding: chunked, identity",
        "transfer-encoding: xchunked",
        "transfer-encoding: identity",
        "transfer-encoding: identity\r\ncontent-length: 1",
        "transfer-encoding:\x0bchunked",
    ] {
        refused(
            format!("POST /echo HTTP/1.1\r\nhost: a\r\n{headers}\r\n\r\n1\r\na\r\n0\r\n\r\n"),
            400,
        );
    }
    refused(
        "POST /echo HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    );
}

#[test]
fn a_malformed_head_request_gets_no_body() {
    let server = start(PATIENT);
    let mut client = server.connect();
    let reply = client.send("HEAD /hello HTTP/1.1\r\n\r\n").head();
    assert_eq!(reply.status, 400);
    assert_ne!(reply.headers["content-length"], "0");
    client.closed();
}

#[test]
fn two_good_requests_and_a_bad_one_in_one_packet() {
    let server = start(PATIENT);
    let mut client = server.connect();
    client.send(format!("{HELLO}{HELLO}GET\0 / HTTP/1.1\r\n\r\n"));
    client.reply().is_hello();
    client.reply().is_hello();
    client.reply().is_problem(400);
    client.closed();
}

#[test]
fn a_bad_request_after_a_response_that_fills_the_socket() {
    let server = start(PATIENT);
    let mut client = server.connect();
    client.send("GET /large HTTP/1.1\r\nhost: a\r\n\r\nGET\0\r\n\r\n");
    let large = client.reply();
    assert_eq!(large.status, 200);
    assert!(large.body.len() == 64 << 20 && large.body.iter().all(|&byte| byte == b'x'));
    client.reply().is_problem(400);
    client.closed();
}

#[test]
fn answers_of_the_application_are_never_changed() {
    let server = start(PATIENT);
    let mut client = server.connect();
    for _ in 0..2 {
        let reply = client.send("GET /lookalike HTTP/1.1\r\nhost: a\r\n\r\n").reply();
        assert_eq!(reply.body, LOOKALIKE.as_bytes());
        let reply = client.send("GET /failing HTTP/1.1\r\nhost: a\r\n\r\n").reply();
        assert_eq!(reply.body, LOOKALIKE.as_bytes());
        let reply = client.send("GET /bare HTTP/1.1\r\nhost: a\r\n\r\n").reply();
        assert_eq!(reply.status, 400);
        assert_eq!(reply.body, b"");
    }
    client.send("GET\r\n\r\n").reply().is_problem(400);
    client.closed();
}

#[test]
fn a_trickled_first_head_times_out() {
    let server = start(Deadlines { head: SHORT, ..PATIENT });
    let mut client = server.connect();
    client.send("GET /hello HTTP/1.1\r\nx: ").trickle(b"a");
    client.reply().is_problem(408);
    client.closed();
}

#[test]
fn a_trickled_second_head_times_out() {
    let server = start(Deadlines { head: SHORT, ..PATIENT });
    let mut client = server.connect();
    client.send(HELLO).reply().is_hello();
    client.send("GET /hello HTTP/1.1\r\nx: ").trickle(b"a");
    client.reply().is_problem(408);
    client.closed();
}

#[test]
fn a_half_head_in_the_packet_of_a_good_request_times_out() {
    let server = start(Deadlines { head: SHORT, ..PATIENT });
    let mut client = server.connect();
    client.send(format!("{HELLO}GET /hel")).reply().is_hello();
    client.trickle(b"a");
    client.reply().is_problem(408);
    client.closed();
}

#[test]
fn a_head_that_stops_times_out() {
    let server = start(Deadlines { head: SHORT, ..PATIENT });
    let mut client = server.connect();
    client.send("GET /hello HTTP/1.1\r\n").reply().is_problem(408);
    client.closed();
}

#[test]
fn a_connection_without_a_request_is_closed_silently() {
    let server = start(Deadlines { head: SHORT, ..PATIENT });
    server.connect().closed();
}

#[test]
fn an_idle_connection_is_closed_silently() {
    let server = start(Deadlines {
        keep_alive: SHORT,
        ..PATIENT
    });
    let mut client = server.connect();
    client.send(HELLO).reply().is_hello();
    client.closed();
    let mut client = server.connect();
    client.send(format!("{HELLO}GET /hel")).reply().is_hello();
    client.closed();
}

#[test]
fn without_keep_alive_each_response_closes() {
    let server = start(Deadlines {
        keep_alive: Duration::ZERO,
        ..PATIENT
    });
    let mut client = server.connect();
    let reply = client.send(HELLO).reply();
    reply.is_hello();
    assert_eq!(reply.headers["connection"], "close");
    client.closed();
}

#[test]
fn a_client_that_does_not_read_is_dropped() {
    let server = start(Deadlines {
        // No other test drops a client after this time.
        write: Duration::from_millis(321),
        ..PATIENT
    });
    let mut client = server.connect();
    client.send("GET /large HTTP/1.1\r\nhost: a\r\n\r\n");
    let started = Instant::now();
    while !LOG
        .lines
        .lock()
        .unwrap()
        .iter()
        .any(|line| line.contains("Dropped a client that read nothing of its response for 321 ms"))
    {
        assert!(started.elapsed() < PATIENCE, "never dropped");
        thread::yield_now();
    }
    // What the kernel still held is not sent after all.
    let end = loop {
        match client.fill() {
            Ok(0) => break None,
            Ok(_) => {}
            Err(err) => break Some(err.kind()),
        }
    };
    assert_eq!(end, Some(io::ErrorKind::ConnectionReset));
}

#[test]
fn a_client_that_reads_slowly_but_steadily_gets_it_all() {
    let server = start(Deadlines {
        head: SHORT,
        keep_alive: SHORT,
        write: 2 * SHORT,
        ..PATIENT
    });
    let mut client = server.connect();
    client.send("GET /large HTTP/1.1\r\nhost: a\r\n\r\n");
    let length = 64 << 20;
    assert_eq!(client.head().status, 200);
    let mut read = client.read.len();
    let mut chunk = vec![0; 1 << 20];
    while read < length {
        thread::sleep(TRICKLE);
        let want = chunk.len().min(length - read);
        client.stream.read_exact(&mut chunk[..want]).unwrap();
        read += want;
    }
}

#[test]
fn responses_that_wait_for_the_client_outlast_the_other_deadlines() {
    let server = start(Deadlines {
        head: SHORT,
        body: SHORT,
        write: LONG,
        keep_alive: SHORT,
    });
    let mut client = server.connect();
    client
        .send("GET /medium HTTP/1.1\r\nhost: a\r\n\r\n".repeat(1000))
        .send("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n");
    thread::sleep(5 * SHORT);
    for _ in 0..1000 {
        assert_eq!(client.reply().body.len(), 30_000);
    }
    assert_eq!(client.reply().body, b"slow");
    client.closed();
}

#[test]
fn a_slow_handler_is_not_the_clients_fault() {
    let server = start(Deadlines {
        head: SHORT,
        body: SHORT,
        write: SHORT,
        keep_alive: SHORT,
    });
    let mut client = server.connect();
    client.send("GET /slow HTTP/1.1\r\nhost: a\r\n\r\nGET /hel");
    client.send("lo HTTP/1.1\r\n");
    client.reply().is_hello();
    client.send("host: a\r\n\r\n").reply().is_hello();
    client.closed();
}

#[test]
fn what_a_refused_client_still_sends_is_taken_for_a_while() {
    let server = start(PATIENT);
    let mut client = server.connect();
    client.send("GET\r\n\r\n").reply().is_problem(400);
    client.closed();
    for _ in 0..4 {
        client.send([b'a'; 64 * 1024]);
    }
}

#[test]
fn a_trickled_body_is_answered_408_by_the_application() {
    let server = start(Deadlines { body: SHORT, ..PATIENT });
    for length in ["content-length: 100000", "transfer-encoding: chunked"] {
        let mut client = server.connect();
        client
            .send(format!("POST /echo HTTP/1.1\r\nhost: a\r\n{length}\r\n\r\n"))
            .trickle(b"1\r\na\r\n");
        let reply = client.reply();
        assert_eq!((reply.status, &*reply.body), (408, &b"slow"[..]));
        client.closed();
    }
}

#[test]
fn a_body_that_nobody_reads_does_not_hold_the_connection() {
    let server = start(Deadlines { head: SHORT, ..PATIENT });
    for length in ["content-length: 100000", "transfer-encoding: chunked"] {
        let mut client = server.connect();
        client.send(format!("GET /hello HTTP/1.1\r\nhost: a\r\n{length}\r\n\r\n"));
        client.reply().is_hello();
        client.trickle(b"1\r\na\r\n");
        assert_eq!(client.read, b"");
    }
}

#[test]
fn a_malformed_chunk_is_answered_once() {
    let server = start(PATIENT);
    let mut client = server.connect();
    client.send("POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n");
    let reply = client.reply();
    assert_eq!((reply.status, &*reply.body), (400, &b"bad body"[..]));
    client.closed();
}

#[test]
fn large_bodies_pass_unchanged_on_one_connection() {
    let server = start(Deadlines {
        write: PATIENCE,
        ..PATIENT
    });
    let mut client = server.connect();
    let body: Vec<u8> = (0u32..10 << 20).map(|i| (i * 31 + (i >> 8)) as u8).collect();
    for _ in 0..3 {
        client
            .send(format!(
                "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n",
                body.len()
            ))
            .send(&body);
        let reply = client.reply();
        assert_eq!(reply.status, 200);
        assert!(reply.body == body);
        client.send(HELLO).reply().is_hello();
    }
}

#[test]
fn a_thousand_requests_at_once_are_all_answered() {
    let server = start(PATIENT);
    let mut client = server.connect();
    client.send(HELLO.repeat(1000));
    for _ in 0..1000 {
        client.reply().is_hello();
    }
}

#[test]
fn more_answers_than_the_socket_holds_all_arrive() {
    let server = start(PATIENT);
    let mut client = server.connect();
    client.send("GET /medium HTTP/1.1\r\nhost: a\r\n\r\n".repeat(400));
    for _ in 0..400 {
        assert_eq!(client.reply().body.len(), 30_000);
    }
}

#[test]
fn short_deadlines_do_not_touch_a_quick_client() {
    let server = start(Deadlines {
        head: SHORT,
        body: SHORT,
        write: SHORT,
        keep_alive: LONG,
    });
    let mut client = server.connect();
    let started = Instant::now();
    while started.elapsed() < 3 * SHORT {
        client.send(HELLO).reply().is_hello();
    }
    // Idle for longer than a head may take.
    client.stream.set_read_timeout(Some(2 * SHORT)).unwrap();
    assert_eq!(client.fill().unwrap_err().kind(), io::ErrorKind::WouldBlock);
    client.send(HELLO).reply().is_hello();
}

#[test]
fn http_1_0_closes_after_its_response() {
    let server = start(PATIENT);
    let mut client = server.connect();
    client.send("GET /hello HTTP/1.0\r\n\r\n").reply().is_hello();
    client.closed();
    let mut client = server.connect();
    let kept = "GET /hello HTTP/1.0\r\nconnection: keep-alive\r\n\r\n";
    client.send(kept).reply().is_hello();
    client.send(kept).reply().is_hello();
    client.send("GET /\0 HTTP/1.0\r\n\r\n").reply().is_problem(400);
    client.closed();
}

#[test]
fn head_has_no_body() {
    let server = start(PATIENT);
    let mut client = server.connect();
    let reply = client.send("HEAD /hello HTTP/1.1\r\nhost: a\r\n\r\n").head();
    assert_eq!(reply.status, 200);
    assert_eq!(reply.headers["content-length"], "5");
    client.send(HELLO).reply().is_hello();
    client.send("GET\r\n\r\n").reply().is_problem(400);
    client.closed();
}

#[test]
fn a_client_may_close_its_side_before_the_response() {
    let server = start(PATIENT);
    let mut client = server.connect();
    client.send(HELLO);
    client.stream.shutdown(Shutdown::Write).unwrap();
    client.reply().is_hello();
    client.closed();
}

#[test]
fn expect_continue_is_answered() {
    let server = start(PATIENT);
    let mut client = server.connect();
    client.send("POST /echo HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n");
    assert_eq!(client.head().status, 100);
    assert_eq!(client.send("ab").reply().body, b"ab");
}

#[test]
fn the_application_sees_the_addresses() {
    let server = start(PATIENT);
    let reply = server.connect().send("GET /about HTTP/1.0\r\n\r\n").reply();
    let addr = server.addr;
    assert_eq!(
        String::from_utf8(reply.body).unwrap(),
        format!("127.0.0.1 {addr} {addr} false http")
    );
}

#[test]
fn a_graceful_stop_closes_idle_connections() {
    let server = start(PATIENT);
    let mut client = server.connect();
    client.send(HELLO).reply().is_hello();
    drop(server.handle.stop(true));
    client.closed();
}
