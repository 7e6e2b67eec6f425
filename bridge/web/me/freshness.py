"""How old our knowledge of Moodle is, and whether somebody waits for it to be newer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from flask import session as forms
from sqlalchemy.orm import Session

from bridge.store import runs
from bridge.store.tables import Run
from bridge.web.words import ago

ASKED = "checking"
LONGEST = timedelta(minutes=3)
"""How long the page speaks of a check; the next one comes by itself."""

Check = Literal["", "under way", "done", "failed", "slow"]


@dataclass(frozen=True, slots=True)
class Freshness:
    """`at`: the last good pull, None before the first; `age` says it in words.

    `check`: what came of "check now", '' if it was not pressed lately.
    """

    at: datetime | None
    age: str
    check: Check


def ask(now: datetime) -> None:
    """Remember in this browser that a check was asked for."""
    forms[ASKED] = now.isoformat()


def read(session: Session, now: datetime) -> Freshness:
    """How fresh the store is; two queries."""
    good = runs.last_run(session, "pull", ok_only=True)
    last = runs.last_run(session, "pull")
    at = good.finished_at if good else None
    age = ago(max(now - at, timedelta()) if at else None)
    return Freshness(at, age, _check(last, now))


def _check(last: Run | None, now: datetime) -> Check:
    try:
        asked = datetime.fromisoformat(forms.get(ASKED, ""))
    except ValueError:
        return ""
    if now - asked > 2 * LONGEST:
        return ""
    if last is None or last.started_at < asked or last.ok is None:
        return "slow" if now - asked > LONGEST else "under way"
    return "done" if last.ok else "failed"
