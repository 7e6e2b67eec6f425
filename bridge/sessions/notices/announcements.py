"""Announces sessions to the members they are for who haven't registered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum
from bridge.curriculum.topics import Topic
from bridge.foundations.audiences import matching
from bridge.foundations.deadlines.local_time import find_zone, wall_time
from bridge.sessions import live_sessions
from bridge.sessions.notices import recipients
from bridge.sessions.notices.kinds import ANNOUNCEMENT, ANNOUNCEMENTS
from bridge.sessions.notices.senders import BATCH_SIZE, Batch, Sender, queue
from bridge.sessions.notices.tables import SessionAnnouncement, SessionNotice
from bridge.sessions.notices.timing import announced_again
from bridge.sessions.rules import FORMATS, has_free_seat
from bridge.sessions.tables import LiveSession, Registration, SessionLeader
from bridge.store.members.queries import iterate_member_ids
from bridge.store.persons.of_members import add_persons
from bridge.store.tables.persons import Person

RSVP_PURPOSE = "session-rsvp"
"""The purpose of a link in an announcement. Its subject is the session's ID."""
RSVP_PAGE = "/sessions"
NOTICE = "announcement"


def announce(session: Session, sender: Sender, session_id: int) -> bool:
    """Announce a session to the next batch of members; return whether there are more.

    It goes on where it stopped, and begins again later for those who joined the audience since.
    Each person gets it once for a date, whatever happens.
    """
    live = live_sessions.lock(session, session_id)
    found = live_sessions.find_topic(sender.curricula, live.curriculum, live.topic)
    if found is None or not _can_register(session, sender, live):
        return False
    row = session.get(SessionAnnouncement, session_id)
    if row is None:
        row = SessionAnnouncement(session_id=session_id, dated_at=None, after_member=0)
        session.add(row)
    members = iterate_member_ids(session, row.after_member, BATCH_SIZE)
    if len(members) < BATCH_SIZE:
        row.after_member, row.complete_at = 0, sender.now
    else:
        row.after_member, row.complete_at = members[-1], None
    session.flush()
    today = wall_time(sender.now, find_zone(sender.config.timezone)).date()
    people = _recipients(session, sender, live, *found, members, today)
    queue(session, sender, _batch(session, sender, live, found[1]), people)
    return row.complete_at is None


def _can_register(session: Session, sender: Sender, live: LiveSession) -> bool:
    """Whether registering leads to a seat, or to a place on a list that still advances."""
    if live.state != "open" or live.starts_at <= sender.now:
        return False
    return not _is_full(session, live) or (live.starts_at - sender.list_closes > sender.now)


def _is_full(session: Session, live: LiveSession) -> bool:
    taken = live_sessions.taken_seats(session, [live.id])[live.id]
    return not any(
        live_sessions.offers(live, how)
        and has_free_seat(live_sessions.seats_of(live, how), taken[how])
        for how in FORMATS
    )


def _batch(session: Session, sender: Sender, live: LiveSession, topic: Topic) -> Batch:
    full = _is_full(session, live)

    def variables(person: Person) -> dict[str, object]:
        language = person.language or sender.config.language
        return {
            "description": topic.description.pick(language).strip(), "online": live.online,
            "room": live.room if live.in_person else "", "full": full,
        }  # fmt: skip

    return Batch(
        live, ANNOUNCEMENT, NOTICE, RSVP_PURPOSE, RSVP_PAGE, live.starts_at, variables,
        repeat_after=_told_before(sender, live), links_for_members=True,
    )  # fmt: skip


def _told_before(sender: Sender, live: LiveSession) -> datetime:
    return announced_again(live.starts_at, sender.config.sessions.announce_days)


def _recipients(
    session: Session,
    sender: Sender,
    live: LiveSession,
    curriculum: Curriculum,
    topic: Topic,
    members: Sequence[int],
    today: date,
) -> list[int]:
    """The persons of those members who get it."""
    wanted = matching(session, members, curriculum, topic.audience, today)
    add_persons(session, wanted, sender.now)
    registered = exists().where(
        Registration.session_id == live.id, Registration.person_id == Person.id
    )
    leads = exists().where(
        SessionLeader.session_id == live.id, SessionLeader.person_id == Person.id
    )
    told = exists().where(
        SessionNotice.session_id == live.id, SessionNotice.person_id == Person.id,
        SessionNotice.notice == NOTICE, SessionNotice.queued_at >= _told_before(sender, live),
    )  # fmt: skip
    query = select(Person.id).where(
        Person.member_id.in_(wanted), ~registered, ~leads, ~told,
        *recipients.conditions(ANNOUNCEMENTS.key),
    )  # fmt: skip
    return list(session.scalars(query.order_by(Person.id)))
