"""What changes a registration, why, and who tells people about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from bridge.sessions.rules import RegistrationState
from bridge.sessions.tables import LiveSession, Registration

Reason = Literal[
    "registered", "added", "confirmed", "other-format", "left", "removed", "promoted",
    "list-closed", "seat-released", "new-date", "session-cancelled", "session-reopened",
]  # fmt: skip
"""Why a registration changed, or didn't advance (list-closed), as stored in its history.

added, removed: by the committee or a leader, on behalf of someone.
"""


@dataclass(frozen=True, slots=True)
class Step:
    """A registration that has just changed, and what it was before. A new one was pending."""

    registration: Registration
    before: RegistrationState
    reason: Reason


Act = Callable[[Session, "Desk"], RegistrationState]
"""Something that changes a registration; returns its state."""
Tell = Callable[[Session, LiveSession, Sequence[Step]], None]
"""Queues the emails about what has changed, in the same transaction."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where registrations are handled: the clock, who acts, and who tells people about it.

    `closes_before`: how long before the start the waiting list stops advancing.
    """

    now: datetime
    actor: str
    tell: Tell
    closes_before: timedelta
