"""Over HTTPS no other site of the domain can set our cookies."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from flask.testing import FlaskClient

from bridge.config import Config
from bridge.store.database import Database
from tests.web.sample_site import Clock
from tests.web.signed_in_users import ADDRESSES, SignedInUsers


@pytest.fixture
def secure(config: Config, database: Database, clock: Clock) -> FlaskClient:
    service = config.service.model_copy(update={"url": "https://localhost"})
    users = SignedInUsers(config.model_copy(update={"service": service}), database, clock)
    return users.app.test_client()


def test_every_cookie_has_the_host_prefix_over_https(secure: FlaskClient) -> None:
    asked = {"base_url": "https://localhost"}
    secure.application.config["WTF_CSRF_ENABLED"] = False
    answers = [
        secure.get("/signin", **asked),
        secure.get("/language/fr", **asked),
        secure.post("/region", data={"region": "north"}, **asked),
        secure.post("/region", data={"region": ""}, **asked),
        secure.post("/signin", data={"email": ADDRESSES["member"]}, **asked),
        secure.post("/signout", **asked),
    ]
    headers = [header for answer in answers for header in answer.headers.getlist("Set-Cookie")]
    assert len(headers) >= 5
    for header in headers:
        [(name, cookie)] = SimpleCookie(header).items()
        assert name.startswith("__Host-")
        assert cookie["path"] == "/"
        assert cookie["secure"]
        assert not cookie["domain"]


def test_without_https_names_have_no_prefix(client: FlaskClient) -> None:
    header = client.get("/language/fr").headers["Set-Cookie"]
    assert header.startswith("language=fr")
