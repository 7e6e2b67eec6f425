"""Scheduling sessions: create, change, open, postpone, cancel, and name leaders.

Everyone registered is told what matters to them, once for each change, in the same transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.errors import SessionError
from bridge.foundations.deadlines.local_time import LocalTime
from bridge.foundations.deadlines.schedule import schedule
from bridge.messages import Message
from bridge.sessions import live_sessions, registrations
from bridge.sessions.earning.credits import reconsider, update_credits
from bridge.sessions.leaders import name_leaders
from bridge.sessions.notices.changes import begin_again
from bridge.sessions.office import Office, ask_to_confirm, notify, notify_moved
from bridge.sessions.providers.targets import check_configured
from bridge.sessions.rules import (
    COMING,
    FORMATS,
    HOLDS_SEAT,
    TO_CONFIRM,
    SessionData,
    Times,
    as_data,
    check_key,
    check_not_past,
    is_moved,
)
from bridge.sessions.tables import LiveSession
from bridge.store.operations import audit_log

END = "session-end"
"""The kind of deadline at the end of a session, when its leaders have led it."""


def create(session: Session, office: Office, data: SessionData, key: str = "") -> int:
    """Schedule a session as a draft; return its ID.

    `key`: names it in schedule files; '' for a new one. Raises SessionError if it starts in the
    past, or the key is taken.
    """
    check_not_past(data.times, office.now)
    check_configured(office.invitations.config, data.link)
    key = key or f"{data.topic}-{data.times.starts:%Y-%m-%d}-{secrets.token_hex(3)}"
    check_key(key)
    if session.scalar(select(LiveSession.id).where(LiveSession.key == key)) is not None:
        raise SessionError(Message("there is a session with this key already."), where=key)
    row = LiveSession(
        key=key, state="draft", reason="", sequence=0, version=1, imported={},
        created_at=office.now, changed_at=office.now, **columns_of(data),
    )  # fmt: skip
    session.add(row)
    session.flush()
    _schedule_end(session, office, row)
    _audit(session, office, row, {}, {"state": "draft", **as_data(data)})
    return row.id


def change(
    session: Session,
    office: Office,
    session_id: int,
    data: SessionData,
    version: int,
    leaders: Collection[int] | None = None,
) -> bool:
    """Change what was scheduled, and who leads it; return False if nothing is different.

    `version`: that of the page, so that a page that is older can't overwrite a newer change.
    `leaders`: None for those it has. Registered people are told if the time or their place
    changes. Raises SessionError.
    """
    live = live_sessions.lock(session, session_id)
    before = live_sessions.data_of(live)
    other_leaders = leaders is not None and set(leaders) != live_sessions.leader_ids(
        session, live.id
    )
    if before == data and not other_leaders:
        return False
    if live.version != version:
        raise SessionError(
            Message("someone else has changed this session meanwhile."),
            todo=Message("Open the page again and repeat your change."),
        )
    if before != data:
        _check_change(session, office, live, before, data)
        _store(session, office, live, data)
        if live.state == "open":
            _tell_changed(session, office, live, before, data)
    if leaders is not None:
        set_leaders(session, office, session_id, leaders)
    return True


def _tell_changed(
    session: Session, office: Office, live: LiveSession, before: SessionData, data: SessionData
) -> None:
    """Give free seats to those who wait, and tell everyone what matters to them, once."""
    moved = is_moved(before, data)
    if moved:
        live.sequence += 1
        begin_again(session, live.id, office.now)
    promoted = registrations.advance(session, office.desk, live.id)
    if moved:
        notify_moved(
            session, office, live, before, data, {each.registration.id for each in promoted}
        )


def open_registration(session: Session, office: Office, session_id: int) -> bool:
    """Open a draft, or one that was cancelled, for registration; return False if it is open.

    Those who lost their seat by the cancellation are asked to confirm. Raises
    SessionError if it has started, or is postponed: then give it a new date.
    """
    live = live_sessions.lock(session, session_id)
    if live.state == "open":
        return False
    if live.state == "postponed":
        raise SessionError(Message("a postponed session needs a new date."))
    check_not_past(live_sessions.data_of(live).times, office.now)
    was_cancelled = live.state == "cancelled"
    _set_state(session, office, live, "open", "")
    if was_cancelled:
        registrations.restore(session, office.desk, live)
        ask_to_confirm(session, office, live, "reopened")
    return True


def cancel(session: Session, office: Office, session_id: int, reason: str) -> bool:
    """Cancel a session, and tell everyone registered; return False if it was cancelled before.

    Raises SessionError if it has ended. One that is postponed can be cancelled at any time: its
    entries have left the calendars already.
    """
    live = live_sessions.lock(session, session_id)
    if live.state == "cancelled":
        return False
    was_postponed = live.state == "postponed"
    if not was_postponed:
        _check_not_over(live, office.now)
    _set_state(session, office, live, "cancelled", reason)
    notify(session, office, live, "cancelled", None if was_postponed else "CANCEL")
    registrations.set_all(
        session, office.desk, live, ("pending", *COMING), "cancelled", "session-cancelled"
    )
    return True


def postpone(session: Session, office: Office, session_id: int, reason: str) -> bool:
    """Postpone a session until further notice; return False if it was before.

    Registrations are kept, and the entries leave the calendars. Raises SessionError if it has
    ended or was cancelled.
    """
    live = live_sessions.lock(session, session_id)
    if live.state == "postponed":
        return False
    if live.state != "open":
        raise SessionError(Message("only a session that is open can be postponed."))
    _check_not_over(live, office.now)
    _set_state(session, office, live, "postponed", reason)
    notify(session, office, live, "postponed", "CANCEL")
    return True


def set_new_date(
    session: Session, office: Office, session_id: int, times: Times, reason: str = ""
) -> bool:
    """Give a postponed or open session a new date, and ask everyone registered to confirm.

    `reason`: a sentence for those registered. Seats that aren't confirmed in time are released.
    Returns False if it has this date already.
    Raises SessionError.
    """
    live = live_sessions.lock(session, session_id)
    if live.state not in ("open", "postponed"):
        raise SessionError(Message("only a session that is open or postponed gets a new date."))
    if live.state == "open":
        _check_not_over(live, office.now)
    check_not_past(times, office.now)
    before = live_sessions.data_of(live)
    if live.state == "open" and before.times == times:
        return False
    _store(session, office, live, replace(before, times=times))
    _set_state(session, office, live, "open", reason)
    registrations.set_all(session, office.desk, live, HOLDS_SEAT, "confirming", "new-date")
    ask_to_confirm(session, office, live, "new-date")
    live.reason = ""  # it is no news for those who register later
    session.flush()
    return True


def release_unconfirmed(session: Session, office: Office, session_id: int) -> int:
    """Release the seats that weren't confirmed in time; return how many.

    None if it is postponed or cancelled meanwhile, or has begun: those who had a seat keep it.
    """
    live = live_sessions.lock(session, session_id)
    if live.state != "open" or live.starts_at <= office.now:
        return 0
    released = registrations.set_all(
        session, office.desk, live, TO_CONFIRM, "cancelled", "seat-released"
    )
    office.invitations.tell(session, live, released)
    registrations.advance(session, office.desk, live.id)
    return len(released)


def set_leaders(
    session: Session, office: Office, session_id: int, person_ids: Collection[int]
) -> None:
    """Name the leaders of a session, instead of those before. Raises SessionError."""
    live = live_sessions.lock(session, session_id)
    before, after = live_sessions.leader_ids(session, live.id), set(person_ids)
    if before == after:
        return
    name_leaders(session, office.invitations, live, before, after, office.actor)
    live.version += 1
    update_credits(session, office.recorder, live, before | after)


def _schedule_end(session: Session, office: Office, live: LiveSession) -> None:
    schedule(session, END, str(live.id), LocalTime(live.ends, live.zone), office.now)


def columns_of(data: SessionData) -> dict[str, object]:
    """The columns that a person schedules."""
    times = data.times
    fields = {name: getattr(data, name) for name in data.__slots__ if name != "times"}
    return {
        **fields, "starts": times.starts, "ends": times.ends, "zone": times.zone,
        "starts_at": times.since, "ends_at": times.until,
    }  # fmt: skip


def _check_change(
    session: Session, office: Office, live: LiveSession, before: SessionData, data: SessionData
) -> None:
    if live.state == "cancelled":
        raise SessionError(Message("the session was cancelled."), todo=Message("Open it first."))
    is_other = _subject(before) != _subject(data)
    if is_other and live.ends_at > office.now and live_sessions.has_people(session, live.id):
        raise SessionError(
            Message("people are registered: it keeps its topic until it is over."),
            todo=Message("Cancel it, and schedule another one."),
        )
    if before.link != data.link:
        check_configured(office.invitations.config, data.link)
    if before.times != data.times:
        _check_not_over(live, office.now)
        check_not_past(data.times, office.now)
    taken = live_sessions.taken_seats(session, [live.id])[live.id]
    for how in FORMATS:
        seats = data.seats(how)
        if taken[how] and not data.offers(how):
            raise SessionError(
                Message("%(count)s people are registered for a way that you remove.",
                        count=taken[how])
            )  # fmt: skip
        if seats is not None and seats < taken[how]:
            raise SessionError(
                Message("%(count)s seats are taken already: there can't be fewer.",
                        count=taken[how])
            )  # fmt: skip


def _subject(data: SessionData) -> tuple[str, str, str]:
    return data.curriculum, data.topic, data.part


def _check_not_over(live: LiveSession, now: datetime) -> None:
    if live.ends_at <= now:
        raise SessionError(Message("the session is over."))


def _store(session: Session, office: Office, live: LiveSession, data: SessionData) -> None:
    before = as_data(live_sessions.data_of(live))
    for name, value in columns_of(data).items():
        setattr(live, name, value)
    live.version += 1
    live.changed_at = office.now
    session.flush()
    _schedule_end(session, office, live)
    _audit(session, office, live, before, as_data(data))
    reconsider(session, office.recorder, live)


def _set_state(
    session: Session, office: Office, live: LiveSession, state: str, reason: str
) -> None:
    before = {"state": live.state}
    live.state, live.reason = state, reason
    live.sequence += 1
    live.version += 1
    live.changed_at = office.now
    session.flush()
    begin_again(session, live.id, office.now)
    reconsider(session, office.recorder, live)
    why = reason or office.note
    after = {"session": live.id, "state": state} | ({"reason": why} if why else {})
    _audit(session, office, live, before, after)


def _audit(
    session: Session,
    office: Office,
    live: LiveSession,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    former = {name: value for name, value in before.items() if name in changed}
    entry = {"session": live.id, **changed}
    audit_log.write(session, office.actor, "session", None, former, entry, office.now)
