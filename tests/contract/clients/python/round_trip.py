"""Parses every example of both documents with the generated models and writes it again: nothing may change."""

import json
import os
import re
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import vertebra_admin.models
import vertebra_public.models
from examples import examples

DOCUMENTS = Path(os.environ["VERTEBRA_CONTRACT_TOOLS"]) / "openapi"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+(Z|[+-]\d\d:\d\d)")


def same(value: Any) -> Any:
    """The value with its moments in one form: Python writes +00:00 for Z."""
    if isinstance(value, dict):
        return {name: same(item) for name, item in value.items()}
    if isinstance(value, list):
        return [same(item) for item in value]
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return datetime.fromisoformat(value)
    return value


def model(models: ModuleType, schema: str) -> Any:
    """The class that was generated for a schema: its name may be written with other capital letters."""
    names = {name.lower(): name for name in vars(models)}
    return getattr(models, names[schema.lower()])


def check(name: str, models: ModuleType) -> int:
    """Checks a document and says how many examples it has."""
    count = 0
    with open(DOCUMENTS / f"{name}.json", encoding="utf-8") as file:
        document = json.load(file)
    for schema, example in examples(document):
        written = model(models, schema).from_dict(example).to_dict()
        assert same(written) == same(example), f"{name}, {schema}:\n{json.dumps(example)}\n{json.dumps(written)}"
        count += 1
    return count


if __name__ == "__main__":
    assert check("public", vertebra_public.models) > 0
    assert check("admin", vertebra_admin.models) > 0
