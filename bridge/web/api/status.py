"""`GET /status`: counts for a report or a dashboard."""

from __future__ import annotations

from collections.abc import Mapping

from bridge import __version__
from bridge.web.api import schemas
from bridge.web.api.endpoint import Endpoint
from bridge.web.common.status_snapshot import take_snapshot


def register_operations(endpoint: Endpoint) -> None:
    """Add `GET /status`."""
    services = endpoint.services

    @endpoint.operation("GET", "/status", scope="status:read", answers=schemas.Status)
    def status() -> Mapping[str, object]:
        """Show counts of members, milestones and deliveries, and when Moodle was last read.

        Before the first count, all numbers are zero and `counted_at` is null. Renamed milestones
        have their current key. Milestones include erased members.
        """
        snapshot = take_snapshot(services.database)
        return {
            "version": __version__,
            "counted_at": snapshot.counted_at,
            "members": snapshot.members,
            "milestones": [
                {"curriculum": c, "milestone": m, "people": n}
                for (c, m), n in sorted(snapshot.awards.items())
            ],
            "deliveries": [
                {"kind": kind, "state": state, "count": n}
                for (kind, state), n in sorted(snapshot.deliveries.items())
            ],
            "moodle_differences": snapshot.differences,
            "pulled_at": snapshot.pulled_at,
            "pull_failed": snapshot.pull_failed,
        }
