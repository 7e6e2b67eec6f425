"""A program that calls the API, with a token of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from bridge.store import api_tokens
from bridge.store.awards import AwardRecord, grant
from bridge.store.database import Database

TOKEN = "a-token-of-the-test"
API = "/api/v1"
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Program:
    """Calls operations of the API with a token, or without."""

    app: Flask
    token: str = TOKEN

    def call(self, method: str, path: str, **sent: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.app.test_client().open(API + path, method=method, headers=headers, **sent)

    def get(self, path: str) -> TestResponse:
        return self.call("GET", path)

    def post(self, path: str, body: object) -> TestResponse:
        return self.call("POST", path, json=body)


def allow(database: Database, now: datetime, *scopes: str, token: str = TOKEN) -> int:
    """Make a token with these scopes; returns its id."""
    with database.transaction() as session:
        return api_tokens.add(session, token, "a-program", scopes, "cli:test", now)


def give(database: Database, now: datetime, pairs: Iterable[tuple[int, str]]) -> None:
    """Award milestones of the small path to members."""
    records = [AwardRecord(member, "a-path", key, "r", {}, now) for member, key in pairs]
    with database.transaction() as session:
        grant(session, records)


def assert_problem(answer: TestResponse, status: int) -> dict[str, Any]:
    """The answer is a problem as RFC 9457 says; returns it."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.content_type == PROBLEM
    problem: dict[str, Any] = answer.get_json(force=True)
    assert problem["status"] == status
    assert problem["type"]
    assert problem["title"]
    assert problem["detail"]
    return problem
