"""Runs what benches/run was asked for and prints its tables."""

import os
import platform
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from types import FrameType

from . import cost, kept, probes, uncached
from .bench import FULL, QUICK, Size, Stage, progress
from .places import Reader
from .processes import Broken, cores
from .servers import Nginx


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows]]
    return "\n".join(lines) + "\n"


def machine(stage: Stage) -> str:
    """What it was measured on and with."""

    def first(*command: str) -> str:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return (done.stdout + done.stderr).split("\n", 1)[0].strip()

    model = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    wrk = first("wrk", "-v").split(" Copyright")[0]
    parts = [f"cores {cores()} of {os.cpu_count()} ({model[0] if model else platform.machine()})"]
    parts += [f"Linux {platform.release()}", f"PostgreSQL {stage.cluster.query('postgres', 'show server_version')}"]
    return ", ".join([*parts, first("nginx", "-v"), wrk])


def everything(stage: Stage, size: Size) -> str:
    """All cases of the figures to reach."""
    progress(f"{size.articles:,} articles ...")
    stage.fill("articles", size.articles)
    with ExitStack() as stack:
        server = stack.enter_context(stage.server("articles"))
        reader = Reader(server.port)
        article = reader.articles(1, "news")[0]
        works = uncached.works(reader, size.articles // 2)
        nginx = Nginx(stage.folder / "nginx")
        stack.callback(nginx.process.stop)
        beside = []
        for case in kept.cases(server, nginx, article):
            beside += kept.rows(case, kept.measure(case, size, [server.process], nginx))
        bare = stack.enter_context(stage.server("articles", VERTEBRA_CACHE_BYTES="0"))
        costs = [uncached.row(work, uncached.measure(work, bare, server, stage.cluster, size)) for work in works]
        flood = [path for work in works for path in work.paths]
    findings = probes.memory(stage, flood, size)
    findings += probes.start(stage, size)
    findings.append(probes.cold_key(stage))
    findings += probes.visibility(stage, size)
    findings.append(probes.stampede(stage, size))
    rows = [finding.row() for finding in findings]
    about = f"{size.articles:,} articles, medians of {size.rounds} rounds of {size.seconds} s; {machine(stage)}.\n"
    return "\n".join([about, table(kept.HEAD, beside), table(uncached.HEAD, costs), table(probes.HEAD, rows)])


def stop(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Prints the tables, or why there are none."""
    signal.signal(signal.SIGTERM, stop)
    mode = sys.argv[1]
    try:
        with ExitStack() as stack:
            stage = Stage(stack)
            if mode == "cost":
                print(f"{machine(stage)}.\n\n{table(cost.head(), cost.rows(stage))}")
            else:
                size = QUICK if mode == "quick" else FULL
                articles = int(os.environ.get("BENCH_ARTICLES") or size.articles)
                print(everything(stage, Size(**{**vars(size), "articles": articles})))
    except Broken as broken:
        print(f"benches/run: nothing is printed, as {broken}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("benches/run: stopped", file=sys.stderr)
        return 130
    return 0


sys.exit(main())
