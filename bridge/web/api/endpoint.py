"""How an operation of the API is opened: who may, what it takes, what it answers.

Everything that the document says of an operation is said here once, and is what is done.
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
ALWAYS = {
    400: "The request cannot be read.",
    401: "There is no token that holds.",
    403: "The token may not do this.",
    404: "There is no such thing.",
    413: "The request is larger than 1 MB.",
    415: "The body is not application/json.",
    422: "The request can be read, and is not as described here.",
    429: "Too many requests: wait for as many seconds as Retry-After says.",
    503: "The database cannot be used just now.",
}
ACCESS_LOG_INTERVAL = timedelta(hours=1)
"""How exactly it is remembered when a token was last used."""

log = logging.getLogger(__name__)


class Reader(FlaskParser):
    """Bodies are JSON, and what cannot be read is the sender's mistake."""

    def _raw_load_json(self, req: Any) -> Any:
        if req.mimetype != "application/json":
            raise UnsupportedMediaType("Send the body as application/json.")
        try:
            read = super()._raw_load_json(req)
        except (ValueError, RecursionError):
            raise BadRequest("The body is not JSON in UTF-8.") from None
        return read if read is not missing else {}


class ApiBlueprint(Blueprint):  # type: ignore[misc]  # flask_smorest has no types
    """A blueprint that describes its operations."""

    ARGUMENTS_PARSER = Reader()


@dataclass(frozen=True, slots=True)
class Endpoint:
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
        """Let programs with a token of that scope call the function.

        It returns what `answers` is filled from. What it `takes` comes as its first argument:
        the query of a GET, else the body. `refuses`: the errors of its own, besides 401, 403,
        429 and 503.
        """

        def open_to(function: F) -> F:
            view: Any = function
            statuses = {*refuses, 401, 403, 429, 503}
            if takes is not None:
                where = "query" if method == "GET" else "json"
                view = self.pages.arguments(takes, location=where, unknown=RAISE)(view)
                statuses |= {422} if where == "query" else {400, 413, 415, 422}
            view = self.pages.response(200, answers)(view)
            for status in sorted(statuses):
                view = self.pages.alt_response(
                    status, schema=Problem, content_type=PROBLEM, description=ALWAYS[status]
                )(view)
            view = self.pages.doc(security=[{"token": []}], **{"x-scope": scope})(view)
            self.pages.route(rule, methods=[method])(self._guarded(view, scope))
            return function

        return open_to

    def _guarded(self, view: Callable[..., Any], scope: str) -> Callable[..., Any]:
        @wraps(view)
        def guarded(**named: object) -> object:
            token = _bearer(self.services)
            if scope not in token.scopes:
                raise Forbidden(f"This token may not do that: it needs the scope {scope}.")
            g.api_token = token.name
            return view(**named)

        return guarded


def record_access(member: int) -> None:
    """Log which program was told of which member: see docs/decisions."""
    event(log, "api.looked", actor=caller(), member=member)


def caller() -> str:
    """Who the audit log says did it: `api:` and the token's name."""
    return f"api:{cast(str, g.api_token)}"


def _bearer(services: Services) -> ApiToken:
    """The token of this request. Raises Unauthorized."""
    kind, _, said = request.headers.get("Authorization", "").partition(" ")
    given = said.strip() if kind.casefold() == "bearer" else ""
    if not given:
        raise Unauthorized("Send a token: Authorization: Bearer …")
    now = services.now()
    with services.database.reading() as session:
        token = api_tokens.find_token(session, given)
        if token is not None:
            session.expunge(token)
    if token is None:
        event(log, "api.refused", level=logging.WARNING)
        raise Unauthorized("The token is not known, or was revoked.")
    if token.used_at is None or now - token.used_at >= ACCESS_LOG_INTERVAL:
        with services.database.transaction() as session:
            api_tokens.used(session, token.id, now)
    return token
