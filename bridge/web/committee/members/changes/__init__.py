"""Adding, correcting, merging, deactivating and erasing members, and notes about them."""

from __future__ import annotations

from flask import Blueprint

from bridge.web.committee.members.changes import (
    add_page,
    edit_page,
    erase_page,
    membership_pages,
    merge_pages,
    note_pages,
)
from bridge.web.common.services import Services


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/committee/members/add` and the pages below `/committee/members/<id>`.

    For the committee only, and nobody changes their own record.
    """
    for part in (add_page, edit_page, membership_pages, note_pages, merge_pages, erase_page):
        part.register_routes(pages, services)
