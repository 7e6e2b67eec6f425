"""Search words, between the form that posts them and the page that shows what was found.

They may not be in an address. The visitor's own cookie holds the latest ones until the browser is
closed or they sign out, so Back and a reload show the page again.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from flask import request
from flask import session as cookie

PARAMETER = "found"
NAME = "searches"
MAX_SEARCHES = 4
"""A browser doesn't accept a cookie over 4 kB."""


def remember(endpoint: str, words: Mapping[str, str]) -> str:
    """Keep the words of a search on that page. Returns the value of PARAMETER that shows it."""
    known: list[list[object]] = cookie.get(NAME, [])
    number = secrets.token_hex(4)
    cookie[NAME] = [*known, [number, endpoint, dict(words)]][-MAX_SEARCHES:]
    return number


def recall(field: str) -> str:
    """What was searched for in a field of this page; '' if nothing was, or it is forgotten."""
    number = request.args.get(PARAMETER, "")
    for key, endpoint, words in cookie.get(NAME, []) if number else ():
        if (key, endpoint) == (number, request.endpoint):
            return str(words.get(field, ""))
    return ""
