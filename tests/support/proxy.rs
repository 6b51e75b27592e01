//! A way to the database that can be cut, or fall silent as a network does that loses a host.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use tokio_postgres::config::{Config, Host};

/// What whoever follows the change log sends first.
const LISTEN: &[u8] = b"listen changes";

/// A listener that passes bytes on between its clients and a database.
pub(crate) struct Proxy {
    url: String,
    ways: Arc<Mutex<Ways>>,
}

/// Which connections a fault is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Those that listen for changes.
    Listeners,
    /// All of them.
    All,
}

/// What is wrong with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is closed.
    Cut,
    /// It loses every byte, and nothing is closed.
    Silent,
}

/// The connections that there are, and what is wrong with the way at present.
#[derive(Default)]
struct Ways {
    connections: Vec<Arc<Passage>>,
    fault: Option<(Part, Fault)>,
}

/// A connection through the proxy.
struct Passage {
    client: Stream,
    server: Stream,
    listens: AtomicBool,
    /// For good, as what comes after lost bytes makes no sense.
    is_silent: AtomicBool,
}

enum Target {
    Socket(PathBuf),
    Address(String),
}

enum Stream {
    Unix(UnixStream),
    Tcp(TcpStream),
}

impl Target {
    fn open(&self) -> io::Result<Stream> {
        match self {
            Self::Socket(path) => UnixStream::connect(path).map(Stream::Unix),
            Self::Address(address) => TcpStream::connect(address).map(Stream::Tcp),
        }
    }
}

impl Stream {
    fn again(&self) -> Self {
        match self {
            Self::Unix(stream) => Self::Unix(stream.try_clone().expect("a second handle")),
            Self::Tcp(stream) => Self::Tcp(stream.try_clone().expect("a second handle")),
        }
    }

    fn read(&mut self, chunk: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Unix(stream) => stream.read(chunk),
            Self::Tcp(stream) => stream.read(chunk),
        }
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Unix(stream) => stream.write_all(bytes),
            Self::Tcp(stream) => stream.write_all(bytes),
        }
    }

    fn end(&self) {
        let _ = match self {
            Self::Unix(stream) => stream.shutdown(Shutdown::Both),
            Self::Tcp(stream) => stream.shutdown(Shutdown::Both),
        };
    }
}

impl Proxy {
    /// A way to the database at an address.
    pub(crate) fn to(url: &str) -> Self {
        let config: Config = url.parse().expect("it is an address");
        let port = config.get_ports().first().copied().unwrap_or(5432);
        let target = match &config.get_hosts()[0] {
            Host::Unix(dir) => Target::Socket(dir.join(format!(".s.PGSQL.{port}"))),
            Host::Tcp(host) => Target::Address(format!("{host}:{port}")),
        };
        let password = config.get_password().map(String::from_utf8_lossy);
        let password = password.map_or_else(String::new, |password| format!(":{password}"));
        let (user, name) = (config.get_user(), config.get_dbname());
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let (user, name) = (user.expect("there is a user"), name.expect("there is a database"));
        let ways = Arc::<Mutex<Ways>>::default();
        let new = Arc::clone(&ways);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                connect(client, &target, &new);
            }
        });
        Self {
            url: format!("postgres://{user}{password}@{address}/{name}?sslmode=disable"),
            ways,
        }
    }

    /// The address of the database by this way.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Loses every byte of the connections that there are, without closing one; new ones work.
    pub(crate) fn fall_silent(&self) {
        self.fail(Part::All, Fault::Silent);
        self.mend();
    }

    /// Does this to connections, new ones too, until it is mended.
    pub(crate) fn fail(&self, part: Part, fault: Fault) {
        let mut ways = lock(&self.ways);
        ways.fault = Some((part, fault));
        for passage in &ways.connections {
            passage.suffer(ways.fault);
        }
    }

    /// Lets new connections work.
    pub(crate) fn mend(&self) {
        lock(&self.ways).fault = None;
    }
}

fn lock(ways: &Mutex<Ways>) -> MutexGuard<'_, Ways> {
    ways.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Passage {
    /// Takes the harm that it has its part in.
    fn suffer(&self, fault: Option<(Part, Fault)>) {
        match fault {
            Some((Part::Listeners, _)) if !self.listens.load(Ordering::Acquire) => {}
            Some((_, Fault::Silent)) => self.is_silent.store(true, Ordering::Release),
            Some((_, Fault::Cut)) => self.end(),
            None => {}
        }
    }

    fn end(&self) {
        self.client.end();
        self.server.end();
    }
}

/// Passes bytes on both ways.
fn connect(client: TcpStream, target: &Target, ways: &Arc<Mutex<Ways>>) {
    let Ok(server) = target.open() else { return };
    let client = Stream::Tcp(client);
    let (from_client, from_server) = (client.again(), server.again());
    let passage = Arc::new(Passage {
        client,
        server,
        listens: AtomicBool::new(false),
        is_silent: AtomicBool::new(false),
    });
    let mut known = lock(ways);
    known.connections.push(Arc::clone(&passage));
    passage.suffer(known.fault);
    drop(known);
    let (to_server, to_client) = (passage.server.again(), passage.client.again());
    pass(from_client, to_server, passage.clone(), ways.clone());
    pass(from_server, to_client, passage, ways.clone());
}

/// Passes bytes on one way, and the end of them.
fn pass(mut from: Stream, mut to: Stream, passage: Arc<Passage>, ways: Arc<Mutex<Ways>>) {
    thread::spawn(move || {
        let mut chunk = [0; 16 * 1024];
        while let Ok(read @ 1..) = from.read(&mut chunk) {
            let bytes = &chunk[..read];
            if bytes.windows(LISTEN.len()).any(|part| part == LISTEN) {
                passage.listens.store(true, Ordering::Release);
                passage.suffer(lock(&ways).fault);
            }
            if !passage.is_silent.load(Ordering::Acquire) && to.write_all(bytes).is_err() {
                break;
            }
        }
        passage.end();
        lock(&ways).connections.retain(|known| !Arc::ptr_eq(known, &passage));
    });
}
