//! A PostgreSQL of its own for every test run.
//!
//! The first test process of a run starts a throw-away PostgreSQL, the others share it, and it ends when the
//! runner (`cargo test`, `cargo nextest`) has ended, however it ended. A run is known by its runner: the parent
//! of the test process. `TEST_DATABASE_URL` names another server to use, by the URL of a database on it whose
//! user may create databases; it is reached without TLS.
//!
//! The server belongs to a watcher, which is this test program once more, running the one ignored test below.
//! It is not the runner's child, so nothing but the watching ends it: a test process may come and go.

use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

use vertebra::db::embedded::place::Place;
use vertebra::db::embedded::process::Process;
use vertebra::db::embedded::{EmbeddedPostgres, EmbeddedSettings, leftovers};

const STEP: Duration = Duration::from_millis(10);
const WATCH: Duration = Duration::from_millis(100);
const START: Duration = Duration::from_secs(60);
/// A runner that stays, such as a shell or an editor, is not a reason to keep a server that nobody uses.
const IDLE: Duration = Duration::from_secs(60);
const MEMORY: &str = "/dev/shm";
const ENOUGH_BYTES: u128 = 1 << 30;
const PREFIX: &str = "vertebra-test";
const WATCHED: &str = "VERTEBRA_TEST_WATCHED";

/// Nothing here needs to survive a crash, and many tests hold connections at once.
const OVERRIDES: &[(&str, &str)] = &[
    ("fsync", "off"),
    ("full_page_writes", "off"),
    ("synchronous_commit", "off"),
    ("autovacuum", "off"),
    ("max_connections", "300"),
    ("shared_buffers", "64MB"),
    // Segments outside of the directory would outlive a killed server.
    ("dynamic_shared_memory_type", "mmap"),
];

/// Returns the URL of a database from which others can be created, starting the run's server if need be.
pub(crate) fn cluster() -> &'static str {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    &CLUSTER.get_or_init(Cluster::join).url
}

/// A test run.
pub(crate) struct Run {
    runner: Process,
}

impl Run {
    /// The run that this process is part of.
    pub(crate) fn current() -> Self {
        let me = std::process::id().cast_signed();
        let parent = nix::unistd::getppid().as_raw();
        // A parent outside of a container cannot be seen, and process 1 has taken over from a runner
        // that is gone: then this process is a run by itself.
        let seen = Process::find(parent).filter(|_| parent != 1);
        let runner = seen.or_else(|| Process::find(me));
        Self {
            runner: runner.expect("this process lives"),
        }
    }

    /// What tells this run from all others on this machine.
    pub(crate) fn key(&self) -> String {
        let started: String = self
            .runner
            .started
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        format!("{}-{started}", self.runner.pid)
    }

    fn name(&self) -> String {
        format!("{}{}", prefix(), self.key())
    }

    /// The directory of the run's server: where it is already, or else in memory where that is large enough.
    fn dir(&self) -> PathBuf {
        let places = [PathBuf::from(MEMORY), std::env::temp_dir()];
        let found = places
            .iter()
            .map(|place| place.join(self.name()))
            .find(|dir| dir.exists());
        found.unwrap_or_else(|| {
            let free = nix::sys::statvfs::statvfs(MEMORY).map_or(0, |found| {
                u128::from(found.blocks_available()) * u128::from(found.fragment_size())
            });
            places[usize::from(free < ENOUGH_BYTES)].join(self.name())
        })
    }

    fn lock_path(&self) -> PathBuf {
        std::env::temp_dir().join(format!("{}.lock", self.name()))
    }
}

/// How the names of this user's runs begin.
fn prefix() -> String {
    format!("{PREFIX}-{}-", nix::unistd::Uid::effective())
}

/// This process's share in the run's server.
struct Cluster {
    url: String,
    // Tells the watcher that the server is in use.
    _share: Option<File>,
}

impl Cluster {
    fn join() -> Self {
        if let Ok(url) = std::env::var("TEST_DATABASE_URL") {
            return Self { url, _share: None };
        }
        let run = Run::current();
        let _lock = lock_path(&run.lock_path());
        let dir = run.dir();
        if !is_held(&dir.join("watcher")) || !dir.join("url").exists() {
            sweep(&run);
            let _ = fs::remove_dir_all(&dir);
            fs::create_dir(&dir).expect("a directory for the test server can be created");
            // Whatever the umask: the server may run under another account.
            fs::set_permissions(&dir, Permissions::from_mode(0o755)).expect("it is ours");
            start_watcher(&run, &dir);
        }
        let share = open(&dir.join("users"));
        share.lock_shared().expect("the server can be marked as in use");
        Self {
            url: fs::read_to_string(dir.join("url")).expect("the server has a URL"),
            _share: Some(share),
        }
    }
}

fn open(path: &Path) -> File {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    options
        .custom_flags(nix::libc::O_NOFOLLOW)
        .open(path)
        .unwrap_or_else(|error| panic!("{} cannot be opened: {error}", path.display()))
}

