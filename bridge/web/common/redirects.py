"""Redirect targets that stay on this site."""

from __future__ import annotations

import re

MAX_LENGTH = 500


def safe_next_page(page: str, longest: int = MAX_LENGTH) -> str:
    """`page` if it is a path on this site, else ''.

    It must start with exactly one slash and have no backslash (browsers treat it as a slash),
    space or invisible character.
    """
    fits = len(page) <= longest and re.fullmatch(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*", page)
    return page if fits else ""
