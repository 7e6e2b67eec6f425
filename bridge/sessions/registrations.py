"""Registering for a session, the waiting list, and leaving. Seats are never oversold.

Everything here runs under the lock of the session, which is taken before any other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.errors import SessionError
from bridge.messages import Message
from bridge.sessions import live_sessions
from bridge.sessions.registering.desk import Desk, Reason, Step
from bridge.sessions.rules import (
    COMING,
    HOLDS_SEAT,
    Format,
    RegistrationState,
)
from bridge.sessions.tables import LiveSession, Registration, RegistrationChange

RESTORED: Mapping[RegistrationState, RegistrationState | None] = {
    "pending": "pending", "seated": "confirming", "waiting": "waiting", "confirming": "confirming",
    "cancelled": None,
}  # fmt: skip
"""What a registration becomes when a cancelled session is opened again, by what it was before."""


ASK_AGAIN_AFTER = timedelta(hours=1)


def register(
    session: Session,
    desk: Desk,
    session_id: int,
    person_id: int,
    how: Format,
    *,
    confirmed: bool = True,
    reason: Reason = "registered",
) -> RegistrationState:
    """Register a person, online or in person; return the state: seated, waiting or pending.

    Again, nothing changes; with another `how`, they move there, if they lose no seat by it. One who
    left comes back, at the end of the list. Who waits gets a seat if the list has stopped advancing
    and one is free. `confirmed`: False for a guest who hasn't confirmed their address: they hold
    no seat until `confirm`, and don't move one who is registered. Raises SessionError if nobody
    can now.
    """
    live = live_sessions.lock(session, session_id)
    live_sessions.check_open(live, how, desk.now)
    found = _find(session, session_id, person_id)
    if found and found.state in COMING and (found.format == how or not confirmed):
        takes_seat = confirmed and _takes_free_seat(session, desk, live, found)
        if not takes_seat:
            return found.state
    if not confirmed:
        return _pend(session, desk, live, found, person_id, how)
    state, steps = _place(session, desk, live, found, person_id, how, reason)
    desk.tell(session, live, steps)
    return state


def _place(
    session: Session,
    desk: Desk,
    live: LiveSession,
    found: Registration | None,
    person_id: int,
    how: Format,
    reason: Reason,
) -> tuple[RegistrationState, list[Step]]:
    """Give someone a seat or a place on the waiting list; return what has changed by it."""
    state = _seat_or_wait(session, desk, live, how)
    if found is None:
        row = _new(session, desk, live, person_id, how)
        return state, [_set(session, desk, row, state, reason)]
    seated, former = found.state in HOLDS_SEAT, cast(Format, found.format)
    if seated and state == "waiting":
        raise SessionError(Message("no seat is free there. You keep the one that you have."))
    moves = found.state in COMING and former != how
    why: Reason = "other-format" if moves else reason
    steps = [_set(session, desk, found, state, why, how=how)]
    return state, steps + (_advance(session, desk, live, former) if seated else [])


def confirm(session: Session, desk: Desk, session_id: int, person_id: int) -> RegistrationState:
    """Confirm a guest's address, or that someone comes on the new date; return the state.

    Raises SessionError if they aren't registered, or nobody can register now.
    """
    live = live_sessions.lock(session, session_id)
    found = _existing(session, session_id, person_id)
    how = cast(Format, found.format)
    if found.state not in ("confirming", "pending"):
        return cast(RegistrationState, found.state)
    live_sessions.check_open(live, how, desk.now)
    state = "seated" if found.state == "confirming" else _seat_or_wait(session, desk, live, how)
    desk.tell(session, live, [_set(session, desk, found, state, "confirmed")])
    return state


def leave(
    session: Session, desk: Desk, session_id: int, person_id: int, reason: Reason = "left"
) -> bool:
    """Give up a seat or a place on the waiting list; return False if there was none.

    The next person on the list gets the seat. Raises SessionError once the session has started.
    """
    live = live_sessions.lock(session, session_id)
    found = _find(session, session_id, person_id)
    if found is None or found.state == "cancelled":
        return False
    if live.state == "open" and live.starts_at <= desk.now:
        raise SessionError(Message("the session has already started."))
    how = cast(Format, found.format)
    steps = [_set(session, desk, found, "cancelled", reason)]
    desk.tell(session, live, [*steps, *_advance(session, desk, live, how)])
    return True


def advance(session: Session, desk: Desk, session_id: int) -> list[Step]:
    """Give those who wait the seats that became free elsewhere; return who got one."""
    live = live_sessions.lock(session, session_id)
    steps = [step for how in ("online", "room") for step in _advance(session, desk, live, how)]
    desk.tell(session, live, steps)
    return steps


def set_all(
    session: Session,
    desk: Desk,
    live: LiveSession,
    before: Collection[RegistrationState],
    state: RegistrationState,
    reason: Reason,
) -> list[Step]:
    """Change all registrations in these states, in the order of the list. The caller tells."""
    mine = (Registration.session_id == live.id, Registration.state.in_(before))
    found = session.scalars(select(Registration).where(*mine).order_by(Registration.position)).all()
    return [_set(session, desk, each, state, reason) for each in found]


def restore(session: Session, desk: Desk, live: LiveSession) -> list[Step]:
    """Give those back their place who lost it because the session was cancelled.

    Who had a seat must confirm; who waited, waits again, where they were. The caller tells.
    """
    cancelled = (Registration.session_id == live.id, Registration.state == "cancelled")
    steps = []
    for row in session.scalars(
        select(Registration).where(*cancelled).order_by(Registration.position)
    ).all():
        mine = RegistrationChange.registration_id == row.id
        history = select(RegistrationChange).where(mine).order_by(RegistrationChange.id.desc())
        last, before = (*session.scalars(history.limit(2)), None)[:2]
        again = RESTORED.get(cast(RegistrationState, before.state)) if before else None
        if again and last and last.reason == "session-cancelled":
            position = row.position
            steps.append(_set(session, desk, row, again, "session-reopened"))
            row.position = position
    return steps


def count_waiting(session: Session, live: LiveSession, how: Format) -> int:
    mine = (Registration.session_id == live.id, Registration.format == how)
    waiting = select(func.count()).where(*mine, Registration.state == "waiting")
    return session.scalar(waiting) or 0


def _advance(session: Session, desk: Desk, live: LiveSession, how: Format) -> list[Step]:
    """Seat those who wait, in order, as long as seats are free and it isn't too late."""
    if live.state != "open" or not live_sessions.offers(live, how):
        return []
    waiting = (
        select(Registration)
        .where(
            Registration.session_id == live.id, Registration.format == how,
            Registration.state == "waiting",
        )
        .order_by(Registration.position, Registration.id)
        .limit(_free(session, live, how))
    )  # fmt: skip
    first = session.scalars(waiting).all()
    if _is_list_closed(desk, live):
        _note_closed(session, desk, first)
        return []
    return [_set(session, desk, each, "seated", "promoted") for each in first]


