"""The sites of the contract suite: always the sandbox, and a real Moodle if one is configured."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from bridge.moodle.sandbox import create_sandbox
from tests.contract import response_recorder
from tests.contract.moodle_site import MoodleSite, make_moodle_site, unique
from tests.contract.rest_client import Moodle
from tests.contract.sample_union import PATH, Union

from .sites import REAL_TOKEN, REAL_URL, SITES

TOKEN = "contract-token"
SAMPLE = Path(__file__).parents[1] / "data" / "curricula" / "two-languages"


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


@pytest.fixture
def union(moodle: Moodle, tmp_path: Path) -> Union:
    key = f"t{unique()}"
    folder = tmp_path / "curricula" / PATH
    shutil.copytree(SAMPLE, folder)
    top = folder / "curriculum.yaml"
    named = top.read_text("utf-8").replace("curriculum: two-languages", f"curriculum: {key}")
    top.write_text(named.replace("Two small steps", f"Two small steps {key}"), "utf-8")
    region = "{name: North, chair: {name: Chair, email: chair@example.org}}"
    lines = [f"moodle: {{url: '{moodle.url}'}}", "curricula: curricula", "regions:"]
    (tmp_path / "config.yaml").write_text("\n".join([*lines, f"  north: {region}"]), "utf-8")
    return Union(moodle, tmp_path, key)


@pytest.fixture
def core(union: Union, request: pytest.FixtureRequest) -> Iterator[Union]:
    """The same union, with a token for core functions only."""
    if union.moodle.kind == "moodle":
        token = os.environ.get("STEWARDPATH_TEST_MOODLE_CORE_TOKEN", "")
        if not token:
            pytest.skip("STEWARDPATH_TEST_MOODLE_CORE_TOKEN names no token without the companion")
        yield replace(union, token=token)
        return
    state = request.getfixturevalue("sandbox_state")
    app = create_sandbox(state, now=time.time, token=TOKEN, companion=False)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings = union.folder / "config.yaml"
    text = settings.read_text("utf-8").replace(union.moodle.url, "URL")
    folder = union.folder / "core"
    shutil.copytree(union.folder / "curricula", folder / "curricula")
    url = f"http://127.0.0.1:{server.server_port}"
    (folder / "config.yaml").write_text(text.replace("URL", url), "utf-8")
    yield replace(union, folder=folder)
    server.shutdown()
    thread.join()
    server.server_close()
