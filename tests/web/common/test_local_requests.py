"""Metrics and the demo's mailbox can only be read on this machine, or with the token."""

from __future__ import annotations

import pytest
from flask import Flask
from pydantic import SecretStr

from bridge.config import Config, MailSettings, ServiceSettings
from bridge.store.database import Database
from bridge.web.app import create_app
from bridge.web.common.metrics import Metrics
from tests.web.sample_site import PATH, Clock

TOKEN = "t" * 32
LOCAL = ServiceSettings()


def app_of(config: Config, database: Database, clock: Clock, **changes: object) -> Flask:
    changed = config.model_copy(update={"service": LOCAL, "moodle": None, "mail": MailSettings()})
    return create_app(
        changed.model_copy(update=changes), database, [PATH], now=clock, metrics=Metrics()
    )


AWAY = [
    {"environ_base": {"REMOTE_ADDR": "192.0.2.1"}},
    {"headers": {"X-Forwarded-For": "192.0.2.1"}},
    {"headers": {"Forwarded": "for=192.0.2.1"}},
    {"headers": {"Via": "1.1 proxy"}},
    {"headers": {"X-Real-Ip": "192.0.2.1"}},
    {"headers": {"X-Forwarded-Host": "path.example"}},
    {"headers": {"X-Forwarded-Proto": "https"}},
    {"headers": {"Host": "path.example"}},
]


@pytest.mark.parametrize("path", ["/metrics", "/demo/mail"])
def test_only_this_machine_reads_them(
    config: Config, database: Database, clock: Clock, path: str
) -> None:
    client = app_of(config, database, clock).test_client()
    assert client.get(path).status_code == 200
    for request in AWAY:
        assert client.get(path, **request).status_code in (400, 401, 404), request


@pytest.mark.parametrize(
    "service",
    [
        ServiceSettings(url="https://path.example"),
        ServiceSettings(behind_proxy=True),
        ServiceSettings(host="0.0.0.0"),
    ],
)
@pytest.mark.parametrize("path", ["/metrics", "/demo/mail"])
def test_a_service_for_others_shows_them_to_nobody(
    config: Config, database: Database, clock: Clock, service: ServiceSettings, path: str
) -> None:
    client = app_of(config, database, clock, service=service).test_client()
    assert client.get(path).status_code in (401, 404)


def test_a_token_opens_metrics_from_anywhere_and_is_then_needed_here_too(
    config: Config, database: Database, clock: Clock
) -> None:
    client = app_of(config, database, clock, metrics_token=SecretStr(TOKEN)).test_client()
    away = {"environ_base": {"REMOTE_ADDR": "192.0.2.1"}}
    refused = client.get("/metrics")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].lower() == "bearer"
    for wrong in ("", "x", TOKEN + "x", "é"):
        headers = {"Authorization": f"Bearer {wrong}".encode().decode("latin1")}
        assert client.get("/metrics", headers=headers, **away).status_code == 401
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, **away)
    assert answer.status_code == 200
