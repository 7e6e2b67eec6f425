"""The people the union is in touch with, members or not."""

from __future__ import annotations

from flask import Blueprint

from bridge.web.committee.people import list_page, person_changes, person_page
from bridge.web.common.services import Services


def blueprint(services: Services) -> Blueprint:
    """`/committee/people` and the pages below it.

    Chairs see people who are members of their regions. Only the committee changes something.
    """
    pages = Blueprint("people", __name__, url_prefix="/committee/people")
    for part in (list_page, person_page, person_changes):
        part.register_routes(pages, services)
    return pages
