"""Redirect targets that stay on this site."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import request

MAX_LENGTH = 500
MAX_REFERRER_LENGTH = 6000
"""The address of a checked quiz holds its answers."""


def safe_next_page(page: str, longest: int = MAX_LENGTH) -> str:
    """`page` if it is a path on this site, else ''.

    It must start with exactly one slash and have no backslash (browsers treat it as a slash),
    space or invisible character.
    """
    fits = len(page) <= longest and re.fullmatch(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*", page)
    return page if fits else ""


def page_before() -> str:
    """The page of this site that has the link or form that was used; '' if the browser hides it."""
    parts = urlsplit(request.referrer or "")
    page = f"{parts.path}?{parts.query}".rstrip("?")
    return safe_next_page(page, MAX_REFERRER_LENGTH) if parts.netloc == request.host else ""
