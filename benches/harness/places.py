"""Addresses to ask for: pages at a depth of a list, and articles."""

import http.client
import json
from typing import Any

LIST = "/v1/articles?limit=20"


class Reader:
    """Reads lists over one connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def read(self, path: str) -> Any:
        """The document at a path."""
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        body = json.loads(answer.read())
        if answer.status != 200:
            raise RuntimeError(f"{path}: {body}")
        return body

    def pages(self, count: int, depth: int = 0, filters: str = "") -> list[str]:
        """Pages of 20 that begin after different items, all after so many items of the list."""
        cursor = ""
        for _ in range(depth // 100):
            cursor = self._after(f"/v1/articles?limit=100{filters}", cursor)
            if not cursor:
                raise RuntimeError(f"the list has fewer than {depth} articles")
        found: list[str] = []
        while len(found) < count and (cursor := self._after(f"/v1/articles?limit=1{filters}", cursor)):
            found.append(f"{LIST}{filters}&cursor={cursor}")
        # Near its end a list has no twenty more.
        return found[:-20] if len(found) < count else found

    def _after(self, path: str, cursor: str) -> str:
        page = self.read(f"{path}&cursor={cursor}" if cursor else path)
        return page["next_cursor"] or ""

    def articles(self, count: int, kind: str) -> list[str]:
        """The newest articles of a kind."""
        found: list[str] = []
        cursor = ""
        while len(found) < count:
            page = self.read(f"/v1/articles?limit=100&kind={kind}" + (f"&cursor={cursor}" if cursor else ""))
            found += [f"/v1/articles/{item['slug']}" for item in page["items"]]
            cursor = page["next_cursor"]
            if not cursor:
                break
        return found[:count]
