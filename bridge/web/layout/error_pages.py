"""What a visitor sees when something is wrong: a page for people, problem+json for programs."""

from __future__ import annotations

import json
import logging
import math
import time

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from bridge.errors import StoreError
from bridge.logs import event
from bridge.web.common.services import current_services

PROBLEM = "application/problem+json"
log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Let `app` answer every error in the visitor's form, with nothing of its insides."""
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(StoreError, _store_failed)
    app.register_error_handler(Exception, _failed)


def _answer(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    response = _problem(error) if _for_a_program() else _page(error)
    for name in ("Allow", "Retry-After"):
        if value := error.get_response().headers.get(name):
            response.headers[name] = value
    set_retry_after(response)
    return response


def set_retry_after(response: Response) -> None:
    """Tell who asked too often when to go on: `Retry-After`, in seconds."""
    if response.status_code == 429 and (limit := current_services().limiter.current_limit):
        response.headers["Retry-After"] = str(
            max(1, math.ceil(limit.window.reset_time - time.time()))
        )


def _store_failed(error: StoreError) -> Response:
    event(log, "store.failed", level=logging.ERROR)
    what = f"The database cannot be used just now: {error.what}"
    return _answer(ServiceUnavailable(what, retry_after=60))


def _failed(error: Exception) -> Response:
    event(log, "request.failed", level=logging.ERROR, route=_route())
    what = "Something went wrong here; it has been logged."
    return _answer(InternalServerError(what, original_exception=error))


def _route() -> str:
    return request.url_rule.rule if request.url_rule else ""


def _for_a_program() -> bool:
    if f"{request.path}/".startswith(("/hooks/", "/api/")):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json", PROBLEM])
    return best is not None and best != "text/html"


def _problem(error: HTTPException) -> Response:
    body = {"type": "about:blank", "title": error.name, "status": error.code}
    said = json.dumps({**body, "detail": error.description or error.name})
    return Response(said, status=error.code, content_type=PROBLEM)


def _page(error: HTTPException) -> Response:
    return make_response(render_template("web/error.html", status=error.code), error.code or 500)
