"""What every request asks the database for: the cache is off, and hardly two at a time ask for the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from .bench import Size, progress, same_bodies
from .load import load
from .places import Reader
from .postgres import Cluster
from .processes import Broken
from .servers import Vertebra

VARIETY = 1500


@dataclass(frozen=True)
class Work:
    """Requests of one kind, with the CPU that they may cost."""

    name: str
    paths: Sequence[str]
    server_figure: float | None = None
    database_figure: float | None = None


@dataclass(frozen=True)
class Cost:
    """What one load costs, as the median of the rounds."""

    rate: float
    p50_ms: float
    p99_ms: float
    server_ms: float
    database_ms: float


def works(reader: Reader, deep: int) -> list[Work]:
    """The reads of which the cost is known."""
    return [
        Work("list of 20", reader.pages(VARIETY), 0.18, 0.20),
        Work("one article (3 kB)", reader.articles(VARIETY, "news"), 0.05, 0.05),
        Work("one article with its work (5 kB)", reader.articles(VARIETY, "literature")),
        Work(f"deep page, after {deep:,} articles", reader.pages(VARIETY, deep)),
        Work("list of a topic", reader.pages(VARIETY, 0, "&topic=benchmark-topic-1")),
    ]


def measure(
    work: Work, server: Vertebra, reference: Vertebra, cluster: Cluster, size: Size, connections: int = 8
) -> Cost:
    """Rounds of one work; some bodies are compared with those of a server that keeps them."""
    progress(f"{work.name}, cache off ...")
    some = list(work.paths[:: max(1, len(work.paths) // 8)])
    same_bodies(server.port, reference.port, some)
    found: list[Cost] = []
    for _ in range(size.rounds):
        before = server.metric("vertebra_cache_misses_total")
        sample = load(
            server.port,
            "/",
            seconds=size.seconds,
            connections=connections,
            server=server.process,
            database=cluster.process,
            paths=work.paths,
        )
        loads = server.metric("vertebra_cache_misses_total") - before
        # Requests that meet at one key share a load.
        per_load = sample.requests / loads if loads else 0
        if not 0.95 < per_load < 1.5:
            raise Broken(f"{work.name}: {sample.requests} requests were {loads} loads")
        costs = sample.server_ms * per_load, sample.database_ms * per_load
        found.append(Cost(sample.rate, sample.p50_ms, sample.p99_ms, *costs))
        server.process.log.write_bytes(b"")
    same_bodies(server.port, reference.port, some)

    def middle(field: str) -> float:
        values: list[float] = sorted(getattr(cost, field) for cost in found)
        return values[len(values) // 2]

    return Cost(*(middle(field) for field in ("rate", "p50_ms", "p99_ms", "server_ms", "database_ms")))


def row(work: Work, cost: Cost) -> list[str]:
    """The line of the table for a work."""

    def figure(value: float | None) -> str:
        return f"{value:.2f}" if value else ""

    return [
        work.name,
        f"{cost.rate:,.0f}",
        f"{cost.p50_ms:.2f}",
        f"{cost.p99_ms:.2f}",
        f"{cost.server_ms:.3f}",
        figure(work.server_figure),
        f"{cost.database_ms:.3f}",
        figure(work.database_figure),
    ]


HEAD = ["work, cache off", "requests/s", "p50 ms", "p99 ms", "CPU ms: server", "to reach", "PostgreSQL", "to reach"]
