"""A loopback web server that fails on demand."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import requests

from bridge.moodle.client.transport import DEFAULT_LIMITS

PHP_MAX_INPUT_VARS = 1000
SILENCE_SECONDS = 0.05
Behaviour = Callable[["Handler"], None]


class Clock:
    """The client's clock. It moves when the client sleeps, or when the server takes its time."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


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
    """`respond_with(a, b)`: the first request gets behaviour a, all later ones b.

    It shares `clock` with its clients.
    """

    daemon_threads = True

    def __init__(self, clock: Clock) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.behaviours: list[Behaviour] = []
        self.requests: list[Request] = []
        self.peers: set[int] = set()
        self.over = Event()
        self.silent = Event()
        self.clock = clock

    def respond_with(self, *behaviours: Behaviour) -> None:
        self.behaviours = list(behaviours)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client may close the connection of an endless answer; report all other errors."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def next_behaviour(self) -> Behaviour:
        return self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]

    @property
    def next_is_silent(self) -> bool:
        return self.behaviours[0] == self.is_silent

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

    def delayed(self, seconds: float, behaviour: Behaviour) -> Behaviour:
        """The behaviour, after `seconds` on the client's clock."""

        def run(handler: Handler) -> None:
            self.clock.now += seconds
            behaviour(handler)

        return run

    def is_silent(self, handler: Handler) -> None:
        self.silent.set()
        self.over.wait()
        handler.close_connection = True

    def sends_slowly(self, handler: Handler) -> None:
        """Send the beginning of an answer, take too long, and send another byte."""
        handler.reply(200, b"[", {}, 10_000)
        self.clock.now += DEFAULT_LIMITS.answer + 1
        handler.wfile.write(b" ")
        self.over.wait()
        handler.close_connection = True


class PatientSession(requests.Session):
    """Waits for every answer as long as the client allows, but not for one that never comes.

    A busy machine may take seconds for an answer. A client that gave up meanwhile would send
    another request than the test expects.
    """

    def __init__(self, server: FaultyServer) -> None:
        super().__init__()
        self._server = server
        self.timeouts: list[object] = []

    def send(self, request: requests.PreparedRequest, **more: Any) -> requests.Response:
        self.timeouts.append(more["timeout"])
        if not self._server.next_is_silent:
            return super().send(request, **more)
        try:
            return super().send(request, **more | {"timeout": SILENCE_SECONDS})
        finally:
            self._server.silent.wait()  # until the server has this request, before the next
            self._server.silent.clear()
