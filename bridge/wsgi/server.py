"""Serve a WSGI application on this machine, on background threads."""

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

    from bridge.wsgi.limits import BoundedServer

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
    """Serve `app` until the context ends. Yields the port: the given one, or a free one for 0.

    `largest`: the maximum size of a request body, in bytes. `behind_proxy`: take the visitor's
    address from the X-Forwarded-For header of the one proxy in front; otherwise that header is
    ignored. Requests that are running at the end are still answered. Raises ConfigError, naming
    `name` and `todo`, if the server cannot listen on the address.
    """
    listener = _listen(host, port, name, todo)
    channels: _SocketMap = {}
    server = _create_server(app, listener, channels, threads, largest, behind_proxy)
    thread = threading.Thread(target=server.run, name=name, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.task_dispatcher.shutdown(timeout=SHUTDOWN_TIMEOUT_SECONDS)
        _close_connections(channels)
        thread.join(timeout=SHUTDOWN_TIMEOUT_SECONDS)


def _create_server(
    app: WSGIApplication, listener: socket.socket, channels: _SocketMap, threads: int,
    largest: int, behind_proxy: bool,
) -> BoundedServer:  # fmt: skip
    from waitress.adjustments import Adjustments
    from waitress.task import ThreadedTaskDispatcher

    from bridge.wsgi import limits as wsgi_limits

    adjustments = Adjustments(
        sockets=[listener],
        threads=threads,
        ident=None,
        connection_limit=wsgi_limits.MAX_CONNECTIONS,
        channel_timeout=wsgi_limits.IDLE_SECONDS,
        cleanup_interval=wsgi_limits.CLEANUP_SECONDS,
        max_request_header_size=wsgi_limits.MAX_HEADER_BYTES,
        max_request_body_size=largest,
        asyncore_use_poll=True,
        # Headers of a proxy that isn't expected stay, so that the pages notice it.
        clear_untrusted_proxy_headers=behind_proxy,
        trusted_proxy="*" if behind_proxy else None,
        trusted_proxy_headers={"x-forwarded-for"} if behind_proxy else set(),
    )
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(threads)
    return wsgi_limits.BoundedServer(
        app, channels, _sock=listener, dispatcher=dispatcher, adj=adjustments,
        bind_socket=False, sockinfo=(listener.family, listener.type, 0, listener.getsockname()),
    )  # fmt: skip


def _listen(host: str, port: int, name: str, todo: str) -> socket.socket:
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = min(addresses, key=lambda each: each[0] != socket.AF_INET)
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        raise ConfigError(
            f"{name} cannot listen on {host}:{port} ({error.strerror}).", todo=todo
        ) from None


def _close_connections(channels: _SocketMap) -> None:
    """Close all connections from the server's thread; other threads must not touch them."""
    from waitress.trigger import trigger
    from waitress.wasyncore import close_all

    for channel in list(channels.values()):
        if isinstance(channel, trigger):
            channel.pull_trigger(partial(close_all, channels))
            break
