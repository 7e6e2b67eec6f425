"""Cookies: their names, and how they are set and read.

Over HTTPS their names begin with `__Host-`: browsers then accept them only from this host, over
HTTPS and for all paths, so no other site of the same domain can set or replace one.
"""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, request
from werkzeug.wrappers import Response

from bridge.config import Config
from bridge.web.common.security_headers import is_secure

PREFIX = "__Host-"


def cookie_name(config: Config, name: str) -> str:
    """The name as browsers know it."""
    return f"{PREFIX}{name}" if is_secure(config) else name


def read_cookie(name: str) -> str:
    """The value that the browser sent, or ''."""
    return request.cookies.get(_name(name), "")


def set_cookie(response: Response, name: str, value: str, age: timedelta | int) -> None:
    """Set a cookie that scripts can't read. `age`: how long it lasts, in seconds or as time."""
    response.set_cookie(
        _name(name), value, max_age=age, path="/", httponly=True, samesite="Lax", secure=_secure()
    )


def delete_cookie(response: Response, name: str) -> None:
    """Delete a cookie. Browsers ignore this for a `__Host-` cookie that isn't secure."""
    response.delete_cookie(_name(name), path="/", httponly=True, samesite="Lax", secure=_secure())


def _name(name: str) -> str:
    return f"{PREFIX}{name}" if _secure() else name


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