def _note_closed(session: Session, desk: Desk, first: Sequence[Registration]) -> None:
    """Write down, once for each, that those who would have a seat by now didn't advance."""
    for each in first:
        mine = RegistrationChange.registration_id == each.id
        last = select(RegistrationChange.reason).where(mine).order_by(RegistrationChange.id.desc())
        if session.scalar(last.limit(1)) != "list-closed":
            _set(session, desk, each, "waiting", "list-closed")


def _is_list_closed(desk: Desk, live: LiveSession) -> bool:
    """Whether the waiting list has stopped advancing. Then the first who asks gets a free seat."""
    return live.starts_at - desk.closes_before <= desk.now


def _takes_free_seat(session: Session, desk: Desk, live: LiveSession, row: Registration) -> bool:
    """Whether someone who waits gets a seat by asking again."""
    how = cast(Format, row.format)
    closed = row.state == "waiting" and _is_list_closed(desk, live)
    return closed and _free(session, live, how) != 0


def _seat_or_wait(
    session: Session, desk: Desk, live: LiveSession, how: Format
) -> RegistrationState:
    """A seat, if one is free and nobody waits for it who still advances."""
    queue = 0 if _is_list_closed(desk, live) else count_waiting(session, live, how)
    return "waiting" if queue or _free(session, live, how) == 0 else "seated"


def _free(session: Session, live: LiveSession, how: Format) -> int | None:
    """How many seats are free; None for no limit."""
    seats = live_sessions.seats_of(live, how)
    taken = live_sessions.taken_seats(session, [live.id])[live.id][how]
    return None if seats is None else max(0, seats - taken)


def _find(session: Session, session_id: int, person_id: int) -> Registration | None:
    mine = (Registration.session_id == session_id, Registration.person_id == person_id)
    query = select(Registration).where(*mine)
    return session.scalar(query, execution_options={"populate_existing": True})


def _existing(session: Session, session_id: int, person_id: int) -> Registration:
    found = _find(session, session_id, person_id)
    if found is None or found.state == "cancelled":
        raise SessionError(Message("you aren't registered for this session."))
    return found


def _new(
    session: Session, desk: Desk, live: LiveSession, person_id: int, how: Format
) -> Registration:
    row = Registration(
        session_id=live.id, person_id=person_id, format=how, state="pending",
        position=_last_position(session, live.id) + 1, sequence=-1, joined_at=None,
        created_at=desk.now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _last_position(session: Session, session_id: int) -> int:
    mine = Registration.session_id == session_id
    return session.scalar(select(func.max(Registration.position)).where(mine)) or 0


def _pend(
    session: Session,
    desk: Desk,
    live: LiveSession,
    found: Registration | None,
    person_id: int,
    how: Format,
) -> RegistrationState:
    """Ask a guest to confirm, at most once an hour: anyone can type their address."""
    if found is None or found.state != "pending" or not _asked_lately(session, found, desk.now):
        row = found or _new(session, desk, live, person_id, how)
        desk.tell(session, live, [_set(session, desk, row, "pending", "registered", how=how)])
    return "pending"


def _asked_lately(session: Session, row: Registration, now: datetime) -> bool:
    mine = (RegistrationChange.registration_id == row.id, RegistrationChange.state == "pending")
    last = session.scalar(select(func.max(RegistrationChange.at)).where(*mine))
    return last is not None and now - last < ASK_AGAIN_AFTER


def _set(
    session: Session,
    desk: Desk,
    row: Registration,
    state: RegistrationState,
    reason: Reason,
    *,
    how: Format | None = None,
) -> Step:
    """Change a registration, with a line in its history."""
    before, how = cast(RegistrationState, row.state), how or cast(Format, row.format)
    if state == "waiting" and (before, row.format) != ("waiting", how):
        row.position = _last_position(session, row.session_id) + 1
    row.state, row.format = state, how
    change = RegistrationChange(
        registration_id=row.id, at=desk.now, actor=desk.actor, format=row.format, state=state,
        reason=reason,
    )  # fmt: skip
    session.add(change)
    session.flush()
    return Step(row, before, reason)
