"""Awards since a cursor: each once, in the order they were given."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta

from bridge.logs import event
from bridge.store.awards import awards_after
from bridge.web.api import shapes
from bridge.web.api.door import Door, caller
from bridge.web.api.names import namer

log = logging.getLogger(__name__)

SETTLED = timedelta(minutes=1)
"""How old an award is before it is listed, so that none is overtaken by another."""


def furnish(door: Door) -> None:
    """`GET /awards`."""
    house = door.house

    @door.operation(
        "GET", "/awards", scope="awards:read", takes=shapes.Since, answers=shapes.Awards
    )
    def awards(since: Mapping[str, int]) -> Mapping[str, object]:
        """The awards past a cursor, a page at a time.

        An award is listed a minute after it was given. Milestones have the keys of now, also
        where they were renamed since.
        """
        name_of = namer(house.curricula)
        after, limit = since["after"], since["limit"]
        with house.database.reading() as session:
            found = awards_after(session, after, limit + 1, house.now() - SETTLED)
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
        event(log, "api.listed", who=caller(), after=after, awards=len(page))
        last = page[-1]["id"] if page else after
        return {"awards": page, "next": last, "more": len(found) > limit}
