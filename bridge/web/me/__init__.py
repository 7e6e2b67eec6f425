"""A member's own pages: their progress and their data.

No URL here names a member: each page shows the data of the member who is signed in.
"""

from __future__ import annotations

from flask import Blueprint

from bridge.web.common.services import Services
from bridge.web.me import calendar_page, erasure, personal_data, progress_page, record_page
from bridge.web.me import email_change as email_change_pages


def blueprint(services: Services) -> Blueprint:
    """`/me` and the pages below it."""
    pages = Blueprint("me", __name__)
    for part in (
        progress_page, calendar_page, record_page, personal_data, email_change_pages, erasure,
    ):  # fmt: skip
        part.register_routes(pages, services)
    return pages
