"""Errors of the API as application/problem+json (RFC 9457)."""

from __future__ import annotations

import json

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from bridge.web.layout.error_pages import PROBLEM, set_retry_after

CHALLENGE = 'Bearer realm="stewardpath"'


def register_error_handlers(pages: Blueprint) -> None:
    """Return every error of an operation as a problem. A 422 names the invalid fields."""

    def problem_response(error: HTTPException) -> Response:
        status = error.code or 500
        body = {
            "type": "about:blank",
            "title": error.name,
            "status": status,
            "detail": error.description or error.name,
        }
        if status == 422:
            body |= {
                "detail": "The request does not match the API description.",
                "errors": getattr(error, "data", {}).get("messages", {}),
            }
        response = Response(json.dumps(body), status=status, content_type=PROBLEM)
        if status == 401:
            response.headers["WWW-Authenticate"] = CHALLENGE
        set_retry_after(response)
        return response

    pages.register_error_handler(HTTPException, problem_response)
