"""Where one member stands: what their own page shows, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.progress import Facts
from bridge.store.tables.learning import Award, Completion, Enrolment, Signoff
from bridge.store.tables.members import Member

Key = tuple[str, str]
"""Curriculum, and the activity or milestone in it."""


@dataclass(frozen=True, slots=True)
class ActivityResult:
    """What Moodle last said of one activity; `grade` in per cent or None."""

    done: bool
    grade: float | None
    at: datetime


@dataclass(frozen=True, slots=True)
class MemberProgress:
    """`results` by activity, `signoffs` by requirement, `awarded` by milestone: each with when.

    `enrolled`: the milestones whose course Moodle has the member in. Keys may be former ones.
    """

    role: str
    region: str
    results: Mapping[Key, ActivityResult]
    signoffs: Mapping[str, datetime]
    awarded: Mapping[Key, datetime]
    enrolled: frozenset[Key]

    def facts(self, curriculum: str) -> Facts:
        """What is known of the member in one curriculum."""
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
    """The standing of one member, None if there is no such member; five queries."""
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
