"""Writes the examples of a document as TypeScript that compiles only where they have the generated types.

Usage: examples.py DOCUMENT IMPORT TYPE, where TYPE has {} for the name of a schema.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

PLACE = "#/components/schemas/"


def examples(document: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each object that is an example of a request or an answer, or an item of one, with the name of its schema."""
    schemas = document["components"]["schemas"]
    for schema, example in _contents([document["paths"], document["components"]["responses"]]):
        yield from _objects(schemas, schema, example)


def _contents(node: Any) -> Iterator[tuple[Any, Any]]:
    """Each example of JSON with its schema."""
    if isinstance(node, list):
        for part in node:
            yield from _contents(part)
    elif isinstance(node, dict):
        for media, content in node.get("content", {}).items():
            values = [example["value"] for example in content.get("examples", {}).values()]
            values += [content["example"]] if "example" in content else []
            if "json" in media:
                yield from ((content["schema"], value) for value in values)
        for name, part in node.items():
            if name not in ("content", "example", "examples"):
                yield from _contents(part)


def _objects(schemas: dict[str, Any], schema: dict[str, Any], example: Any) -> Iterator[tuple[str, Any]]:
    name = schema.get("$ref", "").removeprefix(PLACE)
    schema = schemas[name] if name else schema
    if schema.get("type") == "array":
        for item in example:
            yield from _objects(schemas, schema["items"], item)
    else:
        assert name, f"an example of an object without a name: {example}"
        yield name, example


def main() -> None:
    """Writes a line for each example to standard output."""
    with open(sys.argv[1], encoding="utf-8") as file:
        document = json.load(file)
    lines = [f"  {json.dumps(example)} satisfies {sys.argv[3].format(schema)}," for schema, example in examples(document)]
    assert lines, "there is no example"
    print(sys.argv[2], "export const examples = [", *lines, "];", sep="\n")


if __name__ == "__main__":
    main()
