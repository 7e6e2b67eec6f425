"""The sandbox as a server on this machine."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.errors import ConfigError
from bridge.moodle.sandbox import create_sandbox
from bridge.wsgi_server import serve_in_background

if TYPE_CHECKING:
    from flask import Blueprint

TOKEN = "sandbox"  # noqa: S105  (the stand-in listens on this machine alone and guards nothing)


@contextmanager
def serve_sandbox(
    state: Path, host: str = "127.0.0.1", port: int = 0, rooms: Sequence[Blueprint] = ()
) -> Iterator[str]:
    """Serve the sandbox whose state is in the file `state`; gives its address.

    Port 0 is any free one; `rooms` are further pages at the same address. Raises
    ConfigError if the port is taken or the file cannot be used.
    """
    try:
        state.parent.mkdir(parents=True, exist_ok=True)
        app = create_sandbox(state, now=time.time, token=TOKEN)
        for room in rooms:
            app.register_blueprint(room)
    except (OSError, sqlite3.Error) as error:
        raise ConfigError(
            f"the sandbox cannot keep its state there ({error}).",
            where=str(state),
            todo="Check `sandbox.state` and who may write there.",
        ) from None
    todo = "Stop what uses that port, or set `sandbox.port`."
    with serve_in_background(app, host, port, name="the sandbox", todo=todo, threads=4) as bound:
        yield f"http://{host}:{bound}"
