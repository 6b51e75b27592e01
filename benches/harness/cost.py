"""What reads cost without the cache as the number of articles grows."""

import os
import time
from contextlib import ExitStack

from .bench import Size, Stage, progress
from .places import Reader
from .uncached import Cost, Work, measure

SIZES = [1_000, 100_000, 1_000_000]
# One, as a short list has few different pages, and requests that meet at one share its load.
CONNECTIONS = 1
VARIETY = 200
ROUNDS = Size(articles=0, rounds=5, seconds=3, starts=0, writes=0)


def sizes() -> list[int]:
    """The numbers of articles; BENCH_SIZES names others, such as 1000,100000."""
    given = os.environ.get("BENCH_SIZES")
    return [int(size) for size in given.split(",")] if given else SIZES


def head() -> list[str]:
    """The first line of the table."""
    columns = [f"{size:,}" for size in sizes()]
    return ["CPU ms for each request, server + PostgreSQL (p50 ms)", *columns, "last ÷ first"]


def works(reader: Reader, articles: int) -> list[Work]:
    """Lists, pages, filters and details, the same at every size."""
    deep = min(100_000, articles // 2)
    common = {
        "list of a topic (a quarter of all)": "&topic=benchmark-topic-1",
        "list of a topic (one in seventeen)": "&topic=benchmark-topic-9",
        "list of a journal": "&journal=benchmark-journal-1",
        "list of an author": "&author=Author+1",
        "list by date (the older half)": "&published_before=2015-07-01",
        "list by title": "&sort=title",
    }
    return [
        Work("list of 20", reader.pages(VARIETY)),
        Work("deep page (page 5,000, or the middle)", reader.pages(VARIETY, deep)),
        *(Work(name, reader.pages(VARIETY, 0, filters)) for name, filters in common.items()),
        Work("one article with its work", reader.articles(VARIETY, "literature")),
    ]


def rows(stage: Stage) -> list[list[str]]:
    """A line for each work, with a column for each size."""
    fills = [fill(stage, articles) for articles in sizes()]
    with ExitStack() as stack:
        pairs, listed = [], []
        for articles in sizes():
            kept = stack.enter_context(stage.server(name(articles)))
            pairs.append((kept, stack.enter_context(stage.server(name(articles), VERTEBRA_CACHE_BYTES="0"))))
            listed.append(works(Reader(kept.port), articles))
        lines = []
        # All sizes of a work one after the other, so that they meet the same machine.
        for same in zip(*listed, strict=True):
            found = [
                measure(work, server, kept, stage.cluster, ROUNDS, CONNECTIONS)
                for work, (kept, server) in zip(same, pairs, strict=True)
            ]
            lines.append(row(same[0].name, found))
    return [*lines, ["making the articles", *(f"{seconds:.0f} s" for seconds in fills), ""]]


def name(articles: int) -> str:
    """The database with so many articles."""
    return f"articles_{articles}"


def fill(stage: Stage, articles: int) -> float:
    """Makes the articles and says how many seconds that took."""
    begun = time.monotonic()
    stage.fill(name(articles), articles)
    seconds = time.monotonic() - begun
    progress(f"{articles:,} articles were made in {seconds:.0f} s")
    return seconds


def row(title: str, costs: list[Cost]) -> list[str]:
    """The line of a work."""
    cells = [f"{cost.server_ms:.3f} + {cost.database_ms:.3f} ({cost.p50_ms:.1f})" for cost in costs]
    totals = [cost.server_ms + cost.database_ms for cost in costs]
    return [title, *cells, f"**{totals[-1] / totals[0]:.2f}**"]
