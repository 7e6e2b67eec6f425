"""The sandbox as a server on this machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bridge.errors import ConfigError
from bridge.moodle.sandbox import create_sandbox

TOKEN = "sandbox"  # noqa: S105  (the stand-in listens on this machine alone and guards nothing)


@contextmanager
def serving(state: Path, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve the sandbox whose state is in the file `state`; gives its address.

    Port 0 is any free one. Raises ConfigError if the port is taken.
    """
    from waitress.server import create_server

    state.parent.mkdir(parents=True, exist_ok=True)
    app = create_sandbox(state, now=time.time, token=TOKEN)
    try:
        server = create_server(app, host=host, port=port, threads=4)
    except OSError as error:
        raise ConfigError(
            f"the sandbox cannot listen on {host}:{port} ({error.strerror}).",
            todo="Stop what uses that port, or set `sandbox.port`.",
        ) from None
    thread = threading.Thread(target=server.run, name="sandbox", daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{_port(server)}"
    finally:
        server.close()
        thread.join(timeout=5)


def _port(server: object) -> int:
    """The port that waitress listens on (its own attribute, missing from its stubs)."""
    port: int = vars(server)["effective_port"]
    return port
