"""A loopback web server that fails on demand, and clients that don't wait."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import NamedTuple
from urllib.parse import parse_qsl

import pytest

from bridge.moodle.client.client import Moodle
from bridge.moodle.client.transport import Limits
from tests.support.ports import free_port

TOKEN = "0123456789abcdef0123456789abcdef"
PHP_MAX_INPUT_VARS = 1000
Behaviour = Callable[["Handler"], None]


class Request(NamedTuple):
    """A received request, without the fields above PHP's limit."""

    path: str
    headers: Mapping[str, str]
    fields: list[tuple[str, str]]


class Handler(BaseHTTPRequestHandler):
    """Records the request, then runs the next behaviour."""

    protocol_version = "HTTP/1.1"
    server: FaultyServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.fields = parse_qsl(body, keep_blank_values=True)[:PHP_MAX_INPUT_VARS]
        self.server.requests.append(Request(self.path, self.headers, self.fields))
        self.server.peers.add(self.client_address[1])
        self.server.next_behaviour()(self)

    def do_GET(self) -> None:
        raise AssertionError("the client must never use GET")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        pass

    def reply(self, status: int, body: bytes, headers: dict[str, str], length: int | None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)


class FaultyServer(ThreadingHTTPServer):
    """`respond_with(a, b)`: the first request gets behaviour a, all later ones b."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.behaviours: list[Behaviour] = []
        self.requests: list[Request] = []
        self.peers: set[int] = set()
        self.over = Event()

    def respond_with(self, *behaviours: Behaviour) -> None:
        self.behaviours = list(behaviours)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client may close the connection of an endless answer; report all other errors."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def next_behaviour(self) -> Behaviour:
        return self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]

    def fields(self, place: int = -1) -> dict[str, str]:
        return dict(self.requests[place].fields)

    # Behaviours

    @staticmethod
    def json_response(data: object, status: int = 200) -> Behaviour:
        body = json.dumps(data).encode()
        kind = {"Content-Type": "application/json"}
        return lambda handler: handler.reply(status, body, kind, None)

    @staticmethod
    def response(status: int, body: bytes = b"", **headers: str) -> Behaviour:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return lambda handler: handler.reply(status, body, named, None)

    @staticmethod
    def moodle_error(code: str, message: str = "No.", **more: str) -> Behaviour:
        return FaultyServer.json_response(
            {"exception": "moodle_exception", "errorcode": code, "message": message, **more}
        )

    @staticmethod
    def closes_connection(handler: Handler) -> None:
        handler.close_connection = True

    @staticmethod
    def sends_half(handler: Handler) -> None:
        handler.reply(200, b'{"courses": [{"id"', {}, 4000)
        handler.close_connection = True

    def is_silent(self, handler: Handler) -> None:
        self.over.wait(5)
        handler.close_connection = True

    def sends_slowly(self, handler: Handler) -> None:
        """Send one byte at a time, without a long pause and without an end."""
        handler.reply(200, b"[", {}, 10_000)
        while not self.over.wait(0.01):
            try:
                handler.wfile.write(b" ")
            except OSError:
                break
        handler.close_connection = True


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with FaultyServer() as faulty_server:
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
def connect(slept: list[float]) -> Iterator[Callable[..., Moodle]]:
    """Create clients with short timeouts, and close them."""
    made: list[Moodle] = []

    def make(url: str, **options: object) -> Moodle:
        limits = {"connect": 0.5, "read": 0.25, "answer": 0.4, "call": 60.0}
        limits.update(options.pop("limits", {}))
        options = {"sleep": slept.append, "random": lambda: 1.0, **options}
        made.append(Moodle(url, TOKEN, limits=Limits(**limits), clock=time.monotonic, **options))
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
def moodle(server: FaultyServer, connect: Callable[..., Moodle]) -> Moodle:
    return connect(server.url)


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
