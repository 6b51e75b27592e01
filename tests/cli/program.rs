//! Running the program in a folder of its own, with no settings but the ones that a test names.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::place::new_place;

/// Far more than any command takes: only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program, ready to run.
pub(crate) struct Program {
    dir: PathBuf,
    settings: Vec<(String, String)>,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Whether it ended well.
    pub(crate) is_success: bool,
    /// The exit code; none where a signal ended it.
    pub(crate) code: Option<i32>,
    /// What it wrote for programs.
    pub(crate) out: String,
    /// What it wrote for people.
    pub(crate) err: String,
}

impl Program {
    /// A program that finds neither settings nor data.
    pub(crate) fn new() -> Self {
        let dir = new_place();
        fs::create_dir(&dir).expect("it is new");
        let program = Self {
            dir,
            settings: Vec::new(),
        };
        let data = program.dir.join("data");
        program
            .set("VERTEBRA_BIND", "127.0.0.1:0")
            .set("VERTEBRA_OPS_BIND", "127.0.0.1:0")
            .set("VERTEBRA_DATA_DIR", data.to_str().expect("it is text"))
    }

    /// Sets a variable of the environment.
    pub(crate) fn set(mut self, variable: &str, value: &str) -> Self {
        self.settings.push((variable.to_owned(), value.to_owned()));
        self
    }

    /// Puts a file into the program's folder.
    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        fs::write(self.dir.join(name), text).expect("it can be written");
        self
    }

    /// The program's folder.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vertebra"));
        let kept = ["PATH", "HOME", "PG_BIN_DIR"].map(|name| (name, std::env::var_os(name)));
        let kept = kept.into_iter().filter_map(|(name, value)| Some((name, value?)));
        command.args(arguments).current_dir(&self.dir).env_clear().envs(kept);
        command.envs(self.settings.iter().map(|(variable, value)| (variable, value)));
        command.stdin(Stdio::null());
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        let output = self.command(arguments).output().expect("it runs");
        let text = |bytes| String::from_utf8(bytes).expect("it is text");
        Outcome {
            is_success: output.status.success(),
            code: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// Starts it and leaves it running.
    pub(crate) fn start(self, arguments: &[&str]) -> Serving {
        let mut command = self.command(arguments);
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        let lines = lines_of(child.stderr.take().expect("it is piped"));
        Serving {
            child,
            lines,
            seen: Vec::new(),
            _program: self,
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// Reads lines in the background, so that waiting for one has an end.
fn lines_of(stderr: ChildStderr) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

/// The program while it serves; it is ended with the value.
pub(crate) struct Serving {
    child: Child,
    lines: Receiver<String>,
    seen: Vec<String>,
    // Last: its folder goes when the program has ended.
    _program: Program,
}

impl Serving {
    /// Waits for a line of the log that holds a text.
    #[track_caller]
    pub(crate) fn line(&mut self, text: &str) -> String {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => self.seen.push(line),
                Err(_) => panic!("it did not say {text:?}, but this: {:#?}", self.seen),
            }
            if let Some(line) = self.seen.last().filter(|line| line.contains(text)) {
                return line.clone();
            }
        }
    }

    /// Asks it to end, and gives the exit code and all lines of its log.
    pub(crate) fn end(mut self, signal: Signal) -> (Option<i32>, Vec<String>) {
        kill(self.pid(), signal).expect("it runs");
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            self.seen.push(line);
        }
        let status = self.child.wait().expect("it is ours");
        (status.code(), std::mem::take(&mut self.seen))
    }

    /// The process.
    pub(crate) fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id().cast_signed())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // With a signal that it can answer, as a private PostgreSQL must end with it.
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = kill(self.pid(), Signal::SIGTERM);
            let _ = self.child.wait();
        }
    }
}

/// Asks a server for a path and gives the status and the body, over a connection of its own.
pub(crate) fn get(address: &str, path: &str, headers: &str) -> (u16, String) {
    use std::io::Write;
    let mut stream = std::net::TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("the time is valid");
    let request = format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("there is a head");
    let status = head.get(9..12).and_then(|status| status.parse().ok());
    (status.expect("there is a status"), body.to_owned())
}
