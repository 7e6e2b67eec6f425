"""Free ports for servers that need a fixed port, such as services in another process."""

from __future__ import annotations

import secrets
import socket
from contextlib import suppress

FIRST_PORT, LAST_PORT = 10_000, 32_000
"""Below the ports that Linux assigns to connections and to servers that ask for any port."""
MAX_ATTEMPTS = 100


def free_port() -> int:
    """A free port of 127.0.0.1, chosen at random.

    The kernel would give the same free port to the next process that asks, which may be another
    test worker. Raises RuntimeError if all ports that were tried are in use.
    """
    for _ in range(MAX_ATTEMPTS):
        port = FIRST_PORT + secrets.randbelow(LAST_PORT - FIRST_PORT)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise RuntimeError(f"no free port in {MAX_ATTEMPTS} attempts from {FIRST_PORT} to {LAST_PORT}")
