"""The application on a database of `large_union`, with a signed-in client for each visitor."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from bridge.config import Config, Contact, Region
from bridge.curriculum.library.reloading import Library
from bridge.resources import resource
from bridge.store.auth import api_tokens, logins
from bridge.store.database import Database
from bridge.web.app import create_app
from bridge.web.common.metrics import Metrics
from bridge.web.common.services import EXTENSION_KEY, TriggerJob
from bridge.web.common.visitor import COOKIE
from tests.bench.support.large_union import REGIONS
from tests.bench.support.visits import NOT_VISITED, Visit, Visitor

MEMBER = 35_000
"""Id of the visitor `member`, who has four awards."""
EMAILS: dict[Visitor, str] = {
    "member": f"m{MEMBER}@union.example",
    "chair": "chair.island@union.example",
    "committee": "committee@union.example",
}
TOKEN = "token-of-the-bench"


def configured(home: Path) -> Config:
    """A configuration with a chair for each region."""
    chairs = {key: Contact(name=key, email=f"chair.{key}@union.example") for key in REGIONS}
    return Config(
        home=home,
        regions={key: Region(name=key.title(), chair=chair) for key, chair in chairs.items()},
        committee=(EMAILS["committee"],),
        secret_key=SecretStr("of-the-bench"),
    )


def create_bench_app(
    config: Config, database: Database, trigger_job: TriggerJob = lambda *_: None
) -> Flask:
    """The application without rate limits and CSRF tokens. All visitors are signed in."""
    app = create_app(
        config, database, Library(resource("curricula")), now=now, metrics=Metrics(),
        trigger_job=trigger_job,
    )  # fmt: skip
    app.config["WTF_CSRF_ENABLED"] = False
    app.extensions[EXTENSION_KEY].limiter.enabled = False
    with database.transaction() as session:
        for visitor, email in EMAILS.items():
            logins.end(session, visitor)
            member = MEMBER if visitor == "member" else None
            logins.start(session, visitor, email, member, now())
        if api_tokens.find_token(session, TOKEN) is None:
            api_tokens.add_token(session, TOKEN, "bench", api_tokens.SCOPES, "bench", now())
    return app


def now() -> datetime:
    return datetime.now(UTC)


def unvisited(app: Flask, visits: Iterable[Visit]) -> set[str]:
    """Endpoints that no visit opens."""
    rules = app.url_map.bind("localhost")
    read = (each for each in visits if each.method == "GET")
    opened = {rules.match(each.address.partition("?")[0].replace("{n}", "1"))[0] for each in read}
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return pages - opened - NOT_VISITED


def browser(app: Flask, visitor: Visitor) -> FlaskClient:
    """A client signed in as that visitor."""
    client = app.test_client()
    if visitor in EMAILS:
        client.set_cookie(COOKIE, visitor)
    return client


def visit(client: FlaskClient, each: Visit, n: int) -> TestResponse:
    """Make one request."""
    headers = {"Authorization": f"Bearer {TOKEN}"} if each.visitor == "program" else {}
    content = json.loads(json.dumps({"data": each.form, "json": each.json}).replace("{n}", str(n)))
    return client.open(
        each.address.replace("{n}", str(n)), method=each.method, headers=headers, **content
    )
