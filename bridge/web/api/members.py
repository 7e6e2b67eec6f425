"""`POST /members` and `POST /members/lookup`: create, update and find members."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from flask import request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from bridge.curriculum.known_roles import known_roles
from bridge.logs import event
from bridge.printable_text import find_unprintable
from bridge.store.members.queries import get_member
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditRecord
from bridge.web.api import member_schemas as schemas
from bridge.web.api.endpoint import Endpoint, caller, record_access
from bridge.web.common.member_payload import MemberPayload, read_members
from bridge.web.common.services import Services
from bridge.workflows.signup import SignupResult, sign_up

SOURCE = "api"

log = logging.getLogger(__name__)


def register_operations(endpoint: Endpoint) -> None:
    """Add `POST /members` and `POST /members/lookup`. Member numbers are never in a URL."""
    services = endpoint.services

    @endpoint.operation(
        "POST",
        "/members",
        scope="members:write",
        takes=schemas.MembersIn,
        answers=schemas.MembersOut,
    )
    def members(_checked: Mapping[str, object]) -> Mapping[str, object]:
        """Create or update up to 500 members.

        Each member is accepted or refused separately. Repeating a request changes nothing. New
        members are enrolled and welcomed as if they had signed up.
        """
        return _summary(*_write(services))

    @endpoint.operation(
        "POST",
        "/members/lookup",
        scope="members:read",
        takes=schemas.MemberLookup,
        answers=schemas.MemberId,
        refuses=(404,),
    )
    def lookup(query: Mapping[str, str]) -> Mapping[str, object]:
        """Find the ID of the member with this number."""
        number = query["number"].strip()
        with services.database.reading() as session:
            member = None if find_unprintable(number) else get_member(session, number)
            if member is None:
                raise NotFound("There is no member with this number.")
            record_access(member.id)
            return {"id": member.id}


def _write(services: Services) -> tuple[MemberPayload, SignupResult]:
    """Sign up all valid members and record it in the audit log, in one transaction."""
    known = known_roles(services.curricula, services.config.role_labels)
    incoming = read_members(request.get_data(), services.config.regions, SOURCE, known)
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
    """Record new members in the audit log. Changed members are recorded by `sign_up`."""
    lines = (AuditRecord(member, {}, {}) for member in written.created)
    audit_log.write_all(session, caller(), "signed-up", lines, services.now())


def _summary(incoming: MemberPayload, written: SignupResult) -> Mapping[str, object]:
    refused = incoming.refused | {
        incoming.places[index]: reason for index, reason in written.refused
    }
    known = dict(zip(incoming.places, written.ids, strict=True))
    counts = {
        "created": len(written.created),
        "changed": len(written.changed),
        "unchanged": written.unchanged,
    }
    event(log, "api.members", refused=len(refused), actor=caller(), **counts)
    return {
        **counts,
        "refused": [
            {"index": index, "reason": reason} for index, reason in sorted(refused.items())
        ],
        "warnings": incoming.warnings_as_data(refused),
        "ids": [known.get(index) for index in range(len(incoming.places) + len(incoming.refused))],
    }
