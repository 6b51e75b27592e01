//! A place on disk for one test, and the end of those that killed runs have left.

use std::{
    fs,
    path::PathBuf,
    sync::{
        Once,
        atomic::{AtomicU32, Ordering},
    },
};

use vertebra::db::embedded::process::Process;

const PREFIX: &str = "vertebra-scratch-";

/// A path at which there is nothing yet; whoever makes something there removes it.
pub(crate) fn new_place() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    static SWEPT: Once = Once::new();
    SWEPT.call_once(sweep);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("{PREFIX}{}-{count}", std::process::id()))
}

/// Removes what belongs to processes that are gone.
fn sweep() {
    for entry in fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let rest = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        let pid = rest.and_then(|rest| rest.split('-').next()?.parse().ok());
        if pid.is_some_and(|pid| Process::find(pid).is_none()) {
            // Another test may be at it too, or it is another user's.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
