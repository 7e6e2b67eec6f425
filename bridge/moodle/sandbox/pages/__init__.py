"""The sandbox's pages: what a learner sees, and a preview for the committee."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from flask import Blueprint, Response, g, render_template
from werkzeug.exceptions import HTTPException

from bridge.moodle.sandbox.database import Database
from bridge.moodle.sandbox.pages.form_fields import controls, unknown_kind
from bridge.moodle.sandbox.pages.request_context import (
    LANGUAGES,
    ROUTES,
    Handler,
    check_csrf,
    csrf_token,
    open_request,
)
from bridge.moodle.sandbox.pages.text_filters import rich, title
from bridge.moodle.sandbox.stored_files import address

_MODULES = ("attempt", "course", "files", "my_learning", "profile", "quiz", "signin")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:;"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def pages(database: Database, now: Callable[[], float]) -> Blueprint:
    """A blueprint with all pages; `now` returns Unix seconds."""
    for module in _MODULES:
        import_module(f"bridge.moodle.sandbox.pages.{module}")
    blueprint = Blueprint("pages", __name__, template_folder="../templates")
    for rule, methods, handler in ROUTES:
        view = _view(database, now, handler)
        blueprint.add_url_rule(rule, handler.__name__, view, methods=methods)
    blueprint.before_request(check_csrf)
    blueprint.after_request(_add_security_headers)
    blueprint.register_error_handler(HTTPException, _error_page)
    blueprint.add_app_template_filter(rich)
    blueprint.add_app_template_filter(title)
    blueprint.context_processor(_context)
    return blueprint


def _view(
    database: Database, now: Callable[[], float], handler: Handler
) -> Callable[[], Response | str]:
    def view() -> Response | str:
        with database.transaction() as db:
            return handler(open_request(db, int(now())))

    return view


def _add_security_headers(response: Response) -> Response:
    response.headers.update(_HEADERS)
    return response


def _error_page(error: HTTPException) -> tuple[str, int]:
    return render_template("error.html", error=error), error.code or 500


def _context() -> dict[str, object]:
    return {
        "controls": controls,
        "files_of": address,
        "csrf_token": csrf_token,
        "languages": LANGUAGES,
        "unknown_kind": unknown_kind,
        "user": g.get("user"),
    }
