"""The sites the suite runs against: the sandbox always, a real Moodle where one is named."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from bridge.moodle.sandbox import create_sandbox

from . import recording
from .sites import REAL_TOKEN, REAL_URL, SITES
from .wire import Moodle
from .world import World, make_world

TOKEN = "contract-token"


def pytest_addoption(parser: pytest.Parser) -> None:
    help_ = "keep samples of the real Moodle's answers in tests/contract/recorded"
    parser.addoption("--record", action="store_true", help=help_)


@pytest.fixture(scope="session")
def sandbox_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sandbox") / "site.sqlite"


@pytest.fixture(scope="session")
def sandbox_url(sandbox_state: Path) -> Iterator[str]:
    app = create_sandbox(sandbox_state, now=time.time, token=TOKEN)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session", params=SITES)
def moodle(request: pytest.FixtureRequest) -> Iterator[Moodle]:
    """The site under test."""
    if request.param == "sandbox":
        site = Moodle("sandbox", request.getfixturevalue("sandbox_url"), TOKEN)
    else:
        site = Moodle("moodle", REAL_URL.rstrip("/"), REAL_TOKEN)
    yield site
    site.session.close()
    if site.kind == "moodle" and request.config.getoption("--record", default=False):
        recording.write(site.samples)


@pytest.fixture
def world(moodle: Moodle) -> World:
    """A curriculum of its own, with one empty course; nobody else's things are touched."""
    return make_world(moodle)
