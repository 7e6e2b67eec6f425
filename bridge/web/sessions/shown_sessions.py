"""Which sessions a visitor may see, and what the pages show of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import cast

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bridge.curriculum.audience import Audience
from bridge.curriculum.model import Curriculum
from bridge.curriculum.text import Text, plain_text
from bridge.curriculum.topics import Topic, TopicPart
from bridge.foundations.audiences import is_for
from bridge.sessions import live_sessions
from bridge.sessions.providers.targets import Provider, target_of
from bridge.sessions.rules import COMING, FORMATS, HOLDS_SEAT, Format, RegistrationState, Status
from bridge.sessions.tables import LiveSession, Registration
from bridge.web.common.services import Services
from bridge.web.common.visitor import Visitor

SHOWN_AFTER = timedelta(days=1)
"""How long a session stays in the list after it has ended."""
MAX_SHOWN = 500


@dataclass(frozen=True, slots=True)
class ShownSession:
    """A session as the pages show it. `mine`: the visitor's registration, None without one.

    `free`: free seats online and in person; None for no limit. Only ways that it offers are in it.
    `is_for_visitor`: whether its audience includes them; if not, they see it because they are
    registered. `list_is_closed`: whether the waiting list has stopped advancing.
    """

    live: LiveSession
    topic: Topic
    part: TopicPart | None
    status: Status
    free: dict[Format, int | None]
    mine: Registration | None
    is_for_visitor: bool
    list_is_closed: bool

    @property
    def state(self) -> RegistrationState | None:
        """The state of the visitor's registration; None if they aren't registered."""
        if self.mine is None or self.mine.state == "cancelled":
            return None
        return cast(RegistrationState, self.mine.state)

    @property
    def has_seat(self) -> bool:
        return self.state in HOLDS_SEAT

    @property
    def is_full(self) -> bool:
        return bool(self.free) and all(each == 0 for each in self.free.values())

    @property
    def may_register(self) -> bool:
        """Whether it is for the visitor, or they have a seat or wait for one."""
        return self.is_for_visitor or self.state in COMING

    def can_register(self, now: datetime) -> bool:
        """Whether the visitor can register now, or take part in another way."""
        coming = self.status == "open" and self.live.starts_at > now
        return coming and self.may_register

    @property
    def has_unclaimed_seat(self) -> bool:
        """Whether the visitor waits, and can take a free seat by asking for it."""
        if self.mine is None or self.state != "waiting" or not self.list_is_closed:
            return False
        return self.free.get(cast(Format, self.mine.format)) != 0

    def can_leave(self, now: datetime) -> bool:
        """Whether the visitor can give up their seat now, or their place on the waiting list."""
        coming = self.status == "open" and self.live.starts_at > now
        return self.state is not None and (coming or self.status == "postponed")

    @property
    def materials(self) -> Text:
        """What the leaders give out (Markdown)."""
        return plain_text(self.live.materials)

    @property
    def provider(self) -> Provider | None:
        """How one joins online; None if it isn't known yet."""
        target = target_of(self.live.link) if self.live.online else None
        return target.provider if target else None

    @property
    def is_open_to_all(self) -> bool:
        """Whether people without an account can register."""
        return self.topic.audience.everyone


def coming(
    services: Services, session: Session, visitor: Visitor, person_id: int | None
) -> list[ShownSession]:
    """The sessions that the visitor may see, in the order of their start.

    Postponed ones stay until they have a new date. A constant number of queries for each different
    audience.
    """
    recent = LiveSession.ends_at >= services.now() - SHOWN_AFTER
    wanted = or_(recent, LiveSession.state == "postponed")
    query = (
        select(LiveSession).where(wanted, live_sessions.ANNOUNCED).order_by(LiveSession.starts_at)
    )
    rows = session.scalars(query.limit(MAX_SHOWN)).all()
    return _shown(services, session, visitor, person_id, rows)


def within(
    services: Services,
    session: Session,
    visitor: Visitor,
    person_id: int | None,
    first: date,
    last: date,
) -> list[ShownSession]:
    """The sessions that begin from the first to the last day where they take place.

    Only those that the visitor may see; postponed ones have no date. As many queries as `coming`.
    """
    wanted = (
        LiveSession.starts >= datetime.combine(first, time()),
        LiveSession.starts < datetime.combine(last, time()) + timedelta(days=1),
        LiveSession.state != "postponed",
        live_sessions.ANNOUNCED,
    )
    query = select(LiveSession).where(*wanted).order_by(LiveSession.starts, LiveSession.id)
    rows = session.scalars(query.limit(MAX_SHOWN)).all()
    return _shown(services, session, visitor, person_id, rows)


def find_shown(
    services: Services, session: Session, visitor: Visitor, person_id: int | None, number: int
) -> ShownSession | None:
    """A session, if the visitor may see it: by its audience, or because they are registered."""
    live = live_sessions.find(session, number)
    if live is None or not live_sessions.was_announced(live):
        return None
    return next(iter(_shown(services, session, visitor, person_id, [live])), None)


def _shown(
    services: Services,
    session: Session,
    visitor: Visitor,
    person_id: int | None,
    rows: Sequence[LiveSession],
) -> list[ShownSession]:
    ids, now = [each.id for each in rows], services.now()
    curricula = tuple(services.curricula)
    topics = {
        key: live_sessions.find_topic(curricula, *key)
        for key in {(each.curriculum, each.topic) for each in rows}
    }
    taken = live_sessions.taken_seats(session, ids)
    mine = _registrations(session, person_id, ids)
    allowed: dict[tuple[str, Audience], bool] = {}
    list_closes = timedelta(hours=services.config.sessions.list_closes_hours)
    shown = []
    for live in rows:
        found = topics[live.curriculum, live.topic]
        topic = found[1] if found else Topic(live.topic, plain_text(live.topic))
        key = (live.curriculum, topic.audience)
        if found and key not in allowed:
            allowed[key] = _may_see(session, visitor, *found, now)
        is_for_visitor = found is not None and allowed[key]
        if is_for_visitor or live.id in mine:
            free = {how: _free(live, how, taken[live.id][how]) for how in _formats(live)}
            part = topic.part(live.part) if live.part else None
            status = live_sessions.status(live, now)
            shown.append(ShownSession(
                live, topic, part, status, free, mine.get(live.id), is_for_visitor,
                live.starts_at - list_closes <= now,
            ))  # fmt: skip
    return shown


def _may_see(
    session: Session, visitor: Visitor, curriculum: Curriculum, topic: Topic, now: datetime
) -> bool:
    if topic.audience.everyone or visitor.may("sessions"):
        return True
    if visitor.member_id is None:
        return False
    return is_for(session, visitor.member_id, curriculum, topic.audience, now.date())


def _registrations(
    session: Session, person_id: int | None, ids: Sequence[int]
) -> dict[int, Registration]:
    if person_id is None:
        return {}
    mine = (Registration.person_id == person_id, Registration.session_id.in_(ids))
    return {each.session_id: each for each in session.scalars(select(Registration).where(*mine))}


def _formats(live: LiveSession) -> list[Format]:
    return [how for how in FORMATS if live_sessions.offers(live, how)]


def _free(live: LiveSession, how: Format, taken: int) -> int | None:
    seats = live_sessions.seats_of(live, how)
    return None if seats is None else max(0, seats - taken)
