//! A way to the database that can fall silent, as a network does that loses a host.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use tokio_postgres::config::{Config, Host};

/// A listener that passes bytes on between its clients and a database.
pub(crate) struct Proxy {
    url: String,
    silent: Arc<Mutex<Vec<Arc<AtomicBool>>>>,
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
        let silent = Arc::<Mutex<Vec<_>>>::default();
        let flags = Arc::clone(&silent);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let flag = Arc::new(AtomicBool::new(false));
                flags.lock().expect("nobody panics while holding it").push(flag.clone());
                connect(client, &target, &flag);
            }
        });
        Self {
            url: format!("postgres://{user}{password}@{address}/{name}?sslmode=disable"),
            silent,
        }
    }

    /// The address of the database by this way.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Loses every byte of the connections that there are, without closing one; new ones work.
    pub(crate) fn fall_silent(&self) {
        for flag in &*self.silent.lock().expect("nobody panics while holding it") {
            flag.store(true, Ordering::Release);
        }
    }
}

/// Passes bytes on both ways.
fn connect(client: TcpStream, target: &Target, silent: &Arc<AtomicBool>) {
    let Ok(server) = target.open() else { return };
    let client = Stream::Tcp(client);
    pass(client.again(), server.again(), silent.clone());
    pass(server, client, silent.clone());
}

/// Passes bytes on one way, and the end of them.
fn pass(mut from: Stream, mut to: Stream, silent: Arc<AtomicBool>) {
    thread::spawn(move || {
        let mut chunk = [0; 16 * 1024];
        while let Ok(read @ 1..) = from.read(&mut chunk) {
            if !silent.load(Ordering::Acquire) && to.write_all(&chunk[..read]).is_err() {
                break;
            }
        }
        to.end();
    });
}
