"""The Flask application: the web service and the pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Flask

from bridge.moodle.sandbox.database import Database, meta
from bridge.moodle.sandbox.faults import Faults
from bridge.moodle.sandbox.pages import pages
from bridge.moodle.sandbox.registration import registration
from bridge.moodle.sandbox.rest import rest

MAX_INPUT_VARS = 5000


def build(path: Path, *, now: Callable[[], float], token: str, companion: bool) -> Flask:
    """See `bridge.moodle.sandbox.create_sandbox`."""
    database = Database(path)
    app = Flask(__name__, static_folder=None)
    with database.transaction() as db:
        app.secret_key = meta(db, "secret")
    app.config["FAULTS"] = Faults()
    app.config["MAX_INPUT_VARS"] = MAX_INPUT_VARS
    app.register_blueprint(rest(database, now=now, token=token, companion=companion))
    app.register_blueprint(registration(database, now))
    app.register_blueprint(pages(database, now))
    app.config["SESSION_COOKIE_NAME"] = "sandbox"
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    return app
