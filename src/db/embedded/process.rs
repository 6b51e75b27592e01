//! What the system knows of a process: only that tells a live server from a number in a file.

/// A process that is alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// The process id.
    pub pid: i32,
    /// When it started, in the system's own notation: with the id it names one process for ever.
    pub started: String,
    /// The command line, its words separated by spaces.
    pub command: String,
}

impl Process {
    /// Finds a live process by its id; a zombie is not alive.
    pub fn find(pid: i32) -> Option<Self> {
        if pid <= 0 {
            return None;
        }
        let (state, started, command) = describe(pid)?;
        (!state.starts_with(['Z', 'X'])).then_some(Self { pid, started, command })
    }

    /// Tells whether this very process still lives.
    pub fn is_alive(&self) -> bool {
        Self::find(self.pid).is_some_and(|now| now.started == self.started)
    }
}

#[cfg(target_os = "linux")]
fn describe(pid: i32) -> Option<(String, String, String)> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The program's name stands in parentheses and may hold any character.
    let mut fields = stat.get(stat.rfind(')')? + 1..)?.split_whitespace();
    let state = fields.next()?.to_owned();
    let started = fields.nth(18)?.to_owned();
    let command = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let command = String::from_utf8_lossy(&command).replace('\0', " ");
    Some((state, started, command))
}

#[cfg(not(target_os = "linux"))]
fn describe(pid: i32) -> Option<(String, String, String)> {
    let column = |name: &str| {
        let output = std::process::Command::new("/bin/ps")
            .env("LC_ALL", "C")
            .args(["-ww", "-o", &format!("{name}="), "-p", &pid.to_string()])
            .output()
            .ok()?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        (!text.is_empty()).then_some(text)
    };
    Some((column("stat")?, column("lstart")?, column("command")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_this_process_and_its_start() {
        let me = Process::find(std::process::id() as i32).expect("this process lives");
        assert!(me.is_alive());
        assert!(!me.command.is_empty());
        let other = Process {
            started: format!("{}0", me.started),
            ..me
        };
        assert!(!other.is_alive());
    }

    #[test]
    fn a_zombie_is_not_alive() {
        let mut child = std::process::Command::new("true").spawn().expect("true runs");
        let pid = child.id() as i32;
        let ended = (0..1000).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(5));
            Process::find(pid).is_none()
        });
        assert!(ended);
        assert!(nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), None).is_ok());
        child.wait().expect("the child is ours");
    }
}
