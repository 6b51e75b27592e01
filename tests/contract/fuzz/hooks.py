"""What the property-based tester must know of the server that no document can tell."""

import itertools
import os
import re
import uuid
from collections.abc import Iterator
from typing import Any

import requests
import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.openapi.checks import RejectedPositiveData

URL = os.environ["VERTEBRA_URL"]
KEY = os.environ["VERTEBRA_KEY"]

# Why a request is refused whose form is as the document says: by the code of the problem.
RULES_BEYOND_FORM = {
    "invalid_cursor": "only a cursor that a page gave continues a list",
    "invalid_content": "rules between fields and references to what is there hold for content",
    "precondition_failed": "only the entity tag of the present version opens a write",
    "idempotency_key_reused": "a key belongs to the first request that had it",
}

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ENTITY_TAG = re.compile(r'(W/)?"[!#-~]*"')


@schemathesis.hook
def filter_failure(context: HookContext, failure: Failure, case: Case, response: Response) -> bool:
    """Says whether it is a fault that a request was refused, or was not refused for its form."""
    code = problem_code(response)
    if isinstance(failure, RejectedPositiveData):
        # A patch may leave out only what is there already.
        leaves_out = case.method == "PATCH" and {fault["code"] for fault in faults(response)} == {"missing_field"}
        return code not in RULES_BEYOND_FORM and not leaves_out
    if isinstance(failure, AcceptedNegativeData):
        # It was refused, before its content was looked at: a stale version is the first fault to mend.
        return code != "precondition_failed"
    return True


def problem_code(response: Response) -> str | None:
    """The code of the problem in an answer."""
    return str(response.json()["code"]) if is_problem(response) else None


def faults(response: Response) -> list[dict[str, str]]:
    """What an answer says of the parts of the request."""
    return list(response.json()["errors"]) if is_problem(response) else []


def is_problem(response: Response) -> bool:
    """Whether an answer is a problem document."""
    return response.headers.get("content-type") == ["application/problem+json"]


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """Lets most requests be about something that is there, in its present version.

    An id or an entity tag that is made up is well formed and names nothing: the tester would see 404 and 412 only.
    """
    collection, place, _ = case.path.partition("/{id")
    if place and next(chance) != 0:
        name = "id_or_slug" if case.path.startswith(f"{collection}/{{id_or_slug}}") else "id"
        if names_something(case.path_parameters.get(name)):
            case.path_parameters[name] = next(known(collection), case.path_parameters[name])
    if ENTITY_TAG.fullmatch(str(case.headers.get("If-Match"))) and next(chance) != 0:
        case.headers["If-Match"] = "*"
    # All that came after it revoked the key that it works with would be 401.
    if case.operation.definition.raw["operationId"] == "revokeApiKey" and case.path_parameters["id"] == own_key():
        case.path_parameters["id"] = str(uuid.uuid4())


chance = itertools.cycle(range(4))
_known: dict[str, Iterator[str]] = {}


def names_something(value: object) -> bool:
    """Whether it has the form of an id or a slug; what breaks the form on purpose stays as it is."""
    return isinstance(value, str) and SLUG.fullmatch(value) is not None


def known(collection: str) -> Iterator[str]:
    """The ids of what was there at first, again and again; nothing where there is no list."""
    if collection not in _known:
        response = requests.get(URL + collection, headers={"Authorization": f"Bearer {KEY}"}, timeout=10)
        items = response.json()["items"] if response.ok else []
        _known[collection] = itertools.cycle([item["id"] for item in items])
    return _known[collection]


def own_key() -> str:
    """The id of the key, which its text does not tell."""
    response = requests.get(f"{URL}/v1/admin/keys", headers={"Authorization": f"Bearer {KEY}"}, timeout=10)
    return next(str(key["id"]) for key in response.json()["items"] if KEY.startswith(f"{key['prefix']}_"))
