"""The sites of the contract suite: always the sandbox, and a real Moodle if one is configured."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from bridge.moodle.sandbox import create_sandbox
from tests.contract import response_recorder
from tests.contract.moodle_site import MoodleSite, make_moodle_site
from tests.contract.rest_client import Moodle

from .sites import REAL_TOKEN, REAL_URL, SITES

TOKEN = "contract-token"


def pytest_addoption(parser: pytest.Parser) -> None:
    help_ = "save samples of the real Moodle's answers in tests/contract/recorded"
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
        response_recorder.write(site.samples)


@pytest.fixture
def moodle_site(moodle: Moodle) -> MoodleSite:
    """A new curriculum with one empty course; nothing else on the site is changed."""
    return make_moodle_site(moodle)
