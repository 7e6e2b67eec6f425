"""Serves the sandbox on this machine."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.errors import ConfigError
from bridge.moodle.sandbox import create_sandbox
from bridge.wsgi.server import serve_in_background

if TYPE_CHECKING:
    from flask import Blueprint

TOKEN = "sandbox"  # noqa: S105  (the sandbox listens on this machine only and protects nothing)


@contextmanager
def serve_sandbox(
    state: Path, host: str = "127.0.0.1", port: int = 0, blueprints: Sequence[Blueprint] = ()
) -> Iterator[str]:
    """Serve the sandbox with its state in the file `state`; yield its address.

    Port 0 means any free port; `blueprints` add more pages. Raises ConfigError if the port is
    taken or the file cannot be used.
    """
    try:
        state.parent.mkdir(parents=True, exist_ok=True)
        app = create_sandbox(state, now=time.time, token=TOKEN)
        for blueprint in blueprints:
            app.register_blueprint(blueprint)
    except (OSError, sqlite3.Error) as error:
        raise ConfigError(
            f"the sandbox cannot store its state in this file ({error}).",
            where=str(state),
            todo="Check `sandbox.state` and the permissions of that folder.",
        ) from None
    todo = "Stop the program that uses this port, or set `sandbox.port`."
    with serve_in_background(app, host, port, name="the sandbox", todo=todo, threads=4) as bound:
        yield f"http://{host}:{bound}"
