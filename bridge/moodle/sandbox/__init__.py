"""The sandbox: an embedded stand-in for Moodle, for the demo, the preview and tests.

It implements the REST functions of Moodle 4.5 and of the plugin local_stewardpath that
Stewardpath uses, shows learners simple pages, and stores everything in one SQLite file.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.moodle.sandbox.faults import Fault, Faults

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["Fault", "Faults", "create_sandbox"]


def create_sandbox(
    path: Path, *, now: Callable[[], float], token: str, companion: bool = True
) -> Flask:
    """Create the sandbox as a WSGI application with its state in the SQLite file `path`.

    `now` returns Unix seconds; `token` is the accepted service token; without `companion`, it
    behaves like a Moodle without the plugin. `app.config["FAULTS"]` (a `Faults`) plans failures
    and counts calls; `app.config["MAX_INPUT_VARS"]` is PHP's limit.
    """
    from bridge.moodle.sandbox.app import build

    return build(path, now=now, token=token, companion=companion)
