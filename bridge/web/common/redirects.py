"""Addresses that lead on from here, and never away from here."""

from __future__ import annotations

import re

MAX_LENGTH = 500


def safe_next_page(page: str) -> str:
    """`page` if it is a path on this site, else ''.

    One slash and no second one, no backslash (browsers read it as a slash), nothing invisible.
    """
    fits = len(page) <= MAX_LENGTH and re.fullmatch(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*", page)
    return page if fits else ""
