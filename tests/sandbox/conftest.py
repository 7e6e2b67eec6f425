"""A sandbox served on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from werkzeug.serving import make_server

from bridge.moodle.sandbox import Faults, create_sandbox
from tests.support.waiting import HANG_SECONDS

TOKEN = "sandbox-token"
NOW = 1_790_000_000.0
SERVER = "/webservice/rest/server.php"


@dataclass
class Served:
    """One sandbox behind a real server."""

    app: Flask
    url: str

    @property
    def faults(self) -> Faults:
        found = self.app.config["FAULTS"]
        assert isinstance(found, Faults)
        return found

    def post(self, function: str, **fields: Any) -> requests.Response:
        """Call a function with flat parameters."""
        form = {"wstoken": TOKEN, "wsfunction": function, "moodlewsrestformat": "json", **fields}
        return requests.post(self.url + SERVER, data=form, timeout=HANG_SECONDS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sandbox.sqlite"


@pytest.fixture
def app(path: Path) -> Flask:
    return create_sandbox(path, now=lambda: NOW, token=TOKEN)


@pytest.fixture
def served(app: Flask) -> Iterator[Served]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield Served(app, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


def category(name: str) -> dict[str, str]:
    """The fields that create one category."""
    return {"categories[0][name]": name, "categories[0][idnumber]": name}
