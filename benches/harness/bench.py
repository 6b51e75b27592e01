"""The stage: a cluster with articles, on which servers are started and ended."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from .postgres import Cluster
from .processes import Broken
from .servers import Vertebra, command, fetch


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    articles: int
    rounds: int
    seconds: int
    starts: int
    writes: int


QUICK = Size(articles=20_000, rounds=3, seconds=2, starts=3, writes=20)
FULL = Size(articles=100_000, rounds=7, seconds=5, starts=10, writes=200)


class Stage:
    """A folder and a cluster, and what runs on it; all ends and goes with it."""

    def __init__(self, stack: ExitStack) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="vertebra-bench-"))
        # PostgreSQL and nginx give up root's rights, and must reach what is theirs.
        self.folder.chmod(0o755)
        stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.cluster = Cluster(self.folder / "postgres")
        stack.callback(self.cluster.process.stop)
        self._servers = 0

    def fill(self, database: str, articles: int) -> None:
        """Makes a database with so many articles."""
        self.cluster.query("postgres", f"create database {database}")
        command({"DATABASE_URL": self.cluster.url(database)}, "bench-data", "--articles", str(articles))

    @contextmanager
    def server(self, database: str, **settings: str) -> Iterator[Vertebra]:
        """A server that answers, until the end of the block."""
        self._servers += 1
        settings = {"DATABASE_URL": self.cluster.url(database), **settings}
        server = Vertebra(self.folder, f"server-{self._servers}", settings)
        try:
            yield server.ready()
        finally:
            server.process.stop()


def same_bodies(one: int, other: int, paths: list[str]) -> None:
    """Refuses to go on unless two servers give the same bytes."""
    for path in paths:
        left, right = fetch(one, path), fetch(other, path)
        if (left.status, right.status) != (200, 200) or left.body != right.body or not left.body:
            raise Broken(f"the bodies of {path} differ: {left.status} {left.body[:80]!r}, {right.status}")


def progress(text: str) -> None:
    """Tells people that something goes on."""
    print(text, file=sys.stderr, flush=True)
