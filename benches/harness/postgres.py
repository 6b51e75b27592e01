"""A throw-away PostgreSQL with the settings that it has by default."""

import os
import re
import secrets
import signal
import subprocess
from pathlib import Path

from .processes import Broken, Child, accounts_of_postgres, clean_environment, free_port, wait_until


def programs() -> Path:
    """The folder with the newest PostgreSQL that is installed."""
    if given := os.environ.get("PG_BIN_DIR"):
        return Path(given)
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda folder: int(folder.parent.name))
    return Path(subprocess.check_output(["pg_config", "--bindir"], text=True).strip())


class Cluster:
    """A server on a free port of the loopback address."""

    def __init__(self, folder: Path) -> None:
        self._data, account = folder / "data", accounts_of_postgres()
        self._password, self.port, self.log = secrets.token_hex(16), free_port(), folder / "log"
        folder.mkdir()
        password_file = folder / "password"
        password_file.write_text(self._password)
        if account:
            for path in (folder, password_file):
                os.chown(path, account.pw_uid, account.pw_gid)
        initdb = [str(programs() / "initdb"), "-D", str(self._data), "-U", "vertebra", "-A", "scram-sha-256"]
        initdb += [f"--pwfile={password_file}", "-E", "UTF8", "--locale=C.UTF-8"]
        ids = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd="/", **ids)  # type: ignore[call-overload]
        command = [str(programs() / "postgres"), "-D", str(self._data), "-p", str(self.port)]
        command += ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={folder}"]
        self.process = Child(command, self.log, account=account, end=signal.SIGINT)
        wait_until(self._answers, 60, "PostgreSQL's start", 0.05)

    def _answers(self) -> bool:
        self.process.check()
        asked = [str(programs() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(asked, check=False).returncode == 0

    def url(self, database: str, port: int | None = None) -> str:
        """The address of a database, also through a proxy on another port."""
        return f"postgres://vertebra:{self._password}@127.0.0.1:{port or self.port}/{database}?sslmode=disable"

    def query(self, database: str, sql: str) -> str:
        """What psql answers, a line for each row."""
        address = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "vertebra", "-d", database]
        environment = {**clean_environment(), "PGPASSWORD": self._password}
        asked = subprocess.run(
            ["psql", "-XAtq", *address, "-c", sql], env=environment, capture_output=True, text=True, check=False
        )
        if asked.returncode:
            raise Broken(f"psql: {asked.stderr}")
        return asked.stdout.strip()

    def reads_of_articles(self) -> int:
        """How many statements of the log name articles; the server's own round of work names none."""
        lines = re.findall(r"^.*LOG:  (?:execute|statement).*(?:\n\t.*)*", self.log.read_text(), re.MULTILINE)
        return sum("article" in line for line in lines)
