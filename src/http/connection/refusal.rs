//! The answer to a client whose request never reached the application.

use std::time::SystemTime;

use actix_web::http::StatusCode;
use actix_web::http::header::HttpDate;
use uuid::Uuid;

use crate::http::envelope::{DEFAULT_HEADERS, PROBLEM_JSON};
use crate::http::request_id;

/// Renders the problem document of a status for a request id.
pub type Render = fn(status: u16, request_id: &str) -> String;

/// How each head ends that the dispatcher writes by itself: with the date, always its last header.
pub(super) const HEAD_END: &[u8] = b"GMT\r\n\r\n";

/// A longer target is more than `http::Uri` holds, which the parser can only call a bad request.
const MAX_TARGET: usize = u16::MAX as usize - 1;

/// The connection headers that the dispatcher may write.
const CONNECTION: [&[u8]; 3] = [
    b"connection: close\r\n",
    b"connection: keep-alive\r\n",
    b"connection: upgrade\r\n",
];

/// The answers that the dispatcher writes by itself, all without a body.
const ANSWERS: [(u16, &[u8]); 4] = [
    (400, b"400 Bad Request\r\n"),
    (408, b"408 Request Timeout\r\n"),
    (431, b"431 Request Header Fields Too Large\r\n"),
    (500, b"500 Internal Server Error\r\n"),
];

/// Finds an answer of the dispatcher's own at the end of what it writes: where it starts, and its
/// status. Such an answer is always the last thing on a connection.
pub(super) fn find(written: &[u8]) -> Option<(usize, u16)> {
    const DATE: usize = "date: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n".len();
    if !written.ends_with(HEAD_END) {
        return None;
    }
    let (rest, date) = written.split_at_checked(written.len().checked_sub(DATE)?)?;
    if !date.starts_with(b"date: ") {
        return None;
    }
    let rest = CONNECTION
        .iter()
        .find_map(|header| rest.strip_suffix(*header))
        .unwrap_or(rest)
        .strip_suffix(b"content-length: 0\r\n")?;
    let (status, rest) = ANSWERS
        .iter()
        .find_map(|(status, line)| Some((*status, rest.strip_suffix(*line)?)))?;
    let rest = rest
        .strip_suffix(b"HTTP/1.1 ")
        .or_else(|| rest.strip_suffix(b"HTTP/1.0 "))?;
    Some((rest.len(), status))
}

/// What is remembered of the request head that is arriving, to be able to say what is wrong.
#[derive(Debug, Default)]
pub(super) struct HeadSeen {
    line: usize,
    line_ended: bool,
    is_head: bool,
}

impl HeadSeen {
    /// Starts with a head's first bytes.
    pub(super) fn start(first: &[u8]) -> Self {
        let mut seen = Self {
            line: 0,
            line_ended: false,
            is_head: first.starts_with(b"HEAD "),
        };
        seen.more(first);
        seen
    }

    /// Goes on with more bytes of the same head.
    pub(super) fn more(&mut self, bytes: &[u8]) {
        if self.line_ended {
            return;
        }
        let end = bytes.iter().position(|&byte| byte == b'\n');
        self.line += end.unwrap_or(bytes.len());
        self.line_ended = end.is_some();
    }

    /// The status that says best what the parser could only answer with its own.
    fn status(&self, parsers: u16) -> u16 {
        match parsers {
            400 | 431 if self.line > MAX_TARGET => 414,
            other => other,
        }
    }
}

/// Renders the whole answer to a refused request, and logs it.
pub(super) fn answer(parsers: u16, seen: &HeadSeen, render: Render) -> Vec<u8> {
    let status = seen.status(parsers);
    let request_id = Uuid::now_v7().to_string();
    request_id::sync_scope(request_id.clone(), || log(status));

    let body = render(status, &request_id);
    let reason = StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or_default();
    let mut answer = format!(
        "HTTP/1.1 {status} {reason}\r\n\
         content-type: {PROBLEM_JSON}\r\n\
         content-length: {}\r\n\
         connection: close\r\n\
         x-request-id: {request_id}\r\n\
         date: {}\r\n",
        body.len(),
        HttpDate::from(SystemTime::now()),
    );
    for (name, value) in DEFAULT_HEADERS {
        answer.push_str(&format!("{name}: {value}\r\n"));
    }
    answer.push_str("\r\n");
    if !seen.is_head {
        answer.push_str(&body);
    }
    answer.into_bytes()
}

fn log(status: u16) {
    let why = match status {
        408 => "its head did not arrive in time",
        414 => "its target is too long",
        431 => "its head is too large",
        500 => "the HTTP layer failed",
        _ => "it is not well-formed HTTP",
    };
    let level = match status {
        500.. => log::Level::Error,
        _ => log::Level::Info,
    };
    log::log!(level, "Answered {status} to a request before the application: {why}");
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "date: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n";

    #[test]
    fn finds_the_dispatchers_answers_only_at_the_end() {
        for connection in ["", "connection: close\r\n", "connection: keep-alive\r\n"] {
            let answer = format!("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n{connection}{DATE}");
            assert_eq!(find(answer.as_bytes()), Some((0, 400)));
            assert_eq!(find(format!("{{}}{answer}").as_bytes()), Some((2, 400)));
            assert_eq!(find(format!("{answer}{{}}").as_bytes()), None);
            assert_eq!(find(&answer.as_bytes()[1..]), None);
        }
    }

    #[test]
    fn leaves_the_applications_answers() {
        for head in [
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nx-request-id: 1\r\n",
            "HTTP/1.1 304 Not Modified\r\netag: \"a\"\r\n",
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n",
            "",
        ] {
            assert_eq!(find(format!("{head}{DATE}").as_bytes()), None);
        }
        assert_eq!(find(b""), None);
        assert_eq!(find(HEAD_END), None);
    }

    #[test]
    fn a_long_first_line_is_a_long_target_and_a_long_header_is_not() {
        let mut line = HeadSeen::start(b"GET /?");
        line.more(&[b'a'; 70_000]);
        assert_eq!((line.status(400), line.status(431)), (414, 414));
        let mut header = HeadSeen::start(b"GET / HTTP/1.1\r\nx: ");
        header.more(&[b'a'; 70_000]);
        assert_eq!((header.status(400), header.status(431)), (400, 431));
    }
}
