"""The committee's curricula: edit, check, look, plan, apply. Auditors read."""

from __future__ import annotations

from flask import Blueprint

from bridge.web.collaborators import Collaborators
from bridge.web.curricula import editor, history, plans, preview


def blueprint(house: Collaborators) -> Blueprint:
    """`/committee/curricula` and what lies below."""
    pages = Blueprint("curricula", __name__, url_prefix="/committee/curricula")
    for room in (editor, history, plans, preview):
        room.add(pages, house)
    return pages
