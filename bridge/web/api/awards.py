"""`GET /awards`: awards after a cursor, each once, in the order they were earned."""

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

MIN_AGE = timedelta(minutes=1)
"""How old an award must be to be listed. Transactions may commit out of order: without this, an
award could appear behind a cursor that was already read."""


def register_operations(endpoint: Endpoint) -> None:
    """Add `GET /awards`."""
    services = endpoint.services

    @endpoint.operation(
        "GET", "/awards", scope="awards:read", takes=schemas.AwardsQuery, answers=schemas.Awards
    )
    def awards(query: Mapping[str, int]) -> Mapping[str, object]:
        """List awards after a cursor, one page at a time.

        An award is listed one minute after it was earned, also if it was withdrawn since: then
        `withdrawn_at` is set. A withdrawal does not list an award again. Renamed milestones
        have their current key.
        """
        current_key = milestone_key_resolver(services.curricula)
        after, limit = query["after"], query["limit"]
        with services.database.reading() as session:
            found = awards_after(session, after, limit + 1, services.now() - MIN_AGE)
            page = [
                {
                    "id": award.id,
                    "member": award.member_id,
                    "curriculum": award.curriculum,
                    "milestone": current_key(award.curriculum, award.milestone),
                    "revision": award.revision,
                    "earned_at": award.at,
                    "withdrawn_at": award.withdrawn_at,
                }
                for award in found[:limit]
            ]
        event(log, "api.listed", actor=caller(), after=after, awards=len(page))
        last = page[-1]["id"] if page else after
        return {"awards": page, "next": last, "more": len(found) > limit}
