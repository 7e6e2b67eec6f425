"""Reminders to members who haven't earned a milestone they work on, by hand and automatic.

Each member is reminded in a transaction of their own, which locks them, looks when they were
reminded last, and queues the email with its row. So two people at once, a job beside them, or a
kill never remind a member more often than the settings allow.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.curriculum.descriptions import names_of
from bridge.curriculum.former_keys import former_keys
from bridge.curriculum.model import Curriculum, Link, Page
from bridge.curriculum.requirements.activity import ActivityDone
from bridge.curriculum.requirements.credited import Credited
from bridge.curriculum.requirements.facts import Facts
from bridge.curriculum.requirements.group import AtLeast
from bridge.curriculum.requirements.requirement import Names, Requirement, SingleRequirement
from bridge.errors import NoSuchMember
from bridge.membership.status import participation
from bridge.progress import apply_renames, missing
from bridge.store.database import Database
from bridge.store.delivery.email_keys import EmailKey
from bridge.store.learning.member_progress import facts_of
from bridge.store.learning.reminders import last_reminded
from bridge.store.learning.waiting_members import MilestoneKey, WaitingMember, waiting_members
from bridge.store.operations import audit_log, cursors
from bridge.store.persons import records
from bridge.store.tables.learning import Reminder
from bridge.store.tables.members import Member
from bridge.workflows.delivery.email_queue import queue_email_to_person

AUTOMATIC = "stewardpath"
"""Who sends automatic reminders, in the table and in the audit log."""
REMINDER_CURSOR = "reminders"
"""Its value is the last day on which the automatic reminders were sent."""
SEND_TIME = time(8)
BATCH = 100

Outcome = Literal["queued", "recent", "unsubscribed", "nothing-missing", "left", "gone"]
"""What became of a reminder. `recent`: they were reminded less than `every_days` ago. `left`: their
status no longer lets them learn.
"""


def milestones_of(curricula: Iterable[Curriculum]) -> Mapping[MilestoneKey, Sequence[str]]:
    """Every milestone, with its former keys."""
    return {(c.key, m.key): former_keys(m) for c in curricula for m in c.milestones}


def missing_of(
    session: Session, curricula: Iterable[Curriculum], rows: Iterable[WaitingMember], today: date
) -> dict[int, tuple[Requirement, ...]]:
    """What each of these members must still do, by the ID of their row.

    Five queries for each curriculum, with any number of rows.
    """
    by_path: defaultdict[str, list[WaitingMember]] = defaultdict(list)
    for row in rows:
        by_path[row.curriculum].append(row)
    found: dict[int, tuple[Requirement, ...]] = {}
    for curriculum in curricula:
        if mine := by_path.get(curriculum.key):
            known = facts_of(session, curriculum.key, {each.member_id for each in mine}, today)
            found |= _missing_in(curriculum, mine, known)
    return found


def _missing_in(
    curriculum: Curriculum, rows: Iterable[WaitingMember], known: Mapping[int, Facts]
) -> dict[int, tuple[Requirement, ...]]:
    add_current_keys = apply_renames(curriculum)
    return {
        row.id: missing(milestone, add_current_keys(known[row.member_id]))
        for row in rows
        if (milestone := curriculum.milestone(row.milestone)) and row.member_id in known
    }


def remind(
    database: Database,
    config: Config,
    curricula: Sequence[Curriculum],
    rows: Iterable[WaitingMember],
    actor: str,
    now: datetime,
) -> Counter[Outcome]:
    """Queue a reminder for each of these members who may get one now. Returns how many.

    A member with several rows gets one about the first. Raises StoreError.
    """
    outcomes: Counter[Outcome] = Counter()
    for row in one_row_each(rows):
        curriculum = next(each for each in curricula if each.key == row.curriculum)
        try:
            with database.transaction() as session:
                outcomes[_remind(session, config, curriculum, row, actor, now)] += 1
        except NoSuchMember:
            outcomes["gone"] += 1
    return outcomes


def one_row_each(rows: Iterable[WaitingMember]) -> list[WaitingMember]:
    """The first row of each member, in the same order."""
    found: dict[int, WaitingMember] = {}
    for row in rows:
        found.setdefault(row.member_id, row)
    return list(found.values())


def _remind(
    session: Session,
    config: Config,
    curriculum: Curriculum,
    row: WaitingMember,
    actor: str,
    now: datetime,
) -> Outcome:
    person = records.person_of_member(session, row.member_id, now)
    member = session.get_one(Member, row.member_id)
    if not participation(member.status).learns:
        return "left"
    last = last_reminded(session, row.member_id)
    if last and now - last < timedelta(days=config.reminders.every_days):
        return "recent"
    lacking = missing_of(session, [curriculum], [row], now.date()).get(row.id, ())
    if not lacking:
        return "nothing-missing"
    reminder = Reminder(member_id=row.member_id, curriculum=row.curriculum,
                        milestone=row.milestone, sent_at=now, sent_by=actor)  # fmt: skip
    session.add(reminder)
    session.flush()
    key = EmailKey(person, f"reminder:{reminder.id}", 1)
    language = member.language or config.language
    variables = reminder_variables(config, curriculum, row, lacking, language)
    if not queue_email_to_person(session, "reminder", key, config.language, variables, now):
        session.delete(reminder)
        return "unsubscribed"
    details = {"curriculum": row.curriculum, "milestone": row.milestone}
    audit_log.write(session, actor, "reminded", row.member_id, {}, details, now)
    return "queued"


def reminder_variables(
    config: Config,
    curriculum: Curriculum,
    row: WaitingMember,
    lacking: Iterable[Requirement],
    language: str,
) -> Mapping[str, object]:
    """What the email says, with titles in this language."""
    names = names_of(curriculum, language, config.role_labels)
    milestone = curriculum.milestone(row.milestone)
    region = config.regions.get(row.region)
    person = (region.chair or region.director) if region else None
    return {
        "first_name": row.first_name,
        "path": curriculum.title.shown(language),
        "title": milestone.title.shown(language) if milestone else "",
        "missing": [_as_data(each, curriculum, names) for each in lacking],
        "link": f"{config.service.url}/me",
        "contact": person.email if person else next(iter(config.committee), config.mail.reply_to),
    }


def _as_data(
    requirement: Requirement, curriculum: Curriculum, names: Names
) -> Mapping[str, object]:
    """A requirement as the template of the email words it."""
    if isinstance(requirement, AtLeast):
        parts = [_as_data(each, curriculum, names) for each in requirement.parts]
        return {"kind": "group", "least": requirement.count, "parts": parts}
    kind, title = requirement.kind, str(requirement.words(names))
    if isinstance(requirement, ActivityDone):
        kind = _activity_kind(curriculum, requirement.key)
    elif isinstance(requirement, Credited):
        kind = requirement.credit
    if isinstance(requirement, SingleRequirement):
        title = _title(requirement, names)
    return {"kind": kind, "title": title}


def _title(requirement: SingleRequirement, names: Names) -> str:
    if isinstance(requirement, Credited):
        own = requirement.title.shown(names.language)
        return own or names.credits.get(requirement.evidence_key) or requirement.key
    return requirement.name_of(requirement.key, names)


def _activity_kind(curriculum: Curriculum, key: str) -> str:
    for milestone in curriculum.milestones:
        for activity in milestone.course.activities:
            if activity.key == key:
                kinds = {Page: "page", Link: "link"}
                return kinds.get(type(activity), "quiz")
    return "quiz"


def send_automatic_reminders(
    database: Database, config: Config, curricula: Sequence[Curriculum], now: datetime
) -> int:
    """Once a day, remind everyone who needs follow-up. Returns how many reminders were queued.

    After a kill, it goes on where it stopped: those reminded already aren't again.
    """
    local = now.astimezone(ZoneInfo(config.timezone))
    day = local.date().toordinal()
    if not config.reminders.automatic or local.time() < SEND_TIME:
        return 0
    with database.reading() as session:
        if cursors.get(session, REMINDER_CURSOR).value == day:
            return 0
    queued = _remind_everyone(database, config, curricula, now)
    with database.transaction() as session:
        cursors.put(session, REMINDER_CURSOR, cursors.Cursor(day), now)
    return queued


def _remind_everyone(
    database: Database, config: Config, curricula: Sequence[Curriculum], now: datetime
) -> int:
    settings, after, queued = config.reminders, 0, 0
    since, reminded = (now - timedelta(days=n) for n in (settings.after_days, settings.every_days))
    while True:
        with database.reading() as session:
            rows = waiting_members(session, milestones_of(curricula), None, BATCH, after,
                                   since=since, not_reminded=reminded)  # fmt: skip
        if not rows:
            return queued
        queued += remind(database, config, curricula, rows, AUTOMATIC, now)["queued"]
        after = rows[-1].id
