"""A WSGI server that connections which send nothing, or one byte at a time, can't fill."""

from __future__ import annotations

import logging
import time
from typing import cast

from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer

MAX_CONNECTIONS = 300
"""Open at the same time. Each needs up to three file descriptors; the usual maximum is 1,024."""
SPARE_CONNECTIONS = 50
"""Kept free: with fewer left, as many that wait are closed."""
IDLE_SECONDS = 60
"""How long a connection may send nothing. Proxies keep connections open for less or send again."""
REQUEST_SECONDS = 600
"""How long a client may take to send a request: a file of 20 MB at 35 kB a second."""
SMALL_BODY_BYTES = 1024 * 1024
"""A body up to this size doesn't count: with all connections open, these are 300 MB at most."""
MAX_BODIES_BYTES = 256 * 1024 * 1024
"""All larger bodies together, of requests that aren't answered yet. They're on disk."""
CLEANUP_SECONDS = 5
MAX_HEADER_BYTES = 32 * 1024

log = logging.getLogger(__name__)


class DatedChannel(HTTPChannel):
    """A connection that knows since when it waits for the rest of a request, or for the next."""

    waits_since = 0.0

    def received(self, data: bytes) -> bool:
        """Take what the client sent. Called by the server's loop, in its thread."""
        if self.request is None:
            self.waits_since = time.time()
        complete = bool(super().received(data))
        if self.body_bytes:
            cast("BoundedServer", self.server).bound_bodies()
        return complete

    @property
    def body_bytes(self) -> int:
        """The size of the large bodies that were received and not answered, in bytes."""
        requests = [*self.requests, *([self.request] if self.request is not None else [])]
        sizes = (request.body_bytes_received for request in requests)
        return sum(size for size in sizes if size > SMALL_BODY_BYTES)

    @property
    def waiting(self) -> bool:
        """Whether it has no complete request. One that is being answered isn't waiting."""
        return not self.requests and not self.will_close


class BoundedServer(TcpWSGIServer):
    """Closes what has waited longest when all connections are open, instead of refusing new ones.

    So a client that sends its request right away is answered, however many others don't.
    """

    channel_class = DatedChannel

    def readable(self) -> bool:
        """Whether to accept a connection. Called by the server's loop, in its thread."""
        if len(self._channels()) >= MAX_CONNECTIONS - SPARE_CONNECTIONS:
            self._close_waiting(SPARE_CONNECTIONS)
        return bool(super().readable())

    def maintenance(self, now: float) -> None:
        """Close what was idle, or has been sending one request, for too long."""
        super().maintenance(int(now))
        for each in self._waiting():
            if each.request is not None and each.waits_since < now - REQUEST_SECONDS:
                each.will_close = True

    def bound_bodies(self) -> None:
        """Close unfinished requests with large bodies, oldest first, while all are too large.

        Anyone can send a body: who may is known only after the request was read.
        """
        open_ones = [each for each in self._channels() if not each.will_close]
        sizes = {each: each.body_bytes for each in open_ones}
        total, closed = sum(sizes.values()), 0
        for each in sorted(filter(sizes.get, self._waiting()), key=_waits_since):
            if total <= MAX_BODIES_BYTES:
                break
            each.will_close = True
            total, closed = total - sizes[each], closed + 1
        if closed:
            log.warning("bodies.closed", extra={"fields": {"count": closed}})

    def _close_waiting(self, count: int) -> None:
        chosen = sorted(self._waiting(), key=_waits_since)[:count]
        for each in chosen:
            each.will_close = True
        if chosen:
            log.warning("connections.closed", extra={"fields": {"count": len(chosen)}})

    def _waiting(self) -> list[DatedChannel]:
        return [each for each in self._channels() if each.waiting]

    def _channels(self) -> list[DatedChannel]:
        # The stubs declare one channel; it is a dict of them.
        return list(cast("dict[int, DatedChannel]", self.active_channels).values())


def _waits_since(channel: DatedChannel) -> float:
    return channel.waits_since or float(channel.creation_time)
