"""What the property-based tester must know of the server that no document can tell."""

import os
import uuid

import requests
import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.openapi.checks import RejectedPositiveData

# Why a request may be refused whose form is as it is documented.
RULES_BEYOND_FORM = {
    "invalid_cursor": "a cursor is a text, but only one that a page gave continues a list",
    "invalid_content": "rules between fields, and references to what is there, hold for content",
    "precondition_failed": "an entity tag is a text, but only that of the present version opens the write",
    "idempotency_key_reused": "a key belongs to the first request that had it",
}
