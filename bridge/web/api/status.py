"""Counts of the whole, for a report or a dashboard."""

from __future__ import annotations

from collections.abc import Mapping

from bridge import __version__
from bridge.web.api import schemas
from bridge.web.api.endpoint import Endpoint
from bridge.web.common.status_snapshot import take_snapshot


def register_operations(door: Endpoint) -> None:
    """`GET /status`."""
    services = door.services

    @door.operation("GET", "/status", scope="status:read", answers=schemas.Status)
    def status() -> Mapping[str, object]:
        """How many there are, when they were counted, and when Moodle was last read.

        Before the first count everything is zero and `counted_at` null. Milestones have the
        keys of now, and people who were forgotten still count in them.
        """
        now = take_snapshot(services.database)
        return {
            "version": __version__,
            "counted_at": now.counted_at,
            "members": now.members,
            "milestones": [
                {"curriculum": c, "milestone": m, "people": n}
                for (c, m), n in sorted(now.awards.items())
            ],
            "deliveries": [
                {"kind": kind, "state": state, "count": n}
                for (kind, state), n in sorted(now.deliveries.items())
            ],
            "pulled_at": now.pulled_at,
            "pull_failed": now.pull_failed,
        }
