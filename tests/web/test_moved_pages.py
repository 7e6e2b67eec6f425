"""Old addresses of pages redirect permanently to the new ones."""

from __future__ import annotations

from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bridge.web import moved_pages
from bridge.web.common.services import Services
from bridge.web.moved_pages import MOVED_PAGES


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    """Of an application that has the redirects alone."""
    app = Flask(__name__)
    app.register_blueprint(moved_pages.blueprint(cast(Services, None)))
    return app.test_client()


def filled(address: str) -> str:
    return address.replace("<folder>", "a path")


@pytest.mark.parametrize(("old", "new"), MOVED_PAGES.items())
def test_an_old_address_redirects_permanently(client: FlaskClient, old: str, new: str) -> None:
    answer = client.get(filled(old))
    assert answer.status_code == 308
    assert answer.headers["Location"] == filled(new).replace(" ", "%20")


@pytest.mark.parametrize(("old", "new"), MOVED_PAGES.items())
def test_what_lies_below_moves_along(client: FlaskClient, old: str, new: str) -> None:
    answer = client.post(f"{filled(old)}/a%3Fb/list.csv?region=north&words=a%26b")
    assert answer.status_code == 308
    below = "/a%3Fb/list.csv?region=north&words=a%26b"
    assert answer.headers["Location"] == filled(new).replace(" ", "%20") + below


def test_a_redirect_stays_on_this_site(client: FlaskClient) -> None:
    for path in ("/join//elsewhere.example", "/join/https://elsewhere.example", "/join/%5C%5Cx"):
        answer = client.get(path, follow_redirects=False)
        assert (
            answer.headers["Location"]
            .removeprefix("http://localhost")
            .startswith(("/signup/", "/join/"))
        )


@pytest.mark.parametrize(("old", "new"), MOVED_PAGES.items())
def test_the_new_address_is_a_page_and_the_old_one_is_not(app: Flask, old: str, new: str) -> None:
    routes = app.url_map.bind("localhost")

    def endpoint(address: str) -> str:
        methods = routes.allowed_methods(address)
        return str(routes.match(address, method="GET" if "GET" in methods else "POST")[0])

    assert endpoint(filled(old)).startswith("moved_pages.")
    assert not endpoint(filled(new)).startswith("moved_pages.")
