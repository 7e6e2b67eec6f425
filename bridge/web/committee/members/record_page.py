"""A member's record, as the committee sees it: the same list as the member's own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, request
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from bridge.membership.names import full_name
from bridge.store.operations import audit_log
from bridge.store.tables.members import Member
from bridge.web.committee.members.visible import find_visible
from bridge.web.common.access import is_own
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.record.routes import RecordPlace, add_record_routes


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/committee/members/<id>/record`, `….csv` and `….json`."""
    add_record_routes(pages, services, RECORD)
    pages.url_defaults(_add_member)


def _member(session: Session) -> Member:
    """The member in the address. Raises NotFound if the visitor may not see them."""
    return find_visible(session, int((request.view_args or {})["member"]))


def _record_look(services: Services) -> None:
    """Write to the audit log that the visitor looks. Raises NotFound if they may not."""
    with services.database.transaction() as session:
        member, now = _member(session), services.now()
        audit_log.write(session, current_visitor().email, "looked", member.id, {}, {}, now)


def _name(services: Services) -> str:
    with services.database.reading() as session:
        member = _member(session)
        return full_name(member.first_name, member.last_name)


def _may_correct(services: Services) -> bool:
    """Whether the visitor may correct the record. Nobody may correct their own."""
    if not current_visitor().may("members-change"):
        return False
    with services.database.reading() as session:
        return not is_own(session, _member(session))


def _add_member(endpoint: str, values: dict[str, Any]) -> None:
    """Add the member in this page's address to those of other pages about a member."""
    here = (request.view_args or {}).get("member")
    if here is not None and current_app.url_map.is_endpoint_expecting(endpoint, "member"):
        values.setdefault("member", here)


RECORD = RecordPlace(
    endpoint="members.record",
    address="/committee/members/<int:member>/record",
    title=_("Member's record"),
    access="members",
    parent=("members.show", _("Member")),
    member=lambda session: _member(session).id,
    name=_name,
    opened=_record_look,
    may_correct=_may_correct,
)
