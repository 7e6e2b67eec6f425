"""Errors of the API as RFC 9457 describes them: application/problem+json."""

from __future__ import annotations

import json

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from bridge.web.layout.error_pages import PROBLEM, set_retry_after

CHALLENGE = 'Bearer realm="stewardpath"'


def register_error_handlers(pages: Blueprint) -> None:
    """Let every operation answer errors as problems; 422 says which fields are meant."""

    def answer(error: HTTPException) -> Response:
        status = error.code or 500
        body = {
            "type": "about:blank",
            "title": error.name,
            "status": status,
            "detail": error.description or error.name,
        }
        if status == 422:
            body |= {
                "detail": "The request is not as the document describes it.",
                "errors": getattr(error, "data", {}).get("messages", {}),
            }
        response = Response(json.dumps(body), status=status, content_type=PROBLEM)
        if status == 401:
            response.headers["WWW-Authenticate"] = CHALLENGE
        set_retry_after(response)
        return response

    pages.register_error_handler(HTTPException, answer)
