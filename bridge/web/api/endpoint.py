"""Registers operations of the API: token scope, request schema, response schema, errors.

The OpenAPI document is generated from these declarations, so that both always agree.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, request
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, Forbidden, Unauthorized, UnsupportedMediaType

from bridge.logs import event
from bridge.store.auth import api_tokens
from bridge.store.tables.auth import ApiToken
from bridge.web.api.schemas import Problem
from bridge.web.common.services import Services
from bridge.web.layout.error_pages import PROBLEM

F = TypeVar("F", bound=Callable[..., Mapping[str, object]])
ERROR_DESCRIPTIONS = {
    400: "The request can't be read.",
    401: "The token is missing, unknown or revoked.",
    403: "The token lacks the required scope.",
    404: "Not found.",
    413: "The request is larger than 1 MB.",
    415: "The body is not application/json.",
    422: "The request does not match this description.",
    429: "Too many requests: wait for the number of seconds in Retry-After.",
    503: "The database is not available at the moment.",
}
LAST_USED_INTERVAL = timedelta(hours=1)
"""How often the time a token was last used is updated."""

log = logging.getLogger(__name__)


class BodyParser(FlaskParser):
    """Accepts only JSON bodies. Raises BadRequest for invalid JSON."""

    def _raw_load_json(self, req: Any) -> Any:
        if req.mimetype != "application/json":
            raise UnsupportedMediaType("Send the body as application/json.")
        try:
            body = super()._raw_load_json(req)
        except (ValueError, RecursionError):
            raise BadRequest("The body is not JSON in UTF-8.") from None
        return body if body is not missing else {}


class ApiBlueprint(Blueprint):  # type: ignore[misc]  # flask_smorest has no types
    """A blueprint that describes its operations in OpenAPI."""

    ARGUMENTS_PARSER = BodyParser()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Registers operations on a blueprint."""

    services: Services
    pages: ApiBlueprint

    def operation(
        self,
        method: str,
        rule: str,
        *,
        scope: str,
        answers: type[Schema],
        takes: type[Schema] | None = None,
        refuses: tuple[int, ...] = (),
    ) -> Callable[[F], F]:
        """Register a function as an operation for tokens with this scope.

        `takes`: the schema of the query (GET) or the body; the parsed data is the function's
        first argument. `answers`: the schema of its return value. `refuses`: the statuses it can
        return, besides 401, 403, 429 and 503.
        """

        def register(function: F) -> F:
            view: Any = function
            statuses = {*refuses, 401, 403, 429, 503}
            if takes is not None:
                location = "query" if method == "GET" else "json"
                view = self.pages.arguments(takes, location=location, unknown=RAISE)(view)
                statuses |= {422} if location == "query" else {400, 413, 415, 422}
            view = self.pages.response(200, answers)(view)
            for status in sorted(statuses):
                view = self.pages.alt_response(
                    status,
                    schema=Problem,
                    content_type=PROBLEM,
                    description=ERROR_DESCRIPTIONS[status],
                )(view)
            view = self.pages.doc(security=[{"token": []}], **{"x-scope": scope})(view)
            self.pages.route(rule, methods=[method])(self._with_scope_check(view, scope))
            return function

        return register

    def _with_scope_check(self, view: Callable[..., Any], scope: str) -> Callable[..., Any]:
        @wraps(view)
        def guarded(**named: object) -> object:
            token = _bearer(self.services)
            if scope not in token.scopes:
                raise Forbidden(f"This token needs the scope {scope}.")
            g.api_token = token.name
            return view(**named)

        return guarded


def record_access(member: int) -> None:
    """Log which token read which member's data (see docs/decisions)."""
    event(log, "api.looked", actor=caller(), member=member)


def caller() -> str:
    """The actor for the audit log: `api:` and the token's name."""
    return f"api:{cast(str, g.api_token)}"


def _bearer(services: Services) -> ApiToken:
    """The token of the request. Raises Unauthorized if it is missing, unknown or revoked."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    secret = value.strip() if kind.casefold() == "bearer" else ""
    if not secret:
        raise Unauthorized("Send a token: Authorization: Bearer …")
    now = services.now()
    with services.database.reading() as session:
        token = api_tokens.find_token(session, secret)
        if token is not None:
            session.expunge(token)
    if token is None:
        event(log, "api.refused", level=logging.WARNING)
        raise Unauthorized("The token is unknown or was revoked.")
    if token.used_at is None or now - token.used_at >= LAST_USED_INTERVAL:
        with services.database.transaction() as session:
            api_tokens.record_use(session, token.id, now)
    return token
