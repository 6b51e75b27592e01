"""Processes that are started here: pinned to the same cores, measured, and ended by their id."""

import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


class Broken(Exception):
    """What was measured was not what should have been measured."""


def cores() -> str:
    """The cores that all processes share: at most two, as in the figures to reach."""
    allowed = sorted(os.sched_getaffinity(0))
    return os.environ.get("BENCH_CORES") or ",".join(str(core) for core in allowed[:2])


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_until(holds: Callable[[], bool], seconds: float, what: str, pause: float = 0.01) -> None:
    """Waits for a condition, and no longer than so many seconds."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            raise Broken(f"{what} did not happen within {seconds} s")
        time.sleep(pause)


def accounts_of_postgres() -> pwd.struct_passwd | None:
    """The account for PostgreSQL where this runs as root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


class Child:
    """A process, with all that it starts itself."""

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        *,
        settings: Mapping[str, str] | None = None,
        account: pwd.struct_passwd | None = None,
        end: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name, self.log, self._end = Path(command[0]).name, log, end
        # Appending, so that the file can be emptied while it is written.
        with log.open("ab") as output:
            self.started = time.monotonic()
            self._process = subprocess.Popen(
                ["taskset", "-c", cores(), *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**clean_environment(), **(settings or {})},
                start_new_session=True,
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
            )
        self.pid = self._process.pid

    def check(self) -> None:
        """Says why it ended, where it has."""
        if self._process.poll() is not None:
            raise Broken(f"{self.name} has ended:\n{self.log.read_text(errors='replace')[-2000:]}")

    def stop(self) -> None:
        """Ends it in order, and by force where that takes too long."""
        if self._process.poll() is None:
            self._process.send_signal(self._end)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def cpu_seconds(self) -> float:
        """Time that it and its children have used, also those that have ended."""
        return sum(sum(int(part) for part in stat(pid)[11:15]) for pid in tree(self.pid)) / TICKS

    def pss_megabytes(self) -> float:
        """Its share of the memory, by smaps_rollup."""
        kilobytes = 0
        for pid in tree(self.pid):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            kilobytes += int(next(line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:")))
        return kilobytes / 1024


def clean_environment() -> dict[str, str]:
    """The environment without settings of Vertebra, PostgreSQL and the log, which are set here."""
    foreign = ("VERTEBRA_", "PG", "DATABASE_URL", "RUST_LOG")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}


def stat(pid: int) -> list[str]:
    """The fields of a process after its name, or zeros where it has just ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return ["0"] * 50


def tree(root: int) -> list[int]:
    """A process and all below it."""
    parents = {int(entry.name): int(stat(int(entry.name))[1]) for entry in Path("/proc").glob("[0-9]*")}
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found
