//! Writes down which answers were seen, for the report that comes after the tests.
//!
//! `VERTEBRA_TEST_ANSWERS` names a folder that is new for each run, and without it nothing is written. Each process
//! appends to a file of its own, one line for each kind of answer, so that neither threads nor processes meet.

use std::{
    collections::HashSet,
    fs::{self, File, OpenOptions},
    io::Write,
    path::PathBuf,
    sync::{LazyLock, Mutex},
};

/// The folder for what was seen.
const FOLDER: &str = "VERTEBRA_TEST_ANSWERS";

static SEEN: LazyLock<Option<Mutex<Seen>>> = LazyLock::new(|| {
    let folder = PathBuf::from(std::env::var_os(FOLDER)?);
    fs::create_dir_all(&folder).expect("the folder for answers can be made");
    let path = folder.join(std::process::id().to_string());
    let file = OpenOptions::new().create(true).append(true).open(path);
    Some(Mutex::new(Seen {
        lines: HashSet::new(),
        file: file.expect("the file for answers can be opened"),
    }))
});

struct Seen {
    lines: HashSet<String>,
    file: File,
}

/// Writes an answer down, its parts with tabs between.
pub(super) fn record(parts: &[&str]) {
    let Some(seen) = &*SEEN else { return };
    let line = parts.join("\t") + "\n";
    let mut seen = seen.lock().expect("no test panics while it holds this");
    if !seen.lines.contains(&line) {
        seen.file
            .write_all(line.as_bytes())
            .expect("the answer can be written down");
        seen.lines.insert(line);
    }
}
