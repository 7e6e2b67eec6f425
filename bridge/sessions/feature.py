"""What live sessions give the core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.access.rights import Right
from bridge.access.roles import Role
from bridge.access.visitor import Visitor
from bridge.config import Config
from bridge.curriculum.descriptions import names_of
from bridge.curriculum.model import Curriculum
from bridge.foundations.calendar_entry import CalendarEntry
from bridge.foundations.deadlines.claims import DueDeadline
from bridge.foundations.deadlines.local_time import find_zone
from bridge.foundations.deadlines.runner import DeadlineKind
from bridge.foundations.feature import (
    CommitteeToDo,
    Context,
    CreditSource,
    Feature,
    MoodleTask,
    ToDo,
)
from bridge.foundations.owners import Owner
from bridge.messages import Message
from bridge.sessions import live_sessions, registrations, scheduling
from bridge.sessions.earning.credits import CREDIT_SOURCE, update_credits
from bridge.sessions.earning.linked_persons import catch_up, evaluate_linked
from bridge.sessions.emails import EMAILS
from bridge.sessions.invitations import Invitations
from bridge.sessions.leaders import SHOWN_AFTER, is_visitor
from bridge.sessions.moodle_calendar import sync as moodle_calendar
from bridge.sessions.notices import thanks
from bridge.sessions.notices.kinds import EMAILS as NOTICES
from bridge.sessions.notices.kinds import MAILINGS
from bridge.sessions.notices.run import send_notices
from bridge.sessions.notices.tables import PERSONAL_TABLES as NOTICE_TABLES
from bridge.sessions.office import RELEASE, Office, confirm_until
from bridge.sessions.providers import run as providers
from bridge.sessions.providers.tables import PERSONAL_TABLES as PROVIDER_TABLES
from bridge.sessions.rosters import PARTS, attended_members, registered
from bridge.sessions.rules import HOLDS_SEAT
from bridge.sessions.scheduling import END
from bridge.sessions.summaries import open_work
from bridge.sessions.tables import PERSONAL_TABLES, LiveSession, SessionLeader
from bridge.store.database import Database
from bridge.store.members.matching import email_key
from bridge.store.persons.records import MAX_ID
from bridge.store.tables.learning import Credit
from bridge.store.tables.persons import Person

SUBJECT = "session"
JOB = "sessions"
"""The actor of what happens by itself."""


def office_of(config: Config, curricula: Sequence[Curriculum], actor: str, now: datetime) -> Office:
    """Who schedules, with the settings."""
    settings = config.sessions
    return Office(
        Invitations(config, tuple(curricula), now), actor,
        timedelta(hours=settings.list_closes_hours), timedelta(hours=settings.confirm_hours),
    )  # fmt: skip


def _titles(context: Context, credits: Sequence[Credit]) -> Mapping[int, str]:
    """What the credits are called, after their topics."""
    labels = context.config.role_labels
    names = {
        each.key: names_of(each, context.language, labels).credits for each in context.curricula
    }
    titles = {
        each.id: names.get(each.curriculum, {}).get(f"{each.kind}:{each.key}", each.key)
        for each in credits
    }
    led = {each.id for each in credits if each.kind == "led"}
    return {
        key: Message("Led a session: %(title)s", title=title) if key in led else title
        for key, title in titles.items()
    }


def _correct(credit: Credit) -> str:
    """The roster of the last session that a credit is for, or its leaders."""
    ids = cast("list[int]", credit.evidence.get("sessions") or [])
    page = "edit" if credit.kind == "led" else "roster"
    return f"/committee/sessions/{max(ids)}/{page}" if ids else ""


def _to_dos(context: Context, owner: Owner) -> Sequence[ToDo]:
    """New dates to confirm, with the day when seats that aren't confirmed are released."""
    before = timedelta(hours=context.config.sessions.confirm_hours)
    return [
        ToDo(
            Message("Confirm that you come to “%(title)s”", title=_title(live, context)),
            f"/sessions/{live.id}",
            confirm_until(live, before, context.now).date(),
        )
        for live, registration in registered(context, owner)
        if registration.state == "confirming"
    ]


def _committee_to_dos(context: Context, visitor: Visitor) -> Sequence[CommitteeToDo]:
    """No query for those who can do nothing about sessions."""
    if not visitor.may("session-attendance"):
        return ()
    regions = visitor.regions("session-attendance")
    found = open_work(context.session, regions, context.now)
    drafts = Message("Draft sessions that begin soon, without registration")
    undated = Message("Postponed sessions without a new date")
    return [
        *_work(Message("Sessions without attendance"), found.without_attendance, "roster"),
        *(_work(drafts, found.drafts, "") if visitor.may("sessions-change") else ()),
        *(_work(undated, found.postponed, "") if visitor.may("sessions-change") else ()),
    ]


def _work(title: str, sessions: Sequence[int], page: str) -> Sequence[CommitteeToDo]:
    """A line of the list, which leads to the page of the first session."""
    if not sessions:
        return ()
    path = "/".join(filter(None, (f"/committee/sessions/{sessions[0]}", page)))
    right: Right = "session-attendance" if page else "sessions-change"
    return [CommitteeToDo(title, path, right, own=True, count=len(sessions))]


