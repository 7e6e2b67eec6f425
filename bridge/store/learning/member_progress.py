"""The progress of one member, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.progress import Facts
from bridge.store.tables.learning import Award, Completion, Enrolment, Signoff
from bridge.store.tables.members import Member

CurriculumKey = tuple[str, str]
"""Curriculum, and an activity or milestone in it."""


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

    role: str
    region: str
    results: Mapping[CurriculumKey, ActivityResult]
    signoffs: Mapping[str, datetime]
    awarded: Mapping[CurriculumKey, datetime]
    enrolled: frozenset[CurriculumKey]

    def facts(self, curriculum: str) -> Facts:
        """Return the facts about the member in one curriculum."""
        return Facts(
            done=frozenset(
                key
                for (path, key), each in self.results.items()
                if path == curriculum and each.done
            ),
            signoffs=frozenset(self.signoffs),
            role=self.role,
            awarded=frozenset(key for path, key in self.awarded if path == curriculum),
        )


def read_member_progress(session: Session, member_id: int) -> MemberProgress | None:
    """Return the progress of a member, None if they don't exist. Five queries."""
    person = session.execute(
        select(Member.role, Member.region).where(Member.id == member_id)
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
        role=person.role,
        region=person.region,
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
