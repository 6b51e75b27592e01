//! The log: a line for people, or a JSON object for machines, with the id of the request it is for.

use std::io::Write;

use env_logger::{Builder, fmt::Formatter};
use jiff::Timestamp;
use log::{LevelFilter, Record};
use serde_json::json;

use crate::{config::LogFormat, http::request_id};

/// Starts the log; `RUST_LOG` says what goes into it, else all that is as important as `usual`.
pub fn init(format: LogFormat, usual: LevelFilter) {
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
    builder.init();
}

fn text_line(out: &mut Formatter, record: &Record<'_>) -> std::io::Result<()> {
    let time = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
    write!(
        out,
        "{time} {:<5} {}",
        record.level(),
        escaped(&record.args().to_string())
    )?;
    match request_id::current() {
        Some(id) => writeln!(out, " request_id={id}"),
        None => writeln!(out),
    }
}

fn json_line(out: &mut Formatter, record: &Record<'_>) -> std::io::Result<()> {
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
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character.is_control() {
            true => safe.extend(character.escape_default()),
            false => safe.push(character),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn text_cannot_start_a_line_of_its_own() {
        assert_eq!(escaped("a\nERROR b\u{1b}[0m é"), "a\\nERROR b\\u{1b}[0m é");
    }
}
