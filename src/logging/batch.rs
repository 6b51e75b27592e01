//! Lines to standard error in batches: a call of the system for each would cost a busy server more than
//! making the line does.

use std::{
    io::{self, Write},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// How long a line may wait for others.
const WAIT: Duration = Duration::from_millis(10);

/// Most bytes that wait; whoever has more to say waits as well, so that nothing is lost.
const MOST_BYTES: usize = 1 << 20;

/// How long the end of the program waits for a reader who has stopped reading.
const PATIENCE: Duration = Duration::from_secs(2);

struct Waiting {
    lines: Vec<u8>,
    is_writing: bool,
}

static WAITING: Mutex<Waiting> = Mutex::new(Waiting {
    lines: Vec::new(),
    is_writing: false,
});
static CAME: Condvar = Condvar::new();
static WENT: Condvar = Condvar::new();

/// Takes lines, which a thread of their own writes.
pub(super) struct Batches;

impl Batches {
    /// Starts the thread.
    pub(super) fn start() -> io::Result<Self> {
        thread::Builder::new().name("log".to_owned()).spawn(write_batches)?;
        Ok(Self)
    }
}

impl Write for Batches {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut waiting = lock();
        while waiting.lines.len() >= MOST_BYTES {
            waiting = WENT.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        if waiting.lines.is_empty() {
            CAME.notify_one();
        }
        waiting.lines.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write_batches() {
    loop {
        let mut waiting = lock();
        while waiting.lines.is_empty() {
            waiting = CAME.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        drop(waiting);
        thread::sleep(WAIT);
        let mut waiting = lock();
        let lines = std::mem::take(&mut waiting.lines);
        waiting.is_writing = true;
        drop(waiting);
        // There is nobody left to tell where standard error is closed.
        let _ = io::stderr().write_all(&lines);
        lock().is_writing = false;
        WENT.notify_all();
    }
}

/// Waits until all that was said is written.
pub(super) fn finish() {
    let unwritten = |waiting: &mut Waiting| waiting.is_writing || !waiting.lines.is_empty();
    drop(WENT.wait_timeout_while(lock(), PATIENCE, unwritten));
}

fn lock() -> MutexGuard<'static, Waiting> {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}
