"""Error responses: a page for people, problem+json for programs."""

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
    """Handle every error. Responses show no internal details."""
    app.register_error_handler(HTTPException, _http_error_response)
    app.register_error_handler(StoreError, _store_failed)
    app.register_error_handler(Exception, _failed)


def _http_error_response(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    response = _problem(error) if _wants_problem_json() else _page(error)
    for name in ("Allow", "Retry-After"):
        if value := error.get_response().headers.get(name):
            response.headers[name] = value
    set_retry_after(response)
    return response


def set_retry_after(response: Response) -> None:
    """Set `Retry-After` (in seconds) on a response with status 429."""
    if response.status_code == 429 and (limit := current_services().limiter.current_limit):
        response.headers["Retry-After"] = str(
            max(1, math.ceil(limit.window.reset_time - time.time()))
        )


def _store_failed(error: StoreError) -> Response:
    event(log, "store.failed", level=logging.ERROR)
    what = f"The database is unavailable: {error.what}"
    return _http_error_response(ServiceUnavailable(what, retry_after=60))


def _failed(error: Exception) -> Response:
    event(log, "request.failed", level=logging.ERROR, route=_route())
    what = "Internal error. It has been logged."
    return _http_error_response(InternalServerError(what, original_exception=error))


def _route() -> str:
    return request.url_rule.rule if request.url_rule else ""


def _wants_problem_json() -> bool:
    if f"{request.path}/".startswith(("/hooks/", "/api/")):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json", PROBLEM])
    return best is not None and best != "text/html"


def _problem(error: HTTPException) -> Response:
    body = {"type": "about:blank", "title": error.name, "status": error.code}
    body_json = json.dumps({**body, "detail": error.description or error.name})
    return Response(body_json, status=error.code, content_type=PROBLEM)


def _page(error: HTTPException) -> Response:
    return make_response(render_template("web/error.html", status=error.code), error.code or 500)
