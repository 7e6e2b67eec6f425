"""How old the results from Moodle are, and the state of a member's refresh request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from sqlalchemy.orm import Session

from bridge.store.learning import refresh_requests
from bridge.store.operations import runs
from bridge.store.tables.learning import RefreshRequest
from bridge.web.layout.formatting import time_ago

SHOWN_FOR = timedelta(minutes=6)
"""How long the page shows the outcome of a refresh."""
REFRESH_TIMEOUT = timedelta(minutes=3)

RefreshState = Literal["", "under way", "slow", "done", "failed", "no-account"]
ANSWERS: Mapping[refresh_requests.Outcome, RefreshState] = {
    "done": "done",
    "failed": "failed",
    "no-account": "no-account",
}


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh a member's results are.

    `at`: when Moodle was last read, for everyone or for this member; None before the first time.
    `age`: the same in words. `check`: the state of their refresh request, '' without a recent one.
    """

    at: datetime | None
    age: str
    check: RefreshState


def read(session: Session, member_id: int, now: datetime) -> Freshness:
    """Read how fresh the results are. Two queries."""
    successful = runs.last_run(session, "pull", ok_only=True)
    mine = refresh_requests.latest_request(session, member_id)
    own = mine.finished_at if mine and mine.outcome == "done" else None
    read_at = (successful.finished_at if successful else None, own)
    at = max((each for each in read_at if each), default=None)
    age = time_ago(max(now - at, timedelta()) if at else None)
    return Freshness(at, age, _refresh_state(mine, now))


def _refresh_state(mine: RefreshRequest | None, now: datetime) -> RefreshState:
    if mine is None:
        return ""
    if mine.finished_at is None:
        return "slow" if now - mine.asked_at > REFRESH_TIMEOUT else "under way"
    return (
        ANSWERS[cast(refresh_requests.Outcome, mine.outcome)]
        if now - mine.finished_at < SHOWN_FOR
        else ""
    )
