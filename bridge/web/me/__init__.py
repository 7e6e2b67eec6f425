"""For a member alone: their path, and everything held about them.

No page here takes a member from its address: each is about whoever is signed in.
"""

from __future__ import annotations

from flask import Blueprint

from bridge.web.collaborators import Collaborators
from bridge.web.me import path


def blueprint(house: Collaborators) -> Blueprint:
    """`/me` and what is under it."""
    pages = Blueprint("me", __name__)
    path.furnish(pages, house)
    return pages
