"""Members: created or brought up to date, and found by their number."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from flask import request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from bridge.logs import event
from bridge.member_records import UNPRINTABLE
from bridge.store.members.queries import get_member
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditLine
from bridge.web.api import member_schemas as shapes
from bridge.web.api.endpoint import Endpoint, caller, record_access
from bridge.web.common.member_payload import MemberPayload, read_members
from bridge.web.common.services import Services
from bridge.workflows.signup import SignupResult, sign_up

SOURCE = "api"

log = logging.getLogger(__name__)


def register_operations(door: Endpoint) -> None:
    """`POST /members` and `POST /members/lookup`: no number of a member is in an address."""
    services = door.services

    @door.operation(
        "POST",
        "/members",
        scope="members:write",
        takes=shapes.MembersIn,
        answers=shapes.MembersOut,
    )
    def members(_checked: Mapping[str, object]) -> Mapping[str, object]:
        """Create members, or bring them up to date.

        At most 500, each accepted or refused on its own. The same members again change nothing.
        New ones are enrolled and welcomed as if they had signed up.
        """
        return _summary(*_write(services))

    @door.operation(
        "POST",
        "/members/lookup",
        scope="members:read",
        takes=shapes.Wanted,
        answers=shapes.MemberId,
        refuses=(404,),
    )
    def lookup(wanted: Mapping[str, str]) -> Mapping[str, object]:
        """The id of the member with that number."""
        number = wanted["number"].strip()
        with services.database.reading() as session:
            member = None if UNPRINTABLE.search(number) else get_member(session, number)
            if member is None:
                raise NotFound("There is no member with that number.")
            record_access(member.id)
            return {"id": member.id}


def _write(services: Services) -> tuple[MemberPayload, SignupResult]:
    """Sign everybody up who can be, with an audit line of the request, in one transaction."""
    incoming = read_members(request.get_data(), services.config.regions, SOURCE)
    with services.database.transaction() as session:
        written = sign_up(
            session,
            services.curricula,
            incoming.records,
            regions=services.config.regions,
            actor=caller(),
            now=services.now(),
        )
        _audit(session, written, services)
    return incoming, written


def _audit(session: Session, written: SignupResult, services: Services) -> None:
    """A line for each new member; changed ones have theirs already."""
    lines = (AuditLine(member, {}, {}) for member in written.created)
    audit_log.write_all(session, caller(), "signed-up", lines, services.now())


def _summary(incoming: MemberPayload, written: SignupResult) -> Mapping[str, object]:
    refused = incoming.refused | {incoming.places[at]: why for at, why in written.refused}
    known = dict(zip(incoming.places, written.ids, strict=True))
    counts = {
        "created": len(written.created),
        "changed": len(written.changed),
        "unchanged": written.unchanged,
    }
    event(log, "api.members", refused=len(refused), actor=caller(), **counts)
    return {
        **counts,
        "refused": [{"index": at, "reason": why} for at, why in sorted(refused.items())],
        "ids": [known.get(at) for at in range(len(incoming.places) + len(incoming.refused))],
    }
