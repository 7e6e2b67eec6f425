"""How old our knowledge of Moodle is, and what came of the member's wish for newer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from bridge.store import rechecks, runs
from bridge.store.web_tables import Recheck
from bridge.web.words import ago

SPOKEN_OF = timedelta(minutes=6)
"""How long after a check the page says how it went."""
PATIENCE = timedelta(minutes=3)

Check = Literal["", "under way", "slow", "done", "failed", "no-account"]
ANSWERS: dict[str, Check] = {"done": "done", "failed": "failed", "no-account": "no-account"}


@dataclass(frozen=True, slots=True)
class Freshness:
    """`at`: when Moodle was last read, for everybody or for this member; None before the first.
    `age` says it in words.

    `check`: what came of "check now", '' if it was not pressed lately.
    """

    at: datetime | None
    age: str
    check: Check


def read(session: Session, member_id: int, now: datetime) -> Freshness:
    """How fresh the store is; two queries."""
    good = runs.last_run(session, "pull", ok_only=True)
    mine = rechecks.last(session, member_id)
    own = mine.finished_at if mine and mine.outcome == "done" else None
    read_at = (good.finished_at if good else None, own)
    at = max((each for each in read_at if each), default=None)
    age = ago(max(now - at, timedelta()) if at else None)
    return Freshness(at, age, _check(mine, now))


def _check(mine: Recheck | None, now: datetime) -> Check:
    if mine is None:
        return ""
    if mine.finished_at is None:
        return "slow" if now - mine.asked_at > PATIENCE else "under way"
    return ANSWERS[mine.outcome] if now - mine.finished_at < SPOKEN_OF else ""
