"""A client of the API with its own token."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from bridge.store.auth import api_tokens
from bridge.store.database import Database
from bridge.store.learning.awards import AwardRecord, grant
from tests.support.databases import with_tables

TOKEN = "a-token-of-the-test"
API = "/api/v1"
PROBLEM = "application/problem+json"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Runs the tests of the API on SQLite and on PostgreSQL."""
    with with_tables(request.param, request, tmp_path) as address:
        yield address


@dataclass(frozen=True)
class Program:
    """Calls operations of the API with a token, or without; each answer is one that the document
    speaks of."""

    app: Flask
    token: str = TOKEN

    def call(self, method: str, path: str, **sent: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        client = self.app.test_client()
        answer = client.open(API + path, method=method, headers=headers, **sent)
        if operation := documented(self.app, method, path):
            assert str(answer.status_code) in operation["responses"], (method, path)
        return answer

    def get(self, path: str) -> TestResponse:
        return self.call("GET", path)

    def post(self, path: str, body: object) -> TestResponse:
        return self.call("POST", path, json=body)


@lru_cache(maxsize=1)
def document(app: Flask) -> dict[str, Any]:
    """The paths of the document: operations by address and method. Asked for from elsewhere, so
    that it counts for no limit."""
    place = {"REMOTE_ADDR": "192.0.2.9"}
    written: Any = app.test_client().get(f"{API}/openapi.json", environ_overrides=place).json
    paths: dict[str, Any] = written["paths"]
    return paths


def documented(app: Flask, method: str, path: str) -> dict[str, Any] | None:
    """The documented operation at this path; None if there is none."""
    for pattern, item in document(app).items():
        known = re.sub(r"\\{\w+\\}", r"\\d{1,18}", re.escape(pattern))
        if re.fullmatch(known, API + path.partition("?")[0]):
            found: dict[str, Any] | None = item.get(method.lower())
            return found
    return None


def allow(database: Database, now: datetime, *scopes: str, token: str = TOKEN) -> int:
    """Create a token with these scopes. Returns its ID."""
    with database.transaction() as session:
        return api_tokens.add_token(session, token, "a-program", scopes, "cli:test", now)


def give(database: Database, now: datetime, pairs: Iterable[tuple[int, str]]) -> None:
    """Award milestones of the sample curriculum to members."""
    records = [AwardRecord(member, "a-path", key, "r", {}, now) for member, key in pairs]
    with database.transaction() as session:
        grant(session, records)


def assert_problem(answer: TestResponse, status: int) -> dict[str, Any]:
    """Check that the response is a problem (RFC 9457) and return it."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.content_type == PROBLEM
    problem: dict[str, Any] = answer.get_json(force=True)
    assert problem["status"] == status
    assert problem["type"]
    assert problem["title"]
    assert problem["detail"]
    return problem
