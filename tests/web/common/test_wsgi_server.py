"""The server of the pages: clients that don't finish a request keep no one else out."""

from __future__ import annotations

import socket
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest

from bridge.wsgi import limits as wsgi_limits
from bridge.wsgi.server import serve_in_background
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HALF_A_REQUEST = b"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab"


def hello(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    size = len(environ["wsgi.input"].read())
    start("200 OK", [("Content-Type", "text/plain")])
    return [f"hello {size}".encode()]


@pytest.fixture
def port() -> Iterator[int]:
    with serve_in_background(hello, "127.0.0.1", 0, name="the test", todo="") as found:
        yield found


@contextmanager
def half_open(port: int, count: int, sent: bytes) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        sockets = []
        for _ in range(count):
            each = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            each.sendall(sent)
            sockets.append(each)
        yield sockets


def answer(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as response:
        return str(response.read().decode())


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HT", HALF_A_REQUEST], ids=["nothing", "head", "body"]
)
@pytest.mark.parametrize("count", [120, wsgi_limits.MAX_CONNECTIONS + 100])
def test_an_honest_request_is_answered_among_half_open_connections(
    port: int, count: int, sent: bytes
) -> None:
    with half_open(port, count, sent):
        assert [answer(port) for _ in range(5)] == ["hello 0"] * 5


def test_what_has_waited_longest_is_closed_first(
    port: int, caplog: pytest.LogCaptureFixture
) -> None:
    with half_open(port, wsgi_limits.MAX_CONNECTIONS + 20, HALF_A_REQUEST) as sockets:
        assert sockets[0].recv(1) == b""
        assert answer(port) == "hello 0"
        sockets[-1].sendall(b"cde")
        assert sockets[-1].recv(12) == b"HTTP/1.1 200"
    assert "connections.closed" in caplog.text


def test_a_request_that_takes_too_long_and_an_idle_connection_are_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each has its own limit."""
    for limit, sent in (("IDLE_SECONDS", b""), ("REQUEST_SECONDS", HALF_A_REQUEST)):
        monkeypatch.setattr(wsgi_limits, "IDLE_SECONDS", 3600)
        monkeypatch.setattr(wsgi_limits, "REQUEST_SECONDS", 3600)
        monkeypatch.setattr(wsgi_limits, "CLEANUP_SECONDS", 0)
        monkeypatch.setattr(wsgi_limits, limit, 0)
        with (
            serve_in_background(hello, "127.0.0.1", 0, name="the test", todo="") as port,
            half_open(port, 1, sent) as [waiting],
        ):
            assert waiting.recv(1) == b""


def test_large_bodies_have_a_limit_together(
    port: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The oldest unfinished ones are closed; others, and small ones, go on."""
    monkeypatch.setattr(wsgi_limits, "SMALL_BODY_BYTES", 10_000)
    monkeypatch.setattr(wsgi_limits, "MAX_BODIES_BYTES", 50_000)
    head = b"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
    with (
        half_open(port, 1, head % 9_000 + b"a" * 8_000) as [small],
        half_open(port, 1, head % 40_000 + b"a" * 30_000) as [first],
        half_open(port, 1, head % 40_000 + b"a" * 30_000) as [second],
    ):
        assert first.recv(1) == b""
        assert answer(port) == "hello 0"
        second.sendall(b"a" * 10_000)
        assert second.recv(12) == b"HTTP/1.1 200"
        small.sendall(b"a" * 1_000)
        assert small.recv(12) == b"HTTP/1.1 200"
    assert "bodies.closed" in caplog.text


def test_a_body_above_the_maximum_is_refused() -> None:
    head = b"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
    served = serve_in_background(hello, "127.0.0.1", 0, name="the test", todo="", largest=1000)
    with served as port:
        for size, status in ((999, b"200"), (1001, b"413")):
            with half_open(port, 1, head % size + b"a" * size) as [only]:
                assert only.recv(12).endswith(status)


@pytest.mark.parametrize(
    ("behind_proxy", "seen"),
    [(False, "127.0.0.1 192.0.2.1 proxy"), (True, "192.0.2.1 192.0.2.1 None")],
)
def test_only_a_proxy_that_is_expected_names_the_visitor(behind_proxy: bool, seen: str) -> None:
    """Other headers stay only if no proxy is expected, so that the pages notice one."""

    def visitor(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        names = ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST")
        return [" ".join(str(environ.get(name)) for name in names).encode()]

    headers = {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Host": "proxy"}
    served = serve_in_background(
        visitor, "127.0.0.1", 0, name="the test", todo="", behind_proxy=behind_proxy
    )
    with served as port:
        request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers=headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            assert response.read().decode() == seen


def test_large_headers_are_refused(port: int) -> None:
    head = b"GET / HTTP/1.1\r\nX: " + b"x" * wsgi_limits.MAX_HEADER_BYTES + b"\r\n\r\n"
    with half_open(port, 1, head) as [only]:
        assert only.recv(12).endswith(b" 431")


def test_the_server_stops_with_open_connections() -> None:
    with ExitStack() as stack:
        with serve_in_background(hello, "127.0.0.1", 0, name="the test", todo="") as port:
            [one] = stack.enter_context(half_open(port, 1, HALF_A_REQUEST))
            assert answer(port) == "hello 0"
        wait_until(lambda: one.recv(1) == b"")
