"""Applies planned failures to answers."""

from __future__ import annotations

import json
import socket
import time

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
    if fault.kind == "close" and fault.before:
        return _closed()
    if fault.kind == "maintenance":
        return as_json(maintenance().answer())
    if fault.kind == "exception":
        return as_json(MoodleException(fault.code, "Something failed").answer())
    if fault.kind == "empty":
        return as_json([])
    pages = {
        "error-500": ("<html><body>Internal Server Error</body></html>", 500, {}),
        "html": ("<html><body>Welcome to the proxy</body></html>", 200, {}),
        "maintenance-503": (_MAINTENANCE, 503, {"Retry-After": "300"}),
    }
    if fault.kind not in pages:
        return None
    body, status, headers = pages[fault.kind]
    return Response(body, status, headers, mimetype="text/html")


def damage(fault: Fault | None, answer: object) -> Response:
    """The answer of a call that was carried out, after the planned failure."""
    if fault is None:
        return as_json(answer)
    if fault.kind == "close":
        return _closed()
    if fault.kind == "delay":
        time.sleep(fault.seconds)
    if fault.kind == "after-write":
        return as_json(invalid_response().answer())
    return _cut(json.dumps(answer)) if fault.kind == "cut" else as_json(answer)


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