def _calendar(context: Context, owner: Owner) -> Sequence[CalendarEntry]:
    """The sessions for which someone has a seat."""
    invitations = Invitations(context.config, context.curricula, context.now)
    return [
        invitations.entry(live, registration, _title(live, context), f"/sessions/{live.id}")
        for live, registration in registered(context, owner)
        if registration.state in HOLDS_SEAT and live.state == "open"
    ]


def _title(live: LiveSession, context: Context) -> str:
    return live_sessions.title_of(live, context.curricula, context.language)


def _roles_for(context: Context, visitor: Visitor, subject: str) -> frozenset[Role]:
    """Its leaders, by their confirmed address, and the chair of its region."""
    number = subject.partition(":")[2]
    live = live_sessions.find(context.session, int(number)) if number.isdecimal() else None
    if live is None or not visitor.signed_in:
        return frozenset()
    roles: set[Role] = set()
    if live.region in visitor.chairs:
        roles.add("chair")
    if _leads(context.session, visitor, live.id):
        roles.add("leader")
    return frozenset(roles)


def _leads(session: Session, visitor: Visitor, session_id: int) -> bool:
    named = select(Person.id).join(SessionLeader, SessionLeader.person_id == Person.id)
    mine = named.where(SessionLeader.session_id == session_id, is_visitor(visitor))
    return session.scalar(mine.limit(1)) is not None


def _may_sign_in(session: Session, email: str, now: datetime) -> bool:
    """Whether an outside speaker with this address leads a session that isn't long over."""
    led = (
        select(SessionLeader.session_id)
        .join(Person, Person.id == SessionLeader.person_id)
        .join(LiveSession, LiveSession.id == SessionLeader.session_id)
        .where(
            Person.member_id.is_(None), Person.email_key == email_key(email),
            LiveSession.state != "cancelled", live_sessions.is_to_come(now - SHOWN_AFTER),
        )
    )  # fmt: skip
    return session.scalars(led.limit(1)).first() is not None


def _release(
    config: Config,
    curricula: Sequence[Curriculum],
    session: Session,
    due: DueDeadline,
    late: timedelta,
) -> None:
    """Release the seats that weren't confirmed in time."""
    number = int(due.subject) if due.subject.isdecimal() else MAX_ID
    if live_sessions.find(session, number) is not None:
        office = office_of(config, curricula, JOB, due.due_at + late)
        scheduling.release_unconfirmed(session, office, number)


def _end(
    config: Config,
    curricula: Sequence[Curriculum],
    session: Session,
    due: DueDeadline,
    late: timedelta,
) -> None:
    """Credit the leaders: the session is over."""
    number = int(due.subject) if due.subject.isdecimal() else MAX_ID
    if live_sessions.find(session, number) is None:
        return
    live = live_sessions.lock(session, number)
    now = (due.due_at + late).astimezone(find_zone(config.timezone))
    recorder = office_of(config, curricula, JOB, now).recorder
    update_credits(session, recorder, live, live_sessions.leader_ids(session, number))


def _advance(
    config: Config, curricula: Sequence[Curriculum], database: Database, now: datetime
) -> None:
    """Give seats that became free elsewhere, such as by an erasure, to those who wait."""
    with database.reading() as session:
        waited_for = live_sessions.waited_for(session, now)
    for number in waited_for:
        with database.transaction() as session:
            registrations.advance(session, office_of(config, curricula, JOB, now).desk, number)


def _deadlines(config: Config, curricula: Sequence[Curriculum]) -> Sequence[DeadlineKind]:
    release, end = partial(_release, config, curricula), partial(_end, config, curricula)
    advance = partial(_advance, config, curricula)
    thank = partial(thanks.thank, config, curricula, CREDIT_SOURCE)
    notices = partial(send_notices, config, curricula)
    return (
        DeadlineKind(RELEASE, reminder=False, run=release, update=advance),
        DeadlineKind(END, reminder=False, run=end, update=partial(catch_up, config, curricula)),
        DeadlineKind(thanks.KIND, reminder=False, run=thank, update=notices),
        DeadlineKind(
            providers.KIND, reminder=False, run=lambda *_: None,
            update=partial(providers.provide_links, config, curricula),
        ),
    )  # fmt: skip


SESSIONS = Feature(
    name="sessions",
    credits=(CreditSource(CREDIT_SOURCE, _titles, _correct),),
    emails={**EMAILS, **NOTICES},
    mailings=MAILINGS,
    personal_tables=(*PERSONAL_TABLES, *NOTICE_TABLES, *PROVIDER_TABLES),
    to_dos=_to_dos,
    committee_to_dos=_committee_to_dos,
    record=(PARTS,),
    calendar=_calendar,
    deadlines=_deadlines,
    persons_linked=evaluate_linked,
    moodle_tasks=(MoodleTask(moodle_calendar.TASK, moodle_calendar.is_due, moodle_calendar.sync),),
    subjects={SUBJECT: _roles_for},
    may_sign_in=_may_sign_in,
    own_people={SUBJECT: attended_members},
)
