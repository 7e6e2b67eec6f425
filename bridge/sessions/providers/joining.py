"""From when one can join, and where to go. No provider is called here: pages don't wait for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.errors import SessionError
from bridge.foundations.deadlines.local_time import find_zone, wall_time
from bridge.messages import Message
from bridge.sessions import live_sessions
from bridge.sessions.providers import bigbluebutton, typed_link
from bridge.sessions.providers.bigbluebutton import BigBlueButton
from bridge.sessions.providers.errors import ProviderMisconfigured
from bridge.sessions.providers.tables import JoinLink, SessionMeeting
from bridge.sessions.providers.targets import BIGBLUEBUTTON, target_of
from bridge.sessions.rules import HOLDS_SEAT
from bridge.sessions.tables import LiveSession, Registration
from bridge.store.tables.persons import Person

OVERRUN = timedelta(minutes=30)
"""How long after the end one can still join."""


@dataclass(frozen=True, slots=True)
class Door:
    """What the page says about joining. `opens`: from when, as the clocks of the session show.

    `has_link`: whether there is somewhere to go, or will be when it opens; if not, it follows.
    """

    opens: datetime
    is_open: bool
    has_link: bool


def opens_at(config: Config, live: LiveSession) -> datetime:
    """The moment from which one can join."""
    return live.starts_at - timedelta(minutes=config.sessions.join_minutes)


def door_of(
    session: Session, config: Config, live: LiveSession, person_id: int, now: datetime
) -> Door | None:
    """The door for someone with a seat online; None if the session isn't taking place.

    At most three queries.
    """
    if live.state != "open" or now > live.ends_at + OVERRUN:
        return None
    opens = opens_at(config, live)
    place, is_open = wall_time(opens, find_zone(live.zone)), opens <= now
    created_later = live.link == BIGBLUEBUTTON and not is_open
    has_link = created_later or bool(_link(session, config, live, person_id))
    return Door(place, is_open, has_link)


def join(session: Session, config: Config, session_id: int, person_id: int, now: datetime) -> str:
    """Record that someone with a seat online goes to the meeting; return their link.

    '' if it isn't there yet. Raises SessionError if they have no seat online, the session isn't
    taking place, or it is too early or too late.
    """
    live = live_sessions.lock(session, session_id)
    mine = (Registration.session_id == session_id, Registration.person_id == person_id)
    found = session.scalar(
        select(Registration).where(*mine), execution_options={"populate_existing": True}
    )
    if found is None or found.state == "cancelled":
        raise SessionError(Message("you aren't registered for this session."))
    if live.state != "open" or found.state not in HOLDS_SEAT or found.format != "online":
        raise SessionError(Message("you have no seat online in this session."))
    if now < opens_at(config, live):
        minutes = config.sessions.join_minutes
        raise SessionError(
            Message("you can join from %(count)s minutes before the start.", count=minutes)
        )
    if now > live.ends_at + OVERRUN:
        raise SessionError(Message("the session is over."))
    link = _link(session, config, live, person_id)
    if link and found.joined_at is None:
        found.joined_at = now
        session.flush()
    return link


def _link(session: Session, config: Config, live: LiveSession, person_id: int) -> str:
    """The person's link; '' if there is none yet."""
    target = target_of(live.link)
    if target is None:
        return ""
    match target.provider:
        case "link":
            return typed_link.join_link(target)
        case "bigbluebutton":
            return _signed_link(session, config, live, person_id)
        case "zoom":
            mine = (JoinLink.session_id == live.id, JoinLink.person_id == person_id)
            right = (JoinLink.target == live.link, JoinLink.wanted.is_(True))
            return session.scalar(select(JoinLink.link).where(*mine, *right)) or ""
        case _:
            assert_never(target.provider)


def _signed_link(session: Session, config: Config, live: LiveSession, person_id: int) -> str:
    """Signed now, once the meeting exists: it can't be joined before."""
    meeting, person = session.get(SessionMeeting, live.id), session.get(Person, person_id)
    ready_at = meeting.ready_at if meeting else None
    if ready_at is None or ready_at < opens_at(config, live) or person is None:
        return ""
    try:
        server = BigBlueButton.of(config)
    except ProviderMisconfigured:
        return ""
    moderates = person_id in live_sessions.leader_ids(session, live.id)
    number = bigbluebutton.meeting_id(config, live.id)
    return server.join_link(number, person_id, person.name, moderates=moderates)
