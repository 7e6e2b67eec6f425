"""Ports for servers that are told theirs, as a service in a process of its own is."""

from __future__ import annotations

import secrets
import socket
from contextlib import suppress

FIRST_PORT, LAST_PORT = 10_000, 32_000
"""Below the ports that Linux gives to connections and to servers that ask for any port."""
MOST_TRIES = 100


def free_port() -> int:
    """A port of 127.0.0.1 where nothing listens.

    Chosen at random: the kernel would give the next free one to the next process that asks,
    and another worker may ask before the server that is meant has started. RuntimeError if
    every port that was tried is in use.
    """
    for _ in range(MOST_TRIES):
        port = FIRST_PORT + secrets.randbelow(LAST_PORT - FIRST_PORT)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise RuntimeError(f"no free port among {MOST_TRIES} from {FIRST_PORT} to {LAST_PORT}")
