"""A loopback web server that fails on demand, and clients that don't wait."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Thread

import pytest

from bridge.moodle.client.client import Moodle
from bridge.moodle.client.transport import DEFAULT_LIMITS
from tests.moodle.faulty_server import Clock, FaultyServer, PatientSession
from tests.support.ports import free_port

TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[FaultyServer]:
    with FaultyServer(clock) as faulty_server:
        thread = Thread(
            target=faulty_server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        thread.start()
        yield faulty_server
        faulty_server.over.set()
        faulty_server.shutdown()
        thread.join()


@pytest.fixture
def slept() -> list[float]:
    """The waits of the client, which are recorded but not carried out."""
    return []


@pytest.fixture
def connect(clock: Clock, slept: list[float]) -> Iterator[Callable[..., Moodle]]:
    """Create clients, and close them. `limits` are those that differ from the default."""
    made: list[Moodle] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.now += seconds

    def make(url: str, **options: object) -> Moodle:
        limits = replace(DEFAULT_LIMITS, **options.pop("limits", {}))
        options = {"sleep": sleep, "random": lambda: 1.0, "clock": clock, **options}
        made.append(Moodle(url, TOKEN, limits=limits, **options))
        return made[-1]

    yield make
    for moodle in made:
        moodle.close()


@pytest.fixture
def unused_url() -> str:
    """An address where nothing listens."""
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture
def token() -> str:
    return TOKEN


@pytest.fixture
def session(server: FaultyServer) -> PatientSession:
    return PatientSession(server)


@pytest.fixture
def moodle(server: FaultyServer, connect: Callable[..., Moodle], session: PatientSession) -> Moodle:
    return connect(server.url, session=session)


@pytest.fixture(scope="session")
def php() -> Callable[[list[tuple[str, str]]], object]:
    """Parse form fields into nested arrays like PHP; arrays numbered from 0 become lists."""
    return php_arrays


def php_arrays(fields: list[tuple[str, str]]) -> object:
    root: dict[str, object] = {}
    for name, value in fields:
        *path, last = re.findall(r"[^\[\]]+", name)
        node = root
        for step in path:
            node = node.setdefault(step, {})
        assert last not in node, f"{name} was sent twice"
        node[last] = value
    return {key: _lists(value) for key, value in root.items()}


def _lists(node: object) -> object:
    if not isinstance(node, dict):
        return node
    values = [_lists(value) for value in node.values()]
    counted = list(node) == [str(place) for place in range(len(node))]
    return values if counted else dict(zip(node, values, strict=True))
