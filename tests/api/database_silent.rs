//! A database that takes connections and says nothing, and connections that are lost without a word.

use std::{
    io::Read,
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use crate::support::{app::TestApp, database::create_database, poll, proxy::Proxy, refusal};

const PATH: &str = "/v1/services";

/// The connections that something has made to a listener which never answers.
fn silent_server() -> (String, Arc<Mutex<Vec<TcpStream>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("it is bound");
    let taken = Arc::<Mutex<Vec<TcpStream>>>::default();
    let connections = Arc::clone(&taken);
    thread::spawn(move || {
        for connection in listener.incoming().map_while(Result::ok) {
            connection
                .set_nonblocking(true)
                .expect("it can be asked without waiting");
            connections
                .lock()
                .expect("nobody panics while holding it")
                .push(connection);
        }
    });
    (format!("postgres://clinic@{address}/clinic?sslmode=disable"), taken)
}

/// Whether the other side has not closed; what it has sent is passed over.
fn is_open(mut connection: &TcpStream) -> bool {
    let mut chunk = [0; 1024];
    loop {
        match connection.read(&mut chunk) {
            Ok(0) => return false,
            Ok(_) => {}
            Err(error) => return error.kind() == std::io::ErrorKind::WouldBlock,
        }
    }
}

#[test]
fn attempts_that_nobody_waits_for_are_given_up() {
    let (url, taken) = silent_server();
    let app = TestApp::builder()
        .set("VERTEBRA_DATABASE_TIMEOUT_MS", "100")
        .on(&url)
        .start();
    for _ in 0..20 {
        let answer = app.get(PATH);
        refusal::check(&answer, Some(PATH), (503, "database_unavailable"), &[]);
    }
    assert!(taken.lock().expect("nobody panics while holding it").len() > 10);
    poll::until("at most the follower of the change log tries", || {
        let taken = taken.lock().expect("nobody panics while holding it");
        taken.iter().filter(|connection| is_open(connection)).count() <= 1
    });
}

#[test]
fn lost_connections_are_replaced() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    let database = runtime.block_on(create_database());
    let proxy = Proxy::to(database.url());
    let app = TestApp::builder()
        .set("VERTEBRA_DATABASE_TIMEOUT_MS", "500")
        .on(proxy.url())
        .start();
    app.wait_for_head();
    assert_eq!(app.get(PATH).status, 200);
    proxy.fall_silent();
    app.sql("update change_head set seq = seq + 1");
    // Without this the instance would go on giving what it has kept, however old.
    app.wait_for_head();
    poll::until("requests are answered", || app.get(PATH).status == 200);
}
