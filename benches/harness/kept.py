"""What is kept in memory, beside nginx with the same bytes from disk."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .bench import Size, progress
from .load import Sample, load, median
from .places import LIST
from .processes import Broken, Child
from .servers import Nginx, Vertebra, fetch

CONNECTIONS = 64


@dataclass(frozen=True)
class Target:
    """Where a case is asked for, and how."""

    name: str
    port: int
    path: str
    process: Child
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One piece of work, at the server first."""

    name: str
    figure: float
    status: int
    targets: tuple[Target, ...]

    def body(self) -> bytes:
        """The bytes that all targets give; what differs is an error."""
        answers = [fetch(target.port, target.path, target.headers) for target in self.targets]
        for target, answer in zip(self.targets, answers, strict=True):
            if answer.status != self.status:
                raise Broken(f"{self.name}: {target.name} answers {answer.status}, not {self.status}")
            if answer.body != answers[0].body:
                raise Broken(f"{self.name}: {target.name} gives other bytes than {self.targets[0].name}")
        encodings = {answer.headers.get("content-encoding") for answer in answers}
        if self.status == 200 and (len(encodings) != 1 or len(answers[0].body) < 1000):
            raise Broken(f"{self.name}: the encodings are {encodings}, the body has {len(answers[0].body)} bytes")
        return answers[0].body


def cases(server: Vertebra, nginx: Nginx, article: str) -> list[Case]:
    """The cases of the figures to reach."""
    compressed = {"Accept-Encoding": "br"}
    files = {
        "/list": fetch(server.port, LIST),
        "/br/list": fetch(server.port, LIST, compressed),
        "/article": fetch(server.port, article),
    }
    for path, answer in files.items():
        nginx.serve(path, answer.body)

    def targets(path: str, file: str, headers: Mapping[str, str]) -> tuple[Target, ...]:
        places = [("Vertebra", server.port, path, server.process), ("nginx", nginx.port, file, nginx.process)]
        if not file.startswith("/br/"):
            places.append(("nginx, log on", nginx.logged_port, file, nginx.process))
        return tuple(Target(*place, headers) for place in places)

    found = [
        Case("list of 20, identity", 1.0, 200, targets(LIST, "/list", {})),
        Case("list of 20, br", 1.0, 200, targets(LIST, "/br/list", compressed)),
        Case("one article", 1.1, 200, targets(article, "/article", {})),
    ]
    unchanged = []
    for target in targets(LIST, "/list", {}):
        tag = fetch(target.port, target.path).headers["etag"]
        unchanged.append(Target(target.name, target.port, target.path, target.process, {"If-None-Match": tag}))
    return [*found, Case("list of 20, 304", 1.1, 304, tuple(unchanged))]


def measure(case: Case, size: Size, logs: list[Child], nginx: Nginx) -> dict[str, list[Sample]]:
    """Rounds at each target in turn; the bodies are looked at before and after."""
    progress(f"{case.name} ...")
    body = case.body()
    samples: dict[str, list[Sample]] = {target.name: [] for target in case.targets}
    for turn in range(size.rounds):
        order = case.targets[turn % 2 :] + case.targets[: turn % 2]
        for target in order:
            sample = load(
                target.port,
                target.path,
                seconds=size.seconds,
                connections=CONNECTIONS,
                server=target.process,
                headers=target.headers,
            )
            if not len(body) < sample.bytes_each < len(body) + 1500:
                raise Broken(f"{case.name}: {target.name} gave {sample.bytes_each:.0f} bytes, the body has {len(body)}")
            samples[target.name].append(sample)
            for log in [*(child.log for child in logs), nginx.access_log]:
                log.write_bytes(b"")
    if case.body() != body:
        raise Broken(f"{case.name}: the body has changed")
    return samples


def ratio(samples: dict[str, list[Sample]], base: str = "nginx") -> float:
    """The rate in relation to nginx: the median of the rounds, each with its own neighbour."""
    ratios = [ours.rate / theirs.rate for ours, theirs in zip(samples["Vertebra"], samples[base], strict=True)]
    return sorted(ratios)[len(ratios) // 2]


def rows(case: Case, samples: dict[str, list[Sample]]) -> list[list[str]]:
    """The lines of the table for a case."""
    lines = []
    for target in case.targets:
        found = samples[target.name]
        is_ours = target.name == "Vertebra"
        lines.append(
            [
                f"{case.name} ({len(case.body()):,} B)" if is_ours else "",
                target.name,
                f"{median(found, 'rate'):,.0f}",
                f"{median(found, 'p50_ms'):.2f}",
                f"{median(found, 'p99_ms'):.2f}",
                f"{median(found, 'server_ms'):.4f}",
                f"**{ratio(samples):.2f}**" if is_ours else "1" if target.name == "nginx" else "",
                f"{case.figure:.1f}" if is_ours else "",
            ]
        )
    return lines


HEAD = ["work", "server", "requests/s", "p50 ms", "p99 ms", "CPU ms per request", "× nginx", "to reach"]
