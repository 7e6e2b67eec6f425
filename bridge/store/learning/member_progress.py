"""What is recorded about members: the facts that milestones depend on, with dates for pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bridge.progress import Facts
from bridge.store.members.roles import held_roles
from bridge.store.tables.learning import Award, Completion, Enrolment, Signoff
from bridge.store.tables.members import Member

CurriculumKey = tuple[str, str]
"""Curriculum, and an activity or milestone in it."""


def _facts(
    *,
    activities: Iterable[str],
    signoffs: Iterable[str],
    roles: Iterable[str],
    awarded: Iterable[str],
    status: str,
) -> Facts:
    """The facts about one member in one curriculum."""
    return Facts(
        activities=frozenset(activities),
        signoffs=frozenset(signoffs),
        roles=frozenset(roles),
        awarded=frozenset(awarded),
        status=status,
    )


def facts_of(
    session: Session, curriculum: str, member_ids: Collection[int], today: date
) -> dict[int, Facts]:
    """Return the facts about each of these members that exists. Five queries in total."""
    people = session.execute(select(Member.id, Member.status).where(Member.id.in_(member_ids)))
    held = held_roles(session, member_ids, today)
    done = _keys_by_member(
        session,
        Completion.activity,
        Completion.member_id.in_(member_ids),
        Completion.curriculum == curriculum,
        Completion.done,
    )
    signoffs = _keys_by_member(session, Signoff.requirement, Signoff.member_id.in_(member_ids))
    awarded = _keys_by_member(
        session,
        Award.milestone,
        Award.member_id.in_(member_ids),
        Award.curriculum == curriculum,
    )
    return {
        member_id: _facts(
            activities=done[member_id],
            signoffs=signoffs[member_id],
            roles=held[member_id],
            awarded=awarded[member_id],
            status=status,
        )
        for member_id, status in people
    }


def _keys_by_member(
    session: Session,
    key: InstrumentedAttribute[str],
    *where: ColumnElement[bool] | InstrumentedAttribute[bool],
) -> defaultdict[int, set[str]]:
    """Return the values of `key` by member ID."""
    member_id = key.class_.member_id
    found: defaultdict[int, set[str]] = defaultdict(set)
    for member, value in session.execute(select(member_id, key).where(*where)):
        found[member].add(value)
    return found


@dataclass(frozen=True, slots=True)
class ActivityResult:
    """The latest state of an activity; `grade` in percent or None."""

    done: bool
    grade: float | None
    at: datetime


@dataclass(frozen=True, slots=True)
class MemberProgress:
    """What a member has done.

    `results` by activity; `signoffs` (by requirement) and `awarded` (by milestone) with their
    times. `enrolled`: milestones in whose course the member is enrolled. Keys may be former
    keys.
    """

    roles: frozenset[str]
    region: str
    status: str
    results: Mapping[CurriculumKey, ActivityResult]
    signoffs: Mapping[str, datetime]
    awarded: Mapping[CurriculumKey, datetime]
    enrolled: frozenset[CurriculumKey]

    def facts(self, curriculum: str) -> Facts:
        """Return the facts about the member in one curriculum."""
        return _facts(
            activities=(
                key
                for (path, key), each in self.results.items()
                if path == curriculum and each.done
            ),
            signoffs=self.signoffs,
            roles=self.roles,
            awarded=(key for path, key in self.awarded if path == curriculum),
            status=self.status,
        )

    def dates(self, curriculum: str) -> Mapping[str, Mapping[str, datetime]]:
        """When each fact was recorded: by the name of its evidence, then by key.

        An activity has the time of its latest state, done or not. Roles have no time.
        """
        results = {key: each.at for (path, key), each in self.results.items() if path == curriculum}
        return {"activities": results, "signoffs": self.signoffs, "role": {}}


def read_member_progress(session: Session, member_id: int, today: date) -> MemberProgress | None:
    """Return the progress of a member, None if they don't exist. Six queries."""
    person = session.execute(
        select(Member.region, Member.status).where(Member.id == member_id)
    ).first()
    if person is None:
        return None
    done = select(
        Completion.curriculum, Completion.activity, Completion.done, Completion.grade, Completion.at
    )
    signed = select(Signoff.requirement, Signoff.at)
    earned = select(Award.curriculum, Award.milestone, Award.at)
    enrolled = select(Enrolment.curriculum, Enrolment.milestone)
    return MemberProgress(
        roles=held_roles(session, [member_id], today)[member_id],
        region=person.region,
        status=person.status,
        results={
            (row.curriculum, row.activity): ActivityResult(row.done, row.grade, row.at)
            for row in session.execute(done.where(Completion.member_id == member_id))
        },
        signoffs={
            row.requirement: row.at
            for row in session.execute(signed.where(Signoff.member_id == member_id))
        },
        awarded={
            (row.curriculum, row.milestone): row.at
            for row in session.execute(earned.where(Award.member_id == member_id))
        },
        enrolled=frozenset(
            (row.curriculum, row.milestone)
            for row in session.execute(
                enrolled.where(Enrolment.member_id == member_id, Enrolment.enrolled_at.is_not(None))
            )
        ),
    )
