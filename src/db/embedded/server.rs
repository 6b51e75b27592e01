//! The server process: started, watched until it accepts connections, stopped.

use std::fs::{self, File, OpenOptions};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

use super::EmbeddedError;
use super::binaries::Binaries;
use super::place::Place;

const STEP: Duration = Duration::from_millis(3);
/// Recovery after a crash reads the log of all that was not yet in place, which takes its time on a slow disk.
const START: Duration = Duration::from_secs(120);
/// The processes of a killed server notice its death when they are next idle.
const LAST_RUN: Duration = Duration::from_secs(15);
const FAST_STOP: Duration = Duration::from_secs(20);
const IMMEDIATE_STOP: Duration = Duration::from_secs(10);
/// The path of a Unix socket may have 107 bytes on Linux and 103 on macOS, its name here takes 14.
const LONGEST_SOCKET_PATH: usize = 100;

/// What the server is told, whatever its configuration files say.
const OPTIONS: &[(&str, &str)] = &[
    ("max_connections", "50"),
    ("shared_buffers", "32MB"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("log_checkpoints", "off"),
    ("logging_collector", "off"),
    ("log_destination", "stderr"),
    // Without the row that broke a rule: it may hold what a patient wrote.
    ("log_error_verbosity", "terse"),
    ("unix_socket_permissions", "0700"),
];

/// A server that runs as this process's child.
#[derive(Debug)]
pub(super) struct Server {
    child: Child,
    endpoint: Endpoint,
}

/// Where a server listens.
#[derive(Debug, Clone)]
pub(super) enum Endpoint {
    Socket(PathBuf),
    Tcp { port: u16, password: String },
}

impl Server {
    /// Starts the server and returns once it accepts connections.
    pub(super) fn start(place: &Place, binaries: &Binaries, overrides: &[(&str, &str)]) -> Result<Self, EmbeddedError> {
        keep_last_log(&place.log())?;
        let begun = Instant::now();
        loop {
            let endpoint = Endpoint::choose(place)?;
            let mut server = Self::spawn(place, binaries, endpoint, overrides)?;
            match server.wait_until_ready(place) {
                Ok(()) => return Ok(server),
                Err(error) if passes(&error) && begun.elapsed() < LAST_RUN => {
                    log::debug!("PostgreSQL cannot start yet: {error}");
                    sleep(Duration::from_millis(50));
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn spawn(
        place: &Place,
        binaries: &Binaries,
        endpoint: Endpoint,
        overrides: &[(&str, &str)],
    ) -> Result<Self, EmbeddedError> {
        let program = binaries.program("postgres");
        let log = open_log(&place.log())?;
        let errors = log.try_clone().map_err(EmbeddedError::io("open", &place.log()))?;
        let mut command = place.account().command(&program, Signal::SIGINT);
        command.arg("-D").arg(place.data());
        for (name, value) in OPTIONS.iter().chain(overrides) {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        for option in endpoint.options() {
            command.arg("-c").arg(option);
        }
        let child = command
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .map_err(EmbeddedError::io("run", &program))?;
        Ok(Self { child, endpoint })
    }

    /// `pg_ctl` looks for the same word in the same file, but only ten times a second.
    fn wait_until_ready(&mut self, place: &Place) -> Result<(), EmbeddedError> {
        let pid_file = place.data().join("postmaster.pid");
        let begun = Instant::now();
        let reason = loop {
            if let Some(status) = self
                .child
                .try_wait()
                .map_err(EmbeddedError::io("wait for", &pid_file))?
            {
                break status.to_string();
            }
            if fs::read_to_string(&pid_file).is_ok_and(|text| self.is_ready(&text)) {
                return Ok(());
            }
            if begun.elapsed() > START {
                break format!("it is not ready after {} seconds", START.as_secs());
            }
            sleep(STEP);
        };
        Err(EmbeddedError::NotStarted {
            reason,
            tail: tail(&place.log()),
            log: place.log(),
        })
    }

    fn is_ready(&self, pid_file: &str) -> bool {
        let mut lines = pid_file.lines().map(str::trim);
        lines.next() == Some(self.child.id().to_string().as_str()) && lines.nth(6) == Some("ready")
    }

    /// Whether the process lives.
    pub(super) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The URL of one of the server's databases.
    pub(super) fn url(&self, database: &str) -> String {
        self.endpoint.url(database)
    }

    /// Ends the server: transactions that run are rolled back, all that was committed is written out.
    pub(super) fn stop(&mut self) -> Result<(), EmbeddedError> {
        let pid = Pid::from_raw(self.child.id().cast_signed());
        for (signal, patience) in [(Signal::SIGINT, FAST_STOP), (Signal::SIGQUIT, IMMEDIATE_STOP)] {
            // A child that was waited for is not signalled: its number may be another's by then.
            if self.has_ended() {
                return Ok(());
            }
            let _ = kill(pid, signal);
            let begun = Instant::now();
            while begun.elapsed() < patience {
                if self.has_ended() {
                    return Ok(());
                }
                sleep(STEP);
            }
        }
        Err(EmbeddedError::NotStopped(pid.as_raw()))
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            log::error!("{error}");
        }
    }
}

impl Endpoint {
    fn choose(place: &Place) -> Result<Self, EmbeddedError> {
        let socket = place.dir().join(".s.PGSQL.5432");
        // PostgreSQL splits the list of socket directories at commas.
        let path = socket.as_os_str().as_encoded_bytes();
        if path.len() < LONGEST_SOCKET_PATH && !path.contains(&b',') && !path.contains(&b'"') {
            return Ok(Self::Socket(place.dir().to_owned()));
        }
        let file = place.password();
        let password = fs::read_to_string(&file).map_err(EmbeddedError::io("read", &file))?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|listener| listener.local_addr())
            .map_err(EmbeddedError::io("find a free port for", place.dir()))?
            .port();
        Ok(Self::Tcp {
            port,
            password: password.trim().to_owned(),
        })
    }

    /// The URL of one of the databases there.
    pub(super) fn url(&self, database: &str) -> String {
        match self {
            Self::Socket(dir) => {
                let host = percent_encode(dir.as_os_str().as_encoded_bytes(), NON_ALPHANUMERIC);
                format!("postgres://vertebra@{host}/{database}")
            }
            Self::Tcp { port, password } => {
                format!("postgres://vertebra:{password}@127.0.0.1:{port}/{database}")
            }
        }
    }

    fn options(&self) -> [String; 3] {
        match self {
            Self::Socket(dir) => [
                "port=5432".to_owned(),
                "listen_addresses=".to_owned(),
                format!("unix_socket_directories={}", dir.display()),
            ],
            Self::Tcp { port, .. } => [
                format!("port={port}"),
                "listen_addresses=127.0.0.1".to_owned(),
                "unix_socket_directories=".to_owned(),
            ],
        }
    }
}

/// Tells whether the same start may succeed a little later: processes of a killed server are still ending, or
/// the free port was taken meanwhile.
fn passes(error: &EmbeddedError) -> bool {
    let EmbeddedError::NotStarted { tail, .. } = error else {
        return false;
    };
    tail.contains("pre-existing shared memory block") || tail.contains("Address already in use")
}

/// Every start begins a new log and keeps the last one: the log of a crash survives the next start, and no log
/// grows for ever.
fn keep_last_log(path: &Path) -> Result<(), EmbeddedError> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    fs::rename(path, path.with_extension("log.1")).map_err(EmbeddedError::io("rename", path))
}

fn open_log(path: &Path) -> Result<File, EmbeddedError> {
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(nix::libc::O_NOFOLLOW)
        .open(path)
        .map_err(EmbeddedError::io("create", path))
}

fn tail(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_survives_the_url() {
        let path = "/srv/My Clinic/ä%2F:@?";
        let url = format!(
            "postgres://vertebra@{}/vertebra",
            percent_encode(path.as_bytes(), NON_ALPHANUMERIC)
        );
        let config: tokio_postgres::Config = url.parse().expect("a valid URL");
        let host = tokio_postgres::config::Host::Unix(PathBuf::from(path));
        assert_eq!(config.get_hosts(), [host]);
        assert_eq!(config.get_dbname(), Some("vertebra"));
    }
}
