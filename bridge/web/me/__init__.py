"""For a member alone: their path, and everything held about them.

No page here takes a member from its address: each is about whoever is signed in.
"""

from __future__ import annotations

from flask import Blueprint

from bridge.web.collaborators import Collaborators
from bridge.web.me import address, data, leave, path


def blueprint(house: Collaborators) -> Blueprint:
    """`/me` and what is under it."""
    pages = Blueprint("me", __name__)
    for part in (path, data, address, leave):
        part.furnish(pages, house)
    return pages
