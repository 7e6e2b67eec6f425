"""Scheduling sessions: create, change, open, postpone, cancel, and name leaders.

Everyone registered is told what matters to them, once for each change, in the same transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.errors import SessionError
from bridge.foundations.deadlines.local_time import LocalTime
from bridge.foundations.deadlines.schedule import schedule
from bridge.messages import Message
from bridge.sessions import live_sessions, registrations
from bridge.sessions.earning.credits import Recorder, reconsider, update_credits
from bridge.sessions.emails import News
from bridge.sessions.invitations import Invitations, Method
from bridge.sessions.leaders import name_leaders
from bridge.sessions.notices.changes import begin_again
from bridge.sessions.providers.targets import check_configured
from bridge.sessions.registrations import Desk, Step
from bridge.sessions.rules import (
    COMING,
    FORMATS,
    HOLDS_SEAT,
    TO_CONFIRM,
    SessionData,
    Times,
    check_key,
    check_not_past,
    is_moved,
)
from bridge.sessions.tables import LiveSession, Registration
from bridge.store.operations import audit_log

MINUTE = "%Y-%m-%d %H:%M"
RELEASE = "session-release"
"""The kind of deadline after which seats that weren't confirmed are released."""
END = "session-end"
"""The kind of deadline at the end of a session, when its leaders have led it."""


@dataclass(frozen=True, slots=True)
class Office:
    """Who schedules, when, and how people are told.

    `confirm_before`: how long before the start of a new date a seat must be confirmed.
    """

    invitations: Invitations
    actor: str
    closes_before: timedelta
    confirm_before: timedelta

    @property
    def now(self) -> datetime:
        return self.invitations.now

    @property
    def recorder(self) -> Recorder:
        return Recorder(self.invitations.curricula, self.actor, self.now)

    @property
    def desk(self) -> Desk:
        return Desk(self.now, self.actor, self.invitations.tell, self.closes_before)


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
    session: Session, office: Office, session_id: int, data: SessionData, version: int
) -> bool:
    """Change what was scheduled; return False if nothing is different.

    `version`: that of the page, so that a page that is older can't overwrite a newer change.
    Registered people are told if the time or the place changes. Raises SessionError.
    """
    live = live_sessions.lock(session, session_id)
    before = live_sessions.data_of(live)
    if before == data:
        return False
    if live.version != version:
        raise SessionError(
            Message("someone else has changed this session meanwhile."),
            todo=Message("Open the page again and repeat your change."),
        )
    _check_change(session, office, live, before, data)
    _store(session, office, live, data)
    if live.state == "open" and is_moved(before, data):
        live.sequence += 1
        begin_again(session, live.id, office.now)
        _notify(session, office, live, "changed", "REQUEST")
    if live.state == "open":
        registrations.advance(session, office.desk, live.id)
    return True


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
        _ask_again(session, office, live, registrations.restore(session, office.desk, live))
    return True


def cancel(session: Session, office: Office, session_id: int, reason: str) -> bool:
    """Cancel a session, and tell everyone registered; return False if it was cancelled before.

    Raises SessionError if it has ended.
    """
    live = live_sessions.lock(session, session_id)
    if live.state == "cancelled":
        return False
    _check_not_over(live, office.now)
    _set_state(session, office, live, "cancelled", reason)
    _notify(session, office, live, "cancelled", "CANCEL")
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
    _notify(session, office, live, "postponed", "CANCEL")
    return True


def set_new_date(session: Session, office: Office, session_id: int, times: Times) -> None:
    """Give a postponed or open session a new date, and ask everyone registered to confirm.

    Seats that aren't confirmed in time are released. Raises SessionError.
    """
    live = live_sessions.lock(session, session_id)
    if live.state not in ("open", "postponed"):
        raise SessionError(Message("only a session that is open or postponed gets a new date."))
    if live.state == "open":
        _check_not_over(live, office.now)
    check_not_past(times, office.now)
    _store(session, office, live, replace(live_sessions.data_of(live), times=times))
    _set_state(session, office, live, "open", "")
    steps = registrations.set_all(session, office.desk, live, HOLDS_SEAT, "confirming", "new-date")
    _ask_again(session, office, live, steps)


def confirm_until(live: LiveSession, confirm_before: timedelta, now: datetime) -> datetime:
    """The local time until when a new date must be confirmed: never before an hour from now."""
    earliest = live.starts - (live.starts_at - now) + timedelta(hours=1)
    wanted = live.starts - confirm_before
    return max(wanted, min(earliest, live.starts)).replace(second=0, microsecond=0)


def release_unconfirmed(session: Session, office: Office, session_id: int) -> int:
    """Release the seats that weren't confirmed in time; return how many.

    None if it is postponed or cancelled meanwhile: those who had a seat keep their place.
    """
    live = live_sessions.lock(session, session_id)
    if live.state != "open":
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


def as_data(data: SessionData) -> dict[str, object]:
    """The same as JSON, without the link to join: only those registered may see it."""
    times = data.times
    fields = {k: v for k, v in asdict(data).items() if k not in ("times", "link")}
    return {
        **fields, "starts": f"{times.starts:{MINUTE}}", "ends": f"{times.ends:{MINUTE}}",
        "zone": times.zone, "has_link": bool(data.link),
    }  # fmt: skip


def _check_change(
    session: Session, office: Office, live: LiveSession, before: SessionData, data: SessionData
) -> None:
    if live.state == "cancelled":
        raise SessionError(Message("the session was cancelled."), todo=Message("Open it first."))
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
    after = {"session": live.id, "state": state} | ({"reason": reason} if reason else {})
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


def _notify(
    session: Session, office: Office, live: LiveSession, news: News, method: Method
) -> None:
    """Tell everyone registered. Only those with a seat have an entry in their calendar."""
    coming = (Registration.session_id == live.id, Registration.state.in_(COMING))
    for each in session.scalars(select(Registration).where(*coming).order_by(Registration.id)):
        has_entry = each.state in HOLDS_SEAT and each.sequence >= 0
        office.invitations.send(session, live, each, news, method if has_entry else None)


def _ask_again(session: Session, office: Office, live: LiveSession, steps: Sequence[Step]) -> None:
    """Ask those who have a seat to confirm that they come, and tell those who wait."""
    until = confirm_until(live, office.confirm_before, office.now)
    text = until.isoformat(timespec="minutes")
    asked = [each.registration for each in steps if each.registration.state == "confirming"]
    for each in asked:
        office.invitations.send(session, live, each, "new-date", "REQUEST", until=text)
    waiting = (Registration.session_id == live.id, Registration.state == "waiting")
    for each in session.scalars(select(Registration).where(*waiting).order_by(Registration.id)):
        office.invitations.send(session, live, each, "changed", None)
    if asked:
        schedule(session, RELEASE, str(live.id), LocalTime(until, live.zone), office.now)
