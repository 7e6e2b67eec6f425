"""How old our knowledge of Moodle is, and what came of the member's wish for newer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from bridge.store.learning import refresh_requests
from bridge.store.operations import runs
from bridge.store.tables.learning import RefreshRequest
from bridge.web.layout.formatting import time_ago

SHOWN_FOR = timedelta(minutes=6)
"""How long after a check the page says how it went."""
REFRESH_TIMEOUT = timedelta(minutes=3)

RefreshState = Literal["", "under way", "slow", "done", "failed", "no-account"]
ANSWERS: dict[str, RefreshState] = {"done": "done", "failed": "failed", "no-account": "no-account"}


@dataclass(frozen=True, slots=True)
class Freshness:
    """`at`: when Moodle was last read, for everybody or for this member; None before the first.
    `age` says it in words.

    `check`: what came of "check now", '' if it was not pressed lately.
    """

    at: datetime | None
    age: str
    check: RefreshState


def read(session: Session, member_id: int, now: datetime) -> Freshness:
    """How fresh the store is; two queries."""
    good = runs.last_run(session, "pull", ok_only=True)
    mine = refresh_requests.last(session, member_id)
    own = mine.finished_at if mine and mine.outcome == "done" else None
    read_at = (good.finished_at if good else None, own)
    at = max((each for each in read_at if each), default=None)
    age = time_ago(max(now - at, timedelta()) if at else None)
    return Freshness(at, age, _check(mine, now))


def _check(mine: RefreshRequest | None, now: datetime) -> RefreshState:
    if mine is None:
        return ""
    if mine.finished_at is None:
        return "slow" if now - mine.asked_at > REFRESH_TIMEOUT else "under way"
    return ANSWERS[mine.outcome] if now - mine.finished_at < SHOWN_FOR else ""
