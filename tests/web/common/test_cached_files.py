"""What browsers may keep although a cookie changed."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("path", ["/theme.css", "/icon.svg", "/static/stewardpath.css"])
def test_files_do_not_depend_on_cookies_or_languages(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert answer.status_code == 200
        assert "Vary" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/static/nowhere.css", "/logo"])
def test_pages_and_errors_depend_on_both(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert answer.mimetype == "text/html"
        assert {"Accept-Language", "Cookie"} <= set(answer.vary)
