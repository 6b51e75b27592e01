//! What the application logs, kept so that tests can read it.

use std::sync::{Mutex, Once};

use log::{LevelFilter, Log, Metadata, Record};
use vertebra::http::request_id;

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Capture;

impl Log for Capture {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let id = request_id::current().unwrap_or_default();
        let line = format!("{} {} request_id={id}", record.level(), record.args());
        if let Ok(mut lines) = LINES.lock() {
            lines.push(line);
        }
    }

    fn flush(&self) {}
}

/// From now on the log is kept.
pub(crate) fn capture() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&Capture).expect("no other logger is set");
        log::set_max_level(LevelFilter::Info);
    });
}

/// The lines that carry a request's id.
pub(crate) fn lines_of(request_id: &str) -> Vec<String> {
    let lines = LINES.lock().expect("no test panics while it holds this");
    let id = format!("request_id={request_id}");
    lines.iter().filter(|line| line.contains(&id)).cloned().collect()
}

/// Every line.
pub(crate) fn all() -> Vec<String> {
    LINES.lock().expect("no test panics while it holds this").clone()
}
