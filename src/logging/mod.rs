//! The log: a line for people, or a JSON object for machines, with the id of the request it is for.

mod batch;

use std::{
    fmt,
    io::{self, Write},
};

use env_logger::{Builder, Target, fmt::Formatter};
use jiff::Timestamp;
use log::{LevelFilter, Record};
use serde_json::json;

use self::batch::Batches;
use crate::{config::LogFormat, http::request_id};

/// Starts the log; `RUST_LOG` says what goes into it, else all that is as important as `usual`.
///
/// What is said waits some milliseconds for more: see [`finish`].
pub fn init(format: LogFormat, usual: LevelFilter) -> io::Result<()> {
    // An empty variable counts as not set, as for every other setting.
    let filter = std::env::var("RUST_LOG").ok().filter(|filter| !filter.is_empty());
    let mut builder = Builder::new();
    // Its start-up lines say nothing that ours do not; a filter that names it is obeyed all the same.
    builder.filter_module("actix_server", LevelFilter::Warn);
    match filter {
        Some(filter) => builder.parse_filters(&filter),
        None => builder.filter_level(usual),
    };
    match format {
        LogFormat::Text => builder.format(text_line),
        LogFormat::Json => builder.format(json_line),
    };
    builder.target(Target::Pipe(Box::new(Batches::start()?)));
    builder.init();
    Ok(())
}

/// Waits until all that was said is written; call it before the program ends.
pub fn finish() {
    batch::finish();
}

fn text_line(out: &mut Formatter, record: &Record<'_>) -> io::Result<()> {
    write!(out, "{:.3} {:<5} ", Timestamp::now(), record.level())?;
    fmt::write(&mut Escaping(&mut *out), *record.args()).map_err(io::Error::other)?;
    match request_id::current() {
        Some(id) => writeln!(out, " request_id={id}"),
        None => writeln!(out),
    }
}

fn json_line(out: &mut Formatter, record: &Record<'_>) -> io::Result<()> {
    let line = json!({
        "time": Timestamp::now().to_string(),
        "level": record.level().as_str(),
        "target": record.target(),
        "message": record.args().to_string(),
        "request_id": request_id::current(),
    });
    writeln!(out, "{line}")
}

/// Text from outside must not be able to write a line of its own.
struct Escaping<W>(W);

impl<W: Write> fmt::Write for Escaping<W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for piece in text.split_inclusive(char::is_control) {
            let plain = piece.trim_end_matches(char::is_control);
            let escaped = piece[plain.len()..].chars().flat_map(char::escape_default);
            self.0.write_all(plain.as_bytes()).map_err(|_| fmt::Error)?;
            for character in escaped {
                write!(self.0, "{character}").map_err(|_| fmt::Error)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::Escaping;

    #[test]
    fn text_cannot_start_a_line_of_its_own() {
        let mut out = Vec::new();
        let unsafe_text = "a\nERROR b\u{1b}[0m \r\u{85}é";
        write!(Escaping(&mut out), "{unsafe_text}").expect("it is taken");
        assert_eq!(out, "a\\nERROR b\\u{1b}[0m \\r\\u{85}é".as_bytes());
    }
}
