"""What the property-based tester must know of the server that no document can tell."""

import os
import uuid
from typing import Any

import requests
import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.openapi.checks import AcceptedNegativeData, RejectedPositiveData

# Why a request is refused whose form is as the document says: by the code of the problem.
RULES_BEYOND_FORM = {
    "invalid_cursor": "only a cursor that a page gave continues a list",
    "invalid_content": "rules between fields and references to what is there hold for content",
    "precondition_failed": "only the entity tag of the present version opens a write",
    "idempotency_key_reused": "a key belongs to the first request that had it",
}


@schemathesis.hook
def filter_failure(context: HookContext, failure: Failure, case: Case, response: Response) -> bool:
    """Says whether it is a fault that a request was refused, or was not refused for its form."""
    code = problem_code(response)
    if isinstance(failure, RejectedPositiveData):
        return code not in RULES_BEYOND_FORM
    if isinstance(failure, AcceptedNegativeData):
        # It was refused, before its content was looked at: a stale version is the first fault to mend.
        return code != "precondition_failed"
    return True


def problem_code(response: Response) -> str | None:
    """The code of the problem in an answer."""
    if response.headers.get("content-type") != ["application/problem+json"]:
        return None
    code = response.json()["code"]
    return code if isinstance(code, str) else None


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """Keeps the tester from revoking the key that it works with: everything after would be a 401."""
    if case.operation.definition.raw["operationId"] == "revokeApiKey" and case.path_parameters["id"] == own_key():
        case.path_parameters["id"] = str(uuid.uuid4())


_own: dict[str, str] = {}


def own_key() -> str:
    """The id of the key, which its address does not tell."""
    if not _own:
        keys = requests.get(
            f"{os.environ['VERTEBRA_URL']}/v1/admin/keys",
            headers={"Authorization": f"Bearer {os.environ['VERTEBRA_KEY']}"},
            timeout=10,
        ).json()["items"]
        _own["id"] = next(key["id"] for key in keys if os.environ["VERTEBRA_KEY"].startswith(f"{key['prefix']}_"))
    return _own["id"]
