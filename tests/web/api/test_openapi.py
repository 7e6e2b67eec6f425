"""The OpenAPI document is correct: responses match it, and no request causes a 500."""

from __future__ import annotations

from collections import Counter

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation

from bridge.store.auth.api_tokens import SCOPES
from bridge.web.common.services import EXTENSION_KEY
from tests.web.api.client import TOKEN, allow, give
from tests.web.api.client import url as url
from tests.web.signed_in_users import SignedInUsers

OPERATIONS = {
    "POST /api/v1/members": True,
    "POST /api/v1/members/lookup": True,
    "GET /api/v1/members/{member}/progress": False,
    "GET /api/v1/awards": True,
    "GET /api/v1/curricula": False,
    "GET /api/v1/status": False,
}
"""Each operation, and whether its input can be invalid."""
EXAMPLES = 40
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def app(users: SignedInUsers) -> Flask:
    allow(users.database, users.clock(), *SCOPES)
    give(users.database, users.clock(), [(users.member, "first")])
    users.clock.forward(minutes=2)
    users.app.extensions[EXTENSION_KEY].limiter.enabled = False
    return users.app


def operations(app: Flask) -> dict[str, APIOperation]:
    """All documented operations by method and path."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    return {(one := found.ok()).label: one for found in schema.get_all_operations()}


def test_the_document_describes_exactly_the_operations(app: Flask) -> None:
    assert set(operations(app)) == set(OPERATIONS)
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint[:4] == "api."}
    assert len(routes) == len(OPERATIONS) + len({"api.openapi"})


def exercised(operation: APIOperation, mode: GenerationMode) -> Counter[int]:
    """Call the operation with valid or invalid input. Returns the statuses."""
    statuses: Counter[int] = Counter()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def every(case: Case) -> None:
        statuses[case.call_and_validate(headers=AUTHORIZED).status_code] += 1

    every()
    return statuses


@pytest.mark.parametrize("label", OPERATIONS)
def test_valid_requests_get_documented_responses(app: Flask, label: str) -> None:
    found = exercised(operations(app)[label], GenerationMode.POSITIVE)
    assert max(found) < 500
    assert set(found) <= {200, 404}


@pytest.mark.parametrize("label", [each for each, takes in OPERATIONS.items() if takes])
def test_invalid_requests_get_documented_errors(app: Flask, label: str) -> None:
    found = exercised(operations(app)[label], GenerationMode.NEGATIVE)
    assert max(found) < 500
    assert found[422] >= 3
