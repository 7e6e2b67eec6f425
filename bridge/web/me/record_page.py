"""`/me/record`: everything that the member has done, in one list."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import lazy_gettext as _

from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.record.routes import RecordPlace, add_record_routes

RECORD = RecordPlace(
    endpoint="me.record",
    address="/me/record",
    title=_("My record"),
    access="own-pages",
    parent=("me.progress", _("My learning")),
    member=lambda _session: current_visitor().member_id or 0,
)


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/me/record`, `/me/record.csv` and `/me/record.json`."""
    add_record_routes(pages, services, RECORD)
