"""Copies of a session on other dates, and doing the same with several sessions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.errors import SessionError
from bridge.messages import Message
from bridge.sessions import live_sessions, scheduling
from bridge.sessions.office import Office
from bridge.sessions.rules import Times
from bridge.sessions.schedule_files.repeating import Occurrence, Repeat, occurrences
from bridge.sessions.tables import LiveSession

Action = Literal["open", "postpone", "cancel"]
MayName = Callable[[Session, int], bool]


@dataclass(frozen=True, slots=True)
class PlannedCopy:
    """A month of a repeated session. `times`: None if it can't take place, and `problem` says why.

    `created`: the ID of the new session, 0 before.
    """

    month: date
    times: Times | None
    problem: str = ""
    created: int = 0


def copy(
    session: Session,
    office: Office,
    session_id: int,
    times: Times,
    key: str = "",
    may_name: MayName = lambda _session, _person: True,
) -> int:
    """Schedule the same again as a draft, with the same leaders; return its ID.

    `may_name`: whether someone may be named as a leader; others are left out. Raises SessionError.
    """
    live = live_sessions.lock(session, session_id)
    before = live_sessions.leader_ids(session, session_id)
    named = [each for each in before if may_name(session, each)]
    data = replace(live_sessions.data_of(live), times=times)
    number = scheduling.create(session, office, data, key)
    scheduling.set_leaders(session, office, number, named)
    return number


def plan(session: Session, session_id: int, repeat: Repeat, now: datetime) -> list[PlannedCopy]:
    """What repeating a session would create, month by month. Raises SessionError."""
    live = live_sessions.find(session, session_id)
    if live is None:
        raise SessionError(Message("there is no such session."), where=f"session {session_id}")
    found = occurrences(live_sessions.data_of(live).times, repeat)
    taken = _starts_of(session, live)
    return [_planned(each, taken, now) for each in found]


def repeat_monthly(
    session: Session,
    office: Office,
    session_id: int,
    repeat: Repeat,
    *,
    opened: bool = False,
    may_name: MayName = lambda _session, _person: True,
) -> list[PlannedCopy]:
    """Create the copies that are planned; months with a problem have none. Raises SessionError."""
    live_sessions.lock(session, session_id)
    done = []
    for each in plan(session, session_id, repeat, office.now):
        if each.times is None or each.problem:
            done.append(each)
            continue
        number = copy(session, office, session_id, each.times, may_name=may_name)
        if opened:
            scheduling.open_registration(session, office, number)
        done.append(replace(each, created=number))
    if not any(each.created for each in done):
        raise SessionError(Message("there is nothing to create: look at the list of the months."))
    return done


def act_on_all(
    session: Session, office: Office, session_ids: Sequence[int], action: Action, reason: str
) -> list[int]:
    """Open, postpone or cancel several sessions, or none; return the IDs of those that changed.

    All are locked first, in the order of their IDs. Raises SessionError that names the session.
    """
    live = [live_sessions.lock(session, each) for each in sorted(set(session_ids))]
    return [each.id for each in live if _act(session, office, each, action, reason)]


def _act(session: Session, office: Office, live: LiveSession, action: Action, reason: str) -> bool:
    acts: dict[Action, Callable[[], bool]] = {
        "open": lambda: scheduling.open_registration(session, office, live.id),
        "postpone": lambda: scheduling.postpone(session, office, live.id, reason),
        "cancel": lambda: scheduling.cancel(session, office, live.id, reason),
    }
    try:
        return acts[action]()
    except SessionError as error:
        raise SessionError(error.what, where=live.key, todo=error.todo) from None


def _starts_of(session: Session, live: LiveSession) -> set[Times]:
    """When sessions of the same topic take place already, unless they were cancelled."""
    same = (LiveSession.curriculum == live.curriculum, LiveSession.topic == live.topic)
    rows = select(LiveSession).where(
        *same, LiveSession.part == live.part, LiveSession.region == live.region,
        LiveSession.state != "cancelled",
    )  # fmt: skip
    return {live_sessions.data_of(each).times for each in session.scalars(rows)}


def _planned(each: Occurrence, taken: set[Times], now: datetime) -> PlannedCopy:
    problem = each.problem
    if each.times in taken:
        problem = Message("it is scheduled already.")
    elif each.times is not None and each.times.since <= now:
        problem = Message("a session can't start in the past.")
    return PlannedCopy(each.month, each.times, problem)
