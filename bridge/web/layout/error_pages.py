"""Error responses: a page for people, problem+json for programs."""

from __future__ import annotations

import json
import logging
import math
import time

from flask import (
    Flask,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    NotFound,
    ServiceUnavailable,
    TooManyRequests,
    Unauthorized,
)

from bridge.access.decisions import is_public
from bridge.errors import MissingRow, NoSuchMember, NoSuchPerson, StoreError
from bridge.logs import event
from bridge.web.common.access import right_of
from bridge.web.common.limits.client_network import hashed_client
from bridge.web.common.limits.email_limits import TooManyEmails
from bridge.web.common.services import current_services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.kept_form import keep_form, kept_values, minutes_of

PROBLEM = "application/problem+json"
log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Handle every error. Responses show no internal details."""
    app.register_error_handler(HTTPException, _http_error_response)
    app.register_error_handler(StoreError, _store_failed)
    for gone in (NoSuchMember, NoSuchPerson, MissingRow):
        app.register_error_handler(gone, _deleted_meanwhile)
    app.register_error_handler(TooManyEmails, _too_many_emails)
    app.register_error_handler(Exception, _failed)


def _http_error_response(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    response = _problem(_signed_out(error)) if _wants_problem_json() else _page(error)
    for name in ("Allow", "Retry-After", "WWW-Authenticate"):
        if value := error.get_response().headers.get(name):
            response.headers[name] = value
    set_retry_after(response)
    if error.code == TooManyRequests.code:
        event(log, "request.limited", level=logging.WARNING, route=_route(), client=_client())
    return response


def _signed_out(error: HTTPException) -> HTTPException:
    """What a script is told whose token is missing because all cookies are: to sign in first."""
    if not isinstance(error, CSRFError) or current_visitor().signed_in:
        return error
    right = right_of(current_app, request.endpoint or "")
    return error if right is None or is_public(right) else Unauthorized("Sign in first.")


def set_retry_after(response: Response) -> None:
    """Set `Retry-After` (in seconds) on a response with status 429."""
    if response.status_code == TooManyRequests.code and (wait := seconds_to_wait()):
        response.headers["Retry-After"] = str(wait)


def seconds_to_wait() -> int:
    """How long the client must wait until a rate limit allows the next request; 0 without one."""
    limit = current_services().limiter.current_limit
    return max(1, math.ceil(limit.window.reset_time - time.time())) if limit else 0


def _too_many_emails(error: TooManyEmails) -> Response:
    wait = max(1, math.ceil((error.retry_at - current_services().now()).total_seconds()))
    parts, typed = kept_values()
    page = render_template(
        "web/too-many-emails.html", minutes=minutes_of(wait), parts=parts, typed=typed
    )
    response = make_response(page, 429)
    response.headers["Retry-After"] = str(wait)
    return response


def _store_failed(error: StoreError) -> Response:
    event(log, "store.failed", level=logging.ERROR)
    what = f"The database is unavailable: {error.what}"
    return _http_error_response(ServiceUnavailable(what, retry_after=60))


def _deleted_meanwhile(error: Exception) -> Response:
    """What a page is about was erased since it was looked up. A program should try again."""
    if _is_for_programs() and isinstance(error, StoreError):
        return _store_failed(error)
    event(log, "request.deleted", level=logging.WARNING, route=_route())
    return _http_error_response(NotFound())


def _failed(error: Exception) -> Response:
    event(log, "request.failed", level=logging.ERROR, route=_route())
    what = "Internal error. It has been logged."
    return _http_error_response(InternalServerError(what, original_exception=error))


def _route() -> str:
    return request.url_rule.rule if request.url_rule else ""


def _wants_problem_json() -> bool:
    if _is_for_programs():
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json", PROBLEM])
    return best is not None and best != "text/html"


def _is_for_programs() -> bool:
    return f"{request.path}/".startswith(("/hooks/", "/api/"))


def _problem(error: HTTPException) -> Response:
    body = {"type": "about:blank", "title": error.name, "status": error.code}
    body_json = json.dumps({**body, "detail": error.description or error.name})
    return Response(body_json, status=error.code, content_type=PROBLEM)


def _client() -> str:
    """Tells clients apart in the log without their addresses."""
    return hashed_client()[:8]


def _page(error: HTTPException) -> Response:
    minutes = minutes_of(seconds_to_wait())
    if kept := keep_form(error, minutes):
        return kept
    if isinstance(error, Unauthorized) and not error.www_authenticate:  # programs can't sign in
        return make_response(redirect(url_for("signin.form"), 303))
    page = render_template("web/error.html", status=error.code, minutes=minutes)
    return make_response(page, error.code or 500)
