"""The committee's curricula: edit, check, look, plan, apply. Auditors read."""

from __future__ import annotations

from flask import Blueprint

from bridge.web.collaborators import Collaborators
from bridge.web.curricula import editor, files, history, plans, preview
from bridge.web.sentences import said, told


def blueprint(house: Collaborators) -> Blueprint:
    """`/committee/curricula` and what lies below."""
    pages = Blueprint("curricula", __name__, url_prefix="/committee/curricula")
    pages.add_app_template_filter(said, "said")
    pages.add_app_template_filter(told, "told")
    for room in (editor, files, history, plans, preview):
        room.add(pages, house)
    return pages
