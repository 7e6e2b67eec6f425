"""Applies planned failures to answers."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Mapping
from typing import assert_never

from flask import Response, request

from bridge.moodle.sandbox.faults import Fault
from bridge.moodle.sandbox.webservice.moodle_errors import (
    MoodleException,
    invalid_response,
    maintenance,
)

_MAINTENANCE = "<html><body><h1>This site is under maintenance</h1></body></html>"


def as_json(answer: object) -> Response:
    """A JSON answer of the web service."""
    return Response(json.dumps(answer), mimetype="application/json")


def replacement(fault: Fault | None) -> Response | None:
    """The answer of a failure without carrying out the call; None to carry it out."""
    if fault is None:
        return None
    match fault.kind:
        case "close":
            return _closed() if fault.before else None
        case "maintenance":
            return as_json(maintenance().answer())
        case "exception":
            return as_json(MoodleException(fault.code, "Something failed").answer())
        case "empty":
            return as_json([])
        case "error-500":
            return _page("<html><body>Internal Server Error</body></html>", 500)
        case "html":
            return _page("<html><body>Welcome to the proxy</body></html>", 200)
        case "maintenance-503":
            return _page(_MAINTENANCE, 503, {"Retry-After": "300"})
        case "cut" | "after-write" | "delay":
            return None
        case _:
            assert_never(fault.kind)


def damage(fault: Fault | None, answer: object) -> Response:
    """The answer of a call that was carried out, after the planned failure."""
    if fault is None:
        return as_json(answer)
    match fault.kind:
        case "close":
            return _closed()
        case "delay":
            time.sleep(fault.seconds)
            return as_json(answer)
        case "after-write":
            return as_json(invalid_response().answer())
        case "cut":
            return _cut(json.dumps(answer))
        case "maintenance" | "exception" | "empty" | "error-500" | "html" | "maintenance-503":
            return as_json(answer)
        case _:
            assert_never(fault.kind)


def _page(html: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    return Response(html, status, headers, mimetype="text/html")


def _cut(body: str) -> Response:
    """Announce the full length, but send only half."""
    half = body[: len(body) // 2].encode()
    length = str(len(body.encode()))
    return Response(iter([half]), 200, {"Content-Length": length}, mimetype="application/json")


def _closed() -> Response:
    """No answer: close the socket if the server allows it; otherwise never send the body."""
    connection = request.environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    return Response(iter([b""]), 200, {"Content-Length": "1"}, mimetype="application/json")
