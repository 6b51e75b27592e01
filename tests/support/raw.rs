//! A plain socket, for requests that no client library would send.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use ureq::http::{HeaderMap, HeaderName, HeaderValue};

use super::client::Answer;

/// Far more than any answer takes: only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection to a server.
pub(crate) struct Raw {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Raw {
    /// Connects.
    pub(crate) fn connect(server: SocketAddr) -> Self {
        let stream = TcpStream::connect(server).expect("the server accepts connections");
        stream.set_read_timeout(Some(PATIENCE)).expect("the time is valid");
        stream.set_write_timeout(Some(PATIENCE)).expect("the time is valid");
        Self {
            stream,
            read: Vec::new(),
        }
    }

    /// Sends bytes; the server may stop reading half way.
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        let _ = self.stream.write_all(bytes.as_ref());
        self
    }

    /// Reads an answer and its body.
    pub(crate) fn answer(&mut self) -> Answer {
        let mut answer = self.head();
        let length: usize = answer.header("content-length").parse().expect("the body has a length");
        while self.read.len() < length {
            assert!(self.fill() > 0, "closed within a body");
        }
        answer.body = self.read.drain(..length).collect();
        answer
    }

    /// Reads the head of an answer, and no body.
    pub(crate) fn head(&mut self) -> Answer {
        let end = loop {
            if let Some(at) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break at;
            }
            assert!(self.fill() > 0, "closed within a head");
        };
        let head: Vec<u8> = self.read.drain(..end + 4).collect();
        let head = String::from_utf8(head).expect("the head is text");
        let mut lines = head.trim_end().split("\r\n");
        let status = lines.next().and_then(|line| line.get(9..12));
        let fields = lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| {
            let name: HeaderName = name.parse().expect("the name is valid");
            (name, HeaderValue::from_str(value).expect("the value is valid"))
        });
        Answer {
            status: status
                .and_then(|status| status.parse().ok())
                .expect("there is a status"),
            headers: HeaderMap::from_iter(fields),
            body: Vec::new(),
        }
    }

    fn fill(&mut self) -> usize {
        let mut chunk = vec![0; 64 * 1024];
        let read = self.stream.read(&mut chunk).expect("the server answers");
        self.read.extend_from_slice(&chunk[..read]);
        read
    }

    /// Whether the server closes, having sent nothing more.
    pub(crate) fn is_over(&mut self) -> bool {
        self.read.is_empty() && self.fill() == 0
    }
}
