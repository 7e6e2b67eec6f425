"""Pages for people: what a learner sees in the stand-in, and a preview for the committee."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from flask import Blueprint, Response, g, render_template
from werkzeug.exceptions import HTTPException

from bridge.moodle.sandbox.database import Database
from bridge.moodle.sandbox.marking import chosen, right_answers
from bridge.moodle.sandbox.pages.forms import controls
from bridge.moodle.sandbox.pages.text import rich, title
from bridge.moodle.sandbox.pages.visit import (
    LANGUAGES,
    ROUTES,
    Handler,
    check_csrf,
    csrf_token,
    visiting,
)

_MODULES = ("attempt", "course", "mine", "profile", "quiz", "signin")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data: https:;"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def pages(database: Database, now: Callable[[], float]) -> Blueprint:
    """Every page over one database; `now` gives unix seconds."""
    for module in _MODULES:
        import_module(f"bridge.moodle.sandbox.pages.{module}")
    door = Blueprint("pages", __name__, template_folder="../templates")
    for rule, methods, handler in ROUTES:
        view = _view(database, now, handler)
        door.add_url_rule(rule, handler.__name__, view, methods=methods)
    door.before_request(check_csrf)
    door.after_request(_guard)
    door.register_error_handler(HTTPException, _apologise)
    door.add_app_template_filter(rich)
    door.add_app_template_filter(title)
    door.context_processor(_context)
    return door


def _view(
    database: Database, now: Callable[[], float], handler: Handler
) -> Callable[[], Response | str]:
    def view() -> Response | str:
        with database.transaction() as db:
            return handler(visiting(db, int(now())))

    return view


def _guard(response: Response) -> Response:
    response.headers.update(_HEADERS)
    return response


def _apologise(error: HTTPException) -> tuple[str, int]:
    return render_template("error.html", error=error), error.code or 500


def _context() -> dict[str, object]:
    return {
        "controls": controls,
        "csrf_token": csrf_token,
        "languages": LANGUAGES,
        "right_answers": right_answers,
        "chosen": chosen,
        "user": g.get("user"),
    }
