"""A WSGI application on an address of this machine, on threads beside the one that asked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from bridge.errors import ConfigError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from waitress.wasyncore import _SocketMap

SHUTDOWN_TIMEOUT_SECONDS = 5


@contextmanager
def serve_in_background(
    app: WSGIApplication,
    host: str,
    port: int,
    *,
    name: str,
    todo: str,
    threads: int = 8,
    largest: int = 2**30,
    behind_proxy: bool = False,
) -> Iterator[int]:
    """Serve `app` while this is open; gives the port, which for 0 is any free one.

    `largest` is the size of the largest request body, in bytes. With `behind_proxy` the visitor's
    address is what the one proxy in front says in X-Forwarded-For; else that is ignored.
    Requests in hand at the end are answered. Raises ConfigError, with `name` and `todo` in it, if
    the address cannot be had.
    """
    from waitress.server import create_server

    bound = _bound(host, port, name, todo)
    channels: _SocketMap = {}
    server = create_server(
        app,
        channels,
        sockets=[bound],
        threads=threads,
        ident=None,
        max_request_body_size=largest,
        trusted_proxy="*" if behind_proxy else None,
        trusted_proxy_headers={"x-forwarded-for"} if behind_proxy else set(),
    )
    thread = threading.Thread(target=server.run, name=name, daemon=True)
    thread.start()
    try:
        yield bound.getsockname()[1]
    finally:
        server.task_dispatcher.shutdown(timeout=SHUTDOWN_TIMEOUT_SECONDS)
        _hang_up(channels)
        thread.join(timeout=SHUTDOWN_TIMEOUT_SECONDS)


def _bound(host: str, port: int, name: str, todo: str) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = min(found, key=lambda each: each[0] != socket.AF_INET)
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        raise ConfigError(
            f"{name} cannot listen on {host}:{port} ({error.strerror}).", todo=todo
        ) from None


def _hang_up(channels: _SocketMap) -> None:
    """Close every connection, from within the server's own thread: no other may touch them."""
    from waitress.trigger import trigger
    from waitress.wasyncore import close_all

    for channel in list(channels.values()):
        if isinstance(channel, trigger):
            channel.pull_trigger(partial(close_all, channels))
            break
