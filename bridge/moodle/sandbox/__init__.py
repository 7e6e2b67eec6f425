"""An embedded stand-in for Moodle: demo, preview and tests speak to it as to the real one.

It answers the REST protocol of Moodle 4.5 and of the plugin local_stewardpath, shows learners
plain pages, and keeps all of it in one SQLite file. It is no Moodle: nothing that Stewardpath
does not use is there.
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
    """The stand-in as a WSGI application, its state in the SQLite file `path`.

    `now` gives unix seconds; `token` is the service token it accepts; without `companion` it
    behaves like a Moodle on which the plugin is not installed. `app.config["FAULTS"]` (a `Faults`)
    makes it fail on purpose and counts calls; `app.config["MAX_INPUT_VARS"]` is PHP's limit.
    """
    from bridge.moodle.sandbox.app import build

    return build(path, now=now, token=token, companion=companion)
