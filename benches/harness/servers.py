"""What is measured: the server, and nginx with the same bytes."""

import http.client
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .processes import Broken, Child, clean_environment, cores, free_port, wait_until

NGINX = """
daemon off;
worker_processes 2;
pid {folder}/pid;
error_log {folder}/errors;
events {{ worker_connections 4096; }}
http {{
    sendfile on;
    tcp_nopush on;
    open_file_cache max=1000 inactive=1h;
    open_file_cache_valid 1h;
    keepalive_timeout 75s;
    keepalive_requests 1000000000;
    etag on;
    default_type application/json;
    add_header Cache-Control "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400";
    add_header Vary "Accept-Language, Accept-Encoding";
    add_header Content-Language en-GB;
    client_body_temp_path {folder}/temp;
    proxy_temp_path {folder}/temp;
    fastcgi_temp_path {folder}/temp;
    uwsgi_temp_path {folder}/temp;
    scgi_temp_path {folder}/temp;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        access_log off;
        root {folder}/files;
        location /br/ {{
            add_header Cache-Control "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400";
            add_header Vary "Accept-Language, Accept-Encoding";
            add_header Content-Language en-GB;
            add_header Content-Encoding br;
        }}
    }}
    server {{
        listen 127.0.0.1:{logged} backlog=4096;
        access_log {folder}/access;
        root {folder}/files;
    }}
}}
"""


@dataclass(frozen=True)
class Answer:
    """What a server answers, with the body as it was on the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def fetch(
    port: int, path: str, headers: Mapping[str, str] | None = None, method: str = "GET", body: str = ""
) -> Answer:
    """Asks a server on the loopback address."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body or None, dict(headers or {}))
        answer = connection.getresponse()
        received = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, received, answer.read())
    finally:
        connection.close()


class Vertebra:
    """The server, on free ports; its access log is on, as by default, and goes to a file."""

    def __init__(self, folder: Path, name: str, settings: Mapping[str, str]) -> None:
        self.port, self.ops_port = free_port(), free_port()
        self.settings = {
            "VERTEBRA_BIND": f"127.0.0.1:{self.port}",
            "VERTEBRA_OPS_BIND": f"127.0.0.1:{self.ops_port}",
            "VERTEBRA_PUBLIC_URL": "https://www.example.org",
            "VERTEBRA_DEMO": "never",
            "VERTEBRA_DRAIN_MS": "1",
            **settings,
        }
        self.process = Child([program(), "serve"], folder / f"{name}.log", settings=self.settings)

    def ready(self) -> "Vertebra":
        """Waits until it answers from the database."""
        wait_until(lambda: self.answers("/v1/topics?limit=1"), 60, "the server's start")
        return self

    def answers(self, path: str) -> bool:
        """Whether it answers 200 now."""
        self.process.check()
        try:
            return fetch(self.port, path).status == 200
        except OSError:
            return False

    def metric(self, name: str) -> float:
        """One of its metrics."""
        lines = fetch(self.ops_port, "/metrics").body.decode().splitlines()
        found = [line.split()[1] for line in lines if line.split()[0] == name]
        if not found:
            raise Broken(f"the server has no metric {name}")
        return float(found[0])


class Nginx:
    """Two workers that serve files: once without a log, once with one."""

    def __init__(self, folder: Path) -> None:
        (folder / "files" / "br").mkdir(parents=True)
        folder.chmod(0o755)
        self.folder, self.port, self.logged_port = folder, free_port(), free_port()
        configuration = folder / "configuration"
        configuration.write_text(NGINX.format(folder=folder, port=self.port, logged=self.logged_port))
        self.access_log = folder / "access"
        self.process = Child([which("nginx"), "-c", str(configuration), "-e", str(folder / "errors")], folder / "log")
        wait_until(self._answers, 10, "nginx's start")

    def _answers(self) -> bool:
        self.process.check()
        try:
            return fetch(self.port, "/nothing").status == 404
        except OSError:
            return False

    def serve(self, path: str, body: bytes) -> None:
        """Puts bytes at a path, before anybody asks for it."""
        (self.folder / "files" / path.lstrip("/")).write_bytes(body)


def program() -> str:
    """The program that is measured."""
    return os.environ["VERTEBRA_PROGRAM"]


def which(name: str) -> str:
    """The whole path of a program."""
    return shutil.which(name) or name


def command(settings: Mapping[str, str], *arguments: str) -> str:
    """Runs a command of the program and gives what it writes to standard output."""
    done = subprocess.run(
        ["taskset", "-c", cores(), program(), *arguments],
        env={**clean_environment(), **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Broken(f"vertebra {arguments[0]}: {done.stderr}")
    return done.stdout.strip()
