"""An editor who writes one topic over and over."""

import json
import time
from collections.abc import Mapping
from typing import Any

from .processes import Broken
from .servers import Vertebra, command, fetch

SCOPES = "content:read,content:write,content:publish"


class Editor:
    """Writes at one instance, with a key of its own."""

    def __init__(self, server: Vertebra, name: str) -> None:
        self._server, self._slug = server, name
        key = command(server.settings, "key", "create", "--name", name, "--scope", SCOPES, "--expires", "1d")
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        made = self._send("POST", "", {"texts": {"en-GB": {"name": "Version 0", "slug": name}}})
        self._path, self._tag = f"/{made['id']}", made["etag"]
        self._publish()

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None, tag: str = "") -> dict[str, Any]:
        headers = {**self._headers, **({"If-Match": tag} if tag else {})}
        text = json.dumps(body) if body is not None else ""
        answer = fetch(self._server.port, f"/v1/admin/topics{path}", headers, method, text)
        if answer.status >= 300:
            raise Broken(f"{method} of a topic: {answer.status} {answer.body.decode()}")
        return {**json.loads(answer.body), "etag": answer.headers["etag"]}

    def _publish(self) -> None:
        self._tag = self._send("POST", f"{self._path}/publish", None, self._tag)["etag"]

    def write(self, name: str) -> float:
        """Publishes a new name and gives the moment at which that was acknowledged."""
        content = {"texts": {"en-GB": {"name": name}}}
        self._headers["Content-Type"] = "application/merge-patch+json"
        self._tag = self._send("PATCH", self._path, content, self._tag)["etag"]
        self._publish()
        return time.monotonic()

    def sees(self, server: Vertebra, name: str) -> bool:
        """Whether an instance shows the name now."""
        answer = fetch(server.port, "/v1/topics?limit=100")
        if answer.status != 200:
            raise Broken(f"the topics: {answer.status} {answer.body.decode()}")
        return (self._slug, name) in [(topic["slug"], topic["name"]) for topic in json.loads(answer.body)["items"]]
