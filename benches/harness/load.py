"""Load by wrk, and what it costs the processes that bear it."""

import os
import re
import statistics
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .processes import Broken, Child, cores

SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True)
class Sample:
    """One round against one server."""

    requests: int
    seconds: float
    bytes_each: float
    p50_ms: float
    p99_ms: float
    server_ms: float
    database_ms: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def load(
    port: int,
    path: str,
    *,
    seconds: int,
    connections: int,
    server: Child,
    database: Child | None = None,
    headers: Mapping[str, str] | None = None,
    paths: Sequence[str] = (),
) -> Sample:
    """Asks for one path, or for several at random, for some seconds; any failure is an error."""
    command = [
        "taskset",
        "-c",
        cores(),
        "wrk",
        f"-t{min(2, connections)}",
        f"-c{connections}",
        f"-d{seconds}s",
        "-s",
        str(SCRIPT),
    ]
    command += [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
    environment = dict(os.environ)
    with tempfile.NamedTemporaryFile("w") as listed:
        if paths:
            listed.write("\n".join(paths))
            listed.flush()
            environment["BENCH_PATHS"] = listed.name
        before = cpu(server, database)
        run = subprocess.run(
            [*command, f"http://127.0.0.1:{port}{path}"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds + 30,
        )
        after = cpu(server, database)
    found = re.search(r"^figures (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)$", run.stdout, re.MULTILINE)
    if not found:
        raise Broken(f"wrk: {run.stdout}{run.stderr}")
    requests, micros, size, failed, p50, p99 = (int(figure) for figure in found.groups())
    if failed or not requests:
        raise Broken(f"{failed} of {requests} requests for {path} failed:\n{run.stdout}")
    server_ms, database_ms = ((late - early) * 1000 / requests for late, early in zip(after, before, strict=True))
    return Sample(requests, micros / 1e6, size / requests, p50 / 1000, p99 / 1000, server_ms, database_ms)


def cpu(server: Child, database: Child | None) -> tuple[float, float]:
    """Seconds that the two have used so far."""
    server.check()
    return server.cpu_seconds(), database.cpu_seconds() if database else 0.0


def median(samples: Sequence[Sample], field: str) -> float:
    """The median of a figure over the rounds."""
    figures: list[float] = [getattr(sample, field) for sample in samples]
    return statistics.median(figures)
