"""Awards since a cursor: each once, in the order they were given."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta

from bridge.logs import event
from bridge.store.learning.awards import awards_after
from bridge.web.api import schemas
from bridge.web.api.endpoint import Endpoint, caller
from bridge.web.api.milestone_keys import milestone_key_resolver

log = logging.getLogger(__name__)

SETTLED = timedelta(minutes=1)
"""How old an award is before it is listed, so that none is overtaken by another."""


def register_operations(door: Endpoint) -> None:
    """`GET /awards`."""
    services = door.services

    @door.operation(
        "GET", "/awards", scope="awards:read", takes=schemas.Since, answers=schemas.Awards
    )
    def awards(since: Mapping[str, int]) -> Mapping[str, object]:
        """The awards past a cursor, a page at a time.

        An award is listed a minute after it was given. Milestones have the keys of now, also
        where they were renamed since.
        """
        name_of = milestone_key_resolver(services.curricula)
        after, limit = since["after"], since["limit"]
        with services.database.reading() as session:
            found = awards_after(session, after, limit + 1, services.now() - SETTLED)
            page = [
                {
                    "id": award.id,
                    "member": award.member_id,
                    "curriculum": award.curriculum,
                    "milestone": name_of(award.curriculum, award.milestone),
                    "revision": award.revision,
                    "earned_at": award.at,
                }
                for award in found[:limit]
            ]
        event(log, "api.listed", actor=caller(), after=after, awards=len(page))
        last = page[-1]["id"] if page else after
        return {"awards": page, "next": last, "more": len(found) > limit}
