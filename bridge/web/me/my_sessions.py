"""The sessions that a member is registered for, on the page *My learning*."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.foundations.feature import Context
from bridge.foundations.owners import Owner
from bridge.sessions.live_sessions import title_of
from bridge.sessions.rosters import registered
from bridge.sessions.tables import LiveSession


@dataclass(frozen=True, slots=True)
class MySession:
    """A session of a member. `state`: of their registration. `can_leave`: until it starts."""

    live: LiveSession
    title: str
    state: str
    room: str
    can_leave: bool


def my_sessions(context: Context, owner: Owner) -> Sequence[MySession]:
    """What the member is registered or waiting for, and isn't over. One query."""
    return [
        MySession(
            live,
            title_of(live, context.curricula, context.language),
            mine.state,
            live.room if mine.format == "room" else "",
            live.state == "postponed" or live.starts_at > context.now,
        )
        for live, mine in registered(context, owner)
    ]
