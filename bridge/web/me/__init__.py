"""For a member alone: their path, and everything held about them.

No page here takes a member from its address: each is about whoever is signed in.
"""

from __future__ import annotations

from flask import Blueprint

from bridge.web.common.services import Services
from bridge.web.me import email_change as email_change_pages
from bridge.web.me import erasure, personal_data, progress_page


def blueprint(services: Services) -> Blueprint:
    """`/me` and what is under it."""
    pages = Blueprint("me", __name__)
    for part in (progress_page, personal_data, email_change_pages, erasure):
        part.register_routes(pages, services)
    return pages
