"""`/api/v1`: for the membership system and for reports. Described by /api/v1/openapi.json."""

from __future__ import annotations

from flask import Blueprint

from bridge.web.api import awards, curricula, document, errors, members, progress, status
from bridge.web.api.door import Door, Room
from bridge.web.collaborators import Collaborators

ROOMS = (members, progress, awards, curricula, status)
MOST = "300 per minute"
"""How many requests one address may make, all tokens together."""


def blueprint(house: Collaborators) -> Blueprint:
    """The operations, the document that describes them, and their errors."""
    pages = Room("api", __name__, url_prefix="/api/v1")
    door = Door(house, pages)
    for room in ROOMS:
        room.furnish(door)
    house.limiter.limit(MOST)(pages)
    errors.install(pages)
    document.install(pages, house)
    return pages