/// Waits for the lock on a file that its holder may remove.
fn lock_path(path: &Path) -> File {
    loop {
        let file = open(path);
        file.lock().expect("the lock can be taken");
        if is_at(&file, path) {
            return file;
        }
    }
}

fn is_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::metadata(path)) {
        (Ok(file), Ok(found)) => file.ino() == found.ino() && file.dev() == found.dev(),
        _ => false,
    }
}

fn is_held(path: &Path) -> bool {
    path.exists() && matches!(open(path).try_lock(), Err(TryLockError::WouldBlock))
}

/// Removes what runs have left whose watcher was killed.
fn sweep(current: &Run) {
    let entries = [PathBuf::from(MEMORY), std::env::temp_dir()].map(fs::read_dir);
    for entry in entries.into_iter().flatten().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let run = name.strip_suffix(".lock").unwrap_or(&name);
        if !run.starts_with(&prefix()) || run == current.name() {
            continue;
        }
        let lock_path = std::env::temp_dir().join(format!("{run}.lock"));
        let lock = open(&lock_path);
        if lock.try_lock().is_err() || is_held(&path.join("watcher")) {
            continue;
        }
        if path.is_dir() {
            end_server(&path.join("server"));
            let _ = fs::remove_dir_all(&path);
        }
        let has_dir = |place: &Path| place.join(run).exists();
        if !has_dir(Path::new(MEMORY)) && !has_dir(&std::env::temp_dir()) {
            let _ = fs::remove_file(&lock_path);
        }
    }
}

fn end_server(dir: &Path) {
    if dir.exists()
        && let Ok(place) = Place::take(Some(dir))
    {
        let _ = leftovers::clear(&place);
    }
}

fn start_watcher(run: &Run, dir: &Path) {
    let log = dir.join("watcher.log");
    let output = File::create(&log).expect("a log can be created");
    let (_, module) = module_path!().split_once("::").expect("a module of a test program");
    let mut watcher = Command::new(std::env::current_exe().expect("this program has a path"))
        .args(["--exact", &format!("{module}::watch_the_runner")])
        .args(["--ignored", "--nocapture"])
        .env(
            WATCHED,
            format!("{}\n{}\n{}", run.runner.pid, run.runner.started, dir.display()),
        )
        .current_dir("/")
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(output.try_clone().expect("a second handle"))
        .stderr(output)
        .spawn()
        .expect("this program runs");
    if !comes_up(&mut watcher, dir) {
        let _ = watcher.kill();
        let _ = watcher.wait();
        let log = fs::read_to_string(&log).unwrap_or_default();
        panic!("the test server did not start, so set TEST_DATABASE_URL or mend this:\n{log}");
    }
}

fn comes_up(watcher: &mut Child, dir: &Path) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < START {
        if dir.join("url").exists() {
            return true;
        }
        if !matches!(watcher.try_wait(), Ok(None)) {
            return false;
        }
        sleep(STEP);
    }
    false
}

#[test]
#[ignore = "not a test: the process that keeps the server of a test run"]
fn watch_the_runner() {
    let Ok(watched) = std::env::var(WATCHED) else {
        return;
    };
    let mut lines = watched.splitn(3, '\n').map(str::to_owned);
    let mut next = || lines.next().expect("three lines");
    let runner = Process {
        pid: next().parse().expect("a process id"),
        started: next(),
        command: String::new(),
    };
    let (run, dir) = (Run { runner }, PathBuf::from(next()));
    let held = open(&dir.join("watcher"));
    held.lock().expect("there is one watcher");
    let settings = EmbeddedSettings {
        data_dir: Some(dir.join("server")),
        bin_dir: std::env::var_os("PG_BIN_DIR").map(PathBuf::from),
        ..EmbeddedSettings::default()
    };
    let server = EmbeddedPostgres::start_with(&settings, OVERRIDES).expect("the server starts");
    fs::write(dir.join("url.new"), server.url()).expect("the URL can be written");
    fs::rename(dir.join("url.new"), dir.join("url")).expect("the URL can be published");
    let _lock = watch(&run, &dir);
    let _ = server.stop();
    let _ = fs::remove_dir_all(&dir);
    let _ = fs::remove_file(run.lock_path());
}

/// Returns when the runner is gone, or when nobody has used the server for a while; then with the run's lock.
fn watch(run: &Run, dir: &Path) -> Option<File> {
    let users = open(&dir.join("users"));
    let mut used = Instant::now();
    while run.runner.is_alive() {
        sleep(WATCH);
        if users.try_lock().is_err() {
            used = Instant::now();
            continue;
        }
        let _ = users.unlock();
        if used.elapsed() > IDLE {
            let lock = open(&run.lock_path());
            if lock.try_lock().is_ok() && users.try_lock().is_ok() {
                return Some(lock);
            }
        }
    }
    None
}
