"""Members: created or brought up to date, and found by their number."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from flask import request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from bridge.jobs.enrol import SignedUp, sign_up
from bridge.logs import event
from bridge.roster import UNPRINTABLE
from bridge.store import audit
from bridge.store.audit import Line
from bridge.store.members import get_member
from bridge.web.api import member_shapes as shapes
from bridge.web.api.door import Door, caller, looked
from bridge.web.collaborators import Collaborators
from bridge.web.incoming import Incoming, read_members

SOURCE = "api"

log = logging.getLogger(__name__)


def furnish(door: Door) -> None:
    """`POST /members` and `POST /members/lookup`: no number of a member is in an address."""
    house = door.house

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
        return _summary(*_write(house))

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
        with house.database.reading() as session:
            member = None if UNPRINTABLE.search(number) else get_member(session, number)
            if member is None:
                raise NotFound("There is no member with that number.")
            looked(member.id)
            return {"id": member.id}


def _write(house: Collaborators) -> tuple[Incoming, SignedUp]:
    """Sign everybody up who can be, with an audit line of the request, in one transaction."""
    incoming = read_members(request.get_data(), house.config.regions, SOURCE)
    with house.database.transaction() as session:
        written = sign_up(
            session,
            house.curricula,
            incoming.records,
            regions=house.config.regions,
            who=caller(),
            now=house.now(),
        )
        _audit(session, written, house)
    return incoming, written


def _audit(session: Session, written: SignedUp, house: Collaborators) -> None:
    """A line for each new member; changed ones have theirs already."""
    lines = (Line(member, {}, {}) for member in written.created)
    audit.write_all(session, caller(), "signed-up", lines, house.now())


def _summary(incoming: Incoming, written: SignedUp) -> Mapping[str, object]:
    refused = incoming.refused | {incoming.places[at]: why for at, why in written.refused}
    known = dict(zip(incoming.places, written.ids, strict=True))
    counts = {
        "created": len(written.created),
        "changed": len(written.changed),
        "unchanged": written.unchanged,
    }
    event(log, "api.members", refused=len(refused), who=caller(), **counts)
    return {
        **counts,
        "refused": [{"index": at, "reason": why} for at, why in sorted(refused.items())],
        "ids": [known.get(at) for at in range(len(incoming.places) + len(incoming.refused))],
    }
