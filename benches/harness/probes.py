"""What is no rate: the start, one cold key, and how soon a write is seen."""

import asyncio
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from .bench import Size, Stage, progress
from .editor import Editor
from .load import load
from .places import LIST
from .processes import Broken
from .proxy import Proxy
from .servers import Vertebra, fetch

LONGEST_WAIT = 15.0


@dataclass(frozen=True)
class Finding:
    """A figure that was measured, and the one to reach."""

    work: str
    found: str
    figure: str

    def row(self) -> list[str]:
        """The line of the table."""
        return [self.work, self.found, self.figure]


HEAD = ["work", "found", "to reach"]


def start(stage: Stage, size: Size) -> list[Finding]:
    """From the start of the process to the first 200 that needed the database."""
    progress("start ...")
    private = {"VERTEBRA_DATA_DIR": str(stage.folder / "private"), "VERTEBRA_DEMO": "auto"}
    first_start(stage, private)  # It makes the database, which is not measured.
    findings = []
    for name, settings, figure in [
        ("start to first 200, DATABASE_URL", {"DATABASE_URL": stage.cluster.url("articles")}, "under 50 ms"),
        ("start to first 200, existing private PostgreSQL", private, "under 300 ms"),
    ]:
        times = [first_start(stage, settings) for _ in range(size.starts)]
        findings.append(Finding(name, f"median {statistics.median(times):.0f} ms, most {max(times):.0f} ms", figure))
    return findings


def first_start(stage: Stage, settings: dict[str, str]) -> float:
    server = Vertebra(stage.folder, "start", settings)
    try:
        while not server.answers("/v1/articles"):
            if time.monotonic() - server.process.started > 60:
                raise Broken("the server does not start")
            time.sleep(0.0005)
        return (time.monotonic() - server.process.started) * 1000
    finally:
        server.process.stop()


def cold_key(stage: Stage) -> Finding:
    """A thousand requests at once for what nobody has asked for yet."""
    progress("one cold key ...")
    stage.cluster.query("postgres", "alter database articles set log_statement = 'all'")
    with stage.server("articles", VERTEBRA_MAX_IN_FLIGHT="2000") as server:

        def cost(work: Callable[[], None]) -> int:
            before = stage.cluster.reads_of_articles()
            work()
            time.sleep(0.2)
            return stage.cluster.reads_of_articles() - before

        for limit in (31, 32):
            fetch(server.port, f"/v1/articles?limit={limit}")
        alone = cost(lambda: expect_ok(server.port, "/v1/articles?limit=33"))
        together = cost(lambda: asyncio.run(at_once(server.port, "/v1/articles?limit=34", 1000)))
    stage.cluster.query("postgres", "alter database articles reset log_statement")
    if not alone:
        raise Broken("the log of PostgreSQL has no read of an article")
    found = f"{together} statements, one request alone has {alone}"
    return Finding("1,000 requests at once for one cold key", found, "as many as one alone")


def expect_ok(port: int, path: str) -> None:
    if fetch(port, path).status != 200:
        raise Broken(f"{path} is not answered")


async def at_once(port: int, path: str, count: int) -> None:
    """Opens all connections, then asks on all of them, and compares the answers."""
    connections = [await asyncio.open_connection("127.0.0.1", port) for _ in range(count)]
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    for _, writer in connections:
        writer.write(request)
    answers = await asyncio.gather(*(reader.read() for reader, _ in connections))
    for _, writer in connections:
        writer.close()
    bodies = {answer.partition(b"\r\n\r\n")[2] for answer in answers}
    if len(bodies) != 1 or not all(answer.startswith(b"HTTP/1.1 200 ") for answer in answers):
        raise Broken(f"a thousand requests for {path} had {len(bodies)} different answers")


def visibility(stage: Stage, size: Size) -> list[Finding]:
    """How soon another instance shows what was written, with and without its LISTEN."""
    progress("write to visible ...")
    proxy = Proxy(stage.cluster.port)
    few = max(5, size.writes // 10)
    findings = []
    try:
        through = stage.cluster.url("articles", proxy.port)
        with stage.server("articles") as one, stage.server("articles", DATABASE_URL=through) as other:
            editor = Editor(one, "benchmark-visibility")
            for work, writes, before, figure in [
                ("write to visible on another instance", size.writes, nothing, "p99 under 1 s"),
                ("the same, LISTEN cut at each write", few, proxy.cut, "under 5 s"),
                ("the same, LISTEN refused for good", few, lambda: refuse(proxy), "under 5 s"),
            ]:
                times, stale = waits(editor, one, other, writes, before, work)
                findings.append(Finding(work, told(times), figure))
                if before is nothing:
                    text = f"{stale} of {writes} first reads were stale"
                    findings.append(Finding("read your writes on the writing instance", text, "0"))
    finally:
        proxy.stop()
    return findings


def nothing() -> None:
    """Leaves the connection on which the other instance listens alone."""


def refuse(proxy: Proxy) -> None:
    proxy.refuses_listening = True
    proxy.cut()


def waits(
    editor: Editor, one: Vertebra, other: Vertebra, writes: int, before: Callable[[], None], work: str
) -> tuple[list[float], int]:
    """Milliseconds from each acknowledged write to its first sight, and how often the writer itself saw the old."""
    times, stale = [], 0
    for number in range(1, writes + 1):
        name = f"{work} {number}"
        for server in (one, other):
            editor.sees(server, name)  # So that both have the old one in memory.
        before()
        written = editor.write(name)
        stale += not editor.sees(one, name)
        while not editor.sees(other, name) and time.monotonic() - written < LONGEST_WAIT:
            time.sleep(0.0005)
        times.append((time.monotonic() - written) * 1000)
    return times, stale


def told(times: list[float]) -> str:
    """The spread of some waits."""
    ordered = sorted(times)
    late = sum(wait >= LONGEST_WAIT * 1000 for wait in times)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    text = f"p50 {statistics.median(ordered):.1f} ms, p99 {p99:.1f} ms ({len(times)} writes)"
    return f"{text}; {late} not within {LONGEST_WAIT:.0f} s" if late else text


def stampede(stage: Stage, size: Size) -> Finding:
    """A hot list while something is published twice a second: each write makes it be loaded anew, once."""
    progress("stampede ...")
    with stage.server("articles") as server:
        editor = Editor(server, "benchmark-stampede")
        ended = threading.Event()
        writes = 0

        def write() -> None:
            nonlocal writes
            while not ended.wait(0.5):
                editor.write(f"Stampede {writes}")
                writes += 1

        time.sleep(0.5)  # The editor's first writes are none of what is counted.
        expect_ok(server.port, LIST)
        before = server.metric("vertebra_cache_misses_total")
        writer = threading.Thread(target=write)
        writer.start()
        try:
            sample = load(server.port, LIST, seconds=2 * size.seconds, connections=64, server=server.process)
        finally:
            ended.set()
            writer.join()
        loads = server.metric("vertebra_cache_misses_total") - before
    # Each round of writing has two changes: the new version, and its publication.
    text = f"{sample.rate:,.0f} requests/s, p99 {sample.p99_ms:.1f} ms, {loads:.0f} loads for {2 * writes} changes"
    return Finding("list of 20 while two changes are made twice a second", text, "no more loads than changes")


def memory(stage: Stage, paths: list[str], size: Size) -> list[Finding]:
    """Its share of the memory at rest, and after more different answers than it may keep."""
    progress("memory ...")
    with stage.server("articles") as server:
        time.sleep(1)
        rest = server.process.pss_megabytes()
        for headers in ({}, {"Accept-Encoding": "br"}):
            load(
                server.port,
                "/",
                seconds=2 * size.seconds,
                connections=64,
                server=server.process,
                headers=headers,
                paths=paths,
            )
        kept = server.metric("vertebra_cache_bytes") / 1e6
        after = server.process.pss_megabytes()
    flood = f"{after:.1f} MB, of which the cache counts {kept:.1f} MB"
    return [
        Finding("memory (PSS) at rest", f"{rest:.1f} MB", "under 40 MB"),
        Finding(f"memory after a flood of {len(paths):,} answers", flood, "under 40 MB and the cache's bound"),
    ]
